/** The numbers that a stop shows, as JSON: a view of Glassformer where there is one. */

/** @import { Context } from "./types.js" */
/** @import { View } from "./attention.js" */
import { Matrices, attentionView, sourceOf } from "./attention.js";
import { chosen } from "./layer.js";
import { lookedAt } from "./words.js";

const VIEW = "glassformer.view/2";

/**
 * The numbers of a stop.
 * @param {Context} context
 * @param {string} stop
 * @returns {Promise<Record<string, any>>}
 */
export async function numbersOf(context, stop) {
  const { pass, page } = context;
  const { manifest } = pass;
  if (stop === "whole") return manifest.structure;
  if (stop === "attention") return attentionJson(await shownView(context));
  if (stop === "sentence") return figure(context, stop, { source: manifest.source, translations: manifest.translations });
  if (stop === "decoder") return figure(context, stop, { predictions: manifest.predictions, history: manifest.history });
  if (stop === "learning") return figure(context, stop, { watch: page.manifest.watch });
  if (stop === "compare") return figure(context, stop, { ...page.manifest.comparison });
  const { layer } = chosen(context);
  const names = manifest.steps
    .filter((step) => {
      if (stop === "representation") return step.name === "encoder";
      if (stop === "input") return step.layer === null && step.side === "source" && step.name.startsWith("encoder.embedding");
      return step.side === "source" && step.layer === layer - 1;
    })
    .map((step) => step.name)
    .filter((name) => pass.has(name));
  const arrays = await Promise.all(names.map((name) => pass.array(name)));
  const found = names.map((name, n) => [name, nested(arrays[n].data, arrays[n].shape)]);
  return figure(context, stop, { tokens: manifest.source.tokens, ...Object.fromEntries(found) });
}

/**
 * What is no view: its numbers, and the settings that give them.
 * @param {Context} context
 * @param {string} name
 * @param {Record<string, any>} numbers
 */
export function figure(context, name, numbers) {
  const { text, ...request } = context.store.state;
  return { schema: "glassformer.figure/1", name, text, request, numbers };
}

/**
 * The attention that the settings ask for, with all of its links.
 * @param {Context} context
 * @returns {Promise<View>}
 */
async function shownView(context) {
  const { state } = context.store;
  const part = state.part?.[0] ?? "encoder";
  const among = new Matrices(sourceOf(context.pass, part, state.align), state.unit ?? "words", state.special);
  return attentionView(among, state, lookedAt(among, state.word ?? []));
}

/**
 * A picture of attention as `to_json` of the library gives it.
 * @param {View} view
 */
export function attentionJson(view) {
  return {
    schema: VIEW, view: "attention", part: view.part, unit: view.unit, queries: view.queries, keys: view.keys,
    shown_queries: view.shownQueries, shown_keys: view.shownKeys, heads: view.heads, mean_of: view.meanOf,
    choice: view.choice, reason: view.reason, links: view.links, hidden_share: view.hiddenShare,
    mass: view.mass, strongest: view.strongest, moment: null, align: view.align,
  };
}

/**
 * Numbers in a row as nested lists of a shape.
 * @param {ArrayLike<number>} data
 * @param {number[]} shape
 * @param {number} [from]
 * @returns {any}
 */
export function nested(data, shape, from = 0) {
  if (!shape.length) return data[from];
  const size = shape.slice(1).reduce((a, b) => a * b, 1);
  return Array.from({ length: shape[0] }, (_, n) => nested(data, shape.slice(1), from + n * size));
}
