/** What moved besides attention: R of each word, translations, and what comes next. */

/** @import { Pair } from "./alignment.js" */
/** @import { Context } from "./types.js" */
import { h, replace } from "./dom.js";
import { languageName } from "./examples.js";
import { exportable } from "./figures.js";
import { figure } from "./numbers.js";
import { rightToLeft } from "./placing.js";
import { fixed, number, phrase, printable } from "./texts.js";
import { nameOfWord } from "./words.js";

const FEW = 12;

/**
 * R of the words, the most moved first, as bars of 1 − cosine.
 * @param {Context} context
 * @param {(side: "left" | "right", at: number) => void} choose
 */
export function vectors(context, choose) {
  const { comparison, passes } = context.page.manifest;
  const [left, right] = [passes[0].source.words, passes[1].source.words];
  /** @type {{left: number, right: number, cosine: number | null, norms: [number, number]}[]} */
  const all = [...comparison.representation].sort((a, b) => (a.cosine ?? 2) - (b.cosine ?? 2));
  const furthest = Math.max(1e-9, ...all.map((one) => 1 - (one.cosine ?? 1)));
  let shown = FEW;
  const element = exportable(h("div", { class: "compare-vectors" }), {
    name: () => phrase("R, word by word"),
    json: () => figure(context, "representation", { representation: comparison.representation, left_words: left, right_words: right }),
  });
  const update = () => {
    const looked = context.store.state.word ?? [];
    replace(
      element,
      h("div", { class: "compare-vector compare-head faint" }, h("span", null, phrase("word")), h("span", null, phrase("1 − cosine")), h("span", { class: "figure" }, phrase("cosine")), h("span", { class: "figure" }, phrase("norm"))),
      all.slice(0, shown).map((one) => {
        const [ours, theirs] = [left[one.left], right[one.right]];
        const said = ours === theirs ? printable(ours) : `${printable(ours)} → ${printable(theirs)}`;
        const names = [nameOfWord(left, one.left), nameOfWord(right, one.right)];
        return h(
          "div", { class: "compare-vector", "data-left": one.left, "data-right": one.right, "data-cosine": one.cosine ?? "" },
          h("button", { type: "button", "aria-pressed": String(names.some((name) => looked.includes(name))), onclick: () => choose("left", one.left) }, h("bdi", null, said)),
          h("span", { class: "compare-track" }, h("span", { class: "compare-bar", style: { width: `${one.cosine === null ? 0 : (100 * (1 - one.cosine)) / furthest}%` } })),
          h("span", { class: "figure" }, one.cosine === null ? "–" : fixed(one.cosine, 4)),
          h("span", { class: "figure faint" }, `${number(one.norms[0])} → ${number(one.norms[1])}`),
        );
      }),
      !all.length && h("p", { class: "faint" }, phrase("The vectors of the two are not of one length, so they are not compared.")),
      all.length > shown && h("button", { type: "button", class: "compare-all", "data-unsaved": true, onclick: () => { shown = all.length; update(); } }, phrase("all {n} words", { n: all.length })),
    );
  };
  return { element, update };
}

/** The translations of both, the words that differ marked. @param {Context} context */
export function translations(context) {
  /** @type {{to: string, left_words: string[], right_words: string[], pairs: Pair[]}[]} */
  const all = context.page.manifest.comparison.translations;
  if (!all.length) return null;
  const side = (/** @type {typeof all[0]} */ one, /** @type {"left" | "right"} */ of) => {
    const words = of === "left" ? one.left_words : one.right_words;
    const { text } = context.page.manifest.passes[of === "left" ? 0 : 1].translations[one.to];
    const kinds = new Map(one.pairs.filter((pair) => pair[of] !== null).map((pair) => [pair[of], pair.kind]));
    let from = 0;
    const parts = words.flatMap((word, at) => {
      const found = text.indexOf(word, from); // −1 of a word that the text writes otherwise
      const before = text.slice(from, Math.max(from, found));
      if (found >= 0) from = found + word.length;
      return [printable(before), kinds.get(at) === "matched" ? printable(word) : h("mark", { "data-kind": kinds.get(at) }, printable(word))];
    });
    return h("p", { class: "compare-translation", lang: one.to, dir: rightToLeft(words) ? "rtl" : undefined, "data-side": of }, parts, printable(text.slice(from)));
  };
  return exportable(
    h("div", null, h("h3", null, phrase("Translation")), all.map((one) => [h("p", { class: "compare-to faint" }, languageName(one.to)), side(one, "left"), side(one, "right")])),
    { name: () => phrase("Translation"), json: () => figure(context, "translations", { translations: all }) },
  );
}

/** A token, the sign for a space in it pale. @param {string} token */
function tokenOf(token) {
  return token.split(/(▁)/).map((part) => (part === "▁" ? h("span", { class: "compare-space" }, part) : printable(part)));
}

/** What comes next, row by row, while both targets have the same tokens. @param {Context} context */
export function nextTable(context) {
  /** @type {{row: number, input: string, tokens: {token: string, probabilities: [number, number]}[], distance: number}[]} */
  const all = context.page.manifest.comparison.next;
  if (!all.length) return null;
  const titles = [phrase("last token"), phrase("next token"), phrase("left"), phrase("right"), phrase("distance")];
  const rows = all.flatMap((one) => one.tokens.map((token, n) => h(
    "tr", { "data-row": one.row },
    n ? h("td", null) : h("th", { scope: "row" }, tokenOf(one.input)), h("td", null, tokenOf(token.token)),
    token.probabilities.map((p) => h("td", { class: "figure" }, fixed(p, 3))),
    h("td", { class: "figure" }, n ? "" : fixed(one.distance, 3)),
  )));
  return exportable(
    h("div", null,
      h("h3", null, phrase("The next token")),
      h("p", null, phrase("How probable the next token is, as long as both translations have the same tokens so far. The distance is ½ Σ |p − q| over the whole vocabulary.")),
      h("div", { class: "scrolls", tabindex: 0, role: "group", "aria-label": phrase("The next token") }, h("table", { class: "compare-table" }, h("thead", null, h("tr", null, titles.map((one) => h("th", { scope: "col" }, one)))), h("tbody", null, rows)))),
    { name: () => phrase("The next token"), json: () => figure(context, "next", { next: all }) },
  );
}
