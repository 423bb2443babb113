/** Elements, made of plain calls: text is always text, never markup. */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | number | null | undefined | false | Child[]} Child */

/**
 * An HTML element. Attributes that begin with "on" are listeners; true is an empty attribute, false,
 * null and undefined none. A style is an object: as text, a server's policy refuses it.
 * @param {string} tag
 * @param {Record<string, any> | null} [attributes]
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes, ...children) {
  return /** @type {HTMLElement} */ (filled(document.createElement(tag), attributes, children));
}

/**
 * An SVG element.
 * @param {string} tag
 * @param {Record<string, any> | null} [attributes]
 * @param {...Child} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes, ...children) {
  return /** @type {SVGElement} */ (filled(document.createElementNS(SVG, tag), attributes, children));
}

/**
 * Put these in the place of all that an element holds.
 * @param {Element} host
 * @param {...Child} children
 */
export function replace(host, ...children) {
  host.replaceChildren();
  append(host, children);
}

const COUNTED = { uid: 0 };

/** An id that no other element of this document has. @param {string} what */
export function uid(what) {
  COUNTED.uid += 1;
  return `glassformer-${what}-${COUNTED.uid}`;
}

/** @type {WeakMap<object, number>} */
const TURNS = new WeakMap();

/**
 * For an update that waits: what it gives says whether it is still the latest of this host.
 * @param {object} host
 */
export function latest(host) {
  const turn = (TURNS.get(host) ?? 0) + 1;
  TURNS.set(host, turn);
  return () => TURNS.get(host) === turn;
}

/**
 * @param {Element} element
 * @param {Record<string, any> | null | undefined} attributes
 * @param {Child[]} children
 */
function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") {
      for (const [property, one] of Object.entries(value)) {
        /** @type {HTMLElement} */ (element).style.setProperty(property, String(one));
      }
    } else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

/**
 * @param {Element} host
 * @param {Child[]} children
 */
function append(host, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(host, child);
    else if (child !== null && child !== undefined && child !== false) {
      host.append(child instanceof Node ? child : String(child));
    }
  }
}
