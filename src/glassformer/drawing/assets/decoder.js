/** The decoder, token by token: what could come next, what a row attends to, and the search. */

/** @import { Context, Stop } from "./types.js" */
import { allRows, attendedBy, chooseOf, headChoice, headOf } from "./attended.js";
import { showCandidates } from "./candidates.js";
import { h, replace } from "./dom.js";
import { searchView } from "./history.js";
import { lazily } from "./lazily.js";
import { layerView } from "./layer_view.js";
import { phrase, printable } from "./texts.js";

/** @type {Stop} */
export const decoderStop = {
  id: "decoder",
  title: () => phrase("Decoder"),
  draw(host, context) {
    const title = h("h2", { id: "decoder-title" }, phrase("Decoder"));
    const reason = whyNone(context);
    if (reason) {
      replace(host, title, h("p", null, reason));
      return () => {};
    }
    const steps = stepper(context);
    const candidates = h("div", { class: "what-comes" });
    const heads = headChoice(context);
    const attended = lazily("attended", () => attendedBy(context, rowOf(context)));
    const align = alignChoice(context);
    const all = lazily("beside all-rows", () => allRows(context, rowOf(context)));
    const search = searchView(context);
    replace(
      host,
      title,
      h("p", null, phrase("The decoder writes the translation token by token. Row i reads the target up to token i, and R, and gives each token of the vocabulary a probability of being token i + 1.")),
      steps.element,
      h(
        "div", { class: "beside" },
        candidates,
        h("div", null, h("h3", null, phrase("What the row attends to")), heads.element, attended.element),
      ),
      h("h3", null, phrase("All rows at once")),
      align.element,
      all.element,
      h("h3", null, phrase("The search")),
      search.element,
    );
    const layer = layerChoice(context);
    host.append(layer.element);
    let first = true;
    return (changed) => {
      const any = (/** @type {string[]} */ ...keys) => first || keys.some((key) => changed.has(key));
      const row = rowOf(context);
      if (any("position")) {
        steps.show(row);
        showCandidates(candidates, context, row);
        search.show(row);
      }
      if (any("part", "layer", "head")) heads.show();
      if (any("align")) align.show();
      if (any("position", "part", "layer", "head")) {
        layer.show(row);
        attended.again();
      }
      if (any("position", "part", "layer", "head", "align")) all.again();
      first = false;
    };
  },
};

/** Why there is nothing of a decoder to see, or null. @param {Context} context */
function whyNone({ pass }) {
  if (!pass.config.decoder) {
    return phrase("This model has no decoder: what it makes of a sentence is R.");
  }
  if (!pass.manifest.target || !pass.manifest.predictions.length) {
    return phrase("Only the encoder was traced here. Choose a target language (to=), or give a translation (target=), and the decoder is here too.");
  }
  return null;
}

/** The row of the decoder that is looked at, from 0. @param {Context} context */
function rowOf({ pass, store }) {
  const last = pass.manifest.predictions.length;
  return Math.max(1, Math.min(last, store.state.position ?? 1)) - 1;
}

/**
 * The tokens of the translation, one of which is being predicted; arrow keys go from one to the next.
 * @param {Context} context
 */
function stepper(context) {
  const { store, pass } = context;
  const { predictions } = pass.manifest;
  const go = (/** @type {number} */ row) => {
    if (row < 0 || row >= predictions.length) return;
    store.set({ position: row ? row + 1 : undefined });
    context.announce(printable(predictions[row].token ?? "…"));
  };
  const tokens = predictions.map((one, row) => h(
    "button", { class: "step-token", onclick: () => go(row) }, printable(one.token ?? "…"),
  ));
  const back = h("button", { "aria-label": phrase("One token back"), onclick: () => go(rowOf(context) - 1) }, "←");
  const on = h("button", { "aria-label": phrase("One token on"), onclick: () => go(rowOf(context) + 1) }, "→");
  const said = h("span", { class: "faint" });
  const element = h(
    "div", {
      class: "row-stepper", role: "group", "aria-label": phrase("The tokens of the translation"),
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        const row = rowOf(context);
        const rows = /** @type {Record<string, number>} */ ({
          ArrowRight: row + 1, ArrowLeft: row - 1, Home: 0, End: predictions.length - 1,
        });
        if (!(event.key in rows) || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        const within = tokens.includes(/** @type {HTMLElement} */ (document.activeElement));
        go(rows[event.key]);
        if (within) tokens[rowOf(context)].focus();
      },
    },
    h("p", { class: "stepper-buttons" }, back, on, said),
    h("div", { class: "step-tokens", dir: "auto" }, tokens),
  );
  const show = (/** @type {number} */ row) => {
    tokens.forEach((token, place) => {
      token.className = `step-token ${place < row ? "written" : place === row ? "current" : "to-come"}`;
      token.setAttribute("aria-pressed", String(place === row));
      token.tabIndex = place === row ? 0 : -1;
    });
    const list = /** @type {HTMLElement} */ (tokens[row].parentElement);
    const { offsetLeft: left, offsetTop: top, offsetWidth: wide, offsetHeight: high } = tokens[row];
    list.scrollTo(left - (list.clientWidth - wide) / 2, top - (list.clientHeight - high) / 2);
    /** @type {HTMLButtonElement} */ (back).disabled = row === 0;
    /** @type {HTMLButtonElement} */ (on).disabled = row === predictions.length - 1;
    replace(said, phrase("row {row} of {rows}", { row: row + 1, rows: predictions.length }));
  };
  return { element, show };
}

/**
 * A layer of the decoder in full, made when it is opened: the one chosen above, or else the first.
 * @param {Context} context
 */
function layerChoice(context) {
  const { pass, store } = context;
  const name = h("summary", null);
  /** @type {ReturnType<typeof layerView> | null} */
  let view = null;
  const of = (/** @type {number} */ row) => {
    const chosen = headOf(store.state, pass);
    const layer = chosen.layer ?? 1;
    const chooseHead = (/** @type {number} */ head) => chooseOf(context, layer, head);
    return { layer, head: chosen.head ?? 1, row, chooseHead };
  };
  const element = /** @type {HTMLDetailsElement} */ (h("details", {
    class: "decoder-layer",
    ontoggle: () => {
      if (!element.open || view) return;
      view = layerView(context, { side: "target", of: of(rowOf(context)) });
      element.append(view.element);
    },
  }, name));
  const show = (/** @type {number} */ row) => {
    const { layer, head } = of(row);
    replace(name, phrase("Decoder layer {layer}, step by step, with head {head}", { layer, head }));
    view?.show(of(row));
  };
  return { element, show };
}

/**
 * What a row of the matrices is named after: the token that it reads, or the one that it predicts.
 * @param {Context} context
 */
function alignChoice({ store }) {
  const input = h("button", { onclick: () => store.set({ align: undefined }) }, phrase("the token that it reads"));
  const output = h("button", { onclick: () => store.set({ align: "output" }) }, phrase("the token that it predicts"));
  const element = h("p", { class: "align-choice", role: "group" }, phrase("A row is named after"), " ", input, " ", output);
  const show = () => {
    const chosen = store.state.align === "output" ? output : input;
    for (const one of [input, output]) one.setAttribute("aria-pressed", String(one === chosen));
  };
  return { element, show };
}
