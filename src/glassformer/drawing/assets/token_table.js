/** Words, the tokens that make them, and the ids of the tokens: a column for each token. */

/** @import { Context, Pass } from "./types.js" */
import { h } from "./dom.js";
import { phrase, printable } from "./texts.js";
import { nameOfWord } from "./words.js";

/**
 * @param {Context} context
 * @param {Pass} pass
 * @param {"source" | "target"} side
 * @param {number} row the token that is followed
 * @returns {Promise<(HTMLElement | false)[]>}
 */
export async function tokenTable(context, pass, side, row) {
  const { tokens, special, words, word_of_token: of } = pass.sentence(side);
  const ids = (await pass.array(`${side}.tokens`)).data;
  const followed = of[row];
  const isOf = (/** @type {number} */ index) => (followed === null ? index === row : of[index] === followed);
  const wordCells = runs(of).map(({ word, count, first }) => {
    if (word === null) return h("td", { colspan: count, class: "no-word" }, special[first] ? phrase("special token") : phrase("in no word"));
    return h("td", { colspan: count, "data-word": word, class: word === followed ? "followed" : null }, h(
      "button", {
        type: "button", "data-again": `word-${first}`, "aria-pressed": String(word === followed),
        onclick: () => context.store.set({ word: [nameOfWord(words, word)] }),
      }, h("bdi", null, printable(words[word])),
    ));
  });
  const cells = (/** @type {(index: number) => any} */ inside, /** @type {string} */ kind) => tokens.map((_, index) =>
    h("td", { class: [kind, special[index] && "special", isOf(index) && "followed"].filter(Boolean).join(" "), "data-token": index }, inside(index)),
  );
  const lost = words.flatMap((word, index) => (of.includes(index) ? [] : [printable(word)]));
  return [
    h(
      "div", { class: "scrolls", tabindex: "0", role: "group", "aria-label": phrase("Words, tokens and ids") },
      h(
        "table", { class: "tokens" },
        h("tbody", null,
          h("tr", null, h("th", { scope: "row" }, phrase("words")), wordCells),
          h("tr", null, h("th", { scope: "row" }, phrase("tokens")), cells((index) => h("bdi", null, printable(tokens[index])), "token")),
          h("tr", null, h("th", { scope: "row" }, phrase("ids")), cells((index) => String(ids[index]), "id")),
          h("tr", null, h("th", { scope: "row" }, phrase("positions")), cells((index) => String(index), "place"))),
      ),
    ),
    lost.length > 0 && h("p", { class: "faint" }, phrase("No token stands for these words; the tokenizer drops them: {words}", { words: lost.join(" ") })),
  ];
}

/**
 * Tokens one after the other that belong to the same word; each without a word stands alone.
 * @param {(number | null)[]} of
 */
function runs(of) {
  /** @type {{word: number | null, count: number, first: number}[]} */
  const found = [];
  of.forEach((word, index) => {
    const last = found[found.length - 1];
    if (last && word !== null && last.word === word) last.count += 1;
    else found.push({ word, count: 1, first: index });
  });
  return found;
}
