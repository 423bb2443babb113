/** The stop of one encoder layer: which layer, which head, which word; then the article's steps. */

/** @import { Context, State, Stop } from "./types.js" */
import { h, replace } from "./dom.js";
import { followedRow, wordChoice } from "./followed.js";
import { layerView } from "./layer_view.js";
import { phrase, said } from "./texts.js";

/** @type {Stop} */
export const layerStop = {
  id: "layer",
  title: () => phrase("Encoder layer"),
  draw(host, context) {
    const { pass, store } = context;
    const { num_layers: layers, num_heads: heads } = pass.config.encoder;
    const looked = () => {
      const { layer, head } = chosen(context);
      return { layer, head, row: followedRow(pass.sentence("source"), store.state), chooseHead };
    };
    const choose = (/** @type {Partial<State>} */ change) => {
      const part = store.state.part;
      const other = part && !part.includes("encoder");
      store.set({ ...change, ...(other ? { part: /** @type {["encoder"]} */ (["encoder"]) } : {}) });
    };
    const chooseLayer = (/** @type {number} */ layer) => choose({ layer });
    const chooseHead = (/** @type {number} */ head) => choose({ layer: chosen(context).layer, head: [head], heads: undefined });

    const stepper = numbered(phrase("Layer shown"), layers, (n) => phrase("Layer {n} of {all}", { n, all: layers }), chooseLayer);
    const headsChoice = numbered(phrase("Head shown"), heads, (n) => phrase("Head {n} of {all}", { n, all: heads }), chooseHead);
    const why = h("p", { class: "faint head-reason" });
    const words = wordChoice(context, pass, "source", phrase("The word that is followed"));
    const view = layerView(context, { side: "source", of: looked() });
    const next = h("button", { type: "button", class: "next-layer" });
    next.addEventListener("click", () => {
      const { layer } = chosen(context);
      if (layer < layers) chooseLayer(layer + 1);
      stepper.element.scrollIntoView({ block: "nearest" });
    });
    const end = h("p", null);
    replace(
      host,
      h("h2", { id: "layer-title" }, phrase("Encoder layer")),
      h("p", null, phrase("All {n} encoder layers are built alike, each fed by the one below, each with weights of its own: attention between the tokens, then a feed-forward network at each token.", { n: layers })),
      h("div", { class: "layer-choice" }, stepper.element, headsChoice.element),
      why,
      h("p", { class: "choice-label" }, phrase("The word that is followed")),
      words.element,
      h("p", { class: "faint" }, phrase("Blue is above 0, orange below. Colour is full from the number that one in a hundred of a matrix exceeds, in attention weights at 1.")),
      view.element,
      h("div", { class: "layer-end" }, end, next),
    );
    return (changed) => {
      if (!["layer", "head", "heads", "part", "word"].some((key) => changed.has(key)) && host.dataset.drawn) return;
      const { layer, head, reason } = chosen(context);
      stepper.mark(layer);
      headsChoice.mark(head);
      why.textContent = reason;
      words.update();
      const is_last = layer === layers;
      end.textContent = is_last
        ? (pass.config.encoder.norm === "pre"
          ? phrase("This is the last layer; a final norm makes R of its output.")
          : phrase("This is the last layer: its output is R, the representation of the sentence."))
        : phrase("This output is the input of layer {n}.", { n: layer + 1 });
      next.hidden = is_last;
      next.textContent = is_last ? "" : phrase("On to layer {n}", { n: layer + 1 });
      if (host.dataset.drawn) view.show(looked());
      host.dataset.drawn = "yes";
      fetchAhead(pass, [layer - 1, layer + 1].filter((n) => n >= 1 && n <= layers));
    };
  },
};

/**
 * Load the numbers of layers before they are asked for, when there is nothing else to do.
 * @param {import("./types.js").Pass} pass
 * @param {number[]} layers from 1
 */
function fetchAhead(pass, layers) {
  const whenIdle = window.requestIdleCallback ?? ((/** @type {() => void} */ then) => setTimeout(then, 300));
  for (const layer of layers) {
    // Where it fails, it fails again when looked at, and is said there.
    whenIdle(() => void pass.array(`${pass.attention("encoder", layer)}.scores`).catch(() => {}));
  }
}

/**
 * The layer and head shown, from 1, and why these: what was asked for, or else what the model's card
 * names, or else the first.
 * @param {Context} context
 * @returns {{layer: number, head: number, reason: string}}
 */
export function chosen({ pass, store }) {
  const { num_layers: layers, num_heads: heads } = pass.config.encoder;
  const { part } = store.state;
  const asked = !part || part.includes("encoder") ? store.state : {};
  const card = pass.manifest.card?.part === "encoder" ? pass.manifest.card : null;
  const layer = within(asked.layer, layers) ?? card?.layer ?? 1;
  const head = within(asked.head?.[0], heads);
  if (head) return { layer, head, reason: phrase("Head {head} was chosen.", { head }) };
  if (card?.layer === layer) {
    const reason = phrase("Head {head} is the one that the model card recommends: {reason}", { head: card.head, reason: said(card.reason) });
    return { layer, head: card.head, reason };
  }
  return { layer, head: 1, reason: phrase("Head 1 is shown: the model card names none in this layer.") };
}

/**
 * @param {number | undefined} asked
 * @param {number} count
 */
function within(asked, count) {
  return asked !== undefined && asked >= 1 && asked <= count ? asked : undefined;
}

/**
 * Buttons 1 … n of which one is chosen; arrow keys, Home and End choose another.
 * @param {string} label
 * @param {number} count
 * @param {(n: number) => string} named
 * @param {(n: number) => void} choose
 */
function numbered(label, count, named, choose) {
  const buttons = Array.from({ length: count }, (_, index) => h(
    "button", { type: "button", role: "radio", "aria-label": named(index + 1), "aria-checked": "false", tabindex: -1, onclick: () => choose(index + 1) },
    String(index + 1),
  ));
  let now = 1;
  const go = (/** @type {number} */ to) => {
    const n = Math.max(1, Math.min(count, to));
    choose(n);
    buttons[n - 1].focus();
  };
  const step = (/** @type {string} */ sign, /** @type {string} */ what, /** @type {number} */ by) => h(
    "button", { type: "button", "aria-label": what, onclick: () => choose(Math.max(1, Math.min(count, now + by))) }, sign,
  );
  const group = h("div", {
    class: "numbered", role: "radiogroup", "aria-label": label,
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const rtl = getComputedStyle(group).direction === "rtl" ? -1 : 1;
      const to = {
        ArrowRight: now + rtl, ArrowLeft: now - rtl, ArrowDown: now + 1, ArrowUp: now - 1, Home: 1, End: count,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      go(to);
    },
  }, buttons);
  return {
    element: h("div", { class: "stepper" }, h("span", { class: "choice-label" }, label), step("‹", phrase("{what}: one back", { what: label }), -1), group, step("›", phrase("{what}: one on", { what: label }), 1)),
    /** @param {number} n */
    mark(n) {
      now = n;
      buttons.forEach((button, index) => {
        button.setAttribute("aria-checked", String(index + 1 === n));
        button.tabIndex = index + 1 === n ? 0 : -1;
      });
    },
  };
}
