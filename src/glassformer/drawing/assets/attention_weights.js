/** The weights of a picture of attention one by one: as a table, and how one among words is made up. */

/** @import { At, Link, Matrices, View } from "./attention.js" */
/** @import { Context } from "./types.js" */
import { headName } from "./attention.js";
import { h, replace } from "./dom.js";
import { fixed, number, phrase, printable } from "./texts.js";

/**
 * The cell of the trace that a weight is, or null where it is a sum or a mean of several.
 * @param {Matrices} among
 * @param {Link} link
 * @returns {number[] | null} head, query and key from 0
 */
export function cellOf(among, link) {
  const [queries, keys] = [among.queries.members[link.from], among.keys.members[link.to]];
  if (link.layer === null || link.head === null || queries.length !== 1 || keys.length !== 1) return null;
  return [link.head - 1, queries[0], keys[0]];
}

/**
 * A weight in words: who attends to whom, how much.
 * @param {View} view
 * @param {Link} link
 */
export function linkText(view, link) {
  return `${printable(view.queries[link.from])} → ${printable(view.keys[link.to])} ${number(link.weight)}`;
}

/**
 * The links of a picture as a table, made when it is opened.
 * @param {(link: Link) => void} opens
 */
export function linkTable(opens) {
  const body = h("div", { class: "scrolls" });
  /** @type {View | null} */
  let shown = null;
  const element = /** @type {HTMLDetailsElement} */ (h(
    "details", { class: "link-table", ontoggle: () => fill() },
    h("summary", null, phrase("The lines as a table")), body,
  ));
  const fill = () => {
    if (!element.open || !shown) return;
    const view = shown;
    const links = [...view.links].sort((a, b) => a.from - b.from || b.weight - a.weight);
    const several = view.heads.length > 1;
    replace(body, h(
      "table", null,
      h("thead", null, h("tr", null, [
        phrase("from"), phrase("to"), several && phrase("head"), phrase("weight"), phrase("arithmetic"),
      ].map((one) => one && h("th", { scope: "col" }, one)))),
      h("tbody", null, links.map((link) => h(
        "tr", null,
        h("th", { scope: "row" }, printable(view.queries[link.from])),
        h("td", null, printable(view.keys[link.to])),
        several && h("td", null, headName([link.layer, link.head], view.meanOf)),
        h("td", { class: "figure" }, link.weight.toFixed(6)),
        h("td", null, h("button", { type: "button", "aria-label": phrase("arithmetic of {link}", { link: linkText(view, link) }), onclick: () => opens(link) }, "=")),
      ))),
    ));
  };
  return {
    element,
    /** @param {View} view */
    update(view) {
      shown = view;
      fill();
    },
  };
}

/**
 * How a weight comes about that is no cell of the trace: the heads of which it is the mean, or the
 * tokens over which it is a sum and a mean; each is a link to its cell.
 * @param {Context} context
 * @param {Matrices} among
 * @param {View} view
 * @param {Link} link
 * @param {(at: At) => void} chooses a head
 * @returns {Promise<HTMLElement>}
 */
export async function composition(context, among, view, link, chooses) {
  const { source, queries, keys } = among;
  const title = h("p", null, h("strong", null, linkText(view, link)));
  if (link.layer === null || link.head === null) {
    const layers = link.layer === null ? Array.from({ length: source.layers }, (_, n) => n + 1) : [link.layer];
    /** @type {{at: At, weight: number}[]} */
    const parts = [];
    for (const layer of layers) {
      for (let head = 1; head <= source.heads; head++) {
        const matrix = await among.of([layer, head]);
        parts.push({ at: [layer, head], weight: matrix[link.from * keys.members.length + link.to] });
      }
    }
    const text = phrase("The mean of {n} heads. Choose one to see what its weight is made of (layer.head):", { n: parts.length });
    return h("div", { class: "composition" }, title, h("p", null, text), h("p", { class: "parts" }, parts.map(({ at, weight }) => h(
      "button", { type: "button", "data-layer": at[0], "data-head": at[1], "aria-label": `${headName(at, 1)}: ${number(weight)}`, onclick: () => chooses(at) },
      h("span", { class: "faint" }, `${at[0]}.${at[1]}`), " ", fixed(weight, 3),
    ))));
  }
  const name = `${context.pass.attention(source.part, link.layer)}.weights`;
  const weights = await source.weights(link.layer);
  const head = link.head - 1;
  const [rows, columns] = [queries.members[link.from], keys.members[link.to]];
  return h(
    "div", { class: "composition" }, title,
    h("p", null, phrase("The sum over the tokens attended to, and the mean over the tokens that attend:")),
    h("div", { class: "scrolls" }, h(
      "table", null,
      h("thead", null, h("tr", null, h("td", null), columns.map((key) => h("th", { scope: "col" }, printable(source.keys.tokens[key]))), h("th", { scope: "col" }, phrase("sum")))),
      h("tbody", null, rows.map((query) => h(
        "tr", null,
        h("th", { scope: "row" }, printable(source.queries.tokens[query])),
        columns.map((key) => h("td", null, h("button", { type: "button", "data-cell": `${head},${query},${key}`, onclick: () => context.openCell(name, [head, query, key]) }, number(weights.at(head, query, key))))),
        h("td", { class: "figure" }, number(columns.reduce((sum, key) => sum + weights.at(head, query, key), 0))),
      ))),
      rows.length > 1 && h("tfoot", null, h("tr", null, h("th", { scope: "row" }, phrase("mean")), columns.map(() => h("td", null)), h("td", { class: "figure" }, number(link.weight)))),
    )),
  );
}
