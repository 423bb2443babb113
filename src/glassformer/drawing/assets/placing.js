/**
 * Where the words of a picture of attention stand: two rows, or two columns where rows would be too
 * long. A sentence that is written from right to left runs so. All in pixels from the top left.
 */

/** @import { Link, View } from "./attention.js" */
import { printable } from "./texts.js";

/**
 * @typedef {object} Row one row or column of words
 * @property {Map<number, number>} centres the middle of each word along the row
 * @property {Map<number, number>} widths
 * @property {Map<number, string>} texts
 * @property {number} line the baseline of a row; the side of a column at which the lines begin or end
 * @property {"start" | "middle" | "end"} anchor
 *
 * @typedef {[number, number]} Point
 * @typedef {[number, number, number, number]} Box left, top, right, bottom
 */

const GAP = 16; // between words, at least …
const WIDE = 34; // … and at most, where there is room
const NARROWEST = 26;
const SHARE = 52; // beside or above a word, for what is hidden of it
const TOP = 24; // for the label of a row
const BEND = 0.45; // how far a line goes straight on before it turns
const FONT = 16;
const APART = 9; // between the lines of two heads that join the same words …
const SPREAD = 20; // … and at most between those of all
const LONGEST = 260;
const LABEL = 13 / FONT; // labels are set smaller than words

/** The words of a picture, placed. */
export class Plan {
  /**
   * @param {boolean} upright two columns rather than two rows
   * @param {Row} queries
   * @param {Row} keys
   * @param {number} width
   * @param {number} height
   */
  constructor(upright, queries, keys, width, height) {
    this.upright = upright;
    this.queries = queries;
    this.keys = keys;
    this.width = width;
    this.height = height;
  }

  /**
   * A line as the four points of a Bézier curve; lines of several heads lie beside each other.
   * @param {Link} link
   * @param {number} [slot] which of the heads it is of
   * @param {number} [slots] how many there are
   * @returns {[Point, Point, Point, Point]}
   */
  curve(link, slot = 0, slots = 1) {
    const aside = (slot - (slots - 1) / 2) * Math.min(APART, SPREAD / slots);
    const from = (this.queries.centres.get(link.from) ?? 0) + aside;
    const to = (this.keys.centres.get(link.to) ?? 0) + aside;
    if (this.upright) {
      const out = this.queries.anchor === "end" ? 7 : -7;
      const [x1, x2] = [this.queries.line + out, this.keys.line - out];
      const turn = BEND * (x2 - x1);
      return [[x1, from], [x1 + turn, from], [x2 - turn, to], [x2, to]];
    }
    const [y1, y2] = [this.queries.line + 9, this.keys.line - FONT - 4];
    const turn = BEND * (y2 - y1);
    return [[from, y1], [from, y1 + turn], [to, y2 - turn], [to, y2]];
  }

  /**
   * Where the text of a word is anchored, on its baseline.
   * @param {"query" | "key"} side
   * @param {number} index
   * @returns {Point}
   */
  wordAt(side, index) {
    const row = this.row(side);
    const along = row.centres.get(index) ?? 0;
    return this.upright ? [row.line, along + 5] : [along, row.line];
  }

  /**
   * Where the share that is hidden of a word stands: above it, or outside beside it.
   * @param {number} index
   * @returns {Point}
   */
  shareAt(index) {
    const [x, y] = this.wordAt("query", index);
    if (!this.upright) return [x, y - 20];
    const beside = (this.queries.widths.get(index) ?? 0) + 8;
    return [this.queries.anchor === "end" ? x - beside : x + beside, y];
  }

  /**
   * What can be clicked of a word.
   * @param {"query" | "key"} side
   * @param {number} index
   * @returns {Box}
   */
  box(side, index) {
    const row = this.row(side);
    const [x, y] = this.wordAt(side, index);
    const width = row.widths.get(index) ?? 0;
    const left = { start: x, middle: x - width / 2, end: x - width }[row.anchor];
    return [left - 4, y - 17, left + width + 4, y + 6];
  }

  /** What words and shares cover. @returns {Box[]} */
  boxes() {
    /** @type {Box[]} */
    const shares = [...this.queries.centres.keys()].map((index) => {
      const [x, y] = this.shareAt(index);
      if (!this.upright) return [x - 18, y - 11, x + 18, y + 4];
      return this.queries.anchor === "end" ? [x - 40, y - 12, x, y + 4] : [x, y - 12, x + 40, y + 4];
    });
    const words = /** @type {const} */ (["query", "key"]).flatMap((side) =>
      [...this.row(side).centres.keys()].map((index) => this.box(side, index)),
    );
    return [...shares, ...words];
  }

  /** @param {"query" | "key"} side */
  row(side) {
    return side === "query" ? this.queries : this.keys;
  }
}

/**
 * Place the words of a view in a room of this width.
 * @param {View} view
 * @param {{queries: number[], keys: number[]}} placed which words have a place
 * @param {[string, string]} labels what the rows are
 * @param {number} room pixels
 * @param {(text: string) => number} measure how wide a text is, in pixels
 */
export function planOf(view, placed, labels, room, measure) {
  const queries = rowOf(view.queries, placed.queries, measure);
  const keys = rowOf(view.keys, placed.keys, measure);
  const lengths = [lengthOf(queries), lengthOf(keys)];
  const most = Math.max(queries.widths.size, keys.widths.size);
  const wider = Math.max(0, Math.min(WIDE - GAP, (room - Math.max(...lengths)) / most));
  const longest = Math.max(lengths[0] + wider * queries.widths.size, lengths[1] + wider * keys.widths.size);
  if (longest > room + 1) return columns(view, queries, keys, labels.map((label) => measure(label) * LABEL), room);
  const first = TOP + 34;
  const second = first + Math.min(320, 170 + longest / 8);
  for (const [row, length, line] of /** @type {[Row, number, number][]} */ ([
    [queries, lengths[0], first],
    [keys, lengths[1], second],
  ])) {
    row.line = line;
    let x = (longest - length - wider * row.widths.size) / 2;
    const order = [...row.widths.keys()];
    for (const index of rightToLeft([...row.texts.values()]) ? order.reverse() : order) {
      const taken = roomOf(row.widths.get(index) ?? 0) + wider;
      row.centres.set(index, x + taken / 2);
      x += taken;
    }
  }
  return new Plan(false, queries, keys, longest, second + 34);
}

/**
 * @param {View} view
 * @param {Row} queries
 * @param {Row} keys
 * @param {number[]} labels how wide they are
 * @param {number} room
 */
function columns(view, queries, keys, labels, room) {
  const mirrored = rightToLeft(view.shownQueries.map((index) => view.queries[index]));
  const before = Math.max(labels[0], widestOf(queries) + SHARE);
  const after = Math.max(labels[1], widestOf(keys) + 8);
  const across = Math.max(90, Math.min(420, room - before - after));
  const width = before + across + after;
  const most = Math.max(queries.widths.size, keys.widths.size);
  const pitch = most > 40 ? 23 : 27;
  for (const row of [queries, keys]) {
    const from = TOP + 6 + (pitch * (most - row.widths.size)) / 2;
    [...row.widths.keys()].forEach((index, n) => row.centres.set(index, from + pitch * (n + 0.5)));
  }
  queries.line = mirrored ? width - before : before;
  keys.line = mirrored ? after : before + across;
  queries.anchor = mirrored ? "start" : "end";
  keys.anchor = mirrored ? "end" : "start";
  return new Plan(true, queries, keys, width, TOP + 14 + pitch * most);
}

/**
 * Whether most letters that have a direction are of a script written from right to left.
 * @param {string[]} words
 */
export function rightToLeft(words) {
  const letters = words.join("").match(/\p{L}/gu) ?? [];
  const right = letters.filter((letter) => /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(letter));
  return right.length > letters.length - right.length;
}

/**
 * @param {string[]} labels
 * @param {number[]} shown
 * @param {(text: string) => number} measure
 * @returns {Row}
 */
function rowOf(labels, shown, measure) {
  const texts = new Map(shown.map((index) => [index, shortened(printable(labels[index]), measure)]));
  const widths = new Map(shown.map((index) => [index, measure(texts.get(index) ?? "")]));
  return { centres: new Map(), widths, texts, line: 0, anchor: "middle" };
}

/**
 * @param {string} text
 * @param {(text: string) => number} measure
 */
function shortened(text, measure) {
  if (measure(text) <= LONGEST) return text;
  const kept = [...text];
  while (kept.length && measure(`${kept.join("")}…`) > LONGEST) kept.pop();
  return `${kept.join("")}…`;
}

/** @param {number} width */
function roomOf(width) {
  return Math.max(width, NARROWEST) + GAP;
}

/** @param {Row} row */
function lengthOf(row) {
  return [...row.widths.values()].reduce((sum, width) => sum + roomOf(width), 0);
}

/** @param {Row} row */
function widestOf(row) {
  return Math.max(0, ...row.widths.values());
}
