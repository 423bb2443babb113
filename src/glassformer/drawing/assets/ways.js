/** The ways between the boxes of the whole: up, around each sublayer, and R into the decoder. */

import { replace, svg } from "./dom.js";

/**
 * Draw them for the boxes as they lie now.
 * @param {HTMLElement} picture
 * @param {SVGElement} ways that lie behind the boxes
 */
export function drawWays(picture, ways) {
  const frame = picture.getBoundingClientRect();
  if (!frame.width) return;
  /** @param {Element} element */
  const placed = (element) => {
    const box = element.getBoundingClientRect();
    const [left, top] = [box.left - frame.left, box.top - frame.top];
    return { left, top, right: left + box.width, bottom: top + box.height, x: left + box.width / 2, y: top + box.height / 2 };
  };
  /** @type {SVGElement[]} */
  const drawn = [];
  const line = (/** @type {string} */ d, kind = "") => drawn.push(svg("path", { class: `way-line ${kind}`, d }));
  const head = (/** @type {number} */ x, /** @type {number} */ y, /** @type {"up" | "left" | "right"} */ to, kind = "") => {
    const shape = { up: "l-4 7h8z", left: "l7 -4v8z", right: "l-7 -4v8z" }[to];
    drawn.push(svg("path", { class: `way-head ${kind}`, d: `M${x} ${y}${shape}` }));
  };
  const up = (/** @type {number} */ x, /** @type {number} */ from, /** @type {number} */ to) => {
    if (from - to < 4) return;
    line(`M${x} ${from}V${to + 5}`);
    head(x, to, "up");
  };
  for (const stack of picture.querySelectorAll(".stack")) {
    const outer = stack.getAttribute("data-side") === "encoder" ? -1 : 1;
    const steps = [...stack.querySelectorAll(":scope > .way")];
    const middle = placed(stack).x;
    // Up through a stack: into a ⊕ where something is added, else into the next box.
    steps.slice(1).forEach((step, index) => {
      const below = steps[index].querySelector(":scope > .plus") ?? steps[index];
      const above = step.querySelector(":scope > .plus") ?? step;
      up(middle, placed(below).top, placed(above).bottom);
    });
    for (const row of stack.querySelectorAll(":scope > .added")) {
      const side = placed(/** @type {Element} */ (row.querySelector(".from-side")));
      const plus = placed(/** @type {Element} */ (row.querySelector(".plus")));
      const [from, to] = outer < 0 ? [side.right, plus.left] : [side.left, plus.right];
      line(`M${from} ${plus.y}H${to + outer * 5}`);
      head(to, plus.y, outer < 0 ? "right" : "left");
    }
    for (const opened of stack.querySelectorAll(":scope > .opened")) {
      const parts = [...opened.querySelectorAll(":scope > .part")].map(placed);
      const whole = placed(opened);
      const edge = outer < 0 ? whole.left + 11 : whole.right - 11;
      line(`M${middle} ${whole.bottom}V${parts[0].bottom + 5}`);
      head(middle, parts[0].bottom, "up");
      line(`M${middle} ${parts[parts.length - 1].top}V${whole.top}`);
      parts.slice(1).forEach((part, index) => up(middle, parts[index].top, part.bottom));
      // Around each sublayer, from its input to the add & norm behind it.
      for (let i = 0; i + 1 < parts.length; i += 2) {
        const [sublayer, join] = [parts[i], parts[i + 1]];
        const from = sublayer.bottom + 9;
        const side = outer < 0 ? join.left : join.right;
        line(`M${middle} ${from}H${edge}V${join.y}H${side + outer * 5}`, "residual");
        head(side, join.y, outer < 0 ? "right" : "left", "residual");
      }
    }
  }
  const memory = picture.querySelector(".is-memory");
  const readers = [...picture.querySelectorAll(".reads")].map(placed);
  if (memory && readers.length) {
    const from = placed(memory);
    const between = (from.right + Math.min(...readers.map(({ left }) => left))) / 2;
    for (const reader of readers) {
      line(`M${from.right} ${from.y}H${between}V${reader.y}H${reader.left - 5}`, "memory");
      head(reader.left, reader.y, "right", "memory");
    }
  }
  ways.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
  ways.setAttribute("width", String(frame.width));
  ways.setAttribute("height", String(frame.height));
  replace(ways, drawn);
}
