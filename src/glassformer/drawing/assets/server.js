/** The server's answers: a manifest for a request, and its blocks when they are looked at. */

/** @import { Manifest, State } from "./types.js" */
import { PageData } from "./data.js";
import { COMPUTED, writeState } from "./store.js";
import { phrase, spoken } from "./texts.js";
import { PageError } from "./trouble.js";
import { SCHEMA } from "./types.js";

/**
 * @typedef {object} Served a model that can be asked for
 * @property {string} name
 * @property {string[]} targets
 */

/**
 * The models that this server has, the one first that is meant where none is named.
 * @returns {Promise<Served[]>}
 */
export async function servedModels() {
  const { models } = await (await answer("api/models", "")).json();
  return models.map((/** @type {any} */ one) => ({ name: one.name, targets: one.targets ?? [] }));
}

/**
 * The page's data for a request. Errors of the server are told in its words.
 * @param {State} state
 * @param {AbortSignal} [signal]
 */
export async function askFor(state, signal) {
  const request = writeState(computed(state));
  const manifest = ofThisVersion(await (await answer("api/page", request, signal)).json());
  return new PageData(manifest, async (name) => {
    const block = await answer("api/page/block", `${request}&name=${encodeURIComponent(name)}`);
    return new Uint8Array(await block.arrayBuffer());
  });
}

/**
 * The manifest, if this page can read it.
 * @param {Manifest} manifest
 */
export function ofThisVersion(manifest) {
  if (manifest.schema === SCHEMA) return manifest;
  throw new PageError(
    phrase("The data of this page is of version {given}, but the page reads {expected}: make the file again.", { given: String(manifest.schema), expected: SCHEMA }),
  );
}

/**
 * The part of a state that says what is computed.
 * @param {State} state
 * @returns {State}
 */
export function computed(state) {
  return Object.fromEntries(Object.entries(state).filter(([key]) => COMPUTED.includes(key)));
}

/**
 * The answer of a place of the server to a query; errors are told in its words.
 * @param {string} place
 * @param {string} query
 * @param {AbortSignal} [signal]
 */
export async function answer(place, query, signal) {
  let response;
  try {
    response = await fetch(`${place}?${query}&language=${spoken()}`, { signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new PageError(phrase("The server does not answer: is “glassformer serve” still running?"));
  }
  if (response.ok) return response;
  const said = await response.json().catch(() => null);
  const status = response.status;
  throw new PageError(said?.error?.message ?? phrase("The server answered with status {status}, without a reason.", { status }));
}
