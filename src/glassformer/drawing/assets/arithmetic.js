/**
 * The rules by which one cell of a step is recomputed from the cells that it was made of: those of
 * tracing/arithmetic.py, one for each operation, in float64. A test holds the two against each other.
 */

/** @import { Recorded } from "./recorded.js" */
/** @import { Step } from "./types.js" */
import { ACTIVATIONS } from "./activations.js";
import { rowOfTable } from "./recorded.js";
import { number } from "./texts.js";

/**
 * @typedef {object} Operand one number that goes in
 * @property {string} symbol
 * @property {number | null} value null where it is not at hand
 * @property {string} [name] of the step or weight that it is a cell of; a constant has none
 * @property {number[]} [at]
 * @property {boolean} [aside] an index, a size, a result on the way: errors are not measured by it
 *
 * @typedef {object} Row numbers that go in side by side
 * @property {string} symbol
 * @property {ArrayLike<number> | null} values null where they are not at hand
 * @property {string} name of the step or weight that they are cells of
 * @property {(i: number) => number[]} at
 *
 * @typedef {object} Arithmetic
 * @property {string} formula for this one cell, in signs
 * @property {string} written the same in numbers; empty where some are not at hand
 * @property {Operand[]} operands
 * @property {Row[]} rows all of one length
 * @property {string} [part] what each place of the rows gives, in signs: the summand at i
 * @property {ArrayLike<number>} [parts] the same in numbers
 * @property {boolean} [masked] whether the cell is 0 because it is masked
 * @property {number} [chosen] the place of the rows that the cell itself is about
 * @property {number | null} value null where an operand is not at hand
 * @property {string[]} missing names of what is not at hand
 */

/**
 * A cell of a step from the cells that it was made of.
 * @param {Recorded} recorded
 * @param {Step} step
 * @param {number[]} at
 * @returns {Arithmetic}
 */
export function arithmetic(recorded, step, at) {
  const rule = RULES[step.operation];
  if (!rule) throw new Error(`there is no rule for the operation ${step.operation}`);
  const found = rule(recorded, step, at);
  const missing = [...found.operands, ...found.rows]
    .filter((one) => ("values" in one ? one.values : one.value) === null)
    .map((one) => one.name ?? one.symbol);
  const value = missing.length ? null : found.value;
  return { ...found, value, written: missing.length ? "" : found.written, missing: [...new Set(missing)] };
}

/** The share of the largest operand by which two results of one sum may differ in float32. */
export const TOLERANCE = 1e-5;

/**
 * The largest absolute value among what goes in and what comes out; others are left aside.
 * @param {Arithmetic} found
 */
export function largestOperand(found) {
  let largest = Math.abs(found.value ?? 0);
  for (const one of found.operands) if (!one.aside) largest = Math.max(largest, Math.abs(one.value ?? 0));
  for (const { values } of found.rows) {
    for (let i = 0; i < (values?.length ?? 0); i++) largest = Math.max(largest, Math.abs(values?.[i] ?? 0));
  }
  return largest;
}

/** @typedef {Omit<Arithmetic, "missing">} Found */
/** @typedef {(recorded: Recorded, step: Step, at: number[]) => Found} Rule */

/** @type {Rule} */
function token(recorded, step, at) {
  const id = recorded.cell(step.name, at);
  return plain("", id === null ? "" : String(id), [{ symbol: "id", value: id, aside: true }], id);
}

/** @type {Rule} */
function lookup(recorded, step, [position, feature]) {
  const { d_model, scale_embedding } = recorded.stack(step);
  const row = rowOfTable(recorded, step, position);
  const [name] = step.parameters;
  const entry = recorded.cell(name, [position, feature]);
  const root = scale_embedding ? ` · √${d_model}` : "";
  return plain(
    `E[${row}, ${feature}]${root}`,
    `${term(entry)}${root}`,
    [
      { symbol: "id", value: row, name: step.parents[0], at: [position], aside: true },
      { symbol: `E[${row}, ${feature}]`, value: entry, name, at: [row, feature] },
    ],
    (entry ?? NaN) * (scale_embedding ? Math.sqrt(d_model) : 1),
  );
}

/** @type {Rule} */
function sinusoid(recorded, step, [position, feature]) {
  const { d_model, positions } = recorded.stack(step);
  const halves = positions === "sinusoidal_halves";
  const sines = Math.floor((d_model + 1) / 2);
  const isSine = halves ? feature < sines : feature % 2 === 0;
  const i = halves ? feature % sines : Math.floor(feature / 2);
  const angle = position / 10000 ** ((2 * i) / d_model);
  const name = isSine ? "sin" : "cos";
  return plain(
    `${name}(pos / 10000^(2i/d_model))`,
    `${name}(${position} / 10000^(${2 * i}/${d_model})) = ${name}(${number(angle)})`,
    ["pos", "i", "d_model"].map((symbol, place) => ({ symbol, value: [position, i, d_model][place], aside: true })),
    isSine ? Math.sin(angle) : Math.cos(angle),
  );
}

/** @type {Rule} */
function tableCell(recorded, step, [position, feature]) {
  const row = rowOfTable(recorded, step, position);
  const [name] = step.parameters;
  const value = recorded.cell(name, [position, feature]);
  const symbol = `table[${row}, ${feature}]`;
  return plain(symbol, term(value), [{ symbol, value, name, at: [row, feature] }], value);
}

/** @type {Rule} */
function sum(recorded, step, at) {
  const operands = step.parents.map((name) => ({ symbol: name, value: recorded.cell(name, at), name, at }));
  const values = operands.map((one) => one.value ?? NaN);
  const signs = "abcdef".slice(0, values.length).split("");
  return plain(signs.join(" + "), values.map(term).join(" + "), operands.map((one, i) => ({ ...one, symbol: signs[i] })),
    values.reduce((a, b) => a + b, 0));
}

/** @type {Rule} */
function same(recorded, step, at) {
  const [name] = step.parents;
  const value = recorded.cell(name, at);
  return plain("a", term(value), [{ symbol: "a", value, name, at }], value);
}

/** @type {Rule} */
function project(recorded, step, [head, position, feature]) {
  const { d_model, num_heads } = recorded.stack(step);
  return withWeights(recorded, step, inRow(recorded, "x", step.parents[0], [position]), head * (d_model / num_heads) + feature);
}

/** @type {Rule} */
function linear(recorded, step, [position, feature]) {
  return withWeights(recorded, step, inRow(recorded, "x", step.parents[0], [position]), feature);
}

/** @type {Rule} */
function join(recorded, step, [position, feature]) {
  const { d_model, num_heads } = recorded.stack(step);
  const [name] = step.parents;
  const width = d_model / num_heads;
  const at = (/** @type {number} */ i) => [Math.floor(i / width), position, i % width];
  return withWeights(recorded, step, gathered(recorded, "z", name, d_model, at), feature);
}

/** @type {Rule} */
function activate(recorded, step, at) {
  const found = linear(recorded, step, at);
  const [formula, apply] = ACTIVATIONS[recorded.stack(step).activation];
  const x = found.value ?? NaN;
  return {
    ...found,
    formula: `${formula}, a = ${found.formula}`,
    written: `${formula}, a = ${found.written} = ${number(x)}`,
    value: apply(x),
  };
}

/** @type {Rule} */
function scores(recorded, step, [head, query, key]) {
  const q = inRow(recorded, "q", step.parents[0], [head, query]);
  const k = inRow(recorded, "k", step.parents[1], [head, key]);
  return dot(q, k);
}

/** @type {Rule} */
function scale(recorded, step, at) {
  const { d_model, num_heads, scale_scores } = recorded.stack(step);
  const [name] = step.parents;
  const score = recorded.cell(name, at);
  const width = d_model / num_heads;
  const operands = [{ symbol: "score", value: score, name, at }];
  if (!scale_scores) return plain("score", term(score), operands, score);
  return plain("score / √d_head", `${term(score)} / √${width}`, [...operands, { symbol: "d_head", value: width, aside: true }],
    (score ?? NaN) / Math.sqrt(width));
}

/** @type {Rule} */
function causal(recorded, step, [query, key]) {
  return plain("key ≤ query", `${key} ≤ ${query}`, [{ symbol: "query", value: query, aside: true }, { symbol: "key", value: key, aside: true }],
    key <= query ? 1 : 0);
}

/** @type {Rule} */
function softmax(recorded, step, [head, query, key]) {
  const [name, mask] = step.parents;
  const row = inRow(recorded, "s", name, [head, query]);
  return softmaxOf(row, mask === undefined ? null : inRow(recorded, "mask", mask, [query]), key);
}

/** @type {Rule} */
function choose(recorded, step, [position, entry]) {
  const logits = /** @type {Step} */ (recorded.steps.get(step.parents[0]));
  const { config } = recorded;
  const size = config.decoder.vocabulary;
  const allowed = new Uint8Array(size).fill(1);
  for (const id of [config.padding, config.start, ...Object.values(config.tags), ...config.suppressed]) {
    if (id !== null) allowed[id] = 0;
  }
  const at = (/** @type {number} */ i) => [position, i];
  const values = recorded.row(logits.name, [position]) ?? product(recorded, logits, position, size);
  const found = softmaxOf({ symbol: "s", name: logits.name, at, values }, { symbol: "a", name: "", at, values: allowed }, entry);
  return { ...found, rows: found.rows.slice(0, 1) };
}

/** @type {Rule} */
function context(recorded, step, [head, query, feature]) {
  const weights = inRow(recorded, "w", step.parents[0], [head, query]);
  const count = weights.values?.length ?? 0;
  return dot(weights, gathered(recorded, "v", step.parents[1], count, (i) => [head, i, feature]));
}

/** @type {Rule} */
function layerNorm(recorded, step, [position, feature]) {
  const x = inRow(recorded, "x", step.parents[0], [position]);
  const values = Array.from(x.values ?? []);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const parts = values.map((one) => (one - mean) ** 2);
  const variance = parts.reduce((a, b) => a + b, 0) / values.length;
  const [gain, shift] = step.parameters.map((name) => recorded.cell(name, [feature]));
  const epsilon = recorded.stack(step).norm_epsilon;
  const value = (((values[feature] - mean) / Math.sqrt(variance + epsilon)) * (gain ?? NaN)) + (shift ?? NaN);
  return {
    formula: "(x − μ) / √(σ² + ε) · γ + β",
    written: `(${term(values[feature])} − ${term(mean)}) / √(${term(variance)} + ${number(epsilon)}) · ${term(gain)} + ${term(shift)}`,
    operands: [
      { symbol: "x", value: values[feature] ?? null, name: x.name, at: [position, feature] },
      { symbol: "μ", value: mean, aside: true },
      { symbol: "σ²", value: variance, aside: true },
      { symbol: "ε", value: epsilon },
      { symbol: "γ", value: gain, name: step.parameters[0], at: [feature] },
      { symbol: "β", value: shift, name: step.parameters[1], at: [feature] },
    ],
    rows: [x],
    part: "(xᵢ − μ)²",
    parts,
    chosen: feature,
    value,
  };
}

/** @type {Record<string, Rule>} */
export const RULES = {
  token, lookup, sinusoid, learned_position: tableCell, token_type: tableCell, sum, same, project, linear,
  join, activate, scores, scale, causal, softmax, choose, context, layer_norm: layerNorm,
};

/**
 * @param {string} formula
 * @param {string} written
 * @param {Operand[]} operands
 * @param {number | null} value
 * @returns {Found}
 */
function plain(formula, written, operands, value) {
  return { formula, written, operands, rows: [], value };
}

/**
 * x · w + b, where w is a column of W: a row of what torch keeps.
 * @param {Recorded} recorded
 * @param {Step} step
 * @param {Row} x
 * @param {number} feature
 * @returns {Found}
 */
function withWeights(recorded, step, x, feature) {
  const [weight, bias] = step.parameters;
  const w = { symbol: "w", name: weight, values: recorded.row(weight, [feature]), at: (/** @type {number} */ i) => [feature, i] };
  const found = dot(x, w);
  if (bias === undefined) return found;
  const b = recorded.cell(bias, [feature]);
  return {
    ...found,
    formula: `${found.formula} + b`,
    written: `${found.written} + ${term(b)}`,
    operands: [{ symbol: "b", value: b, name: bias, at: [feature] }],
    value: (found.value ?? NaN) + (b ?? NaN),
  };
}

/**
 * A dot product, summand by summand.
 * @param {Row} left
 * @param {Row} right
 * @returns {Found}
 */
function dot(left, right) {
  const [a, b] = [left.values ?? [], right.values ?? []];
  const parts = new Float64Array(Math.min(a.length, b.length));
  for (let i = 0; i < parts.length; i++) parts[i] = a[i] * b[i];
  const first = Array.from(parts.subarray(0, 3), (_, i) => `${term(a[i])}·${term(b[i])}`);
  const more = parts.length > 3 ? ` + … (${parts.length})` : "";
  const part = `${left.symbol}ᵢ · ${right.symbol}ᵢ`;
  return {
    formula: `Σ ${part}`,
    written: first.join(" + ") + more,
    operands: [],
    rows: [left, right],
    part,
    parts,
    value: parts.reduce((x, y) => x + y, 0),
  };
}

/**
 * The softmax of a row at one place; what is not allowed counts for nothing.
 * @param {Row} row
 * @param {Row | null} allowed
 * @param {number} index
 * @returns {Found}
 */
function softmaxOf(row, allowed, index) {
  const values = row.values ?? [];
  const counts = Array.from(values, (_, i) => !allowed || Boolean(allowed.values?.[i]));
  let largest = -Infinity;
  for (let i = 0; i < values.length; i++) if (counts[i]) largest = Math.max(largest, values[i]);
  const parts = Float64Array.from(values, (one, i) => (counts[i] ? Math.exp(one - largest) : 0));
  const total = parts.reduce((a, b) => a + b, 0);
  const rows = allowed ? [row, allowed] : [row];
  const common = { formula: "exp(sⱼ − m) / Σ exp(sᵢ − m)", rows, part: "exp(sᵢ − m)", parts, chosen: index };
  const operands = [{ symbol: "sⱼ", value: values[index] ?? null, name: row.name, at: row.at(index) }];
  if (!row.values) return { ...common, written: "", operands, value: null };
  if (!counts[index]) return { ...common, written: "0", operands, value: 0, masked: true };
  return {
    ...common,
    written: `exp(${number(values[index])} − ${term(largest)}) / Σ = ${number(parts[index])} / ${number(total)}`,
    operands: [...operands, { symbol: "m", value: largest, aside: true }, { symbol: "Σ", value: total, aside: true }],
    value: parts[index] / total,
  };
}

/**
 * A row of x W + b as a whole, where x and W are at hand.
 * @param {Recorded} recorded
 * @param {Step} step
 * @param {number} position
 * @param {number} size
 */
function product(recorded, step, position, size) {
  if (!step.parameters.every((name) => recorded.arrays.has(name))) return null;
  return Float64Array.from({ length: size }, (_, entry) => linear(recorded, step, [position, entry]).value ?? NaN);
}

/**
 * @param {Recorded} recorded
 * @param {string} symbol
 * @param {string} name
 * @param {number[]} first
 * @returns {Row}
 */
function inRow(recorded, symbol, name, first) {
  return { symbol, name, values: recorded.row(name, first), at: (i) => [...first, i] };
}

/**
 * @param {Recorded} recorded
 * @param {string} symbol
 * @param {string} name
 * @param {number} count
 * @param {(i: number) => number[]} at
 * @returns {Row}
 */
function gathered(recorded, symbol, name, count, at) {
  if (!recorded.arrays.has(name)) return { symbol, name, values: null, at };
  return { symbol, name, at, values: Float64Array.from({ length: count }, (_, i) => recorded.cell(name, at(i)) ?? NaN) };
}

/** A number as a factor or a summand. @param {number | null} value */
function term(value) {
  const text = value === null ? "?" : number(value);
  return text.startsWith("−") ? `(${text})` : text;
}
