/** The entry of the page: from its data, in the file or from the server, to the stops. */

/** @import { Manifest, State } from "./types.js" */
import { readAddress, remember } from "./address.js";
import { PageData, blocksIn } from "./data.js";
import { h, replace } from "./dom.js";
import { EXAMPLES, askForm } from "./examples.js";
import { fitting, notHere } from "./fitting.js";
import { askFor, computed, ofThisVersion, servedModels } from "./server.js";
import { Shell } from "./shell.js";
import { COMPUTED, SETTINGS, Store, readState } from "./store.js";
import { phrase, speak, spoken } from "./texts.js";
import { PageError, problem, sentenceOf } from "./trouble.js";

/** One page in its document: its data, its state, and what is drawn of them. */
class Page {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.served = root.dataset.home === "serve";
    this.theme = document.documentElement.dataset.theme;
    /** @type {import("./types.js").Language} */
    this.language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
    /** @type {import("./server.js").Served[]} */
    this.models = [];
    /** @type {AbortController | null} */
    this.asking = null;
    /** @type {Shell | null} */
    this.shell = null;
    /** What the page says of its address, until another sentence is asked for. @type {string[]} */
    this.notices = [];
    /** While the state goes back to what is shown, after an error. */
    this.restoring = false;
    this.words = jsonIn("glassformer-words") ?? {};
  }

  async start() {
    const { state, unknown } = readState(readAddress().query);
    this.speak(state.language ?? this.language, this.words);
    if (state.theme) document.documentElement.dataset.theme = state.theme;
    if (unknown.length) {
      const names = unknown.join(", ");
      this.notices.push(phrase("These settings in the address are unknown and were left out: {names}", { names }));
    }
    window.addEventListener("popstate", () => this.comeBack());
    if (this.served) await this.startFromServer(state);
    else this.startFromFile(state);
  }

  /** @param {State} state */
  startFromFile(state) {
    const page = new PageData(manifestWithin(), blocksIn(document));
    this.speak(spoken(), page.manifest.texts);
    const other = notHere(state, page);
    if (other.length) {
      const names = other.join(", ");
      this.notices.push(
        phrase("This file holds one computation. The address asks for another ({names}), which takes a server: “glassformer serve” is one.", { names }),
      );
    }
    const asked = Object.fromEntries(Object.entries(state).filter(([key]) => !COMPUTED.includes(key)));
    this.draw(page, { ...requested(page.manifest), ...asked }, true);
  }

  /** @param {State} state */
  async startFromServer(state) {
    replace(this.root, h("p", { class: "waits", role: "status" }, phrase("Computing …")));
    try {
      this.models = await servedModels();
      const named = state.model ?? this.models[0].name;
      const targets = this.models.find((one) => one.name === named)?.targets ?? [];
      const to = state.to ?? (targets.includes(spoken()) ? spoken() : targets[0]);
      const first = { ...state, to, text: state.text || EXAMPLES[0] };
      const page = await askFor(first);
      this.draw(page, first, true);
      remember(this.state, this.shell?.fragment ?? "");
    } catch (error) {
      const asks = askForm({ state, models: this.models, submit: (asked) => this.startFromServer({ ...state, ...asked }) });
      replace(this.root, h("main", null, h("h1", null, "Glassformer"), problem(sentenceOf(error)), asks));
    }
  }

  /**
   * Draw everything anew, and stay where the reader is.
   * @param {PageData} page
   * @param {State} wanted
   * @param {boolean} [asked] whether an address asked for this state, and is told what does not fit
   */
  draw(page, wanted, asked = false) {
    const { state, left } = fitting(definite(wanted), page);
    if (asked && left.length) {
      const names = left.join(", ");
      this.notices.push(phrase("These settings do not fit this sentence and were left out: {names}", { names }));
    }
    const before = this.shell;
    before?.leave();
    const store = new Store(state);
    this.page = page;
    this.store = store;
    this.shell = new Shell(this.root, page, store, { notices: this.notices, models: this.models, stop: before?.fragment ?? readAddress().stop });
    store.on((changed) => this.changed(changed));
    this.shell.draw(before);
  }

  /** @returns {Readonly<State>} */
  get state() {
    return this.store?.state ?? {};
  }

  /** @param {ReadonlySet<string>} changed */
  changed(changed) {
    const { page, shell, state } = this;
    if (!page || !shell) return;
    if (changed.has("theme")) document.documentElement.dataset.theme = state.theme ?? this.theme;
    if (changed.has("language")) {
      this.speak(state.language ?? this.language, this.words, page.manifest.texts);
      this.notices = [];
      this.draw(page, state);
    } else if (this.served && !this.restoring && COMPUTED.some((key) => changed.has(key))) {
      this.ask(state, true);
      return;
    } else shell.update(changed);
    remember(this.state, this.shell?.fragment ?? "");
  }

  /**
   * Ask the server for what this state says; an older question is given up.
   * @param {State} state
   * @param {boolean} push
   */
  async ask(state, push) {
    const { page, shell, state: before } = this;
    if (!page || !shell) return;
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    shell.busy(true);
    try {
      const found = await askFor(state, asking.signal);
      if (asking.signal.aborted) return;
      this.notices = [];
      this.speak(spoken(), found.manifest.texts);
      this.draw(found, { ...state, ...shownSince(before, this.state) });
      remember(this.state, this.shell?.fragment ?? "", push);
      this.shell?.announce(phrase("Computed."));
    } catch (error) {
      if (asking.signal.aborted) return;
      // What is shown stays, and so does the request that it answers.
      this.restoring = true;
      this.store?.set(Object.fromEntries(COMPUTED.map((key) => [key, /** @type {any} */ (shell.computed)[key]])));
      this.restoring = false;
      this.shell?.refuse(sentenceOf(error));
    } finally {
      if (this.asking === asking) shell.busy(false);
    }
  }

  /** Back or forward: show what the address says. */
  comeBack() {
    const { shell, store } = this;
    if (!shell || !store) return;
    const { query, stop } = readAddress();
    const { state } = readState(query);
    const asked = JSON.stringify(computed(state)) !== JSON.stringify(computed(store.state));
    if (this.served && asked && state.text) this.ask(state, false).then(() => this.shell?.show(stop));
    else {
      const keys = Object.keys(SETTINGS).filter((key) => !COMPUTED.includes(key));
      const changes = Object.fromEntries(keys.map((key) => [key, /** @type {any} */ (state)[key]]));
      if (query) store.set(changes);
      this.shell?.show(stop);
    }
  }

  /**
   * @param {import("./types.js").Language} language
   * @param {...Record<string, Record<string, string>>} words
   */
  speak(language, ...words) {
    speak(language, ...words);
    document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  }
}

/**
 * What a reader changed of the view while an answer was waited for, which the answer must not undo.
 * @param {Readonly<State>} before
 * @param {Readonly<State>} now
 * @returns {State}
 */
function shownSince(before, now) {
  const [was, is] = /** @type {Record<string, any>[]} */ ([before, now]);
  const keys = Object.keys(SETTINGS).filter((key) => !COMPUTED.includes(key) && JSON.stringify(was[key]) !== JSON.stringify(is[key]));
  return Object.fromEntries(keys.map((key) => [key, is[key]]));
}

/** @param {string} id */
function jsonIn(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent ?? "null") : null;
}

/** @returns {Manifest} the one in this document */
function manifestWithin() {
  let manifest = null;
  try {
    manifest = jsonIn("glassformer-page");
  } catch {
    manifest = null;
  }
  if (!manifest) {
    throw new PageError(phrase("This file is damaged: the description of its numbers cannot be read. Make it again."));
  }
  return ofThisVersion(manifest);
}

/**
 * The settings of a manifest's request that are part of the view state.
 * @param {Manifest} manifest
 * @returns {State}
 */
function requested(manifest) {
  const given = { to: manifest.passes[0].to, ...manifest.request };
  return definite(Object.fromEntries(Object.entries(given).filter(([key]) => key in SETTINGS)));
}

/**
 * Without settings that are nothing.
 * @param {State} state
 * @returns {State}
 */
function definite(state) {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined && value !== null));
}

const ROOT = document.getElementById("glassformer");
if (ROOT) {
  new Page(ROOT).start().catch((error) => replace(ROOT, h("main", null, h("h1", null, "Glassformer"), problem(sentenceOf(error)))));
}
