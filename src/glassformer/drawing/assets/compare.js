/** A second sentence beside the first: which words changed, and what moved. */

/** @import { Pair } from "./alignment.js" */
/** @import { At } from "./attention.js" */
/** @import { Comparison } from "./compared.js" */
/** @import { Context, Pass, Stop, Update } from "./types.js" */
import { Refusal, headName, partName } from "./attention.js";
import { Sides, comparisonJson, comparisonOf, rowsLooked, withLargest } from "./compared.js";
import { labels, panel, sideName, widthLegend } from "./compared_lines.js";
import { h, latest, replace, uid } from "./dom.js";
import { exportable } from "./figures.js";
import { heatMap } from "./matrix.js";
import { nextTable, translations, vectors } from "./moved.js";
import { rightToLeft } from "./placing.js";
import { inShell } from "./reproduce.js";
import { fixed, phrase, printable } from "./texts.js";
import { nameOf, nameOfWord } from "./words.js";

/** Of more words than this lines between them would be a grey area, and there are too many heads to rank. */
const MOST_WORDS = 60;
const MOST_HEADS = 6;
const MOST_ROWS = 8;
const SHOWN_BY = ["part", "layer", "head", "heads", "word", "unit", "special", "min_weight", "mass", "align", "difference", "theme"];

/** @type {Stop} */
export const compareStop = {
  id: "compare",
  title: () => phrase("A second sentence"),
  draw(host, context) {
    let update = build(host, context);
    return (changed) => {
      if (changed.has("language")) update = build(host, context);
      return update(changed); // so that an error is told here
    };
  },
};

/**
 * @param {HTMLElement} host
 * @param {Context} context
 * @returns {Update}
 */
function build(host, context) {
  const title = h("h2", { id: "compare-title" }, phrase("A second sentence"));
  const { right } = context;
  if (!right) {
    replace(host, title, h("p", null, phrase("Change a word, such as “hungry” to “tasty”, and see what moves: attention, R, the translation.")), way(context));
    return () => {};
  }
  const words = h("div", { class: "compare-words" });
  const what = h("h3", null);
  const [heads, body, legend, table, map] = [
    h("div", { class: "compare-heads" }), h("div", { class: "compare-panels" }), h("div", null), h("div", { class: "scrolls", tabindex: 0, role: "group", "aria-label": phrase("Attention compared") }), h("div", null),
  ];
  const problem = h("p", { class: "problem", role: "status" });
  const choose = (/** @type {"left" | "right"} */ side, /** @type {number} */ at) => look(context, nameOfWord(passOf(context, side).manifest.source.words, at));
  const moved = vectors(context, choose);
  const figure = h("figure", { class: "compare-figure" }, body, legend);
  replace(
    host, title, way(context), words,
    what, heads, problem, switches(context), figure, table, map,
    h("h3", null, phrase("R, word by word")),
    h("p", null, phrase("R of a word is the mean over its tokens. The cosine is 1 where both vectors point the same way; the words that moved most come first.")),
    moved.element, translations(context), nextTable(context),
  );
  /** @type {{sides: Sides | null, key: string}} */
  const now = { sides: null, key: "" };
  return async (changed) => {
    replace(words, ...sentences(context, choose));
    moved.update();
    if (now.sides && ![...changed].some((one) => SHOWN_BY.includes(one))) return;
    const current = latest(host);
    const { state } = context.store;
    try {
      const key = JSON.stringify([state.part, state.unit, state.special, state.align]);
      if (!now.sides || now.key !== key) Object.assign(now, { sides: new Sides(context.pass, right, state), key });
      const sides = /** @type {Sides} */ (now.sides);
      const found = await comparisonOf(sides, state);
      if (!current()) return;
      replace(problem);
      const at = found.left.heads[0];
      replace(what, phrase("Attention compared: {part}, {head}", { part: partName(sides.part), head: headName(at, found.left.meanOf) }));
      exportable(figure, { name: () => phrase("Attention compared"), json: () => comparisonJson(context, found) });
      const few = Math.max(found.queries.length, found.keys.length) <= MOST_WORDS;
      const looked = new Set(rowsLooked(sides, state.word ?? []).queries?.map((pair) => found.queries.indexOf(pair)));
      drawPanels(context, body, legend, found, looked, few);
      replace(table, ...largest(found));
      replace(map, ...matrix(context, found, few));
      if (!few) return replace(heads);
      const ranked = await rank(sides);
      if (current()) replace(heads, ...headList(context, ranked, at));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (current()) for (const one of [problem, what, heads, body, legend, table, map]) replace(one, one === problem ? error.message : null);
    }
  };
}

/**
 * Where a second sentence comes from: a box on a server, and of a file the command that makes one.
 * @param {Context} context
 */
function way(context) {
  const { store, page, right } = context;
  const first = page.manifest.passes[0].source.text;
  if (page.manifest.home !== "serve") {
    if (right) return null;
    const words = ["--compare", phrase("another sentence"), "--format", "html", "--output", "page.html"];
    if (first.startsWith("-")) words.push("--");
    const typed = ["glassformer", "inspect", ...words, first].map(inShell).join(" ");
    return h("p", null, phrase("This file has one sentence. Make one with two:"), " ", h("code", null, typed));
  }
  const box = /** @type {HTMLInputElement} */ (h("input", { id: uid("second"), name: "compare", value: store.state.compare ?? first, autocomplete: "off", dir: "auto" }));
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (box.value.trim()) store.set({ compare: box.value });
  };
  return h(
    "form", { class: "compare-form", onsubmit: submit },
    h("label", { for: box.id }, phrase("The second sentence")), box,
    h("button", { type: "submit" }, phrase("Compare")),
    store.state.compare !== undefined && h("button", { type: "button", onclick: () => store.set({ compare: undefined, difference: undefined }) }, phrase("Without it")),
  );
}

/**
 * Both sentences, each word opposite its counterpart.
 * @param {Context} context
 * @param {(side: "left" | "right", at: number) => void} choose
 */
function sentences(context, choose) {
  const { comparison, passes } = context.page.manifest;
  /** @type {Pair[]} */
  const pairs = comparison.source_pairs;
  const [left, right] = [passes[0].source.words, passes[1].source.words];
  const looked = context.store.state.word ?? [];
  const cell = (/** @type {Pair} */ pair, /** @type {"left" | "right"} */ side) => {
    const at = pair[side];
    if (at === null) return h("span", { class: "compare-none", "aria-hidden": "true" }, "–");
    const of = side === "left" ? left : right;
    const name = nameOfWord(of, at);
    const seen = looked.includes(name) || (pair.left !== null && looked.includes(nameOfWord(left, pair.left)));
    return h("button", {
      type: "button", class: `compare-word ${pair.kind}`, "data-side": side, "data-position": at, "data-kind": pair.kind,
      "aria-pressed": String(seen), "aria-label": pair.kind === "matched" ? undefined : `${of[at]}: ${phrase("changed")}`,
      onclick: () => choose(side, at),
    }, printable(of[at]));
  };
  return [h(
    "div", { class: "compare-pairs", dir: rightToLeft(left) ? "rtl" : "ltr", role: "group", "aria-label": phrase("The words of both sentences") },
    pairs.map((pair) => h("div", { class: "compare-pair" }, cell(pair, "left"), cell(pair, "right"))),
  )];
}

/** Whether both sides are drawn, or what is different. @param {Context} context */
function switches(context) {
  const { store } = context;
  const buttons = [false, true].map((difference) => h("button", {
    type: "button", onclick: () => { store.set({ difference: difference || undefined }); mark(); },
  }, difference ? phrase("right − left") : phrase("both sides")));
  const mark = () => buttons.forEach((one, n) => one.setAttribute("aria-pressed", String(Boolean(store.state.difference) === (n === 1))));
  mark();
  return h("div", { class: "compare-switch" }, buttons);
}

/**
 * @param {Context} context
 * @param {HTMLElement} body
 * @param {HTMLElement} legend
 * @param {Comparison} found
 * @param {Set<number>} looked
 * @param {boolean} few
 */
function drawPanels(context, body, legend, found, looked, few) {
  const { state } = context.store;
  if (!few) {
    replace(legend);
    return replace(body, h("p", { class: "faint" }, phrase("So many words are shown as a heat map.")));
  }
  const shown = withLargest(found, state.mass);
  const choose = (/** @type {number} */ row, /** @type {"queries" | "keys"} */ of) => {
    const pair = found[of][row];
    const side = pair.left === null ? "right" : "left";
    const sentence = passOf(context, side).sides(found.left.part, found.left.align)[of];
    const name = nameOf(sentence, pair[side] ?? 0, found.left.unit);
    if (name !== null) look(context, name);
  };
  /** @type {import("./compared_lines.js").Side[]} */
  const sides = state.difference ? ["difference"] : ["left", "right"];
  replace(body, sides.map((side) => h(
    "div", { class: "compare-side scrolls", tabindex: 0, role: "group", "aria-label": sideName(side) },
    h("p", { class: "compare-label" }, sideName(side), side !== "difference" && h("span", { class: "faint" }, ` ${textOf(context, side)}`)),
    panel(shown, side, looked, choose, body.clientWidth || Infinity),
  )));
  replace(legend, widthLegend(Boolean(state.difference)));
}

/**
 * The links that moved most, in numbers.
 * @param {Comparison} found
 */
function largest(found) {
  const words = [labels(found, "queries", "difference"), labels(found, "keys", "difference")];
  const rows = [...found.differences].sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference)).slice(0, MOST_ROWS);
  const titles = [phrase("from"), phrase("to"), phrase("left"), phrase("right"), phrase("right − left")];
  return [h(
    "table", { class: "compare-table" },
    h("caption", null, phrase("What moved most: {n} of {all} links", { n: rows.length, all: found.differences.length })),
    h("thead", null, h("tr", null, titles.map((one) => h("th", { scope: "col" }, one)))),
    h("tbody", null, rows.map((one) => h(
      "tr", null,
      h("th", { scope: "row" }, printable(words[0][one.from] ?? "")), h("td", null, printable(words[1][one.to] ?? "")),
      [one.left, one.right].map((weight) => h("td", { class: "figure" }, fixed(weight, 3))),
      h("td", { class: `figure ${one.difference < 0 ? "less" : "more"}` }, `${one.difference < 0 ? "" : "+"}${fixed(one.difference, 3)}`),
    ))),
  )];
}

/**
 * The differences as a heat map: always of many words, of few when it is opened.
 * @param {Context} context
 * @param {Comparison} found
 * @param {boolean} few
 */
function matrix(context, found, few) {
  const rows = [...new Set(found.differences.map((one) => one.from))];
  const columns = [...new Set(found.differences.map((one) => one.to))];
  if (!rows.length) return [];
  const values = new Float64Array(rows.length * columns.length);
  const [rowOf, columnOf] = [rows, columns].map((all) => new Map(all.map((one, n) => [one, n])));
  for (const one of found.differences) values[(rowOf.get(one.from) ?? 0) * columns.length + (columnOf.get(one.to) ?? 0)] = one.difference;
  const [from, to] = [labels(found, "queries", "difference"), labels(found, "keys", "difference")];
  const drawn = () => heatMap(context, {
    values, rows: rows.length, columns: columns.length, label: phrase("Differences of attention, right − left"), legend: true,
    rowLabels: rows.map((row) => from[row] ?? ""), columnLabels: columns.map((column) => to[column] ?? ""),
  });
  if (!few) return [drawn()];
  const host = h("div", null);
  const details = h("details", { class: "compare-map", ontoggle: () => { if (!host.firstChild) host.append(drawn()); } }, h("summary", null, phrase("All differences as a heat map")), host);
  return [details];
}

/**
 * The heads in which most moved.
 * @param {Sides} sides
 */
async function rank(sides) {
  const { layers, heads } = sides.left.source;
  const every = Array.from({ length: layers * heads }, (_, n) => /** @type {At} */ ([Math.floor(n / heads) + 1, (n % heads) + 1]));
  const moved = await Promise.all(every.map((at) => sides.moved(at)));
  return every.map((at, n) => ({ at, moved: moved[n] })).sort((a, b) => b.moved - a.moved).slice(0, MOST_HEADS);
}

/**
 * @param {Context} context
 * @param {{at: At, moved: number}[]} ranked
 * @param {At} shown
 */
function headList(context, ranked, shown) {
  return [
    h("span", { class: "faint" }, phrase("The heads in which most moved:")),
    ranked.map(({ at, moved }) => h("button", {
      type: "button", "aria-pressed": String(String(at) === String(shown)), "data-moved": moved.toFixed(6),
      title: phrase("the mean over the words of ½ Σ |right − left|"),
      onclick: () => context.store.set({ layer: at[0] ?? undefined, head: [at[1] ?? 1], heads: undefined }),
    }, headName(at, 1), " ", h("span", { class: "faint" }, fixed(moved)))),
  ];
}

/** Look at a word, or let go of it. @param {Context} context @param {string} name */
function look(context, name) {
  const looked = context.store.state.word ?? [];
  context.store.set({ word: looked.length === 1 && looked[0] === name ? undefined : [name] });
}

/** @param {Context} context @param {"left" | "right"} side @returns {Pass} */
function passOf(context, side) {
  return side === "right" && context.right ? context.right : context.pass;
}

/** @param {Context} context @param {"left" | "right"} side */
function textOf(context, side) {
  return printable(passOf(context, side).manifest.source.text);
}
