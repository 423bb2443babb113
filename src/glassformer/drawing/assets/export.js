/** Files of what is shown: SVG, PNG, JSON; and what to copy: the address, and the lines to type. */

/** @import { Context } from "./types.js" */
/** @import { Found } from "./figures.js" */
import { toClipboard } from "./clipboard.js";
import { h, replace, uid } from "./dom.js";
import { figuresIn, nameOf } from "./figures.js";
import { figure, nested, numbersOf } from "./numbers.js";
import { commandLine, pythonLine } from "./reproduce.js";
import { sizeOf, standalone } from "./standalone.js";
import { phrase } from "./texts.js";

const SCALE = 2;
const LARGEST = 16000; // pixels of a side that browsers draw
const LONGEST_NAME = 60; // characters of a sentence in the name of a file

const PAUSE = 40; // milliseconds
const LONGEST_WAIT = 3000;

/** Stops of which all was drawn already. @type {WeakSet<Element>} */
const WALKED = new WeakSet();

/**
 * A button with all that can be saved or copied.
 * @param {Context} context
 * @returns {HTMLElement}
 */
export function exportMenu(context) {
  const chosen = /** @type {HTMLSelectElement} */ (h("select", { id: uid("figure") }));
  const said = h("p", { class: "export-said", role: "status" });
  const typed = /** @type {HTMLTextAreaElement} */ (h("textarea", { class: "export-typed", readonly: true, hidden: true, rows: 4, "aria-label": phrase("What to copy") }));
  /** @type {Found[]} */
  let figures = [];
  const picked = () => figures[chosen.selectedIndex];
  const stop = () => picked()?.stop?.id ?? "";
  const say = (/** @type {string} */ text) => { typed.hidden = true; replace(said, text); };
  const copy = async (/** @type {string} */ text) => {
    if (await copied(text)) return say(phrase("Copied: {text}", { text: text.length > 300 ? `${text.slice(0, 300)} …` : text }));
    say(phrase("This browser does not let the page copy; here it is, selected:"));
    typed.value = text;
    typed.hidden = false;
    typed.select();
  };
  const save = async (/** @type {"svg" | "png" | "json"} */ kind) => {
    const one = picked();
    if (!one) return;
    const name = fileName(context, one, kind);
    try {
      offered(await contentOf(context, one, kind), name);
      say(`${phrase("Saved: {name}", { name })}${framed() ? ` ${whyNot()}` : ""}`);
    } catch (error) {
      say(phrase("This could not be saved: {reason}", { reason: error instanceof Error ? error.message : String(error) }));
    }
  };
  const button = h("button", { type: "button", "aria-expanded": "false", "data-keep": "export", onclick: () => toggle() }, phrase("Save"));
  const item = (/** @type {string} */ text, /** @type {() => void} */ action) =>
    h("button", { type: "button", onclick: action }, text);
  const panel = h(
    "div",
    { class: "export-panel", id: uid("export"), hidden: true, role: "group", "aria-label": phrase("Save & copy") },
    h("label", { for: chosen.id }, phrase("What to save")),
    chosen,
    h("div", { class: "export-row" },
      item("SVG", () => save("svg")), item("PNG", () => save("png")), item("JSON", () => save("json"))),
    h("p", { class: "export-title" }, phrase("Copy")),
    h("div", { class: "export-row" },
      address(context) !== null && item(phrase("Address"), () => copy(address(context) ?? "")),
      item(phrase("Python line"), () => copy(pythonLine(context, stop()))),
      item(phrase("Command"), () => copy(commandLine(context, stop())))),
    typed,
    said,
  );
  button.setAttribute("aria-controls", panel.id);
  const toggle = (open = panel.hidden === true) => {
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    say("");
    const groups = stopsIn(context.root).map(figuresOf);
    figures = groups.flat();
    replace(chosen, groups.map(([all, ...parts]) => h(
      "optgroup", { label: nameOf(all) },
      h("option", null, phrase("{stop}: all of it", { stop: nameOf(all) })),
      parts.map((one) => h("option", null, nameOf(one))),
    )));
    const seen = stopInSight(context.root);
    chosen.selectedIndex = Math.max(0, figures.findIndex((one) => one.stop === seen));
    chosen.focus();
  };
  const menu = h("div", { class: "export", "data-unsaved": true }, button, panel);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    event.stopPropagation();
    toggle(false);
    button.focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)) toggle(false);
  });
  const outside = (/** @type {Event} */ event) => {
    // The root outlives a page: what listens to it would keep all numbers of one that is gone.
    if (!menu.isConnected) context.root.removeEventListener("pointerdown", outside);
    else if (!panel.hidden && !menu.contains(/** @type {Node} */ (event.target))) toggle(false);
  };
  context.root.addEventListener("pointerdown", outside);
  return menu;
}

/**
 * What a figure is as a file.
 * @param {Context} context
 * @param {Found} one
 * @param {"svg" | "png" | "json"} kind
 * @returns {Promise<Blob>}
 */
async function contentOf(context, one, kind) {
  if (kind === "json") {
    return new Blob([`${JSON.stringify(await jsonOf(context, one))}\n`], { type: "application/json" });
  }
  if (one.stop && one.element === one.stop) await walkedThrough(one.stop);
  const title = `${context.pass.manifest.source.text} · ${nameOf(one)}`;
  const document = one.svg?.() ?? standalone(one.element, title);
  return kind === "svg" ? new Blob([document], { type: "image/svg+xml" }) : drawn(document);
}

/**
 * Let a stop draw what it draws only when it is seen.
 * @param {Element} stop
 */
async function walkedThrough(stop) {
  if (WALKED.has(stop) && !stop.querySelector(".undrawn")) return;
  WALKED.add(stop);
  const before = scrollY;
  const pause = () => new Promise((done) => setTimeout(done, PAUSE));
  const top = before + stop.getBoundingClientRect().top;
  for (let y = 0; y < stop.getBoundingClientRect().height; y += innerHeight) {
    scrollTo({ top: top + y, behavior: "instant" });
    await pause();
  }
  for (let waited = 0; stop.querySelector(".undrawn") && waited < LONGEST_WAIT; waited += PAUSE) await pause();
  scrollTo({ top: before, behavior: "instant" });
}

/**
 * The numbers of a figure: its own, those of its cells, or all of the stop that it stands in.
 * @param {Context} context
 * @param {Found} one
 */
async function jsonOf(context, one) {
  if (one.json) return one.json();
  if (one.cells) {
    const { values, rows, columns } = one.cells;
    return figure(context, nameOf(one), { values: nested(values, [rows, columns]) });
  }
  return numbersOf(context, one.stop?.id ?? "");
}

/**
 * A stop as a whole, and each figure in it.
 * @param {HTMLElement} stop
 * @returns {Found[]}
 */
function figuresOf(stop) {
  const title = stop.querySelector("h2")?.textContent?.trim() || stop.id;
  return [{ name: title, element: stop, stop }, ...figuresIn(stop)];
}

/**
 * The stop that a reader looks at, as the shell has it: the last that begins in the upper part.
 * @param {HTMLElement} root
 * @returns {HTMLElement}
 */
function stopInSight(root) {
  const stops = stopsIn(root);
  return stops.filter((one) => one.getBoundingClientRect().top < innerHeight * 0.4).at(-1) ?? stops[0];
}

/** The stops that can be seen. @param {HTMLElement} root */
function stopsIn(root) {
  const all = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("main > section[aria-labelledby]")]);
  return all.filter((one) => one.getBoundingClientRect().height > 0);
}

/**
 * The name of a file: the sentence and the figure, with characters that every system takes.
 * @param {Context} context
 * @param {Found} one
 * @param {string} ending
 */
function fileName(context, one, ending) {
  const stop = one.stop?.id ?? "";
  const own = nameOf(one);
  const parts = [context.pass.manifest.source.text, stop, one.element === one.stop ? "" : own];
  return `${parts.map(safe).filter(Boolean).join("-")}.${ending}`;
}

/** @param {string} text */
function safe(text) {
  const plain = text.normalize("NFC").replace(/[^\p{L}\p{N}\p{M}]+/gu, "-");
  return [...plain].slice(0, LONGEST_NAME).join("").replace(/^-+|-+$/g, "");
}

/**
 * A drawing as a PNG, two pixels for one; of a very large one fewer.
 * @param {string} document
 * @returns {Promise<Blob>}
 */
async function drawn(document) {
  const { width, height } = sizeOf(document);
  const scale = Math.min(SCALE, LARGEST / Math.max(width, height));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(document)}`;
  await image.decode();
  const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { width: Math.round(width * scale), height: Math.round(height * scale) }));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) => {
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error(phrase("the picture is too large for this browser")))), "image/png");
  });
}

/**
 * @param {Blob} content
 * @param {string} name
 */
function offered(content, name) {
  const address = URL.createObjectURL(content);
  const link = h("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Whether the page stands in a frame, as in a notebook. */
function framed() {
  return window.parent !== window;
}

function whyNot() {
  return phrase("If there is no file: this frame does not allow downloads. Save the page with trace.html().save(\"page.html\") and open it in a browser.");
}

/** The address that shows the same, if this page has one. @param {Context} context */
function address(context) {
  if (!/^(https?|file):$/.test(location.protocol)) return null;
  const query = context.store.query();
  return `${location.href.split(/[?#]/)[0]}${query && `?${query}`}${location.hash}`;
}

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether it was copied
 */
async function copied(text) {
  if (framed()) return copiedBySelection(text); // where the clipboard is closed, browsers complain
  return (await toClipboard(text)) || copiedBySelection(text);
}

/** @param {string} text */
function copiedBySelection(text) {
  const hidden = /** @type {HTMLTextAreaElement} */ (h("textarea", { class: "only-heard", "aria-hidden": "true" }));
  hidden.value = text;
  document.body.append(hidden);
  hidden.select();
  const done = document.execCommand("copy");
  hidden.remove();
  return done;
}
