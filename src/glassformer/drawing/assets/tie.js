/** The word that the tour follows, and the word with the largest attention weight from it. */

/** @import { Context } from "./types.js" */
import { followedRow } from "./followed.js";
import { layerLookedAt } from "./map.js";
import { printable } from "./texts.js";
import { nameOfWord } from "./words.js";

/**
 * The word that the layer's stop follows; where its token belongs to none, the token.
 * @param {Context} context
 * @returns {{index: number | null, row: number, name: string, key: string}} its place among the words of
 *   the source, its first token from 0, its text, and what `word` calls it
 */
export function wordFollowed({ pass, store }) {
  const { source } = pass.manifest;
  const row = followedRow(source, store.state);
  const index = source.word_of_token[row];
  const key = index === null ? source.tokens[row] : nameOfWord(source.words, index);
  return { index, row, name: printable(index === null ? source.tokens[row] : source.words[index]), key };
}

/**
 * From the word followed to another word: in the head looked at, or as the mean over the heads of the
 * layer. To a word goes the sum over its tokens, from one the mean.
 * @param {Context} context
 * @returns {Promise<{to: string, weight: number, layer: number, head: number | null}>}
 */
export async function strongestTie(context) {
  const { pass, store } = context;
  const { card, source } = pass.manifest;
  const layers = pass.config.encoder.num_layers;
  const layer = Math.min(layerLookedAt(context), layers);
  const onCard = card?.part === "encoder" && card.layer === layer ? card.head : null;
  const ofEncoder = store.state.part?.includes("encoder") ?? true;
  const asked = ofEncoder ? store.state.head?.find((one) => one <= pass.config.encoder.num_heads) : undefined;
  const head = asked ?? (store.state.heads ? null : onCard);
  const weights = await pass.array(`${pass.attention("encoder", layer)}.weights`);
  const [heads, queries, keys] = weights.shape;
  const { index, row: first } = wordFollowed(context);
  const rows = Array.from({ length: queries }, (_, row) => row).filter((row) => (index === null ? row === first : source.word_of_token[row] === index));
  const among = head ? [head - 1] : Array.from({ length: heads }, (_, one) => one);
  const names = source.words.length ? source.words : source.tokens;
  const sums = new Float64Array(names.length);
  for (const one of among) {
    for (const row of rows) {
      for (let key = 0; key < keys; key++) {
        const word = source.words.length ? source.word_of_token[key] : key;
        if (word !== null && word !== index) sums[word] += weights.at(one, row, key) / (among.length * rows.length);
      }
    }
  }
  const to = sums.indexOf(Math.max(...sums));
  return { to: printable(names[to]), weight: sums[to], layer, head };
}
