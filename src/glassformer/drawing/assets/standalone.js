/**
 * A part of the page as an SVG document of its own: every style within it, nothing asked for.
 *
 * Drawings stay as they are, with their classes and data; what is written around them in HTML is
 * drawn at its place: text, backgrounds, borders, and canvases cell by cell.
 */

import { figureOf } from "./figures.js";
import { svg, uid } from "./dom.js";
import { colourOf, round, styled, withoutControls } from "./standalone_style.js";

const MOST_CELLS = 1600;
const MARGIN = 12;

/**
 * @param {Element} element of the page, laid out
 * @param {string} title
 * @returns {string} an SVG document
 */
export function standalone(element, title) {
  const box = element.getBoundingClientRect();
  const drawn = { right: box.right, bottom: box.bottom };
  const body = svg("g", null);
  const from = { x: box.left - MARGIN, y: box.top - MARGIN };
  draw(element, body, from, drawn);
  const width = Math.ceil(drawn.right - from.x + MARGIN);
  const height = Math.ceil(drawn.bottom - from.y + MARGIN);
  const paper = colourOf(getComputedStyle(element.ownerDocument.body).backgroundColor);
  const root = svg(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, role: "img" },
    svg("title", null, title),
    svg("rect", { class: "paper", width, height, fill: paper.colour === "none" ? "#ffffff" : paper.colour }),
    ...body.childNodes,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${withoutControls(new XMLSerializer().serializeToString(root))}\n`;
}

/** How large a document is, in pixels. @param {string} document */
export function sizeOf(document) {
  const found = /<svg [^>]*?width="([\d.]+)" height="([\d.]+)"/.exec(document);
  if (!found) throw new Error("a picture without a size");
  return { width: Number(found[1]), height: Number(found[2]) };
}

/**
 * @typedef {{x: number, y: number}} Origin
 * @typedef {{right: number, bottom: number}} Extent
 */

/**
 * @param {Node} node
 * @param {SVGElement} onto
 * @param {Origin} from
 * @param {Extent} drawn
 */
function draw(node, onto, from, drawn) {
  if (node.nodeType === Node.TEXT_NODE) return write(/** @type {Text} */ (node), onto, from, drawn);
  if (!(node instanceof Element)) return;
  const style = getComputedStyle(node);
  const box = node.getBoundingClientRect();
  if (style.display === "none" || style.visibility === "hidden" || Number(style.opacity) === 0) return;
  if (node.classList.contains("only-heard") || node.hasAttribute("data-unsaved")) return;
  if (style.display !== "contents" && box.width && box.height) {
    drawn.right = Math.max(drawn.right, box.right);
    drawn.bottom = Math.max(drawn.bottom, box.bottom);
  }
  if (node instanceof SVGSVGElement) return void onto.append(copied(node, box, from));
  if (node instanceof HTMLInputElement && ["checkbox", "radio", "range"].includes(node.type)) return void onto.append(control(node, style, box, from));
  frame(style, box, onto, from);
  ramp(style, box, onto, from);
  if (node instanceof HTMLCanvasElement) return void onto.append(cells(node, box, from));
  if (node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement) {
    return word(node.value, style, box, onto, from);
  }
  if (node instanceof HTMLSelectElement) {
    return word(node.selectedOptions[0]?.textContent ?? "", style, box, onto, from);
  }
  for (const child of node.childNodes) draw(child, onto, from, drawn);
}

/**
 * A drawing with all that the page's style gives it written into it.
 * @param {SVGSVGElement} drawing
 * @param {DOMRect} box
 * @param {Origin} from
 */
function copied(drawing, box, from) {
  const copy = styled(drawing);
  if (!copy.getAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${round(box.width)} ${round(box.height)}`);
  const place = { x: box.left - from.x, y: box.top - from.y, width: box.width, height: box.height };
  for (const [name, value] of Object.entries(place)) copy.setAttribute(name, String(round(value)));
  return copy;
}

/**
 * Background and borders.
 * @param {CSSStyleDeclaration} style
 * @param {DOMRect} box
 * @param {SVGElement} onto
 * @param {Origin} from
 */
function frame(style, box, onto, from) {
  const paper = colourOf(style.backgroundColor);
  const at = { x: round(box.left - from.x), y: round(box.top - from.y), width: round(box.width), height: round(box.height) };
  const sides = ["Top", "Right", "Bottom", "Left"].map((side) => {
    const read = /** @type {any} */ (style);
    const shown = read[`border${side}Style`] !== "none";
    return { width: shown ? parseFloat(read[`border${side}Width`]) : 0, ...colourOf(read[`border${side}Color`]) };
  });
  const [top] = sides;
  const alike = top.width && sides.every((one) => one.width === top.width && one.colour === top.colour);
  if (paper.colour !== "none" || alike) {
    onto.append(svg("rect", {
      ...at, rx: parseFloat(style.borderTopLeftRadius) || undefined,
      fill: paper.colour, "fill-opacity": paper.opacity, stroke: alike ? top.colour : undefined,
      "stroke-width": alike ? top.width : undefined, "stroke-opacity": alike ? top.opacity : undefined,
    }));
  }
  if (alike) return;
  const ends = [[0, 0, 1, 0], [1, 0, 1, 1], [0, 1, 1, 1], [0, 0, 0, 1]];
  sides.forEach((side, n) => {
    if (!side.width || side.colour === "none") return;
    const [x1, y1, x2, y2] = ends[n].map((one, axis) => round(axis % 2 ? at.y + one * at.height : at.x + one * at.width));
    onto.append(svg("line", { x1, y1, x2, y2, stroke: side.colour, "stroke-opacity": side.opacity, "stroke-width": side.width }));
  });
}

/**
 * A background that goes from one colour to another, as in the legend of a heat map.
 * @param {CSSStyleDeclaration} style
 * @param {DOMRect} box
 * @param {SVGElement} onto
 * @param {Origin} from
 */
function ramp(style, box, onto, from) {
  const found = /^linear-gradient\(to (right|left), (\S+\(.*?\)), (\S+\(.*?\))\)$/.exec(style.backgroundImage);
  if (!found) return;
  const id = uid("ramp");
  const ends = [found[2], found[3]].map(colourOf);
  const shown = ends.map((one, n) => (one.colour === "none" ? { colour: ends[1 - n].colour, opacity: 0 } : one));
  if (found[1] === "left") shown.reverse();
  const stops = shown.map((one, n) => svg("stop", { offset: n, "stop-color": one.colour, "stop-opacity": one.opacity }));
  const at = { x: round(box.left - from.x), y: round(box.top - from.y), width: round(box.width), height: round(box.height) };
  onto.append(svg("linearGradient", { id }, stops), svg("rect", { ...at, fill: `url(#${id})` }));
}

/**
 * A box to tick, or a slider, as it is set.
 * @param {HTMLInputElement} input
 * @param {CSSStyleDeclaration} style
 * @param {DOMRect} box
 * @param {Origin} from
 */
function control(input, style, box, from) {
  const [x, y, middle] = [round(box.left - from.x), round(box.top - from.y), round(box.top - from.y + box.height / 2)];
  const ink = colourOf(style.color).colour;
  if (input.type !== "range") {
    const mark = input.checked && svg("path", { d: `M${x + 3},${middle} l3,4 l5,-8`, fill: "none", stroke: ink, "stroke-width": 2 });
    return svg("g", null, svg("rect", { x, y, width: round(box.width), height: round(box.height), rx: 2, fill: "none", stroke: ink }), mark);
  }
  const [least, most] = [Number(input.min || 0), Number(input.max || 100)];
  const at = x + ((Number(input.value) - least) / (most - least || 1)) * box.width;
  const line = svg("line", { x1: x, x2: round(x + box.width), y1: middle, y2: middle, stroke: ink, "stroke-opacity": 0.3, "stroke-width": 3 });
  return svg("g", null, line, svg("circle", { cx: round(at), cy: middle, r: 7, fill: ink }));
}

/**
 * The text of a node, a line at a time, each where the browser put it.
 * @param {Text} node
 * @param {SVGElement} onto
 * @param {Origin} from
 * @param {Extent} drawn
 */
function write(node, onto, from, drawn) {
  const parent = node.parentElement;
  if (!parent || !node.data.trim()) return;
  const style = getComputedStyle(parent);
  const range = node.ownerDocument.createRange();
  if (style.writingMode.startsWith("vertical")) return upright(node.data.trim(), style, parent.getBoundingClientRect(), onto, from);
  /** @type {{text: string, left: number, right: number, top: number, height: number}[]} */
  const lines = [];
  const add = (/** @type {number} */ start, /** @type {string} */ text) => {
    range.setStart(node, start);
    range.setEnd(node, start + text.trimEnd().length);
    const boxes = range.getClientRects();
    if (boxes.length > 1 && [...text].length > 1) return false; // it goes on in the next line
    const [box] = boxes;
    const line = lines.at(-1);
    const plain = text.replace(/\s+/gu, " ");
    if (!box) return true;
    if (line && Math.abs(line.top - box.top) < 2) {
      line.text += plain;
      line.left = Math.min(line.left, box.left);
      line.right = Math.max(line.right, box.right);
    } else lines.push({ text: plain, left: box.left, right: box.right, top: box.top, height: box.height });
    return true;
  };
  for (const { 0: text, index } of node.data.matchAll(/\S+\s*/gu)) {
    if (add(index, text)) continue;
    for (const piece of text.matchAll(/\P{M}\p{M}*/gu)) add(index + piece.index, piece[0]);
  }
  for (const line of lines) {
    drawn.right = Math.max(drawn.right, line.right);
    word(line.text.trimEnd(), style, line, onto, from);
  }
}

/**
 * @param {string} text
 * @param {CSSStyleDeclaration} style
 * @param {{left: number, right: number, top: number, height: number}} box
 * @param {SVGElement} onto
 * @param {Origin} from
 */
function word(text, style, box, onto, from) {
  const ink = colourOf(style.color);
  const backwards = style.direction === "rtl";
  const size = parseFloat(style.fontSize);
  const padding = box instanceof DOMRect ? parseFloat(style.paddingLeft) + parseFloat(style.borderLeftWidth) : 0;
  onto.append(svg("text", {
    x: round((backwards ? box.right - padding : box.left + padding) - from.x),
    y: round(box.top - from.y + box.height / 2 + size * 0.35),
    fill: ink.colour,
    "fill-opacity": ink.opacity,
    "font-family": style.fontFamily,
    "font-size": style.fontSize,
    "font-weight": style.fontWeight === "400" ? undefined : style.fontWeight,
    "font-style": style.fontStyle === "normal" ? undefined : style.fontStyle,
    "text-decoration": style.textDecorationLine === "none" ? undefined : style.textDecorationLine,
    direction: backwards ? "rtl" : undefined,
    "xml:space": "preserve",
  }, text));
}

/**
 * A label that reads from bottom to top.
 * @param {string} text
 * @param {CSSStyleDeclaration} style
 * @param {DOMRect} box
 * @param {SVGElement} onto
 * @param {Origin} from
 */
function upright(text, style, box, onto, from) {
  const [x, y] = [round(box.left - from.x + box.width / 2 + parseFloat(style.fontSize) * 0.35), round(box.bottom - from.y)];
  onto.append(svg("text", {
    transform: `translate(${x} ${y}) rotate(-90)`, fill: colourOf(style.color).colour,
    "font-family": style.fontFamily, "font-size": style.fontSize,
  }, text));
}

/**
 * A canvas: the cells of a heat map one by one while they are few, otherwise an image of it.
 * @param {HTMLCanvasElement} canvas
 * @param {DOMRect} box
 * @param {Origin} from
 */
function cells(canvas, box, from) {
  const map = figureOf(canvas)?.cells;
  const x = box.left - from.x;
  const y = box.top - from.y;
  if (!map || map.rows * map.columns > MOST_CELLS) {
    return svg("image", {
      x: round(x), y: round(y), width: round(box.width), height: round(box.height),
      href: canvas.toDataURL("image/png"), preserveAspectRatio: "none", style: { "image-rendering": "pixelated" },
    });
  }
  const width = box.width / map.columns;
  const height = box.height / map.rows;
  const rects = Array.from({ length: map.rows * map.columns }, (_, i) => {
    const row = Math.floor(i / map.columns);
    const column = i % map.columns;
    const share = map.scale ? Math.min(1, Math.abs(map.values[i]) / map.scale) : 0;
    return svg("rect", {
      class: "cell", x: round(x + column * width), y: round(y + row * height), width: round(width), height: round(height),
      fill: map.values[i] < 0 ? "#c2410c" : "#2474c8", "fill-opacity": round(share, 4),
      "data-row": row, "data-column": column, "data-value": map.values[i],
    });
  });
  return svg("g", { class: "matrix" }, rects);
}
