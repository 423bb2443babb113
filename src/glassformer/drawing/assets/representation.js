/** R: its vectors, which words are near which, and R forming through the layers. */

/** @import { Context, Pass, State, Stop } from "./types.js" */
/** @import { Numbers } from "./data.js" */
/** @import { WordVectors } from "./nearness.js" */
import { h, replace } from "./dom.js";
import { lazily } from "./lazily.js";
import { heatMap } from "./matrix.js";
import { cosine, cosines, nearestTo, wordVectors } from "./nearness.js";
import { fullFrom } from "./scale.js";
import { fixed, number, phrase, printable } from "./texts.js";
import { wordFollowed } from "./tie.js";
import { nameOfWord, placesOf } from "./words.js";

const NEAREST = 8;

/** @type {Stop} */
export const representationStop = {
  id: "representation",
  title: () => phrase("R, the representation"),
  draw(host, context) {
    const { pass } = context;
    const { d_model: width, num_layers: layers } = pass.config.encoder;
    const sizes = { layers, tokens: pass.manifest.source.tokens.length, width };
    const words = h("div", { class: "word-buttons" });
    const stages = stagesOf(pass);
    const vectors = lazily("r-vectors", () => vectorsOf(context));
    const near = lazily("r-near beside", () => nearOf(context));
    const forming = lazily("r-forming beside", () => formingOf(context, stages));
    const slider = stageSlider(context, stages);
    replace(
      host,
      h("h2", { id: "representation-title" }, phrase("R, the representation")),
      h("p", null, pass.has("encoder.norm")
        ? phrase("R is the norm of the output of encoder layer {layers}: for each of the {tokens} tokens {width} numbers. It is all that the encoder hands on.", sizes)
        : phrase("The output of encoder layer {layers} is R: for each of the {tokens} tokens {width} numbers. It is all that the encoder hands on.", sizes)),
      vectors.element,
      h("h3", null, phrase("Which words are near which")),
      h("p", null, phrase("The cosine between the vectors of two words in R: 1 is the same direction, 0 a right angle. A word of several tokens has the mean of their vectors.")),
      words,
      near.element,
      h("h3", null, phrase("R forming, layer by layer")),
      h("p", null, phrase("How near each word already is to what it will be in R, and which words are near which at this stage.")),
      slider.element,
      forming.element,
    );
    host.onkeydown = ({ key }) => {
      if (key === "Escape" && context.store.state.word) context.store.set({ word: undefined });
    };
    let first = true;
    return (changed) => {
      const word = first || changed.has("word");
      if (word) {
        showWords(words, context);
        vectors.again();
        near.again();
      }
      if (word || changed.has("after_layer")) {
        slider.show();
        forming.again();
      }
      first = false;
    };
  },
};

/**
 * @typedef {object} Stage
 * @property {string} name of the step
 * @property {string} label
 */

/**
 * What becomes R, in its order: the encoder's input, each layer's output, and R where a norm follows.
 * @param {Pass} pass
 * @returns {Stage[]}
 */
function stagesOf(pass) {
  const stages = [{ name: "encoder.embedding", label: phrase("the encoder's input") }];
  for (let layer = 0; layer < pass.config.encoder.num_layers; layer++) {
    stages.push({ name: `encoder.layers.${layer}`, label: phrase("layer {layer}", { layer: layer + 1 }) });
  }
  if (pass.has("encoder.norm")) {
    stages.push({ name: "encoder", label: phrase("the norm after the last layer") });
  }
  return stages;
}

/**
 * @param {Readonly<State>} state
 * @param {Stage[]} stages
 */
function stageOf(state, stages) {
  return Math.min(state.after_layer ?? stages.length - 1, stages.length - 1);
}

/**
 * @param {Context} context
 * @param {Stage[]} stages
 */
function stageSlider(context, stages) {
  const { store } = context;
  const last = stages.length - 1;
  const said = h("output", { class: "slider-value" });
  const input = /** @type {HTMLInputElement} */ (h("input", {
    type: "range", min: 0, max: last, step: 1, "aria-label": phrase("After which layer"),
    oninput: () => {
      const stage = Number(input.value);
      store.set({ after_layer: stage === last ? undefined : stage });
    },
  }));
  const element = h("label", { class: "stage-slider" }, input, said);
  const show = () => {
    const stage = stageOf(store.state, stages);
    input.value = String(stage);
    input.setAttribute("aria-valuetext", stages[stage].label);
    replace(said, phrase("after {stage}", { stage: stages[stage].label }));
  };
  return { element, show };
}

/**
 * The place of the word looked at among those that have a vector, and whether a reader chose it.
 * @param {Context} context
 * @param {WordVectors} made
 */
function lookedIn(context, made) {
  const { words } = context.pass.manifest.source;
  const [asked] = placesOf(words, context.store.state.word);
  const place = made.words.indexOf(asked ?? -1);
  if (place >= 0) return { place, chosen: true };
  const followed = wordFollowed(context).index; // as in the other stops
  const other = made.words.indexOf(followed ?? -1);
  return { place: other < 0 ? made.words.length - 1 : other, chosen: false };
}

/**
 * A button for each word; the one looked at is pressed.
 * @param {HTMLElement} host
 * @param {Context} context
 */
function showWords(host, context) {
  const { pass, store } = context;
  const { words } = pass.manifest.source;
  const looked = placesOf(words, store.state.word);
  const focused = [...host.children].indexOf(/** @type {Element} */ (document.activeElement));
  replace(host, words.map((word, place) => {
    const pressed = looked.includes(place);
    return h("button", {
      class: "word-button",
      "aria-pressed": String(pressed),
      onclick: () => store.set({ word: pressed ? undefined : [nameOfWord(words, place)] }),
    }, printable(word));
  }));
  /** @type {HTMLElement | undefined} */ (host.children[focused])?.focus();
}

/** @param {Context} context */
async function vectorsOf(context) {
  const { source } = context.pass.manifest;
  const r = await context.pass.array("encoder");
  const looked = placesOf(source.words, context.store.state.word)[0];
  const token = looked === undefined ? -1 : source.word_of_token.indexOf(looked);
  const [rows, columns] = r.shape;
  const scale = fullFrom([r.data]);
  const map = heatMap(context, {
    values: r.data,
    rows,
    columns,
    scale,
    legend: true,
    label: phrase("R, tokens by features"),
    rowLabels: source.tokens,
    followed: token < 0 ? null : token,
    opens: (row, column) => ({ name: "encoder", at: [row, column] }),
  });
  return [map, h("p", { class: "faint" }, phrase(
    "A row is a token, a column a feature; blue is above 0, orange below. The colour is full from ±{scale} on: 99 % of the numbers are smaller.",
    { scale: number(scale, 3) },
  ))];
}

/** @param {Context} context */
async function nearOf(context) {
  const { source } = context.pass.manifest;
  const made = wordVectors(await context.pass.array("encoder"), source);
  const matrix = cosines(made.vectors);
  const { place } = lookedIn(context, made);
  if (place < 0) return [h("p", { class: "faint" }, phrase("No word of this text has a token."))];
  const count = made.words.length;
  const nearest = nearestTo(matrix, count, place).slice(0, NEAREST);
  return [
    nearnessMap(context, made, matrix, phrase("Cosines between words in R")),
    h(
      "div", null,
      h("h4", null, phrase("Nearest to “{word}”", { word: printable(source.words[made.words[place]]) })),
      h("ol", { class: "gauges" }, nearest.map((other) =>
        gauge(source.words[made.words[other]], matrix[place * count + other]))),
    ),
  ];
}

/**
 * @param {Context} context
 * @param {Stage[]} stages
 */
async function formingOf(context, stages) {
  const { pass } = context;
  const { source } = pass.manifest;
  const stage = stages[stageOf(context.store.state, stages)];
  /** @type {Numbers[]} */
  const [here, r] = await Promise.all([pass.array(stage.name), pass.array("encoder")]);
  const made = wordVectors(here, source);
  const final = wordVectors(r, source);
  const looked = lookedIn(context, made);
  const matrix = cosines(made.vectors);
  return [
    nearnessMap(context, made, matrix, phrase("Cosines between words after {stage}", { stage: stage.label })),
    h(
      "div", null,
      h("h4", null, phrase("Cosine of each word with itself in R")),
      h("ul", { class: "gauges" }, made.words.map((word, place) =>
        gauge(source.words[word], cosine(made.vectors[place], final.vectors[place]),
          looked.chosen && place === looked.place))),
    ),
  ];
}

/**
 * @param {Context} context
 * @param {WordVectors} made
 * @param {Float64Array} matrix
 * @param {string} label
 */
function nearnessMap(context, made, matrix, label) {
  const words = made.words.map((word) => context.pass.manifest.source.words[word]);
  const { place, chosen } = lookedIn(context, made);
  return heatMap(context, {
    values: matrix,
    rows: words.length,
    columns: words.length,
    label,
    rowLabels: words,
    columnLabels: words,
    scale: 1,
    followed: chosen ? place : null,
  });
}

/**
 * A word with a cosine, as a bar from 0; what is below 0 is said by the number and the colour.
 * @param {string} word
 * @param {number} value
 * @param {boolean} [looked]
 */
function gauge(word, value, looked = false) {
  const share = Math.min(1, Math.abs(value) || 0);
  return h(
    "li", { class: looked ? "gauge looked" : "gauge", "data-value": value },
    h("span", { class: "gauge-name" }, printable(word)),
    h("span", { class: "gauge-track" }, h("span", {
      class: value < 0 ? "gauge-fill negative" : "gauge-fill", style: { width: `${100 * share}%` },
    })),
    h("span", { class: "gauge-value", title: number(value, 8) }, fixed(value)),
  );
}
