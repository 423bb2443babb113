/** Which settings of an address this page can show: the others are named and left out. */

/** @import { Pass, PageData, State } from "./types.js" */
import { isCell } from "./explained.js";
import { COMPUTED } from "./store.js";
import { placesOf } from "./words.js";

/**
 * The part of a state that fits a page, and the names of the settings that were left out.
 * @param {State} state
 * @param {PageData} page
 * @returns {{state: State, left: string[]}}
 */
export function fitting(state, page) {
  const kept = Object.entries(state).filter(([key, value]) => fits(key, value, state, page));
  const names = new Set(kept.map(([key]) => key));
  if (names.has("explain") !== names.has("at")) {
    names.delete("explain");
    names.delete("at");
  }
  return {
    state: Object.fromEntries(kept.filter(([key]) => names.has(key))),
    left: Object.keys(state).filter((key) => !names.has(key)),
  };
}

/**
 * Settings of an address that ask for another computation than the one that a file has.
 * @param {State} state
 * @param {PageData} page
 */
export function notHere(state, page) {
  const { request, passes, model } = page.manifest;
  const here = /** @type {Record<string, any>} */ ({ model, to: passes[0].to, ...request });
  return Object.entries(state)
    .filter(([key, value]) => COMPUTED.includes(key) && JSON.stringify(here[key]) !== JSON.stringify(value))
    .map(([key]) => key);
}

/**
 * @param {string} key
 * @param {any} value
 * @param {State} state
 * @param {PageData} page
 */
function fits(key, value, state, page) {
  const pass = page.passes[0];
  const stacks = [pass.config.encoder, pass.config.decoder].flatMap((stack) => stack ?? []);
  const layers = Math.max(...stacks.map((stack) => stack.num_layers));
  const heads = Math.max(...stacks.map((stack) => stack.num_heads));
  if (key === "layer") return value >= 1 && value <= layers;
  if (key === "head") return value.every((/** @type {number} */ one) => one >= 1 && one <= heads);
  if (key === "part") return value.every((/** @type {any} */ one) => pass.parts.includes(one));
  if (key === "word") return value.every((/** @type {string} */ one) => hasWord(page.passes, one));
  if (key === "min_weight") return value >= 0 && value <= 1;
  if (key === "mass") return value > 0 && value <= 1;
  if (key === "explain") return isCell(page, value, state.at);
  if (key === "at_step") return value <= (page.manifest.watch?.updates.at(-1)?.update ?? -1);
  if (key === "position") return value >= 1 && value <= pass.manifest.predictions.length;
  if (key === "after_layer") return value <= pass.config.encoder.num_layers + (pass.has("encoder.norm") ? 1 : 0);
  return true;
}

/**
 * Whether a word is one of a sentence, and no more than one.
 * @param {Pass[]} passes
 * @param {string} word as `--word` takes it; "the:2" is the second "the"
 */
function hasWord(passes, word) {
  const sentences = passes.flatMap(({ manifest: { source, target } }) => (target ? [source, target] : [source]));
  return sentences.some((sentence) => sentence.tokens.includes(word) || placesOf(sentence.words, [word]).length > 0);
}
