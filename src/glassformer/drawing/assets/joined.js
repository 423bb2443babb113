/** All heads of one attention: Z of each side by side, and what W_O makes of them. */

/** @import { Context, Part, Pass } from "./types.js" */
/** @import { LayerOf } from "./layer_view.js" */
import { h } from "./dom.js";
import { lazily } from "./lazily.js";
import { after, beside, matrixFigure, named, shownStep, shownWeight } from "./step_matrix.js";
import { fullFrom } from "./scale.js";
import { phrase } from "./texts.js";

/**
 * @param {Context} context
 * @param {Pass} pass
 * @param {Part} part
 * @param {() => LayerOf} of
 * @returns {{element: HTMLElement, again: () => void}}
 */
export function joinedHeads(context, pass, part, of) {
  const slot = lazily("joined", () => draw(context, pass, part, of()));
  return {
    element: h("div", null, h("h4", null, phrase("All heads joined: concat, W_O")), slot.element),
    again: slot.again,
  };
}

/**
 * @param {Context} context
 * @param {Pass} pass
 * @param {Part} part
 * @param {LayerOf} of
 */
async function draw(context, pass, part, of) {
  const output = pass.step(pass.attention(part, of.layer));
  const step = pass.step(output.parents[0]); // Z of all heads
  const Z = await pass.array(step.name);
  const [heads, rows, size] = Z.shape;
  const scale = fullFrom([Z.data]); // one scale, so that heads can be compared
  /** @type {{element: HTMLElement, map: HTMLElement}[]} */
  const each = [];
  for (let head = 1; head <= heads; head++) {
    each.push(matrixFigure(context, {
      symbol: `Z${below(head)}`, shown: await shownStep(pass, step, head), followed: of.row, room: 130, scale,
    }));
  }
  const chosen = each.map(({ element }, index) => h(
    "div", { class: "one-head", style: { "--head": `var(--h${index % 8})` } },
    h("button", {
      type: "button", "data-again": `head-${index + 1}`, "aria-pressed": String(index + 1 === of.head),
      onclick: () => of.chooseHead(index + 1),
    }, phrase("head {n}", { n: index + 1 })),
    element,
  ));
  const values = new Float64Array(rows * heads * size);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < heads * size; column++) {
      values[row * heads * size + column] = Z.at(Math.floor(column / size), row, column % size);
    }
  }
  const tokens = pass.sentence(step.rows).tokens;
  const joined = matrixFigure(context, {
    symbol: heads > 1 ? `concat(Z₁ … Z${below(heads)})` : "Z₁", followed: of.row, room: 420, scale,
    shown: {
      values, rows, columns: heads * size, rowLabels: tokens,
      opens: (row, column) => ({ name: step.name, at: [Math.floor(column / size), row, column % size] }),
    },
    relates: (row, column) => [{ map: each[Math.floor(column / size)].map, row, column: column % size }],
  });
  const weight = await shownWeight(pass, output.parameters[0]);
  const W = weight && matrixFigure(context, { symbol: "W_O", shown: weight, room: 200 });
  const made = matrixFigure(context, {
    symbol: phrase("output"), formula: output.formula, shown: await shownStep(pass, output, 1), followed: of.row, room: 420,
    relates: (row, column) => [{ map: joined.map, row }, ...(W ? [{ map: W.map, column }] : [])],
  });
  const learned = W ? W.element : h(
    "div", { class: "step-matrix" }, named("W_O", undefined, [heads * size, output.shape[1]]), h("p", { class: "unheld" }, phrase("learned")),
  );
  return [
    h("p", null, heads > 1
      ? phrase("The {n} heads are computed side by side, each with matrices of its own; one colour scale for all of them.", { n: heads })
      : phrase("This model has one head.")),
    h("div", { class: "all-heads" }, chosen),
    beside(joined.element, after("×", learned), after("=", made.element)),
  ];
}

/**
 * A number as an index below the line.
 * @param {number} count
 */
export function below(count) {
  return String(count).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]);
}
