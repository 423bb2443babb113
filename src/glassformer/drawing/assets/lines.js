/**
 * The picture of attention: two rows of words, and lines between them whose width is c · weight.
 *
 * It only draws and tells what a reader does; `attention_lines.js` decides what that means.
 */

/** @import { Link, Looked, View } from "./attention.js" */
/** @import { Plan } from "./placing.js" */
import { h, replace, svg } from "./dom.js";
import { placeNumbers } from "./line_numbers.js";
import { planOf } from "./placing.js";
import { fixed, phrase, printable } from "./texts.js";

/** c: the width in pixels of a line of weight 1. */
export const WIDEST = 14;
/** So many colours and dashes tell heads apart. */
export const HUES = 8;
const DASHES = ["", "7 4", "2 4", "12 4 2 4", "4 2", "16 4", "1 3", "10 3 3 3"];

/**
 * @typedef {"query" | "key"} Side
 *
 * @typedef {object} Handlers
 * @property {(side: Side, index: number, add: boolean) => void} [chooses] a word is clicked
 * @property {(side: Side, index: number | null) => void} [previews] a word is pointed at, or none
 * @property {(link: Link | null) => void} [hovers] a line is pointed at, or none
 * @property {(link: Link) => void} [opens] a line is clicked
 *
 * @typedef {object} Shown
 * @property {View} view with the links to draw
 * @property {Looked} [looked] the words that are looked at
 * @property {boolean} [shares] whether what is hidden of each word is written beside it
 * @property {(link: Link) => number} [hue] the colour of a link; by default that of its head
 * @property {string} [side] which of two pictures it is
 *
 * @typedef {object} Picture
 * @property {SVGElement} element
 * @property {(view: View, placed: {queries: number[], keys: number[]}, room: number) => void} place
 * @property {(shown: Shown) => void} draw after `place`
 */

/**
 * An empty picture; `place` puts its words in place, `draw` the lines between them.
 * @param {Handlers} handlers
 * @param {string} label what it is, for people who hear the page
 * @returns {Picture}
 */
export function linesPicture(handlers, label) {
  const paths = svg("g", { class: "links" });
  const reach = svg("g", { class: "reach" });
  const numbers = svg("g", { class: "numbers", "aria-hidden": "true" });
  const words = svg("g", { class: "words" });
  const element = svg("svg", { class: "attention-lines", role: "group", "aria-label": label }, paths, reach, numbers, words);
  /** @type {{plan: Plan | null, key: string, links: Link[], pointed: Element | null}} */
  const now = { plan: null, key: "", links: [], pointed: null };

  listenToLines(reach, handlers, now, paths);
  listenToWords(words, handlers);

  return {
    element,
    place(view, placed, room) {
      const key = JSON.stringify([view.part, view.queries, view.keys, placed, room]);
      if (key === now.key) return;
      now.key = key;
      const labels = rowLabels(view);
      now.plan = planOf(view, placed, labels, room, measurer(element));
      const { plan } = now;
      element.setAttribute("width", String(Math.ceil(plan.width)));
      element.setAttribute("height", String(Math.ceil(plan.height)));
      replace(words, labelsOf(plan, labels), wordsOf(plan, view, "query"), wordsOf(plan, view, "key"));
    },
    draw(shown) {
      const { plan } = now;
      if (!plan) return;
      const { view, looked = { queries: null, keys: null } } = shown;
      const slots = view.heads.length;
      const slotOf = new Map(view.heads.map((at, n) => [String(at), n]));
      const alone = view.shownQueries.length === 1 || view.shownKeys.length === 1;
      const links = [...view.links].sort((a, b) => b.weight - a.weight);
      const lines = links.map((link) => {
        const slot = slotOf.get(String([link.layer, link.head])) ?? 0;
        return { link, slot, curve: plan.curve(link, slot, slots), width: WIDEST * link.weight };
      });
      now.links = links;
      now.pointed = null;
      replace(paths, lines.map(({ link, slot, curve }) => svg("path", {
        class: `link h${(shown.hue ? shown.hue(link) : slot) % HUES}`,
        d: pathOf(curve),
        "stroke-width": (WIDEST * link.weight).toFixed(6),
        "stroke-opacity": alone ? "0.9" : "0.6",
        "stroke-dasharray": (slots > 1 && DASHES[slot % HUES]) || null,
        "data-part": link.part,
        "data-layer": link.layer ?? "mean",
        "data-head": link.head ?? "mean",
        "data-from": link.from,
        "data-to": link.to,
        "data-weight": link.weight.toFixed(6),
        "data-side": shown.side,
      })));
      replace(reach, lines.map(({ curve, width }, index) => svg("path", {
        d: pathOf(curve), "stroke-width": Math.max(10, width), "data-index": index,
      })));
      replace(
        numbers,
        placeNumbers(lines, plan).map(({ link, at: [x, y] }) => svg("text", { class: "number", x, y, "text-anchor": "middle" }, fixed(link.weight))),
        shown.shares !== false && view.shownQueries.map((query, n) => {
          const [x, y] = plan.shareAt(query);
          return svg("text", { class: "number hidden-share", x, y, "text-anchor": plan.queries.anchor, "data-position": query }, `(${fixed(view.hiddenShare[n])})`);
        }),
      );
      markWords(words, shown, looked);
    },
  };
}

/**
 * The widths of lines, with samples.
 * @returns {HTMLElement}
 */
export function scaleLegend() {
  const samples = [0.1, 0.5, 1].map((weight) => h(
    "span", { class: "sample" },
    svg("svg", { width: 34, height: WIDEST, "aria-hidden": "true" }, svg("line", {
      class: "h0", x1: 0, x2: 34, y1: WIDEST / 2, y2: WIDEST / 2, "stroke-width": (WIDEST * weight).toFixed(6),
    })),
    String(weight),
  ));
  return h("p", { class: "line-scale faint", "data-c": WIDEST }, phrase("line width = {c} px × weight:", { c: WIDEST }), " ", samples);
}

/**
 * A sample of the lines of one of several heads.
 * @param {number} slot
 * @param {boolean} dashed
 */
export function headSample(slot, dashed) {
  const line = svg("line", {
    class: `h${slot % HUES}`, x1: 0, x2: 30, y1: 6, y2: 6, "stroke-width": 4,
    "stroke-dasharray": (dashed && DASHES[slot % HUES]) || null,
  });
  return svg("svg", { class: "head-sample", width: 30, height: 12, "aria-hidden": "true" }, line);
}

/**
 * @param {Element} reach
 * @param {Handlers} handlers
 * @param {{links: Link[], pointed: Element | null}} now
 * @param {Element} paths
 */
function listenToLines(reach, handlers, now, paths) {
  /** @param {Event} event */
  const indexOf = (event) => {
    const index = /** @type {Element} */ (event.target).getAttribute?.("data-index");
    return index === null || index === undefined ? -1 : Number(index);
  };
  /** @param {number} index */
  const point = (index) => {
    now.pointed?.classList.remove("pointed");
    now.pointed = paths.children[index] ?? null;
    now.pointed?.classList.add("pointed");
    handlers.hovers?.(now.links[index] ?? null);
  };
  reach.addEventListener("pointerover", (event) => point(indexOf(event)));
  reach.addEventListener("pointerout", () => point(-1));
  reach.addEventListener("click", (event) => {
    const link = now.links[indexOf(event)];
    if (link) handlers.opens?.(link);
  });
}

/**
 * Words are pointed at, clicked, and reached by keyboard: Tab comes to a row, arrows go along it.
 * @param {Element} words
 * @param {Handlers} handlers
 */
function listenToWords(words, handlers) {
  /** @param {Event} event */
  const placeOf = (event) => /** @type {SVGElement | null} */ (/** @type {Element} */ (event.target).closest("[data-at]"));
  /** @param {Element} place */
  const sideOf = (place) => /** @type {Side} */ (place.getAttribute("data-side"));
  /** @param {Element} place */
  const indexOf = (place) => Number(place.getAttribute("data-at"));
  words.addEventListener("pointerover", (event) => {
    const place = placeOf(event);
    if (place) handlers.previews?.(sideOf(place), indexOf(place));
  });
  words.addEventListener("pointerout", () => handlers.previews?.("query", null));
  words.addEventListener("focusin", (event) => {
    const place = placeOf(event);
    if (place?.matches(":focus-visible")) handlers.previews?.(sideOf(place), indexOf(place));
  });
  words.addEventListener("focusout", () => handlers.previews?.("query", null));
  words.addEventListener("click", (event) => {
    const place = placeOf(event);
    if (place) handlers.chooses?.(sideOf(place), indexOf(place), /** @type {MouseEvent} */ (event).shiftKey);
  });
  words.addEventListener("keydown", (raised) => {
    const event = /** @type {KeyboardEvent} */ (raised);
    const place = placeOf(event);
    if (!place) return;
    if (event.key === "Enter" || event.key === " ") {
      handlers.chooses?.(sideOf(place), indexOf(place), event.shiftKey);
    } else {
      const next = neighbour(words, place, event.key);
      if (!next) return;
      for (const one of words.querySelectorAll(`[data-side="${sideOf(place)}"][data-at]`)) one.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    }
    event.preventDefault();
  });
}

/**
 * Where an arrow key leads: the word before or after in sight, or the other row.
 * @param {Element} words
 * @param {SVGElement} place
 * @param {string} key
 * @returns {SVGElement | null}
 */
function neighbour(words, place, key) {
  const [x, y] = [Number(place.getAttribute("data-x")), Number(place.getAttribute("data-y"))];
  const ways = /** @type {Record<string, [number, number]>} */ ({ ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] });
  const way = ways[key];
  const all = /** @type {SVGElement[]} */ ([...words.querySelectorAll("[data-at]")]);
  if (!way) {
    const row = all.filter((one) => one.getAttribute("data-side") === place.getAttribute("data-side"));
    return key === "Home" ? row[0] : key === "End" ? row[row.length - 1] : null;
  }
  let best = Infinity;
  /** @type {SVGElement | null} */
  let found = null;
  for (const one of all) {
    const [dx, dy] = [Number(one.getAttribute("data-x")) - x, Number(one.getAttribute("data-y")) - y];
    const ahead = dx * way[0] + dy * way[1];
    const aside = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
    if (ahead > 1 && ahead + 3 * aside < best) [best, found] = [ahead + 3 * aside, one];
  }
  return found;
}

/** What the rows are. @param {View} view @returns {[string, string]} */
function rowLabels(view) {
  return view.part === "cross"
    ? [phrase("target (query)"), phrase("source (key)")]
    : [phrase("attends (query)"), phrase("is attended to (key)")];
}

/**
 * @param {Plan} plan
 * @param {[string, string]} labels
 */
function labelsOf(plan, labels) {
  return labels.map((label, n) => {
    const side = n ? "key" : "query";
    const row = plan.row(side);
    const at = plan.upright
      ? { x: row.line, y: 13, "text-anchor": row.anchor }
      : { x: 2, y: side === "query" ? 13 : plan.height - 6 };
    return svg("text", { class: "row-label", ...at }, label);
  });
}

/**
 * @param {Plan} plan
 * @param {View} view
 * @param {Side} side
 */
function wordsOf(plan, view, side) {
  const row = plan.row(side);
  const labels = side === "query" ? view.queries : view.keys;
  return [...row.widths.keys()].map((index, n) => {
    const [x, y] = plan.wordAt(side, index);
    const [left, top, right, bottom] = plan.box(side, index);
    return svg(
      "g",
      {
        class: "word-place", role: "button", tabindex: n ? -1 : 0, "aria-pressed": "false",
        "aria-label": printable(labels[index]),
        "data-side": side, "data-at": index, "data-x": x, "data-y": y,
      },
      svg("rect", { x: left, y: top, width: right - left, height: bottom - top, rx: 4 }),
      svg("text", { class: `word ${side}`, x, y, "text-anchor": row.anchor, "data-position": index }, pale(row.texts.get(index) ?? "")),
    );
  });
}

/** How tokens write the space before a word, in a quiet colour. @param {string} text */
function pale(text) {
  return text.split("▁").flatMap((part, n) => [n > 0 && svg("tspan", { class: "space" }, "▁"), part]);
}

/**
 * Which words are looked at, and which are left aside.
 * @param {Element} words
 * @param {Shown} shown
 * @param {Looked} looked
 */
function markWords(words, { view }, looked) {
  const linked = { query: new Set(view.links.map((link) => link.from)), key: new Set(view.links.map((link) => link.to)) };
  for (const place of words.querySelectorAll("[data-at]")) {
    const side = /** @type {Side} */ (place.getAttribute("data-side"));
    const index = Number(place.getAttribute("data-at"));
    const of = side === "query" ? looked.queries : looked.keys;
    const some = looked.queries !== null || looked.keys !== null;
    place.classList.toggle("looked-at", of?.includes(index) ?? false);
    place.classList.toggle("aside", some && !of?.includes(index) && !linked[side].has(index));
    place.setAttribute("aria-pressed", String(of?.includes(index) ?? false));
  }
}

/** @param {[number, number][]} curve */
function pathOf([a, b, c, d]) {
  const [from, one, two, to] = [a, b, c, d].map(([x, y]) => `${Number(x.toFixed(2))} ${Number(y.toFixed(2))}`);
  return `M${from}C${one} ${two} ${to}`;
}

/**
 * How wide a text is in the font of words.
 * @param {Element} element
 * @returns {(text: string) => number}
 */
function measurer(element) {
  const pen = document.createElement("canvas").getContext("2d");
  const { fontFamily } = getComputedStyle(element);
  if (pen) pen.font = `16px ${fontFamily || "sans-serif"}`;
  return (text) => (pen ? pen.measureText(text).width : text.length * 9);
}
