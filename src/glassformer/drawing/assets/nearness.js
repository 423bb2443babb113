/** How near vectors of words are to each other: cosines, in float64. */

/** @import { Sentence } from "./types.js" */
/** @import { Numbers } from "./data.js" */

/**
 * The vectors of words, each the mean over the word's tokens.
 * @typedef {object} WordVectors
 * @property {number[]} words places of the words that have tokens
 * @property {Float64Array[]} vectors one for each of them
 */

/**
 * @param {Numbers} rows tokens × d_model
 * @param {Sentence} sentence
 * @returns {WordVectors}
 */
export function wordVectors(rows, sentence) {
  const width = rows.shape[1];
  const sums = sentence.words.map(() => new Float64Array(width));
  const counts = sentence.words.map(() => 0);
  sentence.word_of_token.forEach((word, token) => {
    if (word === null) return;
    counts[word] += 1;
    const row = rows.below(token);
    for (let i = 0; i < width; i++) sums[word][i] += row[i];
  });
  const words = counts.flatMap((count, word) => (count ? [word] : []));
  return { words, vectors: words.map((word) => sums[word].map((one) => one / counts[word])) };
}

/**
 * The cosine between two vectors; NaN where one of them is zero.
 * @param {Float64Array} a
 * @param {Float64Array} b
 */
export function cosine(a, b) {
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

/**
 * The cosine of each of these vectors with each.
 * @param {Float64Array[]} vectors
 * @returns {Float64Array} vectors × vectors, in row order
 */
export function cosines(vectors) {
  const count = vectors.length;
  const lengths = vectors.map((one) => Math.sqrt(product(one, one)));
  const found = new Float64Array(count * count);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b <= a; b++) {
      const value = product(vectors[a], vectors[b]) / (lengths[a] * lengths[b]);
      found[a * count + b] = value;
      found[b * count + a] = value;
    }
  }
  return found;
}

/**
 * The places of the others, the nearest first.
 * @param {Float64Array} matrix of cosines
 * @param {number} count of vectors
 * @param {number} place whose neighbours they are
 */
export function nearestTo(matrix, count, place) {
  const row = matrix.subarray(place * count, (place + 1) * count);
  const others = [...row.keys()].filter((other) => other !== place);
  return others.sort((a, b) => row[b] - row[a]);
}

/**
 * @param {Float64Array} a
 * @param {Float64Array} b
 */
function product(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
