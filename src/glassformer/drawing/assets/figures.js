/** Figures that can be saved: which elements are one, what each is called, which numbers it shows. */

/**
 * @typedef {object} Cells numbers that stand on a canvas, a cell each
 * @property {ArrayLike<number>} values in row order
 * @property {number} rows
 * @property {number} columns
 * @property {number} scale the absolute value whose colour is full
 *
 * @typedef {object} Figure
 * @property {string | (() => string)} name in words; file names are made of it
 * @property {() => any} [json] the numbers shown, or a promise of them
 * @property {() => string} [svg] the figure as a document; by default it is copied as it stands
 * @property {Cells} [cells] of a heat map
 *
 * @typedef {Figure & {element: Element, stop: Element | null}} Found
 */

/** @type {WeakMap<Element, Figure>} */
const KNOWN = new WeakMap();
const SMALLEST = 48;

/**
 * Say that an element is a figure that can be saved.
 * @template {Element} Host
 * @param {Host} host
 * @param {Figure} figure
 * @returns {Host}
 */
export function exportable(host, figure) {
  KNOWN.set(host, figure);
  host.setAttribute("data-figure", "");
  return host;
}

/**
 * What was said of the figure that an element is, or stands in.
 * @param {Element} element
 */
export function figureOf(element) {
  const host = element.closest("[data-figure]");
  return host ? KNOWN.get(host) : undefined;
}

/**
 * The figures of a stop that can be seen: those that were said to be one, and every other drawing.
 * @param {Element} stop
 * @returns {Found[]}
 */
export function figuresIn(stop) {
  const elements = [...stop.querySelectorAll("[data-figure], svg")].filter((one) => {
    const box = one.getBoundingClientRect();
    const outer = one.parentElement?.closest("[data-figure], svg");
    const within = outer && stop.contains(outer);
    return !within && box.width >= SMALLEST && box.height >= SMALLEST / 2;
  });
  /** @type {Map<string, number>} */
  const counted = new Map();
  return elements.map((element) => {
    const known = KNOWN.get(element);
    const name = nameOf(known) || labelOf(element) || "figure";
    const nth = (counted.get(name) ?? 0) + 1;
    counted.set(name, nth);
    return { ...known, name: nth > 1 ? `${name} ${nth}` : name, element, stop };
  });
}

/** @param {Figure | undefined} figure */
export function nameOf(figure) {
  return typeof figure?.name === "function" ? figure.name() : (figure?.name ?? "");
}

/** What a drawing says that it is. @param {Element} element */
function labelOf(element) {
  const titled = element.getAttribute("aria-labelledby")?.split(" ")[0];
  const title = titled && element.ownerDocument.getElementById(titled);
  const own = [...element.children].find((one) => one.tagName === "title");
  const said = element.getAttribute("aria-label") || (title && title.textContent) || own?.textContent;
  return (said || "").split(/[:;：；]/u)[0].trim(); // after that comes how to use it
}
