/** What the page's style gives to a drawing, written into a copy of it. */

/** Properties that show, and what each is where nothing is said; null is as in the parent. */
const SHOWN = /** @type {Record<string, string | null>} */ ({
  fill: null, "fill-opacity": null, "fill-rule": null, stroke: null, "stroke-width": null, "stroke-opacity": null,
  "stroke-dasharray": null, "stroke-linecap": null, "stroke-linejoin": null, "paint-order": null,
  "font-family": null, "font-size": null, "font-weight": null, "font-style": null, "font-variant-numeric": null,
  "text-anchor": null, "letter-spacing": null, direction: null, visibility: null,
  "dominant-baseline": null, "text-decoration-line": "none", opacity: "1", "unicode-bidi": "normal",
  "mix-blend-mode": "normal", "stop-color": "rgb(0, 0, 0)", "stop-opacity": "1",
});
/** What holds in a document where nothing is said. */
const INITIAL = /** @type {Record<string, string>} */ ({
  fill: "rgb(0, 0, 0)", "fill-opacity": "1", "fill-rule": "nonzero", stroke: "none", "stroke-width": "1px",
  "stroke-opacity": "1", "stroke-dasharray": "none", "stroke-linecap": "butt", "stroke-linejoin": "miter",
  "paint-order": "normal", "font-weight": "400", "font-style": "normal", "font-variant-numeric": "normal",
  "text-anchor": "start", "letter-spacing": "normal", direction: "ltr", visibility: "visible",
  "dominant-baseline": "auto",
});
const COLOURS = new Set(["fill", "stroke", "stop-color"]);
const WRITTEN = /** @type {Record<string, string>} */ ({ "text-decoration-line": "text-decoration" });

/**
 * A copy of a drawing that looks the same in any document; classes and data stay.
 * @param {SVGSVGElement} drawing
 * @returns {SVGSVGElement}
 */
export function styled(drawing) {
  const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
  write(drawing, copy, null);
  for (const link of copy.querySelectorAll("a")) link.removeAttribute("href");
  return copy;
}

/**
 * @param {Element} element
 * @param {Element} copy
 * @param {CSSStyleDeclaration | null} around the style of the parent
 */
function write(element, copy, around) {
  const style = getComputedStyle(element);
  if (style.display === "none" || element.hasAttribute("data-unsaved")) {
    copy.remove();
    return;
  }
  for (const [name, alone] of Object.entries(SHOWN)) {
    const value = style.getPropertyValue(name);
    const before = alone ?? (around ? around.getPropertyValue(name) : INITIAL[name]);
    put(copy, name, value, before);
  }
  for (const name of COLOURS) {
    const { opacity } = colourOf(style.getPropertyValue(name));
    const alone = name === "stop-color" ? "stop-opacity" : `${name}-opacity`;
    if (opacity !== undefined) copy.setAttribute(alone, String(round(opacity * Number(style.getPropertyValue(alone)), 4)));
  }
  const moved = style.transform;
  if (moved !== "none" && !element.hasAttribute("transform")) copy.setAttribute("transform", moved);
  copy.removeAttribute("style");
  // Not as an attribute: a server's policy refuses those.
  if (style.mixBlendMode !== "normal") /** @type {SVGElement} */ (copy).style.mixBlendMode = style.mixBlendMode;
  copy.removeAttribute("tabindex");
  const own = [...copy.children];
  [...element.children].forEach((child, n) => write(child, own[n], style));
}

/**
 * Write a value where it is not what holds anyway; a number that stands there already stays as exact.
 * @param {Element} copy
 * @param {string} name
 * @param {string} value
 * @param {string} before
 */
function put(copy, name, value, before) {
  const written = WRITTEN[name] ?? name;
  const given = copy.getAttribute(written);
  if (given === null && value === before) return;
  if (name === "mix-blend-mode") return;
  if (given !== null && Number.isFinite(Number(given)) && Math.abs(Number(given) - parseFloat(value)) < 0.01) return;
  if (!COLOURS.has(name)) return copy.setAttribute(written, value);
  if (value.startsWith("url(")) return copy.setAttribute(written, value.replace(/url\(["']?[^#]*(#[^"')]*)["']?\).*/, "url($1)"));
  copy.setAttribute(written, colourOf(value).colour);
}

/**
 * A colour that every reader of SVG knows, and its opacity where it is not 1.
 * @param {string} computed as in a computed style
 * @returns {{colour: string, opacity: number | undefined}}
 */
export function colourOf(computed) {
  const numbers = (computed.match(/-?[\d.]+(?:e-?\d+)?%?/g) ?? []).map(parseFloat);
  const known = /^(rgba?|color)\(/.exec(computed);
  if (!known) return { colour: computed === "transparent" ? "none" : computed, opacity: undefined };
  const scale = computed.startsWith("color(srgb") ? 255 : 1;
  const [red, green, blue, alpha = 1] = numbers;
  if (alpha === 0) return { colour: "none", opacity: undefined };
  const hex = [red, green, blue].map((one) => Math.max(0, Math.min(255, Math.round(one * scale))).toString(16).padStart(2, "0"));
  return { colour: `#${hex.join("")}`, opacity: alpha === 1 ? undefined : round(alpha, 4) };
}

/**
 * @param {number} value
 * @param {number} [digits] after the point
 */
export function round(value, digits = 2) {
  return Number(value.toFixed(digits));
}

/**
 * A document without characters that XML refuses, as their pictures or the sign for what is unknown.
 * @param {string} document
 */
export function withoutControls(document) {
  return document
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, (one) => String.fromCharCode(0x2400 + one.charCodeAt(0)))
    .replace(/[\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}
