/** The entry of the page: from its data to the stops that a reader walks through. */

/** @import { Context, Manifest, State, Stop, Update } from "./types.js" */
import { attentionStop } from "./attention_lines.js";
import { compareStop } from "./compare.js";
import { PageData, blocksIn } from "./data.js";
import { decoderStop } from "./decoder.js";
import { h, replace } from "./dom.js";
import { exportMenu } from "./export.js";
import { inputStop } from "./input.js";
import { layerStop } from "./layer.js";
import { learningStop } from "./learning.js";
import { representationStop } from "./representation.js";
import { sentenceStop } from "./sentence.js";
import { Store, readState, writeState } from "./store.js";
import { phrase, speak } from "./texts.js";
import { SCHEMA } from "./types.js";
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

/** @param {string} id */
function jsonIn(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent ?? "null") : null;
}

/** @param {HTMLElement} root */
async function start(root) {
  const words = jsonIn("glassformer-words") ?? {};
  const { state, unknown } = readState(location.search);
  const chinese = (document.documentElement.lang || "en").startsWith("zh");
  const language = state.language === "zh" || state.language === "en" ? state.language : undefined;
  speak(language ?? (chinese ? "zh" : "en"), words);
  /** @type {Manifest | null} */
  const within = jsonIn("glassformer-page");
  if (!within) return; // a server's page asks for its data; see sentence.js
  if (within.schema !== SCHEMA) {
    replace(root, h("p", { class: "problem" }, phrase("This page is of another version.")));
    return;
  }
  speak(language ?? (chinese ? "zh" : "en"), within.texts);
  const page = new PageData(within, blocksIn(document));
  draw(root, page, new Store({ ...within.request, ...state, text: within.request.text }), unknown);
}

/**
 * @param {HTMLElement} root
 * @param {PageData} page
 * @param {Store} store
 * @param {string[]} unknown settings in the address that are none
 */
function draw(root, page, store, unknown) {
  const live = h("p", { class: "only-heard", "aria-live": "polite" });
  /** @type {Context} */
  const context = {
    page,
    pass: page.passes[0],
    right: page.passes[1] ?? null,
    store,
    root,
    openCell: (name, at) => store.set({ explain: name, at }),
    announce: (text) => replace(live, text),
  };
  /** @type {Update[]} */
  const updates = [];
  const main = h("main", null);
  for (const stop of STOPS) {
    const host = h("section", { id: stop.id, "aria-labelledby": `${stop.id}-title` });
    main.append(host);
    updates.push(stop.draw(host, context));
  }
  if (unknown.length) {
    const names = unknown.join(", ");
    const note = phrase("These settings in the address are unknown and were left out: {names}", { names });
    main.prepend(h("p", { class: "problem" }, note));
  }
  replace(root, exportMenu(context), main, live);
  const all = new Set(Object.keys(store.state));
  for (const update of updates) update(all);
  store.on((changed) => {
    for (const update of updates) update(changed);
    remember(store.state);
  });
}

/**
 * Keep the address in step with what is shown, where there is an address to keep.
 * @param {Readonly<State>} state
 */
function remember(state) {
  try {
    history.replaceState(null, "", `?${writeState(state)}${location.hash}`);
  } catch {
    // A frame without an address of its own has none to keep.
  }
}

const ROOT = document.getElementById("glassformer");
if (ROOT) start(ROOT);
