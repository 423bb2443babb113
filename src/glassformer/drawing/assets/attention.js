/**
 * Who attends to whom, among words or tokens, in one head or the mean of several: the rules of
 * `inspection/attention.py`. Attention to a word is the sum over its tokens, from a word the mean
 * over them. Nothing is renormalised: what goes to special tokens is stated as the hidden share.
 */

/** @import { Card, Part, Pass, Sentence, State, Unit } from "./types.js" */
import { Numbers } from "./data.js";
import { phrase } from "./texts.js";

/**
 * @typedef {object} Source one part of attention: of a pass, or of a moment of a training
 * @property {Part} part
 * @property {Sentence} queries
 * @property {Sentence} keys
 * @property {number} layers
 * @property {number} heads of each layer
 * @property {Card | null} card
 * @property {"input" | "output"} align
 * @property {(layer: number) => Promise<Numbers>} weights of a layer (from 1): [heads, queries, keys]
 *
 * @typedef {[number | null, number | null]} At layer and head from 1; null for a mean over all
 *
 * @typedef {object} Units the words or tokens of a sentence
 * @property {string[]} labels
 * @property {number[]} shown
 * @property {number[][]} members for each unit its tokens
 *
 * @typedef {object} Choice
 * @property {At[]} heads
 * @property {number} meanOf
 * @property {"asked" | "card" | "mean" | "largest" | "all"} choice
 * @property {string} reason
 *
 * @typedef {object} Link
 * @property {Part} part
 * @property {number | null} layer
 * @property {number | null} head
 * @property {number} from
 * @property {number} to
 * @property {number} weight
 *
 * @typedef {object} View what a picture of attention shows, as `AttentionView`
 * @property {Part} part
 * @property {Unit} unit
 * @property {string[]} queries
 * @property {string[]} keys
 * @property {number[]} shownQueries
 * @property {number[]} shownKeys
 * @property {At[]} heads
 * @property {number} meanOf
 * @property {Choice["choice"]} choice
 * @property {string} reason
 * @property {"input" | "output"} align
 * @property {Link[]} links
 * @property {number[]} hiddenShare for each query shown what it gives to keys that are not
 * @property {number} mass
 * @property {number | null} strongest
 * @property {Float64Array[]} matrices for each head [queries, keys], also of what is not shown
 *
 * @typedef {object} Looked the words looked at; null for all
 * @property {number[] | null} queries
 * @property {number[] | null} keys
 */

/** Something is asked for that is not there; the message is for people. */
export class Refusal extends Error {}

/**
 * The attention of one part of a pass.
 * @param {Pass} pass
 * @param {Part} part
 * @param {"input" | "output"} [align]
 * @returns {Source}
 */
export function sourceOf(pass, part, align = "input") {
  const stack = pass.stack(part);
  const { card } = pass.manifest;
  const aligned = part === "encoder" ? "input" : align;
  return {
    part,
    ...pass.sides(part, aligned),
    layers: stack.num_layers,
    heads: stack.num_heads,
    card: card?.part === part ? card : null,
    align: aligned,
    weights: (layer) => pass.array(`${pass.attention(part, layer)}.weights`),
  };
}

/**
 * Weights recorded during training: each layer in float32, as the library reads them.
 * @param {Numbers} recorded whole numbers [layers, heads, queries, keys]
 * @param {number} levels of which 1 has so many
 * @returns {(layer: number) => Promise<Numbers>}
 */
export function recordedWeights(recorded, levels) {
  return async (layer) => {
    const whole = recorded.below(layer - 1);
    return new Numbers(Float32Array.from(whole, (one) => one / levels), recorded.shape.slice(1));
  };
}

/**
 * The words of a sentence, or its tokens; special tokens are shown where asked for.
 * @param {Sentence} sentence
 * @param {Unit} unit
 * @param {boolean} [special]
 * @returns {Units}
 */
function unitsOf(sentence, unit, special = false) {
  if (unit === "tokens") {
    const members = sentence.tokens.map((_, token) => [token]);
    const shown = members.flat().filter((token) => special || !sentence.special[token]);
    return { labels: sentence.tokens, shown, members };
  }
  /** @type {number[][]} */
  const members = sentence.words.map(() => []);
  sentence.word_of_token.forEach((word, token) => {
    if (word !== null) members[word].push(token);
  });
  // A tokenizer may drop a visible character; its word then has no attention to show.
  const shown = members.map((_, word) => word).filter((word) => members[word].length);
  return { labels: sentence.words, shown, members };
}

/**
 * One matrix among units from one among tokens, in float64.
 * @param {ArrayLike<number>} weights [tokens that attend, tokens attended to]
 * @param {Units} queries
 * @param {Units} keys
 * @param {number} width tokens attended to
 */
function amongUnits(weights, queries, keys, width) {
  const columns = keys.members.length;
  const matrix = new Float64Array(queries.members.length * columns);
  queries.members.forEach((rows, query) => {
    for (const row of rows) {
      for (let key = 0; key < columns; key++) {
        let sum = 0;
        for (const column of keys.members[key]) sum += weights[row * width + column];
        matrix[query * columns + key] += sum / rows.length;
      }
    }
  });
  return matrix;
}

/** The matrices of a source among words or tokens; each is made once. */
export class Matrices {
  /**
   * @param {Source} source
   * @param {Unit} unit
   * @param {boolean} [special]
   */
  constructor(source, unit, special = false) {
    this.source = source;
    this.unit = unit;
    this.queries = unitsOf(source.queries, unit, special);
    this.keys = unitsOf(source.keys, unit, special);
    /** @type {Map<string, Promise<Float64Array>>} */
    this.made = new Map();
  }

  /**
   * The matrix of a head, or a mean over several.
   * @param {At} at
   * @returns {Promise<Float64Array>}
   */
  of(at) {
    const key = String(at);
    let made = this.made.get(key);
    if (!made) {
      made = this.make(at);
      this.made.set(key, made);
      made.catch(() => this.made.delete(key));
    }
    return made;
  }

  /** @param {At} at */
  async make([layer, head]) {
    const { source, queries, keys } = this;
    const width = source.keys.tokens.length;
    const layers = layer === null ? Array.from({ length: source.layers }, (_, at) => at + 1) : [layer];
    if (layers.length === 1 && head !== null) {
      return amongUnits((await source.weights(layers[0])).below(head - 1), queries, keys, width);
    }
    const mean = new Float64Array(source.queries.tokens.length * width);
    for (const one of layers) {
      const weights = await source.weights(one);
      const heads = head === null ? weights.shape[0] : 1;
      for (let at = 0; at < heads; at++) {
        const matrix = weights.below(head === null ? at : head - 1);
        for (let i = 0; i < mean.length; i++) mean[i] += matrix[i];
      }
    }
    const count = layers.length * (head === null ? source.heads : 1);
    return amongUnits(mean.map((sum) => sum / count), queries, keys, width);
  }
}

/**
 * Which heads the settings mean.
 * @param {Source} source
 * @param {Readonly<State>} state
 * @returns {Choice}
 * @throws {Refusal} when there is no such layer or head, or settings exclude each other
 */
export function chooseHeads(source, state) {
  const { layer, heads } = state;
  const several = [...new Set(state.head ?? [])];
  const fields = { part: partName(source.part) };
  if (layer === undefined && several.length) {
    throw new Refusal(phrase("a head needs its layer: give both {layer} and {head}", { layer: "layer", head: "head" }));
  }
  if (heads && several.length) {
    throw new Refusal(phrase("{heads} and {head} exclude each other", { heads: `heads=${heads}`, head: `head=${several[0]}` }));
  }
  if (layer !== undefined && !(layer >= 1 && layer <= source.layers)) {
    throw new Refusal(phrase("the {part} attention has layers 1 to {most}; there is no layer {layer}", { ...fields, most: source.layers, layer }));
  }
  const missing = several.find((head) => !(head >= 1 && head <= source.heads));
  if (missing !== undefined) {
    throw new Refusal(phrase("the {part} attention has heads 1 to {most}; there is no head {head}", { ...fields, most: source.heads, head: missing }));
  }
  if (several.length) {
    return { heads: several.map((head) => [layer ?? null, head]), meanOf: 1, choice: "asked", reason: "" };
  }
  const { card } = source;
  if (card && layer === undefined && (heads === undefined || heads === "card")) {
    return { heads: [[card.layer, card.head]], meanOf: 1, choice: "card", reason: card.reason };
  }
  if (heads === "card") {
    throw new Refusal(phrase("this model's card names no head here; choose {heads}", { heads: "mean, largest, all" }));
  }
  const layers = layer === undefined ? Array.from({ length: source.layers }, (_, at) => at + 1) : [layer];
  if (heads === "largest" || heads === "all") {
    /** @type {At[]} */
    const every = layers.flatMap((one) => Array.from({ length: source.heads }, (_, at) => /** @type {At} */ ([one, at + 1])));
    return { heads: every, meanOf: 1, choice: heads, reason: "" };
  }
  return { heads: [[layer ?? null, null]], meanOf: layers.length * source.heads, choice: "mean", reason: "" };
}

/**
 * The picture that settings ask for, of all words or of those looked at, with all of its links.
 * @param {Matrices} among
 * @param {Readonly<State>} state `layer, head, heads, min_weight`
 * @param {Looked} [looked]
 * @param {boolean} [withLinks] false where there are too many to look at one by one
 * @returns {Promise<View>}
 */
export async function attentionView(among, state, looked = { queries: null, keys: null }, withLinks = true) {
  const { source, queries, keys } = among;
  const shownQueries = looked.queries ?? queries.shown;
  const shownKeys = looked.keys ?? keys.shown;
  const chosen = chooseHeads(source, state);
  let heads = chosen.heads;
  let matrices = await Promise.all(heads.map((at) => among.of(at)));
  const columns = keys.members.length;
  if (chosen.choice === "largest") {
    const best = indexOfLargest(matrices.map((matrix) => largestIn(matrix, columns, shownQueries, shownKeys)));
    heads = [heads[best]];
    matrices = [matrices[best]];
  }
  const least = state.min_weight ?? 0;
  /** @type {Link[]} */
  const links = [];
  matrices.forEach((matrix, number) => {
    const [layer, head] = heads[number];
    for (const from of withLinks ? shownQueries : []) {
      for (const to of shownKeys) {
        const weight = matrix[from * columns + to];
        if (weight >= least) links.push({ part: source.part, layer, head, from, to, weight });
      }
    }
  });
  const hiddenShare = shownQueries.map((query) => {
    let given = 0;
    for (const matrix of matrices) for (const key of keys.shown) given += matrix[query * columns + key];
    return Math.max(0, 1 - given / matrices.length);
  });
  return {
    part: source.part, unit: among.unit, align: source.align,
    queries: queries.labels, keys: keys.labels, shownQueries, shownKeys,
    heads, meanOf: chosen.meanOf, choice: chosen.choice, reason: chosen.reason,
    links, hiddenShare, mass: 1, strongest: null, matrices,
  };
}

/** Of more words than this, that attend, all their links can no longer be told apart … */
export const MANY_WORDS = 25;
/** … and so many of each are left. */
export const STRONGEST = 3;
/** The share of the attention that links make up otherwise. */
export const MOST_OF_IT = 0.95;

/**
 * Only the links that a person can tell apart, or those that make up the mass asked for.
 * @param {View} view
 * @param {number} [mass]
 */
export function keepReadable(view, mass) {
  if (mass !== undefined) return keepMass(view, mass);
  return view.shownQueries.length > MANY_WORDS ? keepStrongest(view, STRONGEST) : keepMass(view, MOST_OF_IT);
}

/**
 * Only the largest links, which together make up this share of all that the picture shows.
 * @param {View} view
 * @param {number} mass
 * @returns {View}
 */
function keepMass(view, mass) {
  const largest = [...view.links].sort((a, b) => b.weight - a.weight);
  const enough = mass * sumOf(largest);
  let kept = 0;
  for (let total = 0; kept < largest.length && total < enough; kept++) total += largest[kept].weight;
  return { ...withOnly(view, largest.slice(0, kept)), mass };
}

/**
 * Only so many links of each word in each head, the strongest, and which share that is.
 * @param {View} view
 * @param {number} count
 * @returns {View}
 */
function keepStrongest(view, count) {
  /** @type {Map<string, number>} */
  const left = new Map();
  const kept = [...view.links]
    .sort((a, b) => b.weight - a.weight)
    .filter((link) => {
      const at = `${link.layer}.${link.head}.${link.from}`;
      left.set(at, (left.get(at) ?? 0) + 1);
      return (left.get(at) ?? 0) <= count && link.weight > 0;
    });
  const total = sumOf(view.links);
  return { ...withOnly(view, kept), mass: total ? sumOf(kept) / total : 1, strongest: count };
}

/**
 * A picture of some of its links; what a word gives to no link of these is hidden of it.
 * @param {View} view
 * @param {Link[]} kept
 * @returns {View}
 */
function withOnly(view, kept) {
  const keep = new Set(kept);
  const given = new Map(view.shownQueries.map((query) => [query, 0]));
  for (const link of kept) given.set(link.from, (given.get(link.from) ?? 0) + link.weight / view.heads.length);
  return {
    ...view,
    links: view.links.filter((link) => keep.has(link)),
    hiddenShare: view.shownQueries.map((query) => Math.max(0, 1 - (given.get(query) ?? 0))),
  };
}

/**
 * What a part of attention is called.
 * @param {Part} part
 */
export function partName(part) {
  if (part === "encoder") return phrase("encoder");
  return part === "decoder" ? phrase("decoder") : phrase("cross-attention (target to source)");
}

/**
 * What a head is called, or the mean over several.
 * @param {At} at
 * @param {number} meanOf
 */
export function headName([layer, head], meanOf) {
  if (head !== null) return phrase("layer {layer}, head {head}", { layer: layer ?? "", head });
  if (layer === null) return phrase("mean over all {n} heads", { n: meanOf });
  return phrase("layer {layer}, mean over its {n} heads", { layer, n: meanOf });
}

/** @param {Link[]} links */
function sumOf(links) {
  return links.reduce((sum, link) => sum + link.weight, 0);
}

/**
 * @param {Float64Array} matrix
 * @param {number} columns
 * @param {number[]} queries
 * @param {number[]} keys
 */
function largestIn(matrix, columns, queries, keys) {
  let largest = 0;
  for (const query of queries) for (const key of keys) largest = Math.max(largest, matrix[query * columns + key]);
  return largest;
}

/** @param {number[]} values */
function indexOfLargest(values) {
  return values.reduce((best, value, at) => (value > values[best] ? at : best), 0);
}
