/** A second sentence beside the first: which words changed, and what moved. */

/** @import { Stop } from "./types.js" */
import { h, replace } from "./dom.js";
import { phrase } from "./texts.js";

/** @type {Stop} */
export const compareStop = {
  id: "compare",
  title: () => phrase("A second sentence"),
  draw(host, context) {
    replace(host, h("h2", { id: "compare-title" }, phrase("A second sentence")));
    return () => void context;
  },
};
