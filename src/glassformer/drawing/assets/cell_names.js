/** What a cell is called, and where it is: in words, counted from 1, and as an index, from 0. */

/** @import { Pass } from "./data.js" */
/** @import { Step } from "./types.js" */
import { phrase, printable } from "./texts.js";

/** @type {Record<string, () => string>} */
const NAMES = {
  tokens: () => phrase("ids of the tokens"),
  token_embedding: () => phrase("X, embedding"),
  token_types: () => phrase("T, token types"),
  embedding: () => phrase("input of layer 1"),
  query: () => phrase("Q, queries"),
  key: () => phrase("K, keys"),
  value: () => phrase("V, values"),
  scores: () => phrase("scores"),
  scaled_scores: () => phrase("scaled scores"),
  mask: () => phrase("mask"),
  weights: () => phrase("weights"),
  context: () => phrase("Z, output of the head"),
  attention: () => phrase("output of the attention"),
  hidden: () => phrase("hidden layer"),
  feed_forward: () => phrase("output of the feed-forward network"),
  residual_sum: () => phrase("residual sum"),
  norm: () => phrase("LayerNorm"),
  add_norm: () => phrase("add & norm"),
  layer: () => phrase("output of the layer"),
  logits: () => phrase("logits"),
  probabilities: () => phrase("probabilities"),
};

/** @type {Record<string, () => string>} */
const PARTS = {
  encoder: () => phrase("multi-head self-attention"),
  decoder: () => phrase("masked multi-head self-attention"),
  cross: () => phrase("multi-head cross-attention on R"),
};

/**
 * A step in words.
 * @param {Pass} pass
 * @param {Step} step
 */
export function stepName(pass, step) {
  if (step.role === "stack") {
    return step.side === "source" ? phrase("R, the representation") : phrase("h, output of the decoder");
  }
  if (step.role === "positions") {
    const { positions } = step.side === "source" ? pass.config.encoder : pass.stack("decoder");
    if (positions === "learned") return phrase("P, learned positions");
    return positions === "sinusoidal" ? phrase("P, sinusoids") : phrase("P, sinusoids in halves");
  }
  return NAMES[step.role]?.() ?? step.name;
}

/**
 * A step or a weight in words.
 * @param {Pass} pass
 * @param {string} name
 */
export function nameOf(pass, name) {
  const step = pass.steps.get(name);
  if (step) return stepName(pass, step);
  const parameter = pass.manifest.parameters[name];
  return { gain: "γ", shift: "β" }[parameter?.symbol] ?? parameter?.symbol ?? name;
}

/**
 * Where a cell is, from the whole to the part; numbers count from 1.
 * @param {Pass} pass
 * @param {Step} step
 * @param {number[]} at
 * @returns {string[]}
 */
export function placeOf(pass, step, at) {
  const place = [step.side === "source" ? phrase("encoder") : phrase("decoder")];
  if (step.layer !== null) place.push(phrase("layer {n}", { n: step.layer + 1 }));
  if (step.part) place.push(PARTS[step.part]());
  return [...place, ...step.axes.map((axis, i) => axisPlace(pass, step, axis, at[i]))];
}

/**
 * @param {Pass} pass
 * @param {Step} step
 * @param {string} axis
 * @param {number} index
 */
function axisPlace(pass, step, axis, index) {
  const n = index + 1;
  if (axis === "head") return phrase("head {n}", { n });
  if (axis === "feature") return phrase("feature {n} of {all}", { n, all: step.shape[step.axes.indexOf(axis)] });
  const token = labelAt(pass, step, axis, index);
  if (axis === "entry") return phrase("entry {id} of the vocabulary: {token}", { id: index, token });
  if (axis === "query") return phrase("query: {token} (token {n})", { token, n });
  if (axis === "key") return phrase("key: {token} (token {n})", { token, n });
  return phrase("token {n}: {token}", { token, n });
}

/**
 * What stands at an index of an axis: a token, or the number itself.
 * @param {Pass} pass
 * @param {Step} step
 * @param {string} axis
 * @param {number} index
 */
export function labelAt(pass, step, axis, index) {
  if (axis === "entry") return quoted(entryName(pass, index));
  if (axis === "head" || axis === "feature") return String(index);
  const side = axis === "key" ? (step.columns ?? step.rows) : step.rows;
  const sentence = side === "source" ? pass.manifest.source : pass.manifest.target;
  return quoted(sentence?.tokens[index] ?? "");
}

/**
 * The token of an id, where this pass names it.
 * @param {Pass} pass
 * @param {number} id
 */
function entryName(pass, id) {
  for (const prediction of pass.manifest.predictions) {
    if (prediction.id === id && prediction.token !== null) return prediction.token;
    const found = prediction.best.find((one) => one.id === id);
    if (found) return found.token;
  }
  return "";
}

/** In isolates: a token from right to left leaves the rest where it is. @param {string} token */
function quoted(token) {
  return token ? `\u2068“${printable(token)}”\u2069` : "…";
}

/** An index as it is written in code. @param {number[]} at */
export function indexOf(at) {
  return `[${at.join(", ")}]`;
}
