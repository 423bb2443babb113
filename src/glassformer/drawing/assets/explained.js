/** One cell recomputed: what its rule needs is loaded, from the page or, on a server, asked for. */

/** @import { Arithmetic } from "./arithmetic.js" */
/** @import { Numbers, PageData, Pass } from "./data.js" */
/** @import { Step } from "./types.js" */
import { arithmetic } from "./arithmetic.js";
import { Recorded, needs, rowOfTable } from "./recorded.js";
import { phrase } from "./texts.js";
import { PageError } from "./trouble.js";

/**
 * @typedef {object} Explained
 * @property {Step} step
 * @property {number[]} at
 * @property {Arithmetic} found
 * @property {number | null} traced the number in the trace; null where it is not in the page
 * @property {boolean} asked whether a server was asked for operands
 *
 * @typedef {{operands: Record<string, any>, value: number}} Answer of a server: Explanation.to_json
 * @typedef {(name: string, at: number[]) => Promise<Answer>} Ask
 */

/** Before the name of a step or weight of the second sentence. */
export const RIGHT = "right/";

/**
 * The pass and the name that `explain` means.
 * @param {PageData} page
 * @param {string} explain
 * @returns {{pass: Pass, name: string}}
 */
export function meant(page, explain) {
  const [left, right] = page.passes;
  if (right && explain.startsWith(RIGHT)) return { pass: right, name: explain.slice(RIGHT.length) };
  return { pass: left, name: explain };
}

/**
 * Whether a page has this cell, of a step or of a weight.
 * @param {PageData} page
 * @param {string} explain
 * @param {number[] | undefined} at
 */
export function isCell(page, explain, at) {
  const { pass, name } = meant(page, explain);
  const shape = pass.steps.get(name)?.shape ?? pass.manifest.parameters[name]?.shape;
  return shape !== undefined && shape !== null && at !== undefined && isWithin(shape, at);
}

/**
 * @param {Pass} pass
 * @param {string} name
 * @param {number[]} at
 * @param {Ask | null} [ask] where there is a server
 * @returns {Promise<Explained>}
 */
export async function explained(pass, name, at, ask = null) {
  const step = pass.steps.get(name);
  if (!step) throw new PageError(phrase("There is no step {name} in this pass.", { name }));
  checkCell(step.name, step.shape, at);
  const { config, source } = pass.manifest;
  const arrays = await arraysOf(pass, needs(step, pass.steps));
  const traced = pass.has(name) ? (await pass.array(name)).at(...at) : null;
  if (step.operation === "token") arrays.set(name, await pass.array(name));
  const found = arithmetic(new Recorded(config, source, arrays, pass.steps), step, at);
  const predicted = step.role === "probabilities" ? predictedAt(pass, at) : null;
  if (!ask || (!found.missing.length && (traced ?? predicted) !== null)) {
    return { step, at, found, traced: traced ?? predicted, asked: false };
  }
  const { operands, value } = await ask(name, at);
  /** @type {Map<string, ArrayLike<number>>} */
  const rows = new Map();
  if (operands.w) rows.set(step.parameters[0], operands.w);
  if (step.operation === "choose") rows.set(step.parents[0], operands.scores);
  const whole = arithmetic(new Recorded(config, source, arrays, pass.steps, rows), step, at);
  return { step, at, found: whole, traced: traced ?? value, asked: true };
}

/**
 * The value of a weight, or null where the page does not have it.
 * @param {Pass} pass
 * @param {string} name
 * @param {number[]} at
 * @returns {Promise<number | null>}
 */
export async function weightAt(pass, name, at) {
  const { kind, shape } = pass.manifest.parameters[name];
  if (shape) checkCell(name, shape, at);
  if (!pass.has(name)) return null;
  const numbers = await pass.array(name);
  if (kind !== "table") return numbers.at(...at);
  const step = [...pass.steps.values()].find((one) => one.parameters.includes(name));
  if (!step) return null;
  const recorded = new Recorded(pass.config, pass.manifest.source, await arraysOf(pass, step.parents), pass.steps);
  for (let position = 0; position < numbers.shape[0]; position++) {
    if (rowOfTable(recorded, step, position) === at[0]) return numbers.at(position, at[1]);
  }
  return null;
}

/**
 * @param {Pass} pass
 * @param {string[]} names
 * @returns {Promise<Map<string, Numbers>>}
 */
async function arraysOf(pass, names) {
  const here = names.filter((one) => pass.has(one));
  const arrays = await Promise.all(here.map((one) => pass.array(one)));
  return new Map(here.map((one, i) => [one, arrays[i]]));
}

/**
 * The probability of a token where it is one of those that the page names.
 * @param {Pass} pass
 * @param {number[]} at
 */
function predictedAt(pass, [position, entry]) {
  const prediction = pass.manifest.predictions[position];
  if (prediction?.id === entry) return prediction.probability;
  return prediction?.best.find((one) => one.id === entry)?.probability ?? null;
}

/**
 * @param {string} name
 * @param {number[]} shape
 * @param {number[]} at
 */
function checkCell(name, shape, at) {
  if (isWithin(shape, at)) return;
  const sizes = `[${shape.join(", ")}]`;
  throw new PageError(phrase("{name} has the sizes {sizes}, counted from 0; there is no cell {at}.", { name, sizes, at: `[${at.join(", ")}]` }));
}

/**
 * @param {number[]} shape
 * @param {number[]} at
 */
function isWithin(shape, at) {
  return at.length === shape.length && at.every((one, axis) => one >= 0 && one < shape[axis]);
}
