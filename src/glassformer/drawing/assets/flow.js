/** The steps, one after the other: what goes into a step moves to where its result stands. */

/** @import { Context } from "./types.js" */
import { h } from "./dom.js";
import { phrase } from "./texts.js";

const MOVES = 900; // milliseconds
const STAYS = 2200; // of a step, while they play

/**
 * Buttons that walk through steps, of which the first, number 0, is what they begin with. Before they are used all steps are shown; while one walks, those
 * that have not come yet stand back.
 * @param {Context} context
 * @param {HTMLElement[]} items
 * @param {{element: HTMLElement}[]} slots the bodies of the items, whose matrices move
 * @returns {{element: HTMLElement, end: () => void}} `end` shows all steps again
 */
export function flow(context, items, slots) {
  /** @type {{at: number, timer: number | undefined}} */
  const state = { at: 0, timer: undefined };
  const button = (/** @type {string} */ text, /** @type {() => void} */ onclick) => h("button", { type: "button", onclick }, text);
  const count = items.length;
  const back = button(phrase("Previous step"), () => go(state.at - 1));
  const next = button(phrase("Next step"), () => go(state.at + 1));
  const play = button(phrase("Play the steps"), () => (state.timer === undefined ? start() : stop()));
  const all = button(phrase("Show all steps"), () => go(0));
  const said = h("span", { class: "faint flow-at" });

  const show = () => {
    items.forEach((item, index) => {
      item.classList.toggle("to-come", state.at > 0 && index >= state.at);
      if (index === state.at - 1) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
    back.toggleAttribute("disabled", state.at <= 1);
    next.toggleAttribute("disabled", state.at === count);
    all.toggleAttribute("disabled", !state.at);
    play.textContent = state.timer === undefined ? phrase("Play the steps") : phrase("Pause the steps");
    const n = Number(items[state.at - 1]?.dataset.step);
    if (!state.at) said.textContent = phrase("All {all} steps are shown", { all: count - 1 });
    else said.textContent = n ? phrase("Step {n} of {all}", { n, all: count - 1 }) : phrase("First Q, K and V");
  };
  const go = (/** @type {number} */ at) => {
    if (at < 0 || at > count) return;
    state.at = at;
    if (!at || at === count) stop();
    show();
    if (!at) return;
    items[at - 1].scrollIntoView({ block: "nearest", behavior: still() ? "auto" : "smooth" });
    moveInto(slots[at - 1].element);
    context.announce(said.textContent ?? "");
  };
  const start = () => {
    state.timer = window.setInterval(() => go(state.at + 1), STAYS);
    go(state.at === count ? 1 : state.at + 1);
    show();
  };
  const stop = () => {
    window.clearInterval(state.timer);
    state.timer = undefined;
    show();
  };
  show();
  return {
    element: h("div", { class: "flow-buttons", role: "group", "aria-label": phrase("The steps one by one") }, back, play, next, all, said),
    end: () => {
      if (state.at) go(0);
    },
  };
}

function still() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/**
 * Copies of the operands move to where the results stand.
 * @param {HTMLElement} body
 */
function moveInto(body) {
  if (still()) return;
  const results = body.querySelectorAll("[data-role=result]");
  const operands = body.querySelectorAll("[data-role=operand], [data-role=operand-whole]");
  for (const result of results) {
    for (const operand of operands) {
      const whole = operand.getAttribute("data-role") === "operand-whole";
      move(body, operand, result, whole);
    }
    const field = result.querySelector(".matrix-field");
    field?.animate?.([{ opacity: 0.1 }, { opacity: 0.1, offset: 0.6 }, { opacity: 1 }], { duration: MOVES * 1.3 });
  }
}

/**
 * One copy, of the whole matrix or of the row that is followed, moves.
 * @param {HTMLElement} body
 * @param {Element} operand
 * @param {Element} result
 * @param {boolean} whole
 */
function move(body, operand, result, whole) {
  const canvas = operand.querySelector("canvas");
  const row = operand.querySelector(".matrix-followed");
  const from = (whole ? canvas : row ?? canvas)?.getBoundingClientRect();
  const to = (result.querySelector(".matrix-followed") ?? result.querySelector("canvas"))?.getBoundingClientRect();
  if (!canvas || !from || !to || !canvas.height) return;
  const copy = /** @type {HTMLCanvasElement} */ (h("canvas", { class: "moving", "aria-hidden": "true" }));
  const box = canvas.getBoundingClientRect();
  const top = Math.round(((from.top - box.top) / box.height) * canvas.height);
  copy.width = canvas.width;
  copy.height = Math.max(1, Math.round((from.height / box.height) * canvas.height));
  copy.getContext("2d")?.drawImage(canvas, 0, -top);
  const place = body.getBoundingClientRect();
  copy.style.cssText = `left:${from.left - place.left}px;top:${from.top - place.top}px;width:${from.width}px;height:${from.height}px`;
  body.append(copy);
  const way = `translate(${to.left - from.left}px, ${to.top - from.top}px) scale(${to.width / from.width}, ${to.height / from.height})`;
  const moving = copy.animate([{ transform: "none", opacity: 1 }, { transform: way, opacity: 0.3 }], { duration: MOVES, easing: "ease-in-out" });
  moving.onfinish = () => copy.remove();
  moving.oncancel = () => copy.remove();
}
