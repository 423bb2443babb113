/** The shell around the stops: header, small map, notes, and where the reader is. */

/** @import { Context, State, Stop, Update } from "./types.js" */
import { remember } from "./address.js";
import { attentionStop } from "./attention_lines.js";
import { cellPanel } from "./cell.js";
import { compareStop } from "./compare.js";
import { decoderStop } from "./decoder.js";
import { h, replace } from "./dom.js";
import { drawHeader } from "./header.js";
import { inputStop } from "./input.js";
import { layerStop } from "./layer.js";
import { learningStop } from "./learning.js";
import { drawMap } from "./map.js";
import { representationStop } from "./representation.js";
import { sentenceStop } from "./sentence.js";
import { phrase, printable, said } from "./texts.js";
import { Tour } from "./tour.js";
import { problem, sentenceOf } from "./trouble.js";
import { wholeStop } from "./whole.js";

/** @type {Stop[]} the stops, in the article's order */
const STOPS = [
  wholeStop,
  sentenceStop,
  compareStop,
  inputStop,
  layerStop,
  attentionStop,
  representationStop,
  decoderStop,
  learningStop,
];

/** How long a stop is held where it is while what stands above it is still drawn. */
const HELD = 2000;

/** What is drawn of one page's data. */
export class Shell {
  /**
   * @param {HTMLElement} root
   * @param {import("./types.js").PageData} page
   * @param {import("./types.js").Store} store
   * @param {{notices: string[], models: import("./server.js").Served[], stop: string}} given
   */
  constructor(root, page, store, given) {
    this.root = root;
    this.page = page;
    this.given = given;
    /** What was asked for, as far as it is computed. @type {State} */
    this.computed = store.state;
    this.live = h("p", { class: "only-heard", "aria-live": "polite" });
    /** @type {Context} */
    this.context = {
      page,
      pass: page.passes[0],
      right: page.passes[1] ?? null,
      store,
      root,
      models: given.models,
      openCell: (name, at) => this.context.store.set({ explain: name, at }),
      go: (stop, changes) => this.go(stop, changes),
      announce: (text) => this.announce(text),
    };
    /** @type {Update[]} */
    this.updates = [];
    /** @type {Tour | undefined} */
    this.tour = undefined;
    this.stop = STOPS[0].id;
    /** Stops watching the window. */
    this.left = new AbortController();
  }

  /**
   * Draw it all in the place of an earlier page.
   * @param {Shell | null} before
   */
  draw(before) {
    const { context, given, page } = this;
    const focused = document.activeElement?.getAttribute("data-keep");
    const top = before?.section?.getBoundingClientRect().top;
    this.header = drawHeader(context, () => this.tour?.open(1));
    this.map = drawMap(context, STOPS);
    this.troubles = h("div", { class: "troubles" });
    this.main = h("main", { id: "main", tabindex: -1 }, this.opening(), this.troubles);
    this.tour = new Tour(context, {
      moved: (push) => this.remember(this.fragment, push),
      bring: (stop) => this.bring(stop),
      visited: before?.tour?.shell.visited ?? new Set(),
    });
    for (const stop of STOPS) {
      const host = h("section", { id: stop.id, "aria-labelledby": `${stop.id}-title` });
      this.main.append(host);
      this.updates.push(guarded(host, stop, context));
    }
    replace(
      this.root,
      h("a", { class: "skip", href: "#main", onclick: (/** @type {Event} */ event) => { event.preventDefault(); this.main?.focus(); } }, phrase("Skip to the content")),
      this.header.element,
      h("div", { class: "frame" }, this.map.element, this.main),
      h("footer", null, phrase("Made with Glassformer {version}. Every number here was computed by the model, for this sentence.", { version: page.manifest.version })),
      this.tour.element,
      this.live,
    );
    this.updates.push(cellPanel(context));
    document.title = `${printable(page.manifest.passes[0].source.text)} · Glassformer`;
    this.root.classList.toggle("with-models", given.models.length > 0);
    this.update(new Set(Object.keys(context.store.state)));
    this.watch();
    const kept = focused && this.root.querySelector(`[data-keep="${CSS.escape(focused)}"]`);
    if (kept instanceof HTMLElement) kept.focus({ preventScroll: true });
    if (before) this.stop = before.stop;
    if (top !== undefined && !before?.fragment.startsWith("tour-")) this.hold(top);
    else this.show(given.stop);
    this.map.at(this.stop);
  }

  /** The sentence, in large, with what the model is and what it says of this pass. */
  opening() {
    const { pass, page } = this.context;
    const { encoder, decoder } = pass.config;
    const fields = { model: page.manifest.model, n: encoder.num_layers, heads: encoder.num_heads, d: encoder.d_model };
    const facts = decoder
      ? phrase("Read by {model}: {n} encoder layers and {m} decoder layers, {heads} heads, d_model {d}", { ...fields, m: decoder.num_layers })
      : phrase("Read by {model}: {n} encoder layers, {heads} heads, d_model {d}", fields);
    const text = pass.manifest.source.text;
    return h(
      "div",
      { class: "opening" },
      h("p", { class: "kicker" }, phrase("How a Transformer reads")),
      h("h1", { dir: "auto", class: text.length > 90 ? "long" : null }, printable(text)),
      h("p", { class: "faint" }, facts),
      this.given.notices.map((notice) => h("p", { class: "problem", role: "status" }, notice)),
      pass.manifest.notes.map((note) => h("p", { class: "note" }, said(note.text))),
    );
  }

  /** @param {ReadonlySet<string>} changed */
  update(changed) {
    for (const update of this.updates) update(changed);
    this.map?.update(changed);
    this.header?.update(changed);
    this.tour?.update(changed);
  }

  /** What stands in the address after #. */
  get fragment() {
    if (this.tour?.number) return `tour-${this.tour.number}`;
    return this.stop === STOPS[0].id ? "" : this.stop;
  }

  get section() {
    return this.sectionOf(this.stop);
  }

  /** @param {string} id @returns {HTMLElement | null} */
  sectionOf(id) {
    return STOPS.some((stop) => stop.id === id) ? this.root.querySelector(`#${id}`) : null;
  }

  /**
   * To a stop, with other settings; the address keeps it as a place to come back to.
   * @param {string} stop
   * @param {Partial<State>} [changes]
   */
  go(stop, changes) {
    this.bring(stop);
    this.remember(this.fragment, true); // before the settings change: Back leads to those of now
    if (changes) this.context.store.set(changes);
    this.bring(stop);
    this.section?.querySelector("h2")?.focus({ preventScroll: true });
  }

  /**
   * Bring into sight what a fragment names: a stop, or one of the tour.
   * @param {string} fragment
   */
  show(fragment) {
    const number = Number(/^tour-([1-8])$/.exec(fragment)?.[1] ?? 0);
    if (number) this.tour?.open(number, "stay");
    else {
      this.tour?.close();
      if (fragment) this.bring(fragment);
      else window.scrollTo(0, 0);
    }
  }

  /** Bring a stop into sight. @param {string} stop */
  bring(stop) {
    const section = this.sectionOf(stop);
    if (!section) return;
    this.stop = stop;
    section.querySelector("h2")?.setAttribute("tabindex", "-1");
    // Of this window only: a frame's page does not move the one around it.
    const bar = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
    window.scrollBy({ top: section.getBoundingClientRect().top - bar, behavior: "instant" });
    this.hold(section.getBoundingClientRect().top);
    this.map?.at(stop);
  }

  /**
   * Hold the stop so far below the window's top while other stops are still drawn, unless the
   * reader moves.
   * @param {number} top in pixels
   */
  hold(top) {
    this.held?.abort();
    const held = new AbortController();
    this.held = held;
    const place = () => {
      const now = this.section?.getBoundingClientRect().top ?? top;
      if (Math.abs(now - top) > 1) window.scrollBy({ top: now - top, behavior: "instant" });
    };
    const sizes = new ResizeObserver(place);
    if (this.main) sizes.observe(this.main);
    const end = () => held.abort();
    for (const event of ["wheel", "keydown", "pointerdown", "touchmove"]) window.addEventListener(event, end, { signal: held.signal, passive: true });
    const timer = setTimeout(end, HELD);
    held.signal.addEventListener("abort", () => { sizes.disconnect(); clearTimeout(timer); });
    place();
  }

  /** Follow where the reader is. */
  watch() {
    const { signal } = this.left;
    let waiting = false;
    const look = () => {
      waiting = false;
      const line = window.innerHeight * 0.4;
      const passed = STOPS.filter((stop) => (this.sectionOf(stop.id)?.getBoundingClientRect().top ?? Infinity) <= line);
      const now = passed[passed.length - 1]?.id ?? STOPS[0].id;
      if (now === this.stop || (this.held && !this.held.signal.aborted)) return;
      this.stop = now;
      this.map?.at(now);
      this.remember(this.fragment, false);
    };
    window.addEventListener("scroll", () => { if (!waiting) requestAnimationFrame(look); waiting = true; }, { passive: true, signal });
    window.addEventListener("unhandledrejection", (event) => this.troubles?.replaceChildren(problem(sentenceOf(event.reason))), { signal });
  }

  /**
   * @param {string} fragment
   * @param {boolean} push
   */
  remember(fragment, push) {
    remember(this.context.store.state, fragment === STOPS[0].id ? "" : fragment, push);
  }

  /** @param {boolean} is */
  busy(is) {
    if (is) this.root.setAttribute("aria-busy", "true");
    else this.root.removeAttribute("aria-busy");
    if (is) this.announce(phrase("Computing …"));
  }

  /**
   * The server would not compute what was asked for: say why, and go on with what is shown.
   * @param {string} why
   */
  refuse(why) {
    const form = this.root.querySelector(".asks-said");
    (form ?? this.troubles)?.replaceChildren(problem(why));
    if (!form?.checkVisibility()) this.announce(why);
  }

  /** @param {string} text */
  announce(text) {
    replace(this.live, text);
  }

  /** Another page takes the place of this one. */
  leave() {
    this.left.abort();
    this.held?.abort();
    this.tour?.leave();
  }
}

/**
 * A stop whose errors stay in it.
 * @param {HTMLElement} host
 * @param {Stop} stop
 * @param {Context} context
 * @returns {Update}
 */
function guarded(host, stop, context) {
  const clear = () => host.querySelector(":scope > .problem.of-stop")?.remove();
  const complain = (/** @type {unknown} */ error) => {
    clear();
    const message = problem(sentenceOf(error));
    message.classList.add("of-stop");
    const title = host.querySelector(`#${stop.id}-title`);
    if (title?.parentElement === host) title.after(message);
    else replace(host, h("h2", { id: `${stop.id}-title` }, stop.title()), message);
  };
  /** @type {Update} */
  let update = () => {};
  try {
    update = stop.draw(host, context);
  } catch (error) {
    complain(error);
    return update;
  }
  return (changed) => {
    try {
      clear();
      /** @type {unknown} */
      const going = update(changed);
      if (going instanceof Promise) going.catch(complain);
    } catch (error) {
      complain(error);
    }
  };
}
