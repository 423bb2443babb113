/** One row of attention in numbers: of the token followed, to the keys that it attends to most. */

/** @import { Context, Pass, Step } from "./types.js" */
/** @import { LayerOf } from "./layer_view.js" */
import { h } from "./dom.js";
import { fixed, number, phrase, printable } from "./texts.js";

const MOST_KEYS = 12; // rows of the table; the others are summed

/**
 * Score, scaled score and weight of each key, the largest weights first where there are many keys.
 * @param {Context} context
 * @param {Pass} pass
 * @param {{steps: {scores: Step, scaled: Step, weights: Step}, mask: string | undefined, of: LayerOf}} shown
 * @returns {Promise<HTMLElement>}
 */
export async function softmaxTable(context, pass, { steps, mask, of }) {
  const [scores, scaled, weights] = await Promise.all(
    [steps.scores, steps.scaled, steps.weights].map(async (step) => (await pass.array(step.name)).below(of.head - 1, of.row)),
  );
  const allowed = mask ? (await pass.array(mask)).below(of.row) : null;
  const queries = pass.sentence(steps.weights.rows).tokens;
  const keys = pass.sentence(steps.weights.columns ?? steps.weights.rows).tokens;
  const order = keys.map((_, key) => key);
  const many = keys.length > MOST_KEYS + 1; // a sum of one would be no shorter
  if (many) order.sort((a, b) => weights[b] - weights[a]);
  const rest = order.splice(many ? MOST_KEYS : keys.length).reduce((sum, key) => sum + weights[key], 0);
  const cell = (/** @type {Step} */ step, /** @type {number} */ key, /** @type {string} */ text) => h(
    "td", null,
    h("button", { type: "button", class: "plain-number", onclick: () => context.openCell(step.name, [of.head - 1, of.row, key]) }, text),
  );
  const rows = order.map((key) => h(
    "tr", { class: allowed && !allowed[key] ? "masked" : null, "data-key": key },
    h("th", { scope: "row" }, h("bdi", null, printable(keys[key]))),
    cell(steps.scores, key, number(scores[key])),
    cell(steps.scaled, key, number(scaled[key])),
    cell(steps.weights, key, fixed(weights[key], 4)),
    h("td", { class: "bar-cell", "aria-hidden": "true" }, h("span", { class: "bar", style: { width: `${100 * weights[key]}%` } })),
  ));
  const others = keys.length - rows.length;
  return h(
    "div", { class: "scrolls", tabindex: "0", role: "group", "aria-label": phrase("One row in numbers") },
    h(
      "table", { class: "row-numbers" },
      h("caption", null, phrase("The row of “{token}” in numbers", { token: printable(queries[of.row]) })),
      h("thead", null, h("tr", null,
        h("th", { scope: "col" }, phrase("key")), h("th", { scope: "col" }, phrase("scores")),
        h("th", { scope: "col" }, phrase("scaled scores")), h("th", { scope: "col" }, phrase("weights")), h("td", null))),
      h("tbody", null, rows),
      others > 0 && h("tfoot", null, h("tr", null,
        h("th", { scope: "row", colspan: 3 }, phrase("{n} other keys together", { n: others })),
        h("td", null, fixed(rest, 4)),
        h("td", { class: "bar-cell", "aria-hidden": "true" }, h("span", { class: "bar", style: { width: `${100 * rest}%` } })))),
    ),
  );
}
