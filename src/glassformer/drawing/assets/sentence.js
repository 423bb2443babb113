/** The sentence box, and the translation that comes out. */

/** @import { Stop } from "./types.js" */
import { h, replace } from "./dom.js";
import { phrase } from "./texts.js";

/** @type {Stop} */
export const sentenceStop = {
  id: "sentence",
  title: () => phrase("The sentence"),
  draw(host, context) {
    replace(host, h("h2", { id: "sentence-title" }, phrase("The sentence")));
    return () => void context;
  },
};
