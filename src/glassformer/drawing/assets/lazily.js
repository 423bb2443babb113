/** Parts of the page that are drawn when they come near the window, and anew when they change. */

import { h, latest, replace } from "./dom.js";
import { phrase } from "./texts.js";

/** @import { Child } from "./dom.js" */

const NEAR = "600px";

/** @type {WeakMap<Element, (near: boolean) => void>} */
const WAITING = new WeakMap();

const WATCH = {
  /** @type {IntersectionObserver | null} made when first needed */
  observer: null,
};

/**
 * A part that `draw` fills; what has changed far from the window waits until it comes near. It keeps what it shows until what comes next is there, so that nothing
 * jumps; what has the focus keeps it where something with the same `data-again` takes its place.
 * @param {string} kind its class
 * @param {() => Promise<Child[]>} draw
 * @returns {{element: HTMLElement, again: () => void}} `again` says that it has changed
 */
export function lazily(kind, draw) {
  const element = h("div", { class: `${kind} undrawn` });
  const state = { near: false, changed: true };
  const fill = async () => {
    if (!state.near || !state.changed) return;
    state.changed = false;
    const current = latest(element);
    let children;
    try {
      children = await draw();
    } catch (problem) {
      const reason = problem instanceof Error ? problem.message : String(problem);
      children = [h("p", { class: "problem" }, phrase("This part cannot be shown: {reason}", { reason }))];
    }
    if (!current()) return;
    const focused = element.contains(document.activeElement) ? document.activeElement : null;
    const key = focused?.getAttribute("data-again");
    replace(element, ...children);
    element.classList.remove("undrawn");
    if (key) {
      const next = [...element.querySelectorAll("[data-again]")].find((one) => one.getAttribute("data-again") === key);
      if (next instanceof HTMLElement) next.focus({ preventScroll: true });
    }
  };
  WAITING.set(element, (near) => {
    state.near = near;
    fill();
  });
  (WATCH.observer ??= watching()).observe(element);
  return {
    element,
    again: () => {
      state.changed = true;
      fill();
    },
  };
}

function watching() {
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      WAITING.get(target)?.(isIntersecting);
    }
  }, { rootMargin: NEAR });
  return observer;
}
