/** The controls of the attention stop: which part, which units, which heads, how many lines. */

/** @import { Matrices } from "./attention.js" */
/** @import { Context, Part, State, Unit } from "./types.js" */
import { HUES, headSample } from "./lines.js";
import { headName, partName } from "./attention.js";
import { h, replace, uid } from "./dom.js";
import { phrase } from "./texts.js";

/**
 * The controls, and `update`, which brings them in step with the state.
 * @param {Context} context
 */
export function attentionControls(context) {
  const { store, pass } = context;
  const part = choice(phrase("Attention of"), pass.parts.map((one) => [one, partName(one)]), (one) => {
    // Other parts may have other layers and heads: what was chosen is there only where it fits.
    const stack = pass.stack(/** @type {Part} */ (one));
    const { layer, head } = store.state;
    const fits = (layer ?? 1) <= stack.num_layers && (head ?? []).every((at) => at <= stack.num_heads);
    store.set({ part: [/** @type {Part} */ (one)], ...(fits ? {} : { layer: undefined, head: undefined }) });
  });
  const unit = choice(phrase("among"), [["words", phrase("words")], ["tokens", phrase("tokens")]], (one) => {
    store.set({ unit: /** @type {Unit} */ (one), special: one === "tokens" ? store.state.special : undefined });
  });
  const special = box(phrase("with special tokens"), (checked) => {
    store.set({ special: checked || undefined, unit: checked ? "tokens" : store.state.unit });
  });
  const align = choice(
    phrase("A row belongs to"),
    [["input", phrase("the token read")], ["output", phrase("the token predicted")]],
    (one) => store.set({ align: one === "output" ? "output" : undefined }),
  );
  const heads = choice(
    phrase("Head"),
    [["card", phrase("of the model card")], ["mean", phrase("mean over all heads")], ["largest", phrase("with the largest weight")]],
    (one) => store.set({ heads: /** @type {State["heads"]} */ (one), layer: undefined, head: undefined }),
  );
  const mass = slider(phrase("Attention drawn"), { min: 0.3, max: 1, step: 0.01 }, (value) => store.set({ mass: value }));
  const least = slider(phrase("Weights from"), { min: 0, max: 0.5, step: 0.01 }, (value) => store.set({ min_weight: value || undefined }));
  const readable = h("button", { type: "button", onclick: () => store.set({ mass: undefined, min_weight: undefined }) }, phrase("Back to the readable ones"));
  return {
    element: h(
      "div", { class: "attention-controls" },
      h("div", { class: "control-row" }, pass.parts.length > 1 && part.element, unit.element, special.element, align.element),
      h("div", { class: "control-row" }, heads.element, mass.element, least.element, readable),
    ),
    /**
     * @param {Matrices} among
     * @param {Readonly<State>} state
     * @param {{choice: string, strongest: number | null, mass: number}} view
     * @param {boolean} lines whether lines are drawn
     */
    update(among, state, view, lines) {
      part.press(among.source.part);
      unit.press(among.unit);
      special.input.checked = Boolean(state.special) && among.unit === "tokens";
      align.element.hidden = among.source.part === "encoder";
      align.press(among.source.align);
      heads.hide("card", !among.source.card);
      heads.press(state.layer === undefined ? view.choice : "");
      mass.show(view.mass, view.strongest === null ? percent(view.mass) : phrase("{n} of each word", { n: view.strongest }));
      least.show(state.min_weight ?? 0, String(state.min_weight ?? 0));
      mass.element.hidden = least.element.hidden = !lines;
      readable.hidden = !lines || (state.mass === undefined && state.min_weight === undefined);
    },
  };
}

/**
 * The heads that are shown, each in its colour: one can be shown alone, or taken away.
 * @param {Context} context
 */
export function headChips(context) {
  const { store } = context;
  const element = h("div", { class: "head-chips" });
  return {
    element,
    /** @param {{heads: import("./attention.js").At[], meanOf: number}} view */
    update(view) {
      const several = view.heads.length > 1;
      element.hidden = !several;
      replace(element, view.heads.slice(0, HUES).map((at, slot) => {
        const [layer, head] = at;
        const name = headName(at, view.meanOf);
        const others = view.heads.filter((one) => one !== at).flatMap(([, one]) => one ?? []);
        return h(
          "span", { class: "head-chip" }, headSample(slot, several), h("span", null, name),
          several && h("button", {
            type: "button", "aria-label": `${name}: ${phrase("solo")}`, title: phrase("{head}: show it alone", { head: name }),
            onclick: () => store.set({ layer: layer ?? undefined, head: head === null ? undefined : [head], heads: undefined }),
          }, phrase("solo")),
          several && store.state.head && h("button", {
            type: "button", "aria-label": phrase("{head}: take it away", { head: name }),
            onclick: () => store.set({ head: others }),
          }, "×"),
        );
      }));
    },
  };
}

/**
 * A share as people write it.
 * @param {number} share
 */
function percent(share) {
  return `${Number((share * 100).toFixed(0))} %`;
}

/**
 * Buttons of which one is pressed.
 * @param {string} label
 * @param {[string, string][]} options value and what it says
 * @param {(value: string) => void} chooses
 */
function choice(label, options, chooses) {
  const id = uid("choice");
  const buttons = new Map(options.map(([value, text]) => [
    value, h("button", { type: "button", "data-value": value, "aria-pressed": "false", onclick: () => chooses(value) }, text),
  ]));
  return {
    element: h("div", { class: "choice", role: "group", "aria-labelledby": id }, h("span", { class: "choice-label", id }, label), h("span", { class: "choice-buttons" }, [...buttons.values()])),
    /** @param {string} pressed */
    press(pressed) {
      for (const [value, button] of buttons) button.setAttribute("aria-pressed", String(value === pressed));
    },
    /** @param {string} value @param {boolean} hidden */
    hide(value, hidden) {
      /** @type {HTMLElement} */ (buttons.get(value)).hidden = hidden;
    },
  };
}

/**
 * @param {string} label
 * @param {(checked: boolean) => void} changes
 */
function box(label, changes) {
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", onchange: () => changes(input.checked) }));
  return { element: h("label", { class: "choice" }, input, h("span", null, label)), input };
}

/**
 * @param {string} label
 * @param {{min: number, max: number, step: number}} range
 * @param {(value: number) => void} changes
 */
function slider(label, range, changes) {
  const said = h("output", null);
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "range", ...range, oninput: () => changes(Number(input.value)) }));
  return {
    element: h("label", { class: "choice slider" }, h("span", { class: "choice-label" }, label), input, said),
    /** @param {number} value @param {string} text */
    show(value, text) {
      input.value = String(value);
      input.setAttribute("aria-valuetext", text);
      said.textContent = text;
    },
  };
}
