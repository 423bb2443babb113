/** The small map: the stacks bottom to top, R between them, the stops, and where the reader is. */

/** @import { Context, Part, State, Stop } from "./types.js" */
import { headOf } from "./attended.js";
import { h, replace, svg } from "./dom.js";
import { chosen } from "./layer.js";
import { phrase } from "./texts.js";

const WIDTH = 176;
const BOX = 62;
const LEFT = 4;
const RIGHT = 110;
const TALLEST = 150;

/**
 * @param {Context} context
 * @param {Stop[]} stops
 * @returns {{element: HTMLElement, update: (changed: ReadonlySet<string>) => void, at: (stop: string) => void}}
 */
export function drawMap(context, stops) {
  const picture = h("div", { class: "map-picture" });
  const links = stops.map((stop) =>
    h(
      "a",
      { href: `#${stop.id}`, "data-stop": stop.id, onclick: (/** @type {MouseEvent} */ event) => follow(event, () => context.go(stop.id)) },
      stop.title(),
    ),
  );
  const select = /** @type {HTMLSelectElement} */ (
    h(
      "select",
      { "aria-label": phrase("Go to"), onchange: () => context.go(select.value) },
      stops.map((stop) => h("option", { value: stop.id }, stop.title())),
    )
  );
  const element = h(
    "nav",
    { class: "map", "aria-label": phrase("Map of the page") },
    h("div", { class: "map-strip" }, select),
    h("ol", { class: "map-stops" }, links.map((link) => h("li", null, link))),
    picture,
  );
  let current = stops[0].id;
  const draw = () => replace(picture, pictureOf(context, current));
  return {
    element,
    update: (changed) => {
      if (["layer", "part", "text"].some((key) => changed.has(key))) draw();
    },
    at: (stop) => {
      current = stop;
      select.value = stop;
      for (const link of links) {
        if (link.dataset.stop === stop) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      }
      draw();
    },
  };
}

/**
 * The layer of a stack that is looked at, from 1: the one that its stop shows.
 * @param {Context} context
 * @param {"encoder" | "decoder"} [side]
 */
export function layerLookedAt(context, side = "encoder") {
  if (side === "encoder") return chosen(context).layer;
  return headOf(context.store.state, context.pass).layer ?? 1;
}

/**
 * The settings that show a layer of a stack: one of the decoder is a layer of its attention.
 * @param {Context} context
 * @param {"encoder" | "decoder"} side
 * @param {number} layer from 1
 * @param {Part} [part] of the decoder
 * @returns {Partial<State>}
 */
export function toLayer({ store }, side, layer, part) {
  const { part: now = ["encoder"] } = store.state;
  const stays = now.some((one) => (one === "encoder") === (side === "encoder"));
  const of = now.filter((one) => one !== "encoder");
  const others = stays ? {} : { head: undefined, heads: undefined };
  if (side === "encoder") return stays ? { layer } : { layer, part: ["encoder"], ...others };
  return { layer, part: part ? [part] : of.length ? of : ["cross"], ...others };
}

/**
 * @param {MouseEvent} event
 * @param {() => void} go
 */
function follow(event, go) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // into a tab or window of its own
  event.preventDefault();
  go();
}

/**
 * @param {Context} context
 * @param {string} current the stop that the reader is at
 */
function pictureOf(context, current) {
  const { encoder, decoder } = context.pass.config;
  const traced = context.pass.manifest.target !== null;
  const shown = decoder && traced ? decoder : null;
  const most = Math.max(encoder.num_layers, shown?.num_layers ?? 0);
  const step = Math.max(7, Math.min(22, TALLEST / most));
  const bottom = 26 + most * step + 34;
  const height = bottom + 26;
  const layer = layerLookedAt(context);
  const middle = LEFT + BOX / 2;
  const above = bottom - 30 - encoder.num_layers * step;
  const parts = [];
  const way = (/** @type {string} */ d) => parts.push(svg("path", { d, class: "map-way" }));
  way(`M${middle} ${bottom}V${above - 4}`);
  parts.push(box(context, { x: LEFT, y: bottom, width: BOX, height: 20, label: "X + P", stop: "input", is: current === "input" }));
  for (let k = 1; k <= encoder.num_layers; k++) {
    const here = k === layer && (current === "layer" || current === "attention");
    const name = phrase("encoder layer {n}", { n: k });
    parts.push(
      box(context, { x: LEFT, y: bottom - 10 - k * step - 2, width: BOX, height: step - 3, label: step >= 13 ? String(k) : "", name, stop: current === "attention" ? "attention" : "layer", layer: k, is: here, chosen: k === layer }),
    );
  }
  parts.push(box(context, { x: LEFT, y: above - 24 + 6, width: BOX, height: 20, label: "R", stop: "representation", is: current === "representation" }));
  if (shown) {
    const right = RIGHT + BOX / 2;
    const top = bottom - 30 - shown.num_layers * step;
    way(`M${right} ${bottom}V${top - 4}`);
    const between = (LEFT + BOX + RIGHT) / 2;
    for (let k = 1; k <= shown.num_layers; k++) {
      const y = bottom - 10 - k * step - 2 + (step - 3) / 2;
      way(`M${LEFT + BOX} ${above - 8}H${between}V${y}H${RIGHT - 2}`);
      parts.push(svg("path", { d: `M${RIGHT - 6} ${y - 3}l5 3l-5 3z`, class: "map-head" }));
      const name = phrase("decoder layer {n}", { n: k });
      parts.push(
        box(context, { x: RIGHT, y: y - (step - 3) / 2, width: BOX, height: step - 3, label: step >= 13 ? String(k) : "", name, stop: "decoder", layer: k, is: k === layerLookedAt(context, "decoder") && current === "decoder", chosen: false }),
      );
    }
    parts.push(box(context, { x: RIGHT, y: bottom, width: BOX, height: 20, label: "Y + P", stop: "decoder", is: false }));
    parts.push(box(context, { x: RIGHT, y: top - 18, width: BOX, height: 20, label: "softmax", stop: "decoder", is: current === "decoder" }));
  }
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height, role: "group", "aria-label": phrase("The model") }, parts);
}

/**
 * @param {Context} context
 * @param {{x: number, y: number, width: number, height: number, label: string, name?: string, stop: string, layer?: number, is: boolean, chosen?: boolean}} one
 */
function box(context, one) {
  return svg(
    "a",
    {
      href: `#${one.stop}`,
      class: `map-box${one.is ? " is-here" : ""}${one.chosen ? " is-chosen" : ""}`,
      "aria-label": one.name ?? one.label,
      "aria-current": one.is ? "location" : null,
      onclick: (/** @type {MouseEvent} */ event) =>
        follow(event, () => context.go(one.stop, one.layer === undefined ? undefined : toLayer(context, one.stop === "decoder" ? "decoder" : "encoder", one.layer))),
    },
    svg("rect", { x: one.x, y: one.y, width: one.width, height: one.height, rx: 3 }),
    one.label && svg("text", { x: one.x + one.width / 2, y: one.y + one.height / 2 + 3.7, "text-anchor": "middle" }, one.label),
  );
}
