/** The lines of Python and of the command line that give what the page shows. */

/** @import { Context, Sentence, State, Unit } from "./types.js" */
import { positionsOf } from "./words.js";

/**
 * What each stop is called by: the method of a trace and the view of the command line, and which
 * settings of the page these take.
 * @type {Record<string, {method: string, view: string | null, takes: string[]}>}
 */
const CALLS = {
  whole: { method: "structure", view: "structure", takes: ["layer"] },
  input: { method: "positions", view: "positions", takes: ["part"] },
  layer: { method: "flow", view: "flow", takes: ["part", "layer", "head", "word"] },
  attention: {
    method: "attention", view: null,
    takes: ["part", "layer", "head", "heads", "word", "unit", "special", "min_weight", "align", "mass"],
  },
  compare: {
    method: "compare", view: null,
    takes: ["part", "layer", "head", "heads", "word", "unit", "special", "min_weight", "align", "difference", "mass"],
  },
};
const OF_THE_TEXT = ["to", "target", "pair", "beam_size", "special_tokens", "truncate"];
const OPTIONS = /** @type {Record<string, (value: any) => string[]>} */ ({
  unit: (value) => (value === "tokens" ? ["--tokens"] : []),
  special_tokens: (value) => (value === "parse" ? ["--parse-special"] : []),
});

/**
 * One call of Python that gives the picture of a stop; of a stop without one, the trace.
 * @param {Context} context
 * @param {string} stop
 */
export function pythonLine(context, stop) {
  const { state, model, trace } = asked(context);
  const call = callOf(context, stop);
  const text = (/** @type {string} */ one) => `.inspect(${inPython(one)}${keywords(trace)})`;
  const first = `glassformer.load(${inPython(model)})${text(state.text ?? "")}`;
  if (!call) return first;
  const shown = taken(context, call);
  if (call.method === "structure") return `${first}.structure(${keywords(renamed(shown)).slice(2)})`;
  if (call.method !== "compare") return `${first}.${call.method}(${keywords(shown).slice(2)})`;
  const [left, right] = [state.text ?? "", state.compare ?? ""].map((one) => `model${text(one)}`);
  return `model = glassformer.load(${inPython(model)}); ${left}.compare(${right}${keywords(shown)})`;
}

/**
 * One command that gives the picture of a stop, or the report, as POSIX shells read it.
 * @param {Context} context
 * @param {string} stop
 */
export function commandLine(context, stop) {
  const { state, model, trace } = asked(context);
  const call = callOf(context, stop);
  const words = ["glassformer", "inspect", ...options({ model, ...trace })];
  if (call) {
    if (call.method === "compare") words.push(...options({ compare: state.compare }));
    if (call.view) words.push("--view", call.view);
    words.push(...options(taken(context, call)));
  }
  const text = state.text ?? "";
  return [...words, ...(text.startsWith("-") ? ["--"] : []), text].map(inShell).join(" ");
}

/** @param {Context} context */
function asked(context) {
  const state = /** @type {Readonly<State> & Record<string, any>} */ (context.store.state);
  const trace = Object.fromEntries(OF_THE_TEXT.filter((name) => state[name] !== undefined).map((name) => [name, state[name]]));
  const { to } = context.pass.manifest;
  if (to !== null) trace.to = to; // the tag, as every model understands it
  return { state, trace, model: context.page.manifest.model };
}

/**
 * @param {Context} context
 * @param {string} stop
 */
function callOf(context, stop) {
  if (stop === "compare" && !(context.right && context.store.state.compare)) return undefined;
  return CALLS[stop];
}

/**
 * The settings that a picture takes, as it takes them: of flow and compare one head and one part.
 * A word that attends to nothing there, as one of the source in cross-attention, is left out.
 * @param {Context} context
 * @param {{method: string, takes: string[]}} call
 */
function taken(context, call) {
  const { pass, store } = context;
  const part = store.state.part?.[0] ?? "encoder";
  const rows = pass.sides(part, part === "encoder" ? "input" : store.state.align).queries;
  const word = store.state.word?.filter((one) => isIn(rows, one, store.state.unit ?? "words"));
  const state = /** @type {Record<string, any>} */ ({ ...store.state, word });
  /** @type {Record<string, any>} */
  const found = {};
  for (const name of call.takes) {
    const value = state[name];
    if (value === undefined || value === false || (Array.isArray(value) && !value.length)) continue;
    const several = name === "word" ? call.method !== "flow" : name === "head" && call.method === "attention";
    found[name] = Array.isArray(value) && (!several || value.length === 1) ? value[0] : value;
  }
  if (found.unit === "words") delete found.unit;
  if (found.part === undefined || found.part === "encoder") delete found.align;
  return found;
}

/**
 * @param {Sentence} sentence
 * @param {string} word
 * @param {Unit} unit
 */
function isIn(sentence, word, unit) {
  try {
    return positionsOf(sentence, word, unit).length > 0;
  } catch {
    return false;
  }
}

/** A structure calls its layer otherwise in Python. @param {Record<string, any>} shown */
function renamed({ layer }) {
  return layer === undefined ? {} : { open_layer: layer };
}

/** @param {Record<string, any>} settings */
function keywords(settings) {
  return Object.entries(settings).map(([name, value]) => `, ${name}=${inPython(value)}`).join("");
}

/** @param {Record<string, any>} settings @returns {string[]} */
function options(settings) {
  return Object.entries(settings).flatMap(([name, value]) => {
    if (value === undefined || value === null || value === false) return [];
    if (OPTIONS[name]) return OPTIONS[name](value);
    const option = `--${name.replaceAll("_", "-")}`;
    if (value === true) return [option];
    const values = Array.isArray(value) ? value.map(String) : [String(value)];
    return values.flatMap((one) => (one.startsWith("-") ? [`${option}=${one}`] : [option, one]));
  });
}

/** A value as a literal of Python. @param {any} value @returns {string} */
function inPython(value) {
  if (value === true) return "True";
  if (value === false) return "False";
  if (Array.isArray(value)) return `[${value.map(inPython).join(", ")}]`;
  return JSON.stringify(value); // whose strings and numbers Python reads alike
}

/** A word as a POSIX shell takes it for one. @param {string} word */
export function inShell(word) {
  return /^[A-Za-z0-9@%+=:,./_-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\"'\"'")}'`;
}
