/** From words to the input of layer 1: tokens, X, P, X + P. */

/** @import { Stop } from "./types.js" */
import { h, replace } from "./dom.js";
import { phrase } from "./texts.js";

/** @type {Stop} */
export const inputStop = {
  id: "input",
  title: () => phrase("Input: X + P"),
  draw(host, context) {
    replace(host, h("h2", { id: "input-title" }, phrase("Input: X + P")));
    return () => void context;
  },
};
