/** What was recorded during training: attention among words at a moment, and what changed. */

/** @import { Card, Part, Sentence, State, WatchedUpdate } from "./types.js" */
/** @import { Numbers } from "./data.js" */

/**
 * The head that is shown, from 1: the one asked for, or the card's, or null for the mean over all.
 * @param {Readonly<State>} state
 * @param {Card | null} card
 * @param {{layers: number, heads: number, parts: Part[]}} recorded
 * @returns {{part: Part, layer: number | null, head: number | null}}
 */
export function headShown(state, card, { layers, heads, parts }) {
  const asked = state.part?.[0] ?? "encoder";
  const part = parts.includes(asked) ? asked : "encoder";
  const layer = part === asked && state.layer && state.layer <= layers ? state.layer : null;
  if (layer) {
    const head = state.head?.[0];
    return { part, layer, head: head && head <= heads ? head : null };
  }
  const wanted = state.heads === undefined || state.heads === "card";
  if (wanted && card && card.part === part) return { part, layer: card.layer, head: card.head };
  return { part, layer: null, head: null };
}

/**
 * Which moment is shown: the last one up to an update, or the last of all.
 * @param {WatchedUpdate[]} updates
 * @param {number | undefined} atStep
 */
export function momentAt(updates, atStep) {
  const last = updates.length - 1;
  if (atStep === undefined) return last;
  const later = updates.findIndex(({ update }) => update > atStep);
  return later < 0 ? last : Math.max(0, later - 1);
}

/**
 * The weights of one head, or the mean over those of a layer or of all layers, in float64.
 * @param {Numbers} weights [layers, heads, queries, keys], in multiples of 1 / levels
 * @param {number} levels
 * @param {{layer: number | null, head: number | null}} chosen
 * @returns {Float64Array} queries × keys
 */
export function weightsOfMoment(weights, levels, { layer, head }) {
  const [layers, heads, queries, keys] = weights.shape;
  const counted = (/** @type {number} */ count) => Array.from({ length: count }, (_, i) => i);
  const found = new Float64Array(queries * keys);
  const shown = { layers: layer ? [layer - 1] : counted(layers), heads: head ? [head - 1] : counted(heads) };
  for (const l of shown.layers) {
    for (const h of shown.heads) {
      const matrix = weights.below(l, h);
      for (let i = 0; i < found.length; i++) found[i] += matrix[i];
    }
  }
  const count = shown.layers.length * shown.heads.length * levels;
  return found.map((sum) => sum / count);
}

/**
 * Weights among words: to a word the sum over its tokens, from a word the mean over them.
 * @param {Float64Array} weights tokens × tokens
 * @param {Sentence} queries
 * @param {Sentence} keys
 * @returns {Float64Array} words × words
 */
export function amongWords(weights, queries, keys) {
  const [rows, columns] = [queries.words.length, keys.words.length];
  const found = new Float64Array(rows * columns);
  const counts = queries.words.map(() => 0);
  queries.word_of_token.forEach((from, row) => {
    if (from === null) return;
    counts[from] += 1;
    keys.word_of_token.forEach((to, column) => {
      if (to !== null) found[from * columns + to] += weights[row * keys.tokens.length + column];
    });
  });
  return found.map((sum, i) => sum / Math.max(1, counts[Math.floor(i / columns)]));
}

/**
 * The links that changed most from one moment to the next.
 * @param {Float64Array} before words × words
 * @param {Float64Array} now
 * @param {number} columns
 * @param {number} most so many
 * @returns {{from: number, to: number, before: number, now: number}[]}
 */
export function changesOf(before, now, columns, most) {
  const size = (/** @type {number} */ i) => Math.abs(now[i] - before[i]);
  const places = [...now.keys()].filter((i) => size(i) > 0).sort((a, b) => size(b) - size(a));
  return places.slice(0, most).map((i) => ({
    from: Math.floor(i / columns), to: i % columns, before: before[i], now: now[i],
  }));
}

/**
 * A text in pieces that can be compared: its words with the space before them, Han characters alone.
 * @param {string} text
 */
export function piecesOf(text) {
  return text.match(/\s*(?:\p{Script=Han}|[\p{L}\p{M}\p{N}]+|[^\s])|\s+$/gu) ?? [];
}
