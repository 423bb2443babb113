/** What the parts of a model are called, what each is for, and the stop that shows it. */

import { phrase } from "./texts.js";

/**
 * @typedef {object} Block a box of the structure, as `StructureView` has it
 * @property {string} kind
 * @property {string} formula
 * @property {number[]} shape
 * @property {string} shape_of
 *
 * @typedef {object} Stack
 * @property {"encoder" | "decoder"} side
 * @property {Block[]} inputs
 * @property {number} num_layers
 * @property {Block[]} sublayers
 * @property {Block} add_norm
 * @property {Block[]} outputs
 */

/** @type {Record<string, {name: () => string, about: () => string, stop: string}>} */
const PARTS = {
  tokens: {
    name: () => phrase("tokens"),
    about: () => phrase("The text, cut into pieces that the vocabulary has: words, or parts of words."),
    stop: "input",
  },
  embedding: {
    name: () => phrase("X, embedding"),
    about: () => phrase("Each token becomes a vector, its row of the embedding table."),
    stop: "input",
  },
  positions_sinusoidal: {
    name: () => phrase("P, sinusoids"),
    about: () => phrase("All tokens enter at once, so a vector that says where each one stands is added, made of sines and cosines."),
    stop: "input",
  },
  positions_sinusoidal_halves: {
    name: () => phrase("P, sinusoids in halves"),
    about: () => phrase("All tokens enter at once, so a vector that says where each one stands is added: sines in its first half, cosines in its second."),
    stop: "input",
  },
  positions_learned: {
    name: () => phrase("P, learned positions"),
    about: () => phrase("All tokens enter at once, so a vector that says where each one stands is added; training has learned it."),
    stop: "input",
  },
  token_types: {
    name: () => phrase("T, token types"),
    about: () => phrase("A vector that says which of two segments a token belongs to is added too."),
    stop: "input",
  },
  input: {
    name: () => phrase("input of layer 1"),
    about: () => phrase("The sum: one vector for each token, all rows of one matrix."),
    stop: "input",
  },
  self_attention: {
    name: () => phrase("multi-head self-attention"),
    about: () => phrase("Relates each token to all tokens of the sentence, itself included, and gathers what matters to it."),
    stop: "layer",
  },
  masked_self_attention: {
    name: () => phrase("masked multi-head self-attention"),
    about: () => phrase("The same among the target tokens; those that come later are masked, since they are not written yet."),
    stop: "decoder",
  },
  cross_attention: {
    name: () => phrase("multi-head cross-attention on R"),
    about: () => phrase("Each target token gathers from R what it needs of the source sentence."),
    stop: "decoder",
  },
  feed_forward: {
    name: () => phrase("feed-forward"),
    about: () => phrase("Two linear layers with an activation in between, for each token alone: the same at all positions, different in every layer."),
    stop: "layer",
  },
  add_norm: {
    name: () => phrase("add & norm"),
    about: () => phrase("A residual connection carries the input past the sublayer and adds it to the output; LayerNorm keeps the values from changing wildly."),
    stop: "layer",
  },
  add: {
    name: () => phrase("add (no norm)"),
    about: () => phrase("A residual connection carries the input past the sublayer and adds it to the output."),
    stop: "layer",
  },
  representation: {
    name: () => phrase("R, the representation"),
    about: () => phrase("What the last encoder layer puts out: one vector for each token, made of the whole sentence."),
    stop: "representation",
  },
  h: {
    name: () => phrase("h, output of the decoder"),
    about: () => phrase("One vector for each target token, from which the next token is predicted."),
    stop: "decoder",
  },
  logits: {
    name: () => phrase("logits"),
    about: () => phrase("One score for each token of the vocabulary: its dot product with h."),
    stop: "decoder",
  },
  probabilities: {
    name: () => phrase("probabilities"),
    about: () => phrase("Softmax makes probabilities of the logits; the search chooses the next token by them."),
    stop: "decoder",
  },
};

/** @param {string} kind */
export function partOf(kind) {
  const part = PARTS[kind];
  if (!part) throw new Error(`no name for the part ${kind}`);
  return part;
}

/**
 * The shape of a box, with what it is the shape of where that is something inside of it.
 * @param {Block} block
 */
export function shapeOf(block) {
  const shape = block.shape.join(" × ");
  if (block.shape_of === "weights") return phrase("weights {shape}", { shape });
  if (block.shape_of === "hidden") return phrase("hidden layer {shape}", { shape });
  return shape;
}
