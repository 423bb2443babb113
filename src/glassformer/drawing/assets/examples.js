/** Asking a server for a sentence: the box, examples, and what the search may be told. */

/** @import { State } from "./types.js" */
import { h, replace, uid } from "./dom.js";
import { phrase, spoken } from "./texts.js";

/** English, as the models that come with Glassformer read it; the first is the article's. */
export const EXAMPLES = Object.freeze([
  "a dog ate the food because it was hungry",
  "a dog ate the food because it was tasty",
  "the trophy does not fit in the suitcase because it is too big",
  "she gave him the book that he had lost",
  "time flies like an arrow",
]);

const LARGEST_BEAM = 16;

/**
 * @typedef {object} Asking
 * @property {State} state what is asked for so far
 * @property {import("./server.js").Served[]} models
 * @property {(asked: State) => void} submit
 */

/**
 * The form that asks.
 * @param {Asking} asking
 * @returns {HTMLElement}
 */
export function askForm({ state, models, submit }) {
  const text = /** @type {HTMLTextAreaElement} */ (
    h("textarea", { id: uid("text"), rows: 2, required: true, dir: "auto", spellcheck: "false", "data-keep": "text" })
  );
  text.value = state.text ?? "";
  const model = /** @type {HTMLSelectElement} */ (
    h("select", { id: uid("model"), "data-keep": "model" }, models.map(({ name }) => h("option", { value: name }, name)))
  );
  model.value = models.find(({ name }) => name === state.model)?.name ?? models[0]?.name ?? "";
  const to = /** @type {HTMLSelectElement} */ (h("select", { id: uid("to"), "data-keep": "to" }));
  const toField = field(to, phrase("Target language"));
  const beam = /** @type {HTMLInputElement} */ (
    h("input", { id: uid("beam"), type: "number", min: 1, max: LARGEST_BEAM, step: 1, value: state.beam_size ?? 4, "data-keep": "beam" })
  );
  const beamField = field(beam, phrase("Beam size"));
  const fitTargets = () => {
    const targets = models.find(({ name }) => name === model.value)?.targets ?? [];
    const before = to.value || state.to;
    replace(to, targets.map((tag) => h("option", { value: tag }, languageName(tag))));
    to.value = targets.find((tag) => tag === before) ?? targets[0] ?? "";
    toField.hidden = beamField.hidden = !targets.length;
  };
  fitTargets();
  model.addEventListener("change", fitTargets);
  const send = () => {
    const size = Number(beam.value);
    submit({
      text: text.value,
      model: model.value && model.value !== models[0]?.name ? model.value : undefined,
      to: to.value || undefined,
      beam_size: beamField.hidden || size === 4 ? undefined : size,
    });
  };
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  const form = /** @type {HTMLFormElement} */ (
    h(
      "form",
      { class: "asks", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); send(); } },
      h("label", { for: text.id }, phrase("A sentence of your own, in English")),
      text,
      h(
        "div",
        { class: "asks-settings" },
        models.length > 0 && field(model, phrase("Model")),
        toField,
        beamField,
        h("button", { type: "submit", class: "primary", "data-keep": "submit" }, phrase("Compute")),
      ),
      h("div", { class: "asks-said" }),
      h("p", { class: "faint asks-examples" }, phrase("For example:"), EXAMPLES.map((example) =>
        h("button", { type: "button", class: "plain", lang: "en", onclick: () => { text.value = example; form.requestSubmit(); } }, example),
      )),
    )
  );
  return form;
}

/**
 * A language by its tag, in the language of the page; a tag that names none stays as it is.
 * @param {string} tag
 */
export function languageName(tag) {
  try {
    return new Intl.DisplayNames(spoken() === "zh" ? "zh-Hans" : "en", { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/**
 * @param {HTMLElement} control
 * @param {string} label
 */
function field(control, label) {
  return h("div", { class: "asks-field" }, h("label", { for: control.id }, label), control);
}
