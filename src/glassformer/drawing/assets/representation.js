/** R: its vectors, which words are near which, and R forming through the layers. */

/** @import { Stop } from "./types.js" */
import { h, replace } from "./dom.js";
import { phrase } from "./texts.js";

/** @type {Stop} */
export const representationStop = {
  id: "representation",
  title: () => phrase("R, the representation"),
  draw(host, context) {
    replace(host, h("h2", { id: "representation-title" }, phrase("R, the representation")));
    return () => void context;
  },
};
