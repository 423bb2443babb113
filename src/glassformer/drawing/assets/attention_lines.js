/** Attention lines between words, and the layers × heads grid to choose from. */

/** @import { Stop } from "./types.js" */
import { h, replace } from "./dom.js";
import { phrase } from "./texts.js";

/** @type {Stop} */
export const attentionStop = {
  id: "attention",
  title: () => phrase("Attention between words"),
  draw(host, context) {
    replace(host, h("h2", { id: "attention-title" }, phrase("Attention between words")));
    return () => void context;
  },
};
