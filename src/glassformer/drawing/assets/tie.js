/** The word that the tour follows, and the word with the largest attention weight from it. */

/** @import { Context } from "./types.js" */
import { layerLookedAt } from "./map.js";
import { printable } from "./texts.js";

/**
 * The word looked at; else "it", as in the article's sentence; else the one in the middle.
 * @param {Context} context
 * @returns {{index: number, name: string, key: string}} its place among the words of the source, its
 *   text, and what `word` calls it
 */
export function wordFollowed({ pass, store }) {
  const { words, tokens } = pass.manifest.source;
  if (!words.length) return { index: -1, name: printable(tokens[0]), key: tokens[0] };
  const asked = store.state.word?.[0];
  const [, base, nth] = /^(.*?)(?::(\d+))?$/su.exec(asked ?? "") ?? [];
  const places = words.flatMap((word, index) => (word === base || word === asked ? [index] : []));
  const its = words.findIndex((word) => word.toLowerCase() === "it");
  const index = places[Number(nth ?? 1) - 1] ?? (its >= 0 ? its : Math.floor(words.length / 2));
  const word = words[index];
  const before = words.slice(0, index).filter((one) => one === word).length;
  const repeated = words.filter((one) => one === word).length > 1;
  return { index, name: printable(word), key: repeated ? `${word}:${before + 1}` : word };
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
  const asked = store.state.head?.find((one) => one <= pass.config.encoder.num_heads);
  const head = asked ?? (store.state.heads ? null : onCard);
  const weights = await pass.array(`${pass.attention("encoder", layer)}.weights`);
  const [heads, queries, keys] = weights.shape;
  const { index } = wordFollowed(context);
  const rows = Array.from({ length: queries }, (_, row) => row).filter((row) => (index < 0 ? row === 0 : source.word_of_token[row] === index));
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
