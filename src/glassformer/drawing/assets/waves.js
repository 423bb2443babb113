/** P as curves: a few features, each over the positions of the sentence. */

/** @import { Context, Step } from "./types.js" */
/** @import { Shown } from "./step_matrix.js" */
import { h, svg } from "./dom.js";
import { number, phrase, printable } from "./texts.js";

const WIDTH = 520;
const HEIGHT = 54;
const CURVES = 4;

/**
 * Some features of P over the positions, from the fastest to the slowest; a dot is a number of P, and
 * the position of the token followed is marked.
 * @param {Context} context
 * @param {Shown} shown
 * @param {Step} step
 * @param {number} row
 * @param {string} kind of positions
 * @returns {HTMLElement | false}
 */
export function waves(context, { values, rows, columns, rowLabels }, step, row, kind) {
  if (rows < 3) return false;
  const features = featuresOf(columns, kind);
  const largest = Math.max(...features.flatMap((feature) => Array.from({ length: rows }, (_, at) => Math.abs(values[at * columns + feature])))) || 1;
  const x = (/** @type {number} */ at) => 8 + (at * (WIDTH - 16)) / (rows - 1);
  const y = (/** @type {number} */ value) => HEIGHT / 2 - (value / largest) * (HEIGHT / 2 - 6);
  const curves = features.map((feature) => {
    const at = (/** @type {number} */ place) => values[place * columns + feature];
    const points = Array.from({ length: rows }, (_, place) => `${x(place)},${y(at(place))}`);
    const here = phrase("feature {feature}, at “{token}”: {value}", {
      feature, token: printable(rowLabels?.[row] ?? ""), value: number(at(row)),
    });
    return h(
      "div", { class: "wave", "data-feature": feature },
      h("button", { type: "button", class: "plain-number", onclick: () => context.openCell(step.name, [row, feature]) }, here),
      svg(
        "svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": here },
        svg("line", { class: "wave-zero", x1: 0, x2: WIDTH, y1: y(0), y2: y(0) }),
        svg("line", { class: "wave-at", x1: x(row), x2: x(row), y1: 0, y2: HEIGHT }),
        svg("polyline", { class: "wave-line", points: points.join(" ") }),
        rows <= 64 && points.map((point, place) => {
          const [cx, cy] = point.split(",");
          return svg("circle", { class: place === row ? "wave-dot followed" : "wave-dot", cx, cy, r: place === row ? 5 : 2.5 });
        }),
      ),
    );
  });
  return h(
    "figure", { class: "waves" },
    h("figcaption", null, phrase("Some features of P over the positions of this sentence, on one scale (features counted from 0)")),
    curves,
  );
}

/**
 * Features spread over all: of sinusoids sines only, from the fastest on. Learned ones have no order.
 * @param {number} columns
 * @param {string} kind
 */
function featuresOf(columns, kind) {
  const sines = kind === "sinusoidal_halves" ? Math.ceil(columns / 2) : columns;
  const found = Array.from({ length: CURVES }, (_, index) => Math.floor((index * sines) / (2 * CURVES)));
  return [...new Set(found.map((feature) => (kind === "sinusoidal" ? feature - (feature % 2) : feature)))];
}
