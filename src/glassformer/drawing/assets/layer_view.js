/** One layer, encoder's or decoder's, part by part in the order in which its pass takes the steps. */

/** @import { Context, Part, Pass, Step } from "./types.js" */
import { layerNorm, residualSum } from "./add_norm.js";
import { attentionSteps } from "./attention_steps.js";
import { toClipboard } from "./clipboard.js";
import { h, replace } from "./dom.js";
import { feedForward } from "./feed_forward.js";
import { lazily } from "./lazily.js";
import { matrixFigure, shownStep } from "./step_matrix.js";
import { phrase, said } from "./texts.js";

/**
 * @typedef {object} LayerOf what is looked at
 * @property {number} layer from 1
 * @property {number} head from 1
 * @property {number} row the token that is followed, from 0
 * @property {(head: number) => void} chooseHead called where a head is chosen in the view
 *
 * @typedef {object} Group steps that make one part of a layer
 * @property {"norm" | "attention" | "add_norm" | "feed_forward" | "output"} kind
 * @property {Part | null} part of an attention
 * @property {Step[]} steps in their order
 */

/**
 * The view of one layer. It is built once; `show` draws another layer, head or token in it. All
 * layers of a stack have the same parts. Parts are drawn when they come near the window.
 *
 *     const view = layerView(context, { side: "target", of: { layer: 1, head: 1, row: 0, chooseHead } });
 *     host.append(view.element);
 *     view.show({ layer: 2, head: 1, row: 0, chooseHead });
 *
 * @param {Context} context
 * @param {{side: "source" | "target", of: LayerOf, pass?: Pass, parts?: Part[]}} options side "target" is
 *   the decoder: masked self-attention, cross-attention, feed-forward. `parts` limits the attentions
 *   shown; what belongs to no attention is shown always.
 * @returns {{element: HTMLElement, show: (of: LayerOf) => void}}
 */
export function layerView(context, { side, of, pass = context.pass, parts }) {
  let now = of;
  /** @type {(() => void)[]} */
  const again = [];
  const blocks = groupsOf(pass, side, of.layer)
    .filter(({ part }) => !part || !parts || parts.includes(part))
    .map((group, index) => {
      const part = group.kind === "attention" && group.part
        ? attentionSteps(context, pass, group.part, () => now)
        : lazily("layer-part", () => drawGroup(context, pass, groupsOf(pass, side, now.layer)[index], now));
      again.push(part.again);
      return h("div", { class: "layer-block", "data-kind": group.kind, "data-part": group.part }, h("h3", null, titleOf(group)), part.element);
    });
  const names = h("div", { class: "scrolls" });
  const others = h("details", { class: "other-names" }, h("summary", null, phrase("Other names: the steps of this layer in the trace")), names);
  const list = () => replace(names, namesOf(context, pass, side, now.layer));
  list();
  again.push(list);
  return {
    element: h("div", { class: "layer-view", "data-side": side }, blocks, others),
    show: (next) => {
      now = next;
      for (const one of again) one();
    },
  };
}

/**
 * The parts of a layer, in the order of its steps: post-norm, pre-norm and without a norm alike.
 * @param {Pass} pass
 * @param {"source" | "target"} side
 * @param {number} layer from 1
 * @returns {Group[]}
 */
function groupsOf(pass, side, layer) {
  /** @type {Group[]} */
  const groups = [];
  for (const step of pass.manifest.steps) {
    if (step.side !== side || step.layer !== layer - 1) continue;
    const kind = kindOf(step);
    const last = groups[groups.length - 1];
    if (last && last.kind === kind && last.part === step.part) last.steps.push(step);
    else groups.push({ kind, part: step.part, steps: [step] });
  }
  return groups;
}

/**
 * @param {Step} step
 * @returns {Group["kind"]}
 */
function kindOf(step) {
  if (step.part) return "attention";
  if (step.role === "hidden" || step.role === "feed_forward") return "feed_forward";
  if (step.role === "layer") return "output";
  return step.role === "norm" ? "norm" : "add_norm";
}

/** @param {Group} group */
function titleOf({ kind, part, steps }) {
  if (kind === "attention") {
    return {
      encoder: phrase("Multi-head self-attention"),
      decoder: phrase("Masked multi-head self-attention"),
      cross: phrase("Multi-head cross-attention: queries from the target, keys and values from R"),
    }[part ?? "encoder"];
  }
  if (kind === "feed_forward") return phrase("Feed-forward network");
  if (kind === "output") return phrase("Output of the layer");
  if (kind === "norm") return phrase("Norm, before the sublayer");
  return steps.some((step) => step.operation === "layer_norm") ? phrase("Add & norm") : phrase("Add, without a norm after it");
}

/**
 * @param {Context} context
 * @param {Pass} pass
 * @param {Group} group
 * @param {LayerOf} of
 */
async function drawGroup(context, pass, { kind, steps }, of) {
  const last = steps[steps.length - 1];
  if (kind === "feed_forward") return feedForward(context, pass, last, of);
  if (kind === "output") {
    return [matrixFigure(context, {
      symbol: phrase("output"), what: said(last.formula), shown: await shownStep(pass, last, 1), followed: of.row, legend: true,
    }).element];
  }
  const drawn = [];
  for (const step of steps) {
    drawn.push(...await (step.operation === "layer_norm" ? layerNorm : residualSum)(context, pass, step, of));
  }
  return drawn;
}

/**
 * For those who work with traces: what each step is called, its shape and its formula.
 * @param {Context} context
 * @param {Pass} pass
 * @param {"source" | "target"} side
 * @param {number} layer
 */
function namesOf(context, pass, side, layer) {
  const steps = groupsOf(pass, side, layer).flatMap((group) => group.steps);
  const lines = steps.map((step) => `trace["${step.name}"]  # [${step.shape.join(", ")}] ${step.formula}`);
  const code = h("code", null, lines.join("\n"));
  const copy = h("button", {
    type: "button",
    onclick: async () => {
      if (await toClipboard(lines.join("\n"))) {
        context.announce(phrase("Copied"));
        copy.textContent = phrase("Copied");
      } else getSelection()?.selectAllChildren(code); // to be copied by hand
    },
  }, phrase("Copy"));
  return [copy, h("pre", { tabindex: "0" }, code)];
}
