/** What the search considered, step after step: a tree that grows to the right. */

/** @import { Considered, Context } from "./types.js" */
import { h, replace, svg } from "./dom.js";
import { fixed, number, phrase, printable } from "./texts.js";

const ROW = 40;
const GAP = 34;
const TOP = 28;
const MOST_STEPS = 40;

/**
 * A candidate in the tree.
 * @typedef {object} Branch
 * @property {number} step from 0
 * @property {number} place among the candidates of its step, from 0
 * @property {string} token
 * @property {number} score
 * @property {Considered["fate"]} fate
 * @property {number | null} parent its place among those of the step before
 * @property {boolean} chosen whether the translation goes through it
 */

/**
 * The candidates as a tree: each goes on from one that was kept at the step before.
 * @param {Considered[][]} steps
 * @param {string[]} outputs the tokens of the translation
 * @returns {Branch[][]}
 */
function treeOf(steps, outputs) {
  return steps.map((candidates, step) =>
    candidates.map(({ tokens, token, score, fate, after }, place) => ({
      step,
      place,
      token,
      score,
      fate,
      parent: after,
      chosen: tokens.every((token, index) => token === outputs[index]),
    })),
  );
}

/**
 * The view of the search; `show` marks the step of a row of the decoder, and draws the steps around
 * it where they are not drawn yet.
 * @param {Context} context
 * @returns {{element: HTMLElement, show: (row: number) => void}}
 */
export function searchView(context) {
  const { history, target_as_predicted: predicted } = context.pass.manifest;
  const element = h("div", { class: "search" });
  if (!history || !predicted) {
    const { page, store } = context;
    const back = () => store.set({ target: undefined });
    replace(
      element,
      h("p", { class: "faint" }, phrase("There was no search: the target was given.")),
      page.manifest.home === "serve" && h("button", { onclick: back }, phrase("Back to the translation that a search finds")),
    );
    return { element, show: () => {} };
  }
  const tree = treeOf(history, predicted.tokens);
  const which = h("p", { class: "faint", hidden: tree.length <= MOST_STEPS });
  const frame = h("div", { class: "scrolls", tabindex: 0, role: "group", "aria-label": phrase("The candidates of each step") });
  const table = h("div", null);
  replace(
    element,
    h("p", null, phrase("At each step the search goes on with every token from each candidate that it kept, and keeps the best. Below a token stands the score of all tokens so far, a sum of log-probabilities.")),
    legend(), which, frame, table,
  );
  let first = -1;
  /** @type {ReturnType<typeof drawn> | null} */
  let picture = null;
  const show = (/** @type {number} */ row) => {
    const kept = picture && row >= first && row < first + picture.columns.length;
    if (!picture || !kept) {
      first = Math.max(0, Math.min(row - MOST_STEPS / 2, tree.length - MOST_STEPS));
      picture = drawn(tree.slice(first, first + MOST_STEPS), context);
      replace(frame, picture.element);
      const last = first + picture.columns.length;
      replace(which, phrase("Steps {first} to {last} of {count}", { first: first + 1, last, count: tree.length }));
    }
    const at = row - first;
    picture.columns.forEach((column, index) => column.classList.toggle("current", index === at));
    frame.scrollLeft = inSight(frame.scrollLeft, frame.clientWidth, picture.lefts[at], picture.widths[at]);
    replace(table, stepTable(history[row] ?? [], row, predicted.tokens));
  };
  return { element, show };
}

/** The scroll position nearest to where it was at which a column is in sight.
 * @param {number} was
 * @param {number} width
 * @param {number} left
 * @param {number} wide
 */
function inSight(was, width, left, wide) {
  if (left === undefined) return was;
  return Math.min(Math.max(was, left + wide - width + GAP), Math.max(0, left - GAP));
}

function legend() {
  /** @type {[Considered["fate"] | "chosen", string][]} */
  const said = [
    ["chosen", phrase("the translation")],
    ["kept", phrase("kept")],
    ["ended", phrase("ended")],
    ["dropped", phrase("dropped")],
  ];
  return h("p", { class: "fates" }, said.map(([fate, text]) =>
    h("span", { class: `fate ${fate}` }, text)));
}

/**
 * @param {Branch[][]} steps
 * @param {Context} context
 */
function drawn(steps, context) {
  const widths = steps.map((step) => 26 + Math.max(44, ...step.map((one) => widthOf(printable(one.token)))));
  /** @type {number[]} */
  const lefts = [];
  widths.reduce((left, width) => (lefts.push(left), left + width + GAP), 2);
  const tall = TOP + ROW * Math.max(...steps.map((step) => step.length));
  const wide = lefts[lefts.length - 1] + widths[widths.length - 1] + 2;
  const middle = (/** @type {number} */ place) => TOP + ROW * place + 15;
  const lines = steps.slice(1).flatMap((step, index) => step.map((one) => {
    if (one.parent === null) return null;
    const [x1, y1, x2, y2] = [lefts[index] + widths[index], middle(one.parent), lefts[index + 1], middle(one.place)];
    const bend = (x1 + x2) / 2;
    return svg("path", {
      class: `branch ${one.fate}${one.chosen ? " chosen" : ""}`,
      d: `M${x1},${y1}C${bend},${y1} ${bend},${y2} ${x2},${y2}`,
    });
  }));
  const columns = steps.map((step, index) => svg(
    "g", {
      class: "step",
      onclick: () => context.store.set({ position: step[0].step + 1 }),
    },
    svg("rect", { class: "step-column", x: lefts[index] - 6, y: 0, width: widths[index] + 12, height: tall, rx: 6 }),
    svg("text", { class: "step-number", x: lefts[index] + widths[index] / 2, y: 17 }, step[0] ? step[0].step + 1 : ""),
    step.map((one) => svg(
      "g", { class: `considered ${one.fate}${one.chosen ? " chosen" : ""}`, "data-score": one.score },
      svg("rect", { x: lefts[index], y: middle(one.place) - 15, width: widths[index], height: 32, rx: 5 }),
      svg("text", { class: "considered-token", x: lefts[index] + widths[index] / 2, y: middle(one.place) - 1 }, printable(one.token)),
      svg("text", { class: "considered-score", x: lefts[index] + widths[index] / 2, y: middle(one.place) + 13 }, fixed(one.score)),
    )),
  ));
  const element = svg(
    "svg", { width: wide, height: tall, viewBox: `0 0 ${wide} ${tall}`, role: "img", "aria-label": phrase("The search as a tree; the table below has the step looked at") },
    columns, lines,
  );
  return { element, columns, lefts, widths };
}

/**
 * About how wide a text is; a Chinese character takes twice as much as a letter.
 * @param {string} text
 */
function widthOf(text) {
  return [...text].reduce((sum, one) => sum + (one > "\u2e7f" ? 15 : 8.4), 0);
}

/**
 * The candidates of one step in words.
 * @param {Considered[]} step
 * @param {number} row
 * @param {string[]} outputs
 */
function stepTable(step, row, outputs) {
  /** @type {Record<Considered["fate"], string>} */
  const fates = { kept: phrase("kept"), ended: phrase("ended"), dropped: phrase("dropped") };
  return h(
    "div", { class: "scrolls", tabindex: 0, role: "group", "aria-label": phrase("Candidates of step {step}", { step: row + 1 }) },
    h(
      "table", { class: "step-table" },
      h("caption", null, phrase("Candidates of step {step}", { step: row + 1 })),
      h("thead", null, h("tr", null,
        h("th", { scope: "col" }, phrase("tokens so far")),
        h("th", { scope: "col" }, phrase("score so far")),
        h("th", { scope: "col" }, phrase("what became of it")))),
      h("tbody", null, step.map((one) => h(
        "tr", { class: one.tokens.every((token, index) => token === outputs[index]) ? "chosen" : one.fate },
        h("td", null, one.tokens.map(printable).join(" ")),
        h("td", null, number(one.score)),
        h("td", null, fates[one.fate]),
      ))),
    ),
  );
}
