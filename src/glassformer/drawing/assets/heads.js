/** All heads of all layers of a part in small, to choose from: layers from bottom to top, as in the model. */

/** @import { At, Matrices } from "./attention.js" */
import { h } from "./dom.js";
import { fixed, phrase, printable } from "./texts.js";

const DOTS = 60; // of the canvas of one head; of more words the largest of neighbours is drawn
const SIDE = 44;

/**
 * @typedef {object} Thumbnail one head in small
 * @property {Float64Array} dots [rows, columns] of what is shown
 * @property {number} rows
 * @property {number} columns
 * @property {number} largest
 * @property {number} from the words of the largest weight
 * @property {number} to
 * @property {boolean} empty whether all goes to what is not shown
 *
 * @typedef {object} GridHandlers
 * @property {(at: At) => void} chooses a head, or with null the mean of a layer
 * @property {(at: At) => void} solo shows it alone
 * @property {(at: At) => void} adds one to those shown, or takes it away
 */

/**
 * The grid. `mark` frames the heads that are shown; `fill` draws the heads, layer by layer.
 * @param {Matrices} among
 * @param {GridHandlers} handlers
 */
export function headGrid(among, handlers) {
  const { layers, heads, card } = among.source;
  /** @type {Map<string, HTMLElement>} */
  const buttons = new Map();
  const rows = Array.from({ length: layers }, (_, n) => layers - n).map((layer) => {
    const mean = h("button", {
      class: "head-mean", type: "button", "data-layer": layer, "data-head": "mean", tabindex: -1,
      title: phrase("layer {layer}, mean over its {n} heads", { layer, n: heads }),
    }, phrase("layer {n}", { n: layer }));
    buttons.set(`${layer},`, mean);
    const cells = Array.from({ length: heads }, (_, at) => at + 1).map((head) => {
      const onCard = card?.layer === layer && card.head === head;
      const said = phrase("layer {layer}, head {head}", { layer, head });
      const button = h(
        "button",
        {
          class: onCard ? "head on-card" : "head", type: "button", tabindex: -1, "aria-pressed": "false",
          "aria-label": onCard ? `${said} (${phrase("the head that the model card recommends")})` : said,
          "data-layer": layer, "data-head": head,
        },
        h("canvas", { width: 1, height: 1, "aria-hidden": "true" }),
        h("span", { class: "largest", "aria-hidden": "true" }, "\u00a0"),
      );
      buttons.set(`${layer},${head}`, button);
      return button;
    });
    return h("div", { class: "head-row", role: "group", "aria-label": phrase("layer {n}", { n: layer }) }, mean, cells);
  });
  const names = Array.from({ length: heads }, (_, at) => h("span", null, phrase("head {n}", { n: at + 1 })));
  const said = h("output", { class: "head-said faint" }, "\u00a0");
  const grid = h(
    "div",
    {
      class: "head-grid", role: "group", "aria-label": phrase("All heads: arrow keys move, Enter chooses, Shift and Enter add one"),
      style: { "--heads": heads },
    },
    rows,
    h("div", { class: "head-row head-names", "aria-hidden": "true" }, h("span", null), names),
  );
  listen(grid, buttons, handlers, layers, heads);
  grid.addEventListener("pointerover", (event) => say(event.target));
  grid.addEventListener("focusin", (event) => say(event.target));
  /** @param {EventTarget | null} target */
  const say = (target) => {
    const button = /** @type {Element | null} */ (target)?.closest("[data-said]");
    if (button) said.textContent = button.getAttribute("data-said");
  };
  return {
    element: h("div", { class: "scrolls" }, grid, said),
    /** @param {readonly At[]} shown */
    mark(shown) {
      const chosen = new Set(shown.map(([layer, head]) => `${layer ?? ""},${head ?? ""}`));
      for (const [at, button] of buttons) {
        button.setAttribute("aria-pressed", String(chosen.has(at)));
        button.tabIndex = -1;
      }
      const first = buttons.get([...chosen].find((at) => buttons.has(at)) ?? "1,1");
      if (first && !grid.contains(document.activeElement)) first.tabIndex = 0;
      else if (grid.contains(document.activeElement)) /** @type {HTMLElement} */ (document.activeElement).tabIndex = 0;
    },
    /** @param {() => boolean} current whether it is still wanted */
    async fill(current) {
      for (let layer = 1; layer <= layers; layer++) {
        for (let head = 1; head <= heads; head++) {
          const matrix = await among.of([layer, head]);
          if (!current()) return;
          const small = thumbnail(among, matrix);
          const button = /** @type {HTMLElement} */ (buttons.get(`${layer},${head}`));
          draw(button, small, among, layer, head);
        }
        await new Promise((done) => setTimeout(done)); // so that the page answers in between
      }
    },
  };
}

/**
 * The dots of one head, and its largest weight among what is shown.
 * @param {Matrices} among
 * @param {Float64Array} matrix
 * @returns {Thumbnail}
 */
function thumbnail(among, matrix) {
  const { queries, keys } = among;
  const step = Math.ceil(Math.max(queries.shown.length, keys.shown.length) / DOTS);
  const [rows, columns] = [Math.ceil(queries.shown.length / step), Math.ceil(keys.shown.length / step)];
  const dots = new Float64Array(rows * columns);
  let [largest, from, to, most] = [-1, 0, 0, 0];
  queries.shown.forEach((query, row) => {
    let sum = 0;
    keys.shown.forEach((key, column) => {
      const weight = matrix[query * keys.members.length + key];
      sum += weight;
      if (weight > largest) [largest, from, to] = [weight, query, key];
      const dot = Math.floor(row / step) * columns + Math.floor(column / step);
      dots[dot] = Math.max(dots[dot], weight);
    });
    most = Math.max(most, sum);
  });
  return { dots, rows, columns, largest, from, to, empty: most < 0.005 };
}

/**
 * @param {HTMLElement} button
 * @param {Thumbnail} small
 * @param {Matrices} among
 * @param {number} layer
 * @param {number} head
 */
function draw(button, small, among, layer, head) {
  const canvas = /** @type {HTMLCanvasElement} */ (button.querySelector("canvas"));
  canvas.width = small.columns;
  canvas.height = small.rows;
  const pen = canvas.getContext("2d");
  if (!pen || !small.rows || !small.columns) return;
  const image = pen.createImageData(small.columns, small.rows);
  small.dots.forEach((weight, at) => image.data.set([36, 116, 200, Math.round(Math.min(1, weight) * 255)], at * 4));
  pen.putImageData(image, 0, 0);
  canvas.style.setProperty("width", `${SIDE}px`);
  canvas.style.setProperty("height", `${Math.max(8, Math.round(SIDE * Math.min(1.5, small.rows / small.columns)))}px`);
  const largest = /** @type {HTMLElement} */ (button.querySelector(".largest"));
  largest.textContent = fixed(small.largest);
  button.classList.toggle("empty", small.empty);
  const link = `${printable(among.queries.labels[small.from])} → ${printable(among.keys.labels[small.to])}`;
  const name = phrase("layer {layer}, head {head}", { layer, head });
  const said = phrase("{head}: largest weight {link} {weight}", { head: name, link, weight: fixed(small.largest) });
  const notes = [
    small.empty && phrase("nearly all goes to special tokens"),
    button.classList.contains("on-card") && phrase("the head that the model card recommends"),
  ].filter(Boolean);
  button.setAttribute("data-said", [said, ...notes].join(" · "));
  button.setAttribute("aria-label", [said, ...notes].join(" · "));
  button.setAttribute("data-largest", small.largest.toFixed(6));
}

/**
 * Click chooses, with Shift it adds; a double click shows that head alone; arrows go from one to the next.
 * @param {HTMLElement} grid
 * @param {Map<string, HTMLElement>} buttons
 * @param {GridHandlers} handlers
 * @param {number} layers
 * @param {number} heads
 */
function listen(grid, buttons, handlers, layers, heads) {
  /** @param {Event} event @returns {{button: HTMLElement, at: At} | null} */
  const found = (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-layer]"));
    if (!button) return null;
    const head = button.dataset.head === "mean" ? null : Number(button.dataset.head);
    return { button, at: [Number(button.dataset.layer), head] };
  };
  grid.addEventListener("click", (event) => {
    const one = found(event);
    if (!one) return;
    if (event.shiftKey && one.at[1] !== null) handlers.adds(one.at);
    else handlers.chooses(one.at);
  });
  grid.addEventListener("dblclick", (event) => {
    const one = found(event);
    if (one) handlers.solo(one.at);
  });
  grid.addEventListener("keydown", (event) => {
    const one = found(event);
    const ways = /** @type {Record<string, [number, number]>} */ ({
      ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowUp: [1, 0], ArrowDown: [-1, 0], Home: [0, -heads], End: [0, heads],
    });
    const way = ways[event.key];
    if (!one || !way) return;
    const layer = Math.max(1, Math.min(layers, (one.at[0] ?? 1) + way[0]));
    const head = Math.max(0, Math.min(heads, (one.at[1] ?? 0) + way[1]));
    const next = buttons.get(`${layer},${head || ""}`);
    one.button.tabIndex = -1;
    if (next) {
      next.tabIndex = 0;
      next.focus();
    }
    event.preventDefault();
  });
}
