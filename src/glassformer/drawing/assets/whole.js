/** The whole model: stacks of layers, one opened, R into every decoder layer. */

/** @import { Context, Stop } from "./types.js" */
/** @import { Block, Stack } from "./model_parts.js" */
import { h, replace, svg } from "./dom.js";
import { layerLookedAt, toLayer } from "./map.js";
import { partOf, shapeOf } from "./model_parts.js";
import { phrase, together } from "./texts.js";
import { drawWays } from "./ways.js";

/** @type {Stop} */
export const wholeStop = {
  id: "whole",
  title: () => phrase("The whole"),
  draw(host, context) {
    /** @type {Stack[]} */
    const stacks = context.pass.manifest.structure.stacks;
    const picture = h("div", { class: "whole", role: "group", "aria-label": phrase("The model, from bottom to top") });
    const { encoder, decoder } = context.pass.config;
    replace(
      host,
      h("h2", { id: "whole-title" }, phrase("The whole")),
      h(
        "p",
        null,
        together(
          phrase("{n} encoder layers stand one upon the other, all built alike: each reads what the one below puts out. What the last one puts out is R, the representation of the sentence.", { n: encoder.num_layers }),
          decoder && stacks.length > 1 && phrase("Every decoder layer reads R and, from it, the translation is written token by token."),
          decoder && stacks.length === 1 && phrase("The decoder is not shown, since no target language was chosen."),
          !decoder && phrase("This model has no decoder: R is what it is for."),
        ),
      ),
      h("p", { class: "faint" }, phrase("Click a part to go there. Shapes are those of this sentence.")),
      picture,
      partsList(context, stacks),
    );
    const ways = svg("svg", { class: "whole-ways", "aria-hidden": "true" });
    new ResizeObserver(() => drawWays(picture, ways)).observe(picture);
    return (changed) => {
      if (!changed.has("layer") && !changed.has("part") && picture.childElementCount) return;
      replace(picture, ways, stacks.map((stack) => column(context, stack)));
      drawWays(picture, ways);
    };
  },
};

/**
 * What each part is for, in a sentence.
 * @param {Context} context
 * @param {Stack[]} stacks
 */
function partsList(context, stacks) {
  const kinds = new Set(
    stacks.flatMap((stack) => [...stack.inputs, ...stack.sublayers, stack.add_norm, ...stack.outputs].map(({ kind }) => kind)),
  );
  return h(
    "dl",
    { class: "parts" },
    [...kinds].map((kind) => {
      const part = partOf(kind);
      const go = () => context.go(part.stop);
      return h("div", null, h("dt", null, h("button", { type: "button", class: "plain", onclick: go }, part.name())), h("dd", null, part.about()));
    }),
  );
}

/**
 * One stack, in the order in which numbers flow; the style puts the first at the bottom.
 * @param {Context} context
 * @param {Stack} stack
 */
function column(context, stack) {
  const opened = layerLookedAt(context, stack.side);
  const layers = Array.from({ length: stack.num_layers }, (_, index) =>
    index + 1 === opened ? openedLayer(context, stack, opened) : closedLayer(context, stack, index + 1),
  );
  const title = stack.side === "encoder" ? phrase("encoder") : phrase("decoder");
  return h(
    "div",
    { class: "stack", "data-side": stack.side, "data-layers": stack.num_layers, role: "group", "aria-label": title },
    stack.inputs.map((block) => (isAdded(block) ? added(context, stack, block) : box(context, stack, block, "way"))),
    layers,
    stack.outputs.map((block) => box(context, stack, block, `way${block.kind === "representation" ? " is-memory" : ""}`)),
    h("p", { class: "stack-title", "aria-hidden": "true" }, title, " ", h("span", { class: "faint" }, `× ${stack.num_layers}`)),
  );
}

/**
 * What is added to the embedding comes from the side.
 * @param {Context} context
 * @param {Stack} stack
 * @param {Block} block
 */
function added(context, stack, block) {
  return h("div", { class: "added way" }, box(context, stack, block, "from-side"), h("span", { class: "plus", "aria-hidden": "true" }, "+"));
}

/**
 * @param {Context} context
 * @param {Stack} stack
 * @param {number} layer
 */
function openedLayer(context, stack, layer) {
  const parts = stack.sublayers.flatMap((block) => [
    box(context, stack, block, `part${block.kind === "cross_attention" ? " reads" : ""}`, layer),
    box(context, stack, stack.add_norm, "part joins", layer),
  ]);
  return h("div", { class: "opened way", role: "group", "aria-label": layerName(stack, layer) }, parts, h("p", { class: "opened-name" }, layerName(stack, layer)));
}

/**
 * @param {Context} context
 * @param {Stack} stack
 * @param {number} layer
 */
function closedLayer(context, stack, layer) {
  const reads = stack.sublayers.some(({ kind }) => kind === "cross_attention");
  const go = () => context.go(stack.side === "encoder" ? "layer" : "decoder", toLayer(context, stack.side, layer));
  return h("button", { type: "button", class: `box way closed${reads ? " reads" : ""}`, onclick: go }, layerName(stack, layer));
}

/**
 * @param {Stack} stack
 * @param {number} n from 1
 */
function layerName({ side }, n) {
  return side === "encoder" ? phrase("encoder layer {n}", { n }) : phrase("decoder layer {n}", { n });
}

/**
 * @param {Context} context
 * @param {Stack} stack
 * @param {Block} block
 * @param {string} classes
 * @param {number} [layer] of which it is a part, from 1
 */
function box(context, stack, block, classes, layer) {
  const part = partOf(block.kind);
  // Both stacks have inputs and add & norm; those of the decoder are shown at its own stop.
  const stop = stack.side === "decoder" ? "decoder" : part.stop;
  const read = block.kind === "masked_self_attention" ? "decoder" : block.kind === "cross_attention" ? "cross" : undefined;
  const go = () => context.go(stop, layer === undefined ? undefined : toLayer(context, stack.side, layer, read));
  return h(
    "button",
    { type: "button", class: `box ${classes}`, title: part.about(), onclick: go },
    h("span", { class: "box-name" }, part.name()),
    h("span", { class: "box-shape" }, shapeOf(block)),
    block.formula && h("span", { class: "box-formula formula" }, block.formula),
  );
}

/** @param {Block} block */
function isAdded({ kind }) {
  return kind.startsWith("positions_") || kind.startsWith("token_types");
}
