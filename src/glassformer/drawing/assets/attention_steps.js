/** One head: Q, K and V, then the four steps, Q Kᵀ, scaled, softmax, Z. Then all heads joined. */

/** @import { Context, Part, Pass, Step } from "./types.js" */
/** @import { LayerOf } from "./layer_view.js" */
/** @import { Child } from "./dom.js" */
import { h } from "./dom.js";
import { flow } from "./flow.js";
import { joinedHeads } from "./joined.js";
import { lazily } from "./lazily.js";
import { softmaxTable } from "./softmax_row.js";
import { after, beside, matrixFigure, named, shownStep, shownWeight } from "./step_matrix.js";
import { number, phrase, printable } from "./texts.js";

/**
 * The attention of one part in a layer.
 * @param {Context} context
 * @param {Pass} pass
 * @param {Part} part
 * @param {() => LayerOf} of what is looked at now
 * @returns {{element: HTMLElement, again: () => void}}
 */
export function attentionSteps(context, pass, part, of) {
  const step = (/** @type {string} */ role) => pass.step(`${pass.attention(part, of().layer)}.${role}`);
  /** @type {[string, () => Promise<Child[]>][]} */
  const drawn = [
    [phrase("Each token's x is multiplied by three matrices, which gives its query, key and value; the matrices are random at first, training finds their values."),
      () => projections(context, pass, step, of())],
    [phrase("Dot product of each query with each key: how alike they are."), () => scores(context, pass, step, of())],
    [pass.stack(part).scale_scores
      ? phrase("The scores are divided by √d_head, for stable gradients.")
      : phrase("The scores are not divided in this model."),
      () => scaled(context, pass, step, of())],
    [phrase("Softmax turns each row into weights from 0 to 1 whose sum is 1."), () => weights(context, pass, step, of())],
    [phrase("The values, weighted and summed: Z is the output of this head."), () => outputs(context, pass, step, of())],
  ];
  const slots = drawn.map(([, draw]) => lazily("step-body", draw));
  const items = drawn.map(([caption], index) =>
    h("li", { class: "numbered-step", "data-step": index }, h("p", { class: "step-caption" }, caption), slots[index].element),
  );
  const played = flow(context, items, slots);
  const joined = joinedHeads(context, pass, part, of);
  const title = h("h4", null);
  const say = () => {
    title.textContent = phrase("Head {head} of {heads}, d_head {size}", {
      head: of().head, heads: pass.stack(part).num_heads, size: step("query").shape[2],
    });
  };
  say();
  return {
    element: h("div", { class: "attention-steps", "data-part": part }, title, played.element, h("ol", { class: "numbered-steps" }, items), joined.element),
    again: () => {
      say();
      played.end();
      for (const slot of [...slots, joined]) slot.again();
    },
  };
}

/**
 * Before the steps: x and the three products.
 * @param {Context} context
 * @param {Pass} pass
 * @param {(role: string) => Step} step
 * @param {LayerOf} of
 */
async function projections(context, pass, step, of) {
  const made = [];
  for (const [role, symbol, letter, what] of /** @type {[string, string, string, string][]} */ ([
    ["query", "Q", "Q", phrase("queries")],
    ["key", "K", "K", phrase("keys")],
    ["value", "V", "V", phrase("values")],
  ])) {
    const one = step(role);
    const [rows, size] = one.shape.slice(1);
    const shown = await shownStep(pass, one, of.head);
    const [weight, bias] = one.parameters;
    const matrix = await shownWeight(pass, weight, { head: of.head, size });
    made.push({ one, symbol, letter, what, shown, matrix, rows, size, bias, given: one.parents[0] });
  }
  /** @type {Record<string, {element: HTMLElement, map: HTMLElement}>} */
  const inputs = {};
  for (const { given } of made) {
    if (inputs[given]) continue;
    const from = pass.step(given);
    inputs[given] = matrixFigure(context, {
      symbol: given === "encoder" && step("query").part === "cross" ? "R" : "x",
      what: from.role === "norm" ? phrase("after the norm") : phrase("input of this sublayer"),
      shown: await shownStep(pass, from, 1),
      followed: rowOf(from, of, step("query")),
      room: 420,
      role: "operand",
    });
  }
  const rows = made.map(({ one, symbol, letter, what, shown, matrix, size, given }) => {
    const W = matrix && matrixFigure(context, { symbol: `W_${letter}`, shown: matrix, room: 120, role: "weight" });
    const result = matrixFigure(context, {
      symbol, what, shown, formula: one.formula, followed: rowOf(one, of, step("query")), room: 260, role: "result",
      relates: (row, column) => [{ map: inputs[given].map, row }, ...(W ? [{ map: W.map, column }] : [])],
    });
    const learned = W ? W.element : h(
      "div", { class: "step-matrix" }, named(`W_${letter}`, undefined, [pass.step(given).shape[1], size]),
      h("p", { class: "unheld" }, phrase("learned")),
    );
    return h("div", { class: "projection" }, after("×", learned), after("=", result.element));
  });
  const without = made.every(({ matrix }) => !matrix) && h(
    "p", { class: "faint" },
    phrase("The learned matrices W are not in this page; it holds them where it was made with the weights."),
  );
  return [
    h("div", { class: "projections" },
      h("div", { class: "projected" }, Object.values(inputs).map((one) => one.element)),
      h("div", null, rows)),
    without,
  ];
}

/**
 * Step 1: Q Kᵀ.
 * @param {Context} context
 * @param {Pass} pass
 * @param {(role: string) => Step} step
 * @param {LayerOf} of
 */
async function scores(context, pass, step, of) {
  const [query, key] = [step("query"), step("key")];
  const Q = matrixFigure(context, {
    symbol: "Q", shown: await shownStep(pass, query, of.head), followed: of.row, room: 128, role: "operand",
  });
  const K = matrixFigure(context, {
    symbol: "K", what: phrase("each row is a column of Kᵀ"), shown: await shownStep(pass, key, of.head), room: 128, role: "operand-whole",
  });
  const result = await square(context, pass, step("scores"), of, phrase("scores"), {
    relates: (row, column) => [{ map: Q.map, row }, { map: K.map, row: column }],
  });
  return [beside(Q.element, after("×", K.element), after("=", result.element))];
}

/**
 * Step 2: scaled.
 * @param {Context} context
 * @param {Pass} pass
 * @param {(role: string) => Step} step
 * @param {LayerOf} of
 */
async function scaled(context, pass, step, of) {
  const size = step("query").shape[2];
  const divided = pass.stack(step("query").part ?? "encoder").scale_scores && h(
    "p", { class: "faint" }, phrase("Divided by √d_head = √{size} = {root}.", { size, root: number(Math.sqrt(size)) }),
  );
  const result = await square(context, pass, step("scaled_scores"), of, phrase("scaled scores"), {});
  return [divided, beside(result.element)];
}

/**
 * Step 3: masked in a decoder, and softmax.
 * @param {Context} context
 * @param {Pass} pass
 * @param {(role: string) => Step} step
 * @param {LayerOf} of
 */
async function weights(context, pass, step, of) {
  const scaled = await square(context, pass, step("scaled_scores"), of, phrase("scaled scores"), { role: "operand" });
  const masked = step("weights").parents.find((name) => pass.step(name).role === "mask");
  const mask = masked && await square(context, pass, pass.step(masked), of, phrase("mask, 1: may attend"), { scale: 1 });
  const result = await square(context, pass, step("weights"), of, phrase("weights"), {
    scale: 1,
    relates: (row) => [{ map: scaled.map, row }, ...(mask ? [{ map: mask.map, row }] : [])],
  });
  return [
    beside(scaled.element, mask && after("+", mask.element), after("→", result.element)),
    await softmaxTable(context, pass, {
      steps: { scores: step("scores"), scaled: step("scaled_scores"), weights: step("weights") }, mask: masked, of,
    }),
  ];
}

/**
 * Step 4: weights · V.
 * @param {Context} context
 * @param {Pass} pass
 * @param {(role: string) => Step} step
 * @param {LayerOf} of
 */
async function outputs(context, pass, step, of) {
  const A = await square(context, pass, step("weights"), of, phrase("weights"), { scale: 1, role: "operand" });
  const V = matrixFigure(context, {
    symbol: "V", shown: await shownStep(pass, step("value"), of.head), room: 128, role: "operand-whole",
  });
  const Z = matrixFigure(context, {
    symbol: "Z", what: phrase("output of the head"), formula: step("context").formula, role: "result",
    shown: await shownStep(pass, step("context"), of.head), followed: of.row, room: 128,
    relates: (row, column) => [{ map: A.map, row }, { map: V.map, column }],
  });
  const tokens = pass.sentence(step("query").rows).tokens;
  return [
    beside(A.element, after("×", V.element), after("=", Z.element)),
    h("p", { class: "faint" }, phrase("Framed: the row of “{token}”.", { token: printable(tokens[of.row]) })),
  ];
}

/**
 * A matrix of queries × keys.
 * @param {Context} context
 * @param {Pass} pass
 * @param {Step} step
 * @param {LayerOf} of
 * @param {string} symbol
 * @param {{scale?: number, role?: string, relates?: (row: number, column: number) => import("./matrix.js").Place[]}} more
 */
async function square(context, pass, step, of, symbol, more) {
  const shown = await shownStep(pass, step, of.head);
  return matrixFigure(context, { symbol, formula: step.formula, shown, followed: of.row, room: 340, role: "result", ...more });
}

/**
 * The row followed in a step's matrix: none where its rows are those of the other sentence.
 * @param {Step} step
 * @param {LayerOf} of
 * @param {Step} query
 */
function rowOf(step, of, query) {
  return step.rows === query.rows ? of.row : null;
}
