/** The whole model: stacks of layers, one opened, R into every decoder layer. */

/** @import { Stop } from "./types.js" */
import { h, replace } from "./dom.js";
import { phrase } from "./texts.js";

/** @type {Stop} */
export const wholeStop = {
  id: "whole",
  title: () => phrase("The whole"),
  draw(host, context) {
    replace(host, h("h2", { id: "whole-title" }, phrase("The whole")));
    return () => void context;
  },
};
