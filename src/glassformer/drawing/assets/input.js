/** From words to the input of layer 1: tokens and their ids, X, P, X + P. */

/** @import { Context, Pass, Stop } from "./types.js" */
import { h, replace } from "./dom.js";
import { followedRow } from "./followed.js";
import { lazily } from "./lazily.js";
import { legend } from "./matrix.js";
import { fullFrom } from "./scale.js";
import { after, level, matrixFigure, shownStep } from "./step_matrix.js";
import { number, phrase } from "./texts.js";
import { tokenTable } from "./token_table.js";
import { waves } from "./waves.js";

const LETTERS = /** @type {Record<string, string>} */ ({ token_embedding: "X", positions: "P", token_types: "T" });
const ROOM = 280;

/** @type {Stop} */
export const inputStop = {
  id: "input",
  title: () => phrase("Input: X + P"),
  draw(host, context) {
    const { pass, store } = context;
    /** @type {"source" | "target"} */
    let side = "source";
    const row = () => followedRow(pass.sentence(side), store.state);
    const tokens = lazily("token-table", () => tokenTable(context, pass, side, row()));
    const sum = lazily("input-sum", () => embedding(context, pass, side, row()));
    const choose = (/** @type {"source" | "target"} */ to) => {
      side = to;
      sides.forEach(([one, button]) => button.setAttribute("aria-pressed", String(one === to)));
      tokens.again();
      sum.again();
    };
    const sides = /** @type {["source" | "target", HTMLElement][]} */ ([
      ["source", h("button", { type: "button", onclick: () => choose("source") }, phrase("Encoder side"))],
      ["target", h("button", { type: "button", onclick: () => choose("target") }, phrase("Decoder side"))],
    ]);
    replace(
      host,
      h("h2", { id: "input-title" }, phrase("Input: X + P")),
      h("p", null, phrase("All words enter at once, each as one row of a matrix. Text is split into tokens: words, or pieces of words; each token has an id in the vocabulary, and each id its row in the embedding table.")),
      pass.manifest.target && h("div", { class: "side-choice", role: "group", "aria-label": phrase("Which input") }, sides.map(([, button]) => button)),
      h("p", { class: "choice-label" }, phrase("Choose a word to follow it through all steps.")),
      tokens.element,
      sum.element,
    );
    choose(side);
    return (changed) => {
      if (!changed.has("word")) return;
      tokens.again();
      sum.again();
    };
  },
};

/**
 * X, what is added to it, their sum, and its norm where there is one.
 * @param {Context} context
 * @param {Pass} pass
 * @param {"source" | "target"} side
 * @param {number} row that is followed
 */
async function embedding(context, pass, side, row) {
  const stack = pass.stack(side === "source" ? "encoder" : "decoder");
  const last = pass.step(`${side === "source" ? "encoder" : "decoder"}.embedding`);
  const total = last.operation === "layer_norm" ? pass.step(last.parents[0]) : last;
  const parents = total.parents.map((name) => pass.step(name));
  const shown = await Promise.all([...parents, total].map((step) => shownStep(pass, step, 1)));
  const full = fullFrom(shown.map(({ values }) => values));
  const what = /** @type {Record<string, string>} */ ({
    token_embedding: phrase("embedding"), positions: phrase("positions"), token_types: phrase("token types"),
  });
  const summands = parents.map((step, index) => matrixFigure(context, {
    symbol: LETTERS[step.role], what: what[step.role], formula: step.formula, shown: shown[index], followed: row, room: ROOM, scale: full,
  }));
  const symbol = parents.map((step) => LETTERS[step.role]).join(" + ");
  const sum = parents.length > 1 && matrixFigure(context, {
    symbol, what: total === last ? phrase("input of layer 1") : phrase("before the norm"), shown: shown[parents.length], followed: row, room: ROOM, scale: full,
    relates: (at, column) => summands.map(({ map }) => ({ map, row: at, column })),
  });
  const position = parents.findIndex((step) => step.role === "positions");
  return [
    scaling(stack),
    level(
      summands.map(({ element }, index) => (index ? after("+", element) : element)),
      sum && after("=", sum.element),
    ),
    legend(full),
    h("p", { class: "faint" }, phrase("One colour scale for all of them; colour is full from {full}, which one number in a hundred exceeds.", { full: number(full, 3) })),
    positions(stack.positions),
    position >= 0 && waves(context, shown[position], parents[position], row, stack.positions),
    last !== total && await normalised(context, pass, last, symbol, row),
  ];
}

/**
 * Whether the embedding is multiplied.
 * @param {import("./types.js").StackConfig} stack
 */
function scaling(stack) {
  const size = stack.d_model;
  return h("p", null, stack.scale_embedding
    ? phrase("The rows of the embedding table are multiplied by √d_model = √{size} = {root}.", { size, root: number(Math.sqrt(size)) })
    : phrase("This model does not multiply the embedding by √d_model."));
}

/**
 * What kind of positions the model has.
 * @param {string} kind
 */
function positions(kind) {
  return h("p", { "data-positions": kind }, {
    sinusoidal: phrase("P is computed, not learned: sines and cosines of the position, slower from one pair of features to the next."),
    sinusoidal_halves: phrase("P is computed, not learned: sines of the position in the first half of the features, cosines in the second."),
    learned: phrase("P is learned: one row of a table for each position."),
    none: phrase("This model has no positions: nothing says where a token stands."),
  }[kind] ?? kind);
}

/**
 * @param {Context} context
 * @param {Pass} pass
 * @param {import("./types.js").Step} step
 * @param {string} symbol
 * @param {number} row
 */
async function normalised(context, pass, step, symbol, row) {
  return h(
    "div", null,
    h("p", null, phrase("This model normalises the sum before layer 1; the norm has a colour scale of its own.")),
    matrixFigure(context, {
      symbol: `LayerNorm(${symbol})`, what: phrase("input of layer 1"), shown: await shownStep(pass, step, 1), followed: row, legend: true,
    }).element,
  );
}
