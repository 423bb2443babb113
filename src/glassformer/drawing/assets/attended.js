/** What one row of the decoder attends to: in R, and among the tokens that are there already. */

/** @import { Context, Part, Pass, State } from "./types.js" */
import { h, latest, replace } from "./dom.js";
import { heatMap } from "./matrix.js";
import { attentionStrip } from "./strips.js";
import { phrase } from "./texts.js";

/**
 * The layer and head of the decoder that are shown, from 1; null is the mean over all of them.
 * What was chosen for the encoder is no choice here.
 * @param {Readonly<State>} state
 * @param {Pass} pass
 * @returns {{layer: number | null, head: number | null}}
 */
export function headOf(state, pass) {
  const { num_layers: layers, num_heads: heads } = pass.stack("decoder");
  const mine = state.part?.some((part) => part !== "encoder");
  const layer = mine && state.layer && state.layer <= layers ? state.layer : null;
  const [head] = (mine && layer && state.head) || [];
  return { layer, head: head && head <= heads ? head : null };
}

/**
 * The attention weights of a part in a layer and head, or their mean, in float64.
 * @param {Pass} pass
 * @param {Part} part
 * @param {{layer: number | null, head: number | null}} chosen
 * @returns {Promise<{rows: number, columns: number, values: Float64Array}>}
 */
export async function weightsOf(pass, part, { layer, head }) {
  const layers = layer ? [layer] : Array.from({ length: pass.stack(part).num_layers }, (_, i) => i + 1);
  const found = await Promise.all(layers.map((one) => pass.array(`${pass.attention(part, one)}.weights`)));
  const [heads, rows, columns] = found[0].shape;
  const shown = head ? [head - 1] : Array.from({ length: heads }, (_, i) => i);
  const values = new Float64Array(rows * columns);
  for (const weights of found) {
    for (const one of shown) {
      const matrix = weights.below(one);
      for (let i = 0; i < values.length; i++) values[i] += matrix[i];
    }
  }
  const count = found.length * shown.length;
  return { rows, columns, values: values.map((value) => value / count) };
}

/**
 * Two lists to choose a layer and a head of the decoder from.
 * @param {Context} context
 */
export function headChoice(context) {
  const { store, pass } = context;
  const { num_layers: layers, num_heads: heads } = pass.stack("decoder");
  const set = (/** @type {number | null} */ layer, /** @type {number | null} */ head) => {
    const part = store.state.part?.filter((one) => one !== "encoder") ?? [];
    store.set({
      part: part.length ? part : ["cross"],
      layer: layer ?? undefined,
      head: layer && head ? [head] : undefined,
      heads: undefined,
    });
  };
  const layer = list(phrase("mean of all layers"), layers, (n) => phrase("layer {layer}", { layer: n }),
    (n) => set(n, headOf(store.state, pass).head));
  const head = list(phrase("mean of all heads"), heads, (n) => phrase("head {head}", { head: n }),
    (n) => set(headOf(store.state, pass).layer ?? layers, n));
  const element = h(
    "p", { class: "head-choice" },
    h("label", null, h("span", { class: "only-heard" }, phrase("Layer of the decoder")), layer),
    h("label", null, h("span", { class: "only-heard" }, phrase("Head of the decoder")), head),
  );
  const show = () => {
    const chosen = headOf(store.state, pass);
    layer.value = String(chosen.layer ?? "");
    head.value = String(chosen.head ?? "");
  };
  return { element, show };
}

/**
 * @param {string} mean
 * @param {number} count
 * @param {(n: number) => string} name
 * @param {(n: number | null) => void} choose
 */
function list(mean, count, name, choose) {
  const options = Array.from({ length: count }, (_, i) => h("option", { value: i + 1 }, name(i + 1)));
  const select = /** @type {HTMLSelectElement} */ (h(
    "select", { onchange: () => choose(Number(select.value) || null) },
    h("option", { value: "" }, mean), options,
  ));
  return select;
}

/**
 * The attention of one row, over R and over the target so far.
 * @param {HTMLElement} host
 * @param {Context} context
 * @param {number} row from 0
 */
export async function showAttended(host, context, row) {
  const current = latest(host);
  const { pass, store } = context;
  const chosen = headOf(store.state, pass);
  const [cross, self] = await Promise.all([weightsOf(pass, "cross", chosen), weightsOf(pass, "decoder", chosen)]);
  if (!current()) return;
  const of = (/** @type {typeof cross} */ one) => one.values.subarray(row * one.columns, (row + 1) * one.columns);
  replace(
    host,
    h("h4", null, phrase("Cross-attention: the row looks at R")),
    h("div", { class: "cross-row" }, attentionStrip(pass.sentence("source").tokens, of(cross))),
    h("h4", null, phrase("Masked self-attention: the row looks at the target up to its own token")),
    h("div", { class: "self-row" }, attentionStrip(pass.sentence("target").tokens, of(self), { seen: row + 1 })),
  );
}

/**
 * The attention of all rows, as two matrices.
 * @param {HTMLElement} host
 * @param {Context} context
 * @param {number} row from 0, which is framed
 */
export async function showAllRows(host, context, row) {
  const current = latest(host);
  const { pass, store } = context;
  const chosen = headOf(store.state, pass);
  /** @type {Part[]} */
  const parts = ["cross", "decoder"];
  const found = await Promise.all(parts.map((part) => weightsOf(pass, part, chosen)));
  if (!current()) return;
  const { layer, head } = chosen;
  const pictures = parts.map((part, index) => {
    const { rows, columns, values } = found[index];
    const { queries, keys } = pass.sides(part, store.state.align);
    const title = part === "cross" ? phrase("Cross-attention, all rows") : phrase("Masked self-attention, all rows");
    return h("div", { class: part === "cross" ? "all-cross" : "all-self" }, h("h4", null, title), heatMap(context, {
      values,
      rows,
      columns,
      label: title,
      rowLabels: queries.tokens,
      columnLabels: keys.tokens,
      scale: 1,
      cell: Math.max(2, Math.min(26, Math.floor(420 / columns))),
      followed: row,
      opens: layer && head
        ? (at, column) => ({ name: `${pass.attention(part, layer)}.weights`, at: [head - 1, at, column] })
        : undefined,
    }));
  });
  const note = h("p", { class: "faint" }, phrase("A mean over heads has no arithmetic of one cell: choose a layer and a head to open cells."));
  replace(host, pictures, !(layer && head) && note);
}
