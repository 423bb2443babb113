/**
 * Which word of one sentence stands opposite which of another: the shortest edit between them, by
 * the rules of `inspection/alignment.py`.
 */

/**
 * @typedef {object} Pair two words that stand opposite each other; null where a side has none
 * @property {number | null} left
 * @property {number | null} right
 * @property {"matched" | "replaced" | "left" | "right"} kind
 */

/**
 * Words of two sentences in their order, each one of them in one pair.
 * @param {string[]} left
 * @param {string[]} right
 * @param {number[]} [leftPositions] what the words are called in the pairs, if not by their numbers
 * @param {number[]} [rightPositions]
 * @returns {Pair[]}
 */
export function aligned(left, right, leftPositions = [...left.keys()], rightPositions = [...right.keys()]) {
  const ours = left.map((word) => word.normalize("NFC"));
  const others = right.map((word) => word.normalize("NFC"));
  const edit = ours.length + others.length + 1; // more than all words that are the same can win back
  const step = (/** @type {boolean} */ same) => (same ? -1 : edit);
  const costs = [Array.from({ length: others.length + 1 }, (_, j) => edit * j)];
  ours.forEach((word, n) => {
    const above = costs[n];
    const row = [edit * (n + 1)];
    others.forEach((other, j) => {
      row.push(Math.min(above[j] + step(word === other), above[j + 1] + edit, row[j] + edit));
    });
    costs.push(row);
  });
  /** @type {Pair[]} */
  const pairs = [];
  for (let i = ours.length, j = others.length; i || j; ) {
    const same = i > 0 && j > 0 && ours[i - 1] === others[j - 1];
    if (i && j && costs[i][j] === costs[i - 1][j - 1] + step(same)) {
      i -= 1;
      j -= 1;
      pairs.push({ left: leftPositions[i], right: rightPositions[j], kind: same ? "matched" : "replaced" });
    } else if (i && costs[i][j] === costs[i - 1][j] + edit) {
      i -= 1;
      pairs.push({ left: leftPositions[i], right: null, kind: "left" });
    } else {
      j -= 1;
      pairs.push({ left: null, right: rightPositions[j], kind: "right" });
    }
  }
  return pairs.reverse();
}
