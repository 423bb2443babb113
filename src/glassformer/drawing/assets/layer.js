/** One encoder layer, in the article's numbered steps. */

/** @import { Stop } from "./types.js" */
import { h, replace } from "./dom.js";
import { phrase } from "./texts.js";

/** @type {Stop} */
export const layerStop = {
  id: "layer",
  title: () => phrase("Encoder layer"),
  draw(host, context) {
    replace(host, h("h2", { id: "layer-title" }, phrase("Encoder layer")));
    return () => void context;
  },
};
