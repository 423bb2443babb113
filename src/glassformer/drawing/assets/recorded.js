/** The numbers that the arithmetic of a cell looks at, as far as they are at hand. */

/** @import { Numbers } from "./data.js" */
/** @import { Sentence, StackConfig, Step } from "./types.js" */

/** What has been recorded of a pass, as far as it is at hand. */
export class Recorded {
  /**
   * @param {any} config
   * @param {Sentence} source
   * @param {Map<string, Numbers>} arrays of steps and weights; of a table of rows (E, learned
   *   positions, token types) one row for each token
   * @param {Map<string, Step>} steps
   * @param {Map<string, ArrayLike<number>>} [rows] single rows of what is not among the arrays
   */
  constructor(config, source, arrays, steps, rows = new Map()) {
    this.config = config;
    this.source = source;
    this.arrays = arrays;
    this.steps = steps;
    this.rows = rows;
  }

  /** @param {Step} step @returns {StackConfig} */
  stack(step) {
    return step.side === "source" ? this.config.encoder : this.config.decoder;
  }

  /** @param {string} name @param {number[]} at @returns {number | null} */
  cell(name, at) {
    const found = this.arrays.get(name);
    if (found) return found.at(...at);
    return this.rows.get(name)?.[at[at.length - 1]] ?? null;
  }

  /** @param {string} name @param {number[]} first @returns {ArrayLike<number> | null} */
  row(name, first) {
    return this.arrays.get(name)?.below(...first) ?? this.rows.get(name) ?? null;
  }
}

/**
 * Names of the steps and weights whose numbers a rule looks at.
 * @param {Step} step
 * @param {Map<string, Step>} steps
 * @returns {string[]}
 */
export function needs(step, steps) {
  const own = [...step.parents, ...step.parameters];
  if (step.operation !== "choose") return own;
  const logits = steps.get(step.parents[0]);
  return logits ? [...own, ...logits.parents, ...logits.parameters] : own;
}

/**
 * Which row of a table (E, learned positions, token types) the token at a position reads.
 * @param {Recorded} recorded
 * @param {Step} step
 * @param {number} position
 */
export function rowOfTable(recorded, step, position) {
  if (step.operation === "lookup") return recorded.cell(step.parents[0], [position]) ?? 0;
  if (step.operation === "token_type") return recorded.source.type_ids?.[position] ?? 0;
  return position + recorded.stack(step).first_position;
}
