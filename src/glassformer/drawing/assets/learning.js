/** How attention and translation formed during training, update by update. */

/** @import { Stop } from "./types.js" */
import { h, replace } from "./dom.js";
import { phrase } from "./texts.js";

/** @type {Stop} */
export const learningStop = {
  id: "learning",
  title: () => phrase("Learning"),
  draw(host, context) {
    replace(host, h("h2", { id: "learning-title" }, phrase("Learning")));
    return () => void context;
  },
};
