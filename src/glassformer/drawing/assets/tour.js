/** The tour: eight stops that follow the article on the reader's own sentence. */

/** @import { Context } from "./types.js" */
import { h, latest, replace, uid } from "./dom.js";
import { phrase, said } from "./texts.js";
import { TOUR_LENGTH, tourStop } from "./tour_stops.js";
import { problem, sentenceOf } from "./trouble.js";

/** The panel of the tour, open or closed. */
export class Tour {
  /**
   * @param {Context} context
   * @param {{moved: (push: boolean) => void, bring: (stop: string) => void, visited: Set<number>}} shell
   */
  constructor(context, shell) {
    this.context = context;
    this.shell = shell;
    /** The stop that is shown, from 1; 0 while it is closed. */
    this.number = 0;
    this.left = new AbortController();
    this.body = h("div", { class: "tour-body" });
    const title = uid("tour");
    this.title = title;
    this.element = h("div", { class: "tour", role: "dialog", "aria-labelledby": title, hidden: true, onkeydown: (/** @type {KeyboardEvent} */ event) => this.pressed(event) }, this.body);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.number && !event.defaultPrevented && this.hasFocus()) this.end();
    }, { signal: this.left.signal });
  }

  hasFocus() {
    const focused = document.activeElement;
    return !focused || focused === document.body || this.element.contains(focused);
  }

  /**
   * @param {number} number from 1
   * @param {"push" | "stay"} [address]
   */
  async open(number, address = "push") {
    const begins = !this.number;
    if (begins && !this.element.contains(document.activeElement)) this.opener = document.activeElement;
    this.number = number;
    this.shell.visited.add(number);
    this.element.hidden = false;
    this.context.root.classList.add("with-tour");
    const stop = await this.draw(address === "push");
    if (stop) this.shell.bring(stop);
    if (address === "push") this.shell.moved(true);
  }

  /** Draw the stop; gives the id of the page's stop that it is about. @param {boolean} [focus] */
  async draw(focus = false) {
    const { context, number, body } = this;
    const current = latest(body);
    let stop;
    try {
      stop = await tourStop(context, number);
    } catch (error) {
      if (current()) replace(body, this.controls(), h("h2", { id: this.title, tabindex: -1 }, phrase("Tour")), problem(sentenceOf(error)));
      return null;
    }
    if (!current()) return null;
    const { trying } = stop;
    const files = [...new Set(stop.steps.map(({ file }) => `glassformer/${file}`))];
    const focused = body.contains(document.activeElement) ? document.activeElement?.getAttribute("data-keep") : null;
    const opened = body.querySelector("details")?.open && body.dataset.number === String(number);
    body.dataset.number = String(number);
    replace(
      body,
      this.controls(),
      h("h2", { id: this.title, tabindex: -1 }, stop.title),
      stop.text.map((text) => h("p", null, text)),
      stop.steps.map((step) => h("p", { class: "formula tour-formula" }, said(step.formula))),
      h("p", null, h("button", { type: "button", class: "primary", "data-keep": "tour-try", onclick: () => { context.store.set(trying.changes); this.shell.bring(trying.stop ?? stop.stop); this.shell.moved(false); context.announce(trying.label); } }, trying.label)),
      h("details", { open: opened }, h("summary", null, stop.question), h("p", null, stop.answer)),
      h("p", { class: "faint tour-files" }, phrase("Computed in:"), " ", files.map((file, index) => [index > 0 && ", ", h("code", null, file)])),
      this.turning(),
    );
    if (focus) /** @type {HTMLElement | null} */ (body.querySelector("h2"))?.focus({ preventScroll: true });
    else if (focused) /** @type {HTMLElement | null} */ (body.querySelector(`[data-keep="${focused}"]`))?.focus({ preventScroll: true });
    body.scrollTop = 0;
    return stop.stop;
  }

  /** Where the tour is, and its end. */
  controls() {
    const dots = Array.from({ length: TOUR_LENGTH }, (_, index) => {
      const n = index + 1;
      const seen = this.shell.visited.has(n);
      return h(
        "button",
        { type: "button", class: `tour-dot${seen ? " is-seen" : ""}`, "aria-label": seen ? phrase("Stop {n}, seen", { n }) : phrase("Stop {n}", { n }), "aria-current": n === this.number ? "step" : null, onclick: () => this.open(n) },
        String(n),
      );
    });
    return h(
      "div",
      { class: "tour-controls" },
      h("div", { class: "tour-dots", role: "group", "aria-label": phrase("Stop {n} of {all}", { n: this.number, all: TOUR_LENGTH }) }, dots),
      h("button", { type: "button", class: "tour-close", "aria-label": phrase("End the tour"), onclick: () => this.end() }, "✕"),
    );
  }

  turning() {
    const { number } = this;
    return h(
      "div",
      { class: "tour-turning" },
      h("button", { type: "button", disabled: number === 1, onclick: () => this.open(number - 1) }, "← ", phrase("Back")),
      number < TOUR_LENGTH
        ? h("button", { type: "button", class: "tour-next", onclick: () => this.open(number + 1) }, phrase("Next"), " →")
        : h("button", { type: "button", class: "tour-next", onclick: () => this.end() }, phrase("End the tour")),
    );
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = this.number + ({ ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0);
    if (next === this.number || next < 1 || next > TOUR_LENGTH) return;
    event.preventDefault();
    this.open(next);
  }

  /** The reader ends it. */
  end() {
    this.close();
    this.shell.moved(true);
    const back = this.opener instanceof HTMLElement && this.opener.isConnected ? this.opener : this.context.root.querySelector(".tour-button");
    if (back instanceof HTMLElement) back.focus({ preventScroll: true });
  }

  close() {
    this.number = 0;
    this.element.hidden = true;
    this.context.root.classList.remove("with-tour");
  }

  /** @param {ReadonlySet<string>} changed */
  update(changed) {
    if (this.number && ["part", "layer", "head", "heads", "word"].some((key) => changed.has(key))) this.draw();
  }

  leave() {
    this.left.abort();
  }
}
