/** Attention held against attention, by the rules of `inspection/comparison.py`. */

/** @import { At, Looked, View } from "./attention.js" */
/** @import { Pair } from "./alignment.js" */
/** @import { Context, Part, Pass, State } from "./types.js" */
import { aligned } from "./alignment.js";
import { MANY_WORDS, MOST_OF_IT, Matrices, Refusal, STRONGEST, attentionView, sourceOf } from "./attention.js";
import { attentionJson } from "./numbers.js";
import { lookedAt } from "./words.js";

/**
 * @typedef {object} Moved a link that both sides have; `from` and `to` are numbers of pairs
 * @property {number} from
 * @property {number} to
 * @property {number} left
 * @property {number} right
 * @property {number} difference right minus left
 *
 * @typedef {object} Comparison
 * @property {View} left
 * @property {View} right
 * @property {Pair[]} queries
 * @property {Pair[]} keys
 * @property {Moved[]} differences
 * @property {number} mass
 */

/** Both sides' matrices among words or tokens. */
export class Sides {
  /**
   * @param {Pass} left
   * @param {Pass} right
   * @param {Readonly<State>} state
   */
  constructor(left, right, state) {
    const { special, align } = state;
    const unit = state.unit ?? "words";
    const asked = state.part?.[0] ?? "encoder";
    /** @type {Part} */
    this.part = right.parts.includes(asked) && left.parts.includes(asked) ? asked : "encoder";
    this.left = new Matrices(sourceOf(left, this.part, align), unit, special);
    this.right = new Matrices(sourceOf(right, this.part, align), unit, special);
    this.queries = pairsOf(this.left.queries, this.right.queries);
    this.keys = pairsOf(this.left.keys, this.right.keys);
  }

  /**
   * How much of their attention the words that both sides have give otherwise in a head: the mean of
   * ½ Σ |right − left| over their rows.
   * @param {At} at
   */
  async moved(at) {
    const [ours, theirs] = await Promise.all([this.left.of(at), this.right.of(at)]);
    const widths = [this.left.keys.members.length, this.right.keys.members.length];
    let sum = 0;
    let rows = 0;
    for (const query of this.queries) {
      if (query.left === null || query.right === null) continue;
      rows += 1;
      for (const key of this.keys) {
        if (key.left === null || key.right === null) continue;
        sum += Math.abs(theirs[query.right * widths[1] + key.right] - ours[query.left * widths[0] + key.left]) / 2;
      }
    }
    return rows ? sum / rows : 0;
  }
}

/**
 * Both sides in the head that the settings ask for, with all of their links.
 * @param {Sides} sides
 * @param {Readonly<State>} state
 * @returns {Promise<Comparison>}
 */
export async function comparisonOf(sides, state) {
  const { queries, keys } = sides;
  const asked = { ...state, head: state.head?.slice(0, 1) };
  if (asked.heads === "largest" || asked.heads === "all") delete asked.heads; // one head on each side
  const all = { ...asked, min_weight: 0 };
  const rows = rowsLooked(sides, state.word ?? []);
  const [left, right] = await Promise.all([
    attentionView(sides.left, all, chosen(rows, "left")),
    attentionView(sides.right, all, chosen(rows, "right")),
  ]);
  const [ours, theirs] = [weightOf(left, sides.left), weightOf(right, sides.right)];
  const least = state.min_weight ?? 0;
  /** @type {Moved[]} */
  const differences = [];
  queries.forEach((query, from) => {
    keys.forEach((key, to) => {
      const one = ours(query.left, key.left);
      const other = theirs(query.right, key.right);
      if (one === null || other === null || Math.max(one, other) < least) return;
      differences.push({ from, to, left: one, right: other, difference: other - one });
    });
  });
  const above = (/** @type {View} */ view) => ({ ...view, links: view.links.filter((link) => link.weight >= least) });
  return { left: above(left), right: above(right), queries, keys, differences, mass: 1 };
}

/**
 * What gives the weight from one word to another, null where it is not shown.
 * @param {View} view
 * @param {Matrices} among
 * @returns {(from: number | null, to: number | null) => number | null}
 */
function weightOf({ matrices: [matrix], shownQueries, shownKeys }, among) {
  const [queries, keys] = [new Set(shownQueries), new Set(shownKeys)];
  const columns = among.keys.members.length;
  return (from, to) => (from !== null && to !== null && queries.has(from) && keys.has(to) ? matrix[from * columns + to] : null);
}

/**
 * The same with the largest links only, held against those of both sides together; differences are
 * kept by their size.
 * @param {Comparison} all
 * @param {number} [mass]
 * @returns {Comparison}
 */
export function withLargest(all, mass) {
  const sides = [all.left, all.right];
  const rows = Math.max(...sides.map((side) => side.shownQueries.length));
  const least = leastOf(sides.flatMap((side) => side.links.map((link) => link.weight)), mass, rows * 2, rows);
  const sizes = all.differences.map((one) => Math.abs(one.difference));
  const smallest = leastOf(sizes, mass, rows, rows);
  const [left, right] = sides.map((side) => ({ ...side, links: side.links.filter((link) => link.weight >= least) }));
  return { ...all, left, right, differences: all.differences.filter((one) => Math.abs(one.difference) >= smallest) };
}

/**
 * A comparison as `to_json` of the library gives it.
 * @param {Context} context
 * @param {Comparison} found
 */
export function comparisonJson(context, found) {
  const { comparison, passes } = context.page.manifest;
  const [left, right] = passes;
  const same = left.source.text === right.source.text && left.source.pair === right.source.pair;
  const strip = (/** @type {View} */ view) => {
    const { schema, view: kind, ...rest } = attentionJson(view);
    return rest;
  };
  return {
    schema: "glassformer.view/2", view: "comparison", differs: same ? [] : ["sentence"],
    texts: comparison.texts, models: comparison.models, left: strip(found.left), right: strip(found.right),
    queries: found.queries, keys: found.keys, differences: found.differences,
    shows: context.store.state.difference ? "difference" : "sides", mass: 1,
  };
}

/**
 * The pairs that the words looked at stand in, on the left or else on the right; null for all.
 * @param {Sides} sides
 * @param {readonly string[]} words
 * @returns {{queries: Pair[] | null, keys: Pair[] | null}}
 */
export function rowsLooked(sides, words) {
  if (!words.length) return { queries: null, keys: null };
  for (const side of /** @type {("left" | "right")[]} */ (["left", "right"])) {
    try {
      const found = lookedAt(sides[side], words);
      const of = (/** @type {Pair[]} */ pairs, /** @type {number[] | null} */ places) =>
        places && pairs.filter((pair) => places.includes(pair[side] ?? -1));
      return { queries: of(sides.queries, found.queries), keys: of(sides.keys, found.keys) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return { queries: null, keys: null }; // a word of another stop, which neither sentence has
}

/**
 * @param {{queries: Pair[] | null, keys: Pair[] | null}} rows
 * @param {"left" | "right"} side
 * @returns {Looked}
 */
function chosen(rows, side) {
  const of = (/** @type {Pair[] | null} */ pairs) =>
    pairs && pairs.map((pair) => pair[side]).filter((one) => one !== null);
  return { queries: of(rows.queries), keys: of(rows.keys) };
}

/**
 * @param {{labels: string[], shown: number[]}} left
 * @param {{labels: string[], shown: number[]}} right
 */
function pairsOf(left, right) {
  const [ours, theirs] = [left, right].map((side) => side.shown.map((at) => side.labels[at]));
  return aligned(ours, theirs, left.shown, right.shown);
}

/**
 * The smallest of the largest numbers that make up a share of all; without a share the usual one,
 * and of many words some for each.
 * @param {number[]} sizes
 * @param {number | undefined} mass
 * @param {number} many how many words to count for
 * @param {number} rows
 */
function leastOf(sizes, mass, many, rows) {
  let largest = [...sizes].sort((a, b) => b - a);
  let share = mass ?? MOST_OF_IT;
  if (mass === undefined && rows > MANY_WORDS) {
    largest = largest.slice(0, many * STRONGEST);
    share = 1;
  }
  if (share === 1) return largest.at(-1) ?? 0;
  const enough = share * largest.reduce((a, b) => a + b, 0);
  let total = 0;
  let least = 0;
  for (const size of largest) {
    if (total >= enough) break;
    total += size;
    least = size;
  }
  return least;
}
