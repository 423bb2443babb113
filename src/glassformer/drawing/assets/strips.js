/** Tokens in a row, as they stand in a sentence. */

/** @import { Child } from "./dom.js" */
import { h } from "./dom.js";
import { fixed, phrase, printable } from "./texts.js";

const MOST_MASKED = 12; // of which each is shown
const FULL = 0.6; // of the colour, at a weight of 1: the token stays readable on it

/**
 * Tokens with how much attention each of them gets: the fuller the colour, the more.
 * @param {string[]} tokens
 * @param {ArrayLike<number>} weights one for each token
 * @param {object} [options]
 * @param {number} [options.seen] so many tokens can be seen, the others are masked
 */
export function attentionStrip(tokens, weights, options = {}) {
  const seen = options.seen ?? tokens.length;
  const later = tokens.length - seen;
  const shown = later > MOST_MASKED ? seen : tokens.length;
  return h(
    "ol", { class: "strip" },
    tokens.slice(0, shown).map((token, place) => {
      const masked = place >= seen;
      return h(
        "li", { class: masked ? "strip-token masked" : "strip-token", "data-weight": weights[place].toFixed(6) },
        !masked && h("span", { class: "strip-shade", style: { opacity: FULL * weights[place] } }),
        h("span", { class: "strip-text" }, printable(token)),
        h("span", { class: "strip-number" }, masked ? phrase("masked") : fixed(weights[place])),
      );
    }),
    shown < tokens.length && h("li", { class: "strip-token masked" }, phrase("{count} later tokens, masked", { count: later })),
  );
}

/**
 * Tokens of a sentence, those marked that another one has not.
 * @param {string[]} tokens
 * @param {boolean[]} marked
 * @param {...Child} before said first
 */
export function markedStrip(tokens, marked, ...before) {
  return h("p", { class: "marked-strip", dir: "auto" }, before, tokens.map((token, place) =>
    h(marked[place] ? "mark" : "span", { class: "piece" }, printable(token))));
}

/**
 * Which of these tokens are new: no part of the longest sequence that both have in common.
 * @param {string[]} before
 * @param {string[]} now
 * @returns {boolean[]} for each token of `now`
 */
export function newIn(before, now) {
  const longest = Array.from({ length: before.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let a = before.length - 1; a >= 0; a--) {
    for (let b = now.length - 1; b >= 0; b--) {
      longest[a][b] = before[a] === now[b]
        ? longest[a + 1][b + 1] + 1
        : Math.max(longest[a + 1][b], longest[a][b + 1]);
    }
  }
  const found = now.map(() => true);
  for (let a = 0, b = 0; a < before.length && b < now.length;) {
    if (before[a] === now[b]) {
      found[b] = false;
      a += 1;
      b += 1;
    } else if (longest[a + 1][b] >= longest[a][b + 1]) a += 1;
    else b += 1;
  }
  return found;
}
