/** What was recorded during training: attention at a moment, and what changed since the one before. */

/** @import { Link, Source } from "./attention.js" */
/** @import { PageData } from "./data.js" */
/** @import { Card, Part, WatchManifest, WatchedUpdate } from "./types.js" */
import { recordedWeights } from "./attention.js";

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
 * The parts of attention that were recorded.
 * @param {WatchManifest} watch
 * @returns {Part[]}
 */
export function recordedParts({ updates: [{ arrays }] }) {
  /** @type {Part[]} */
  const every = ["encoder", "decoder", "cross"];
  return every.filter((part) => `watch.0.${part}` in arrays);
}

/**
 * The attention of a part at a moment, as of a pass.
 * @param {PageData} page
 * @param {WatchManifest} watch
 * @param {number} moment
 * @param {Part} part
 * @param {Card | null} card
 * @returns {Promise<Source>}
 */
export async function sourceAt(page, watch, moment, part, card) {
  const update = watch.updates[moment];
  const recorded = await page.watched(update, moment, part);
  const target = update.target ?? watch.source;
  return {
    part,
    queries: part === "encoder" ? watch.source : target,
    keys: part === "decoder" ? target : watch.source,
    layers: recorded.shape[0],
    heads: recorded.shape[1],
    card: card?.part === part ? card : null,
    align: "input",
    weights: recordedWeights(recorded, watch.levels),
  };
}

/**
 * The links that changed most from one moment to the next, among those that both pictures have.
 * @param {Link[]} before all of a picture, in its order
 * @param {Link[]} now
 * @param {number} most so many
 * @returns {{link: Link, before: number}[]}
 */
export function changesOf(before, now, most) {
  const name = (/** @type {Link} */ one) => [one.layer, one.head, one.from, one.to].join();
  const weights = new Map(before.map((one) => [name(one), one.weight]));
  return now
    .map((link) => ({ link, before: weights.get(name(link)) ?? link.weight }))
    .filter((one) => one.before !== one.link.weight)
    .sort((a, b) => Math.abs(b.link.weight - b.before) - Math.abs(a.link.weight - a.before))
    .slice(0, most);
}

/**
 * A text in pieces that can be compared: its words with the space before them, Han characters alone.
 * @param {string} text
 */
export function piecesOf(text) {
  return text.match(/\s*(?:\p{Script=Han}|[\p{L}\p{M}\p{N}]+|[^\s])|\s+$/gu) ?? [];
}
