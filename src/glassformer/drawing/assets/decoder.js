/** The decoder, token by token: candidates, attention, the beam's history. */

/** @import { Stop } from "./types.js" */
import { h, replace } from "./dom.js";
import { phrase } from "./texts.js";

/** @type {Stop} */
export const decoderStop = {
  id: "decoder",
  title: () => phrase("Decoder"),
  draw(host, context) {
    replace(host, h("h2", { id: "decoder-title" }, phrase("Decoder")));
    return () => void context;
  },
};
