/** What one row of the decoder attends to: in R, and among the tokens that are there already. */

/** @import { Context, Part, Pass, State } from "./types.js" */
import { Matrices, sourceOf } from "./attention.js";
import { h } from "./dom.js";
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
 * The attention weights of a part among tokens, in a layer and head or the mean over several.
 * @param {Pass} pass
 * @param {Part} part
 * @param {{layer: number | null, head: number | null}} chosen
 * @returns {Promise<Float64Array>} queries × keys
 */
function weightsOf(pass, part, { layer, head }) {
  return new Matrices(sourceOf(pass, part), "tokens", true).of([layer, head]);
}

/**
 * Show a layer and head of the decoder, here and wherever attention is shown.
 * @param {Context} context
 * @param {number | null} layer
 * @param {number | null} head
 */
export function chooseOf({ store }, layer, head) {
  const part = store.state.part?.filter((one) => one !== "encoder") ?? [];
  store.set({
    part: part.length ? part : ["cross"],
    layer: layer ?? undefined,
    head: layer && head ? [head] : undefined,
    heads: undefined,
  });
}

/**
 * Two lists to choose a layer and a head of the decoder from.
 * @param {Context} context
 */
export function headChoice(context) {
  const { store, pass } = context;
  const { num_layers: layers, num_heads: heads } = pass.stack("decoder");
  const layer = list(phrase("mean of all layers"), layers, (n) => phrase("layer {layer}", { layer: n }),
    (n) => chooseOf(context, n, headOf(store.state, pass).head));
  const head = list(phrase("mean of all heads"), heads, (n) => phrase("head {head}", { head: n }),
    (n) => chooseOf(context, headOf(store.state, pass).layer ?? layers, n));
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
 * @param {Context} context
 * @param {number} row from 0
 */
export async function attendedBy(context, row) {
  const { pass, store } = context;
  const chosen = headOf(store.state, pass);
  const [cross, self] = await Promise.all([weightsOf(pass, "cross", chosen), weightsOf(pass, "decoder", chosen)]);
  const [source, target] = [pass.sentence("source").tokens, pass.sentence("target").tokens];
  const rowOf = (/** @type {Float64Array} */ weights, /** @type {string[]} */ keys) =>
    weights.subarray(row * keys.length, (row + 1) * keys.length);
  return [
    h("h4", null, phrase("Cross-attention: the row looks at R")),
    h("div", { class: "cross-row" }, attentionStrip(source, rowOf(cross, source))),
    h("h4", null, phrase("Masked self-attention: the row looks at the target up to its own token")),
    h("div", { class: "self-row" }, attentionStrip(target, rowOf(self, target), { seen: row + 1 })),
  ];
}

/**
 * The attention of all rows, as two matrices.
 * @param {Context} context
 * @param {number} row from 0, which is framed
 */
export async function allRows(context, row) {
  const { pass, store } = context;
  const chosen = headOf(store.state, pass);
  /** @type {Part[]} */
  const parts = ["cross", "decoder"];
  const found = await Promise.all(parts.map((part) => weightsOf(pass, part, chosen)));
  const { layer, head } = chosen;
  const pictures = parts.map((part, index) => {
    const { queries, keys } = pass.sides(part, store.state.align);
    const title = part === "cross" ? phrase("Cross-attention, all rows") : phrase("Masked self-attention, all rows");
    return h("div", { class: part === "cross" ? "all-cross" : "all-self" }, h("h4", null, title), heatMap(context, {
      values: found[index],
      rows: queries.tokens.length,
      columns: keys.tokens.length,
      label: title,
      rowLabels: queries.tokens,
      columnLabels: keys.tokens,
      scale: 1,
      cell: Math.max(2, Math.min(26, Math.floor(420 / keys.tokens.length))),
      followed: row,
      opens: layer && head
        ? (at, column) => ({ name: `${pass.attention(part, layer)}.weights`, at: [head - 1, at, column] })
        : undefined,
    }));
  });
  const note = h("p", { class: "faint" }, phrase("A mean over heads has no arithmetic of one cell: choose a layer and a head to open cells."));
  return [pictures, !(layer && head) && note];
}
