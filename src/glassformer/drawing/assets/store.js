/**
 * The view state: the request of the library as a query string, and whoever wants to know of it.
 *
 * What is as it is by default is left out, so that an address says what was chosen and no more.
 */

/** @import { State } from "./types.js" */

/** How each setting is read: as text, whole number, number, switch, or several of them. */
export const SETTINGS = Object.freeze({
  text: "text",
  model: "text",
  to: "text",
  target: "text",
  pair: "text",
  compare: "text",
  difference: "switch",
  beam_size: "whole",
  special_tokens: "text",
  truncate: "switch",
  part: "texts",
  layer: "whole",
  head: "wholes",
  heads: "text",
  word: "texts",
  unit: "text",
  special: "switch",
  min_weight: "number",
  align: "text",
  mass: "number",
  explain: "text",
  at: "wholes",
  at_step: "whole",
  position: "whole",
  after_layer: "whole",
  language: "text",
  theme: "text",
});

/** What a setting can be, where it is one of a few. */
const CHOICES = /** @type {Record<string, string[]>} */ ({
  special_tokens: ["text", "parse"],
  part: ["encoder", "decoder", "cross"],
  heads: ["card", "mean", "largest", "all"],
  unit: ["words", "tokens"],
  align: ["input", "output"],
  language: ["en", "zh"],
  theme: ["auto", "light", "dark"],
});

/** Settings that say what is computed; the others say what is shown of it. */
export const COMPUTED = Object.freeze([
  "text", "model", "to", "target", "pair", "compare", "beam_size", "special_tokens", "truncate",
]);

/**
 * The state that a query string says; `unknown` are keys and values that are none of ours.
 * @param {string} query
 * @returns {{state: State, unknown: string[]}}
 */
export function readState(query) {
  /** @type {Record<string, any>} */
  const state = {};
  const unknown = [];
  const given = new URLSearchParams(query);
  for (const key of new Set(given.keys())) {
    const kind = Object.hasOwn(SETTINGS, key) && /** @type {Record<string, string>} */ (SETTINGS)[key];
    const values = given.getAll(key);
    const choices = Object.hasOwn(CHOICES, key) ? CHOICES[key] : values;
    const value = kind && values.every((one) => choices.includes(one)) ? readSetting(kind, values) : undefined;
    if (value === undefined) unknown.push(key);
    else if (value !== false) state[key] = value; // off is as it is by default
  }
  return { state, unknown };
}

/**
 * The query string of a state.
 * @param {State} state
 */
export function writeState(state) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(state)) {
    if (value === undefined || value === false || value === null) continue;
    if (key === "at") query.set(key, String(value));
    else if (Array.isArray(value)) for (const one of value) query.append(key, String(one));
    else query.set(key, String(value));
  }
  return query.toString();
}

/** The state of one page, which it tells of when it changes. */
export class Store {
  /** @param {State} state */
  constructor(state) {
    /** @type {Readonly<State>} */
    this.state = Object.freeze({ ...state });
    /** @type {Set<(changed: ReadonlySet<string>) => void>} */
    this.listeners = new Set();
  }

  /**
   * Change some settings; undefined takes one back to its default.
   * @param {Partial<State>} changes
   */
  set(changes) {
    const before = /** @type {Record<string, any>} */ (this.state);
    const changed = new Set(
      Object.entries(changes)
        .filter(([key, value]) => JSON.stringify(before[key]) !== JSON.stringify(value))
        .map(([key]) => key),
    );
    if (!changed.size) return;
    const after = Object.entries({ ...before, ...changes });
    this.state = Object.freeze(Object.fromEntries(after.filter(([, value]) => value !== undefined)));
    for (const listener of [...this.listeners]) listener(changed);
  }

  /** @param {(changed: ReadonlySet<string>) => void} listener */
  on(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The state as a query string. */
  query() {
    return writeState(this.state);
  }
}

/**
 * @param {string} kind
 * @param {string[]} values
 */
function readSetting(kind, values) {
  const [first] = values;
  if (kind === "texts") return values;
  if (kind === "wholes") {
    const found = values.flatMap((value) => value.split(",")).map((one) => (one.trim() === "" ? NaN : Number(one)));
    return found.every((one) => Number.isInteger(one) && one >= 0) ? found : undefined;
  }
  if (values.length > 1) return undefined;
  if (kind === "text") return first;
  if (kind === "switch") {
    if (["false", "0", "no", "off"].includes(first.toLowerCase())) return false;
    return ["true", "1", "yes", "on"].includes(first.toLowerCase()) ? true : undefined;
  }
  const found = first.trim() === "" ? NaN : Number(first);
  if (kind === "whole") return Number.isInteger(found) && found >= 0 ? found : undefined;
  return Number.isFinite(found) ? found : undefined;
}
