/** What the tour says at its eight stops, of this model and this sentence, in the article's order. */

/** @import { Context, State, Step } from "./types.js" */
import { strongestTie, wordFollowed } from "./tie.js";
import { layerLookedAt } from "./map.js";
import { fixed, phrase, printable, said, together } from "./texts.js";

/**
 * @typedef {object} TourStop
 * @property {string} title
 * @property {string} stop the stop of the page that it is about
 * @property {string[]} text paragraphs
 * @property {Step[]} steps those whose formulas and source files are named
 * @property {{label: string, changes: Partial<State>, stop?: string}} trying
 * @property {string} question
 * @property {string} answer
 */

export const TOUR_LENGTH = 8;

/**
 * @param {Context} context
 * @param {number} number from 1
 * @returns {Promise<TourStop>}
 */
export async function tourStop(context, number) {
  const stops = [stack, ties, fourSteps, heads, positions, feedForward, addAndNorm, context.pass.config.decoder ? decoder : representation];
  const stop = await stops[number - 1](context);
  const { trying: { changes } } = stop;
  // A layer is one of the encoder, and in the heads that are named, unless it is said otherwise.
  return "layer" in changes ? { ...stop, trying: { ...stop.trying, changes: { part: undefined, heads: undefined, ...changes } } } : stop;
}

/** @param {Context} context @returns {TourStop} */
function stack(context) {
  const { pass } = context;
  const n = pass.config.encoder.num_layers;
  const other = layerLookedAt(context) === n ? 1 : n;
  return {
    title: phrase("A stack of encoders"),
    stop: "whole",
    text: [
      phrase("The encoder is {n} layers in series, all built alike: each reads what the one below puts out. What the last one puts out is R, the representation of the sentence.", { n }),
      phrase("Every layer has two parts, multi-head attention and a feed-forward network. Together they have one task: to extract the features of the sentence."),
    ],
    steps: stepsOf(context, ["encoder"]),
    trying: { label: phrase("Open layer {layer}", { layer: other }), changes: { layer: other } },
    question: phrase("The layers are built alike. Do they compute the same?"),
    answer: phrase("No. They share the plan, not the numbers: every layer has weights of its own, found in training, and reads something else than the layer below it."),
  };
}

/** @param {Context} context @returns {Promise<TourStop>} */
async function ties(context) {
  const { pass } = context;
  const { name: word } = wordFollowed(context);
  const tie = await strongestTie(context);
  const { layer, head } = tie;
  const fields = { word, to: tie.to, weight: fixed(tie.weight), layer, head: head ?? "" };
  const seen = head
    ? phrase("In head {head} of layer {layer}, the other word with the largest weight from “{word}” is “{to}”: {weight}.", fields)
    : phrase("On average over the heads of layer {layer}, the other word with the largest weight from “{word}” is “{to}”: {weight}.", fields);
  const card = pass.manifest.card;
  return {
    title: phrase("Self-attention: who matters to whom"),
    stop: "attention",
    text: [
      phrase("In “a dog ate the food because it was hungry” a person knows that “it” is the dog. A model has to find out: to compute the features of a word it relates the word to every word of the sentence, itself included."),
      together(phrase("Each tie is a number, the attention weight, and is drawn as a line: the larger the weight, the thicker the line."), pass.manifest.source.words.length > 1 && seen),
    ],
    steps: stepsOf(context, [`${pass.attention("encoder", layer)}.weights`]),
    trying: { label: phrase("Look from “{word}”", { word }), changes: { word: [wordFollowed(context).key], layer, head: head ? [head] : undefined } },
    question: phrase("Does a thick line prove that the model has understood?"),
    answer: together(
      phrase("No. A weight says how much of a word's value is taken over, in one head of one layer. Whether a head finds what a pronoun stands for is a matter of counting, over many sentences."),
      card && phrase("The head on this model's card (layer {layer}, head {head}) {reason}.", { layer: card.layer, head: card.head, reason: said(card.reason) }),
    ),
  };
}

/** @param {Context} context @returns {TourStop} */
function fourSteps(context) {
  const { encoder } = context.pass.config;
  const { name: word, key } = wordFollowed(context);
  const d = encoder.d_model / encoder.num_heads;
  const n = context.pass.manifest.source.tokens.length;
  const prefix = context.pass.attention("encoder", layerLookedAt(context));
  return {
    title: phrase("Query, key and value, in four steps"),
    stop: "layer",
    text: [
      phrase("Three weight matrices make three vectors of each token's vector: a query (what it looks for), a key (what it can be found by) and a value (what it gives). The matrices are random at first; training finds better and better values for them. In each head Q, K and V are [{n} × {d}]: tokens × numbers.", { n, d }),
      encoder.scale_scores
        ? phrase("Step 1: the dot products of Q and K say how alike each token is to each. Step 2: they are divided by √{d}, for stable gradients. Step 3: softmax makes numbers between 0 and 1 of them, which sum to 1 in each row. Step 4: Z is the sum of the values, weighted by these. Hence the name: scaled dot-product attention.", { d })
        : phrase("Step 1: the dot products of Q and K say how alike each token is to each. Step 2, the division by √{d}, is left out in this model. Step 3: softmax makes numbers between 0 and 1 of them, which sum to 1 in each row. Step 4: Z is the sum of the values, weighted by these.", { d }),
    ],
    steps: stepsOf(context, ["scores", "scaled_scores", "weights", "context"].map((step) => `${prefix}.${step}`)),
    trying: { label: phrase("Follow “{word}” through layer 1", { word }), changes: { layer: 1, word: [key], head: undefined } },
    question: phrase("Why are the scores divided by √{d}?", { d }),
    answer: phrase("A dot product of {d} pairs of numbers easily becomes large, and softmax of large scores is nearly 1 for one token and nearly 0 for the others. There its slope is almost flat, and training would hardly move. Divided by √{d}, the scores stay in a range where it learns.", { d }),
  };
}

/** @param {Context} context @returns {TourStop} */
function heads(context) {
  const { pass, store } = context;
  const { encoder } = pass.config;
  const h = encoder.num_heads;
  const layer = layerLookedAt(context);
  const now = store.state.head?.[0] ?? pass.manifest.card?.head ?? 1;
  const next = (now % h) + 1;
  return {
    title: phrase("Several heads"),
    stop: "attention",
    text: [
      phrase("A single attention matrix may be governed by the wrong word; where the meaning is ambiguous, one should not rely on it alone. So several are computed side by side, each with W_Q, W_K and W_V of its own: the heads."),
      h > 1
        ? phrase("This model has {h} heads in each layer. What they gather is concatenated and multiplied by one more matrix, W_O, so that the result is as wide as the input: {d} numbers.", { h, d: encoder.d_model })
        : phrase("This model has one head in each layer, so it has to rely on that one."),
    ],
    steps: stepsOf(context, [pass.attention("encoder", layer)]),
    trying: { label: phrase("Look at head {head} of layer {layer}", { head: next, layer }), changes: { layer, head: [next] } },
    question: phrase("If several heads are better than one, why not hundreds?"),
    answer: phrase("The heads share the width of the model: {h} heads of {size} numbers make {d}. More heads are narrower ones, and with too few numbers a query can hardly tell one key from another.", { h, size: encoder.d_model / h, d: encoder.d_model }),
  };
}

/** @param {Context} context @returns {TourStop} */
function positions(context) {
  const { encoder } = context.pass.config;
  const { key } = wordFollowed(context);
  const kind = encoder.positions;
  const all = phrase("All words enter at once, not one after another. So training takes less time, and words that stand far apart are related as easily as neighbours. But the order is lost: attention sees a set of words.");
  const made =
    kind === "none"
      ? phrase("This model adds no positions, so it cannot know the order of the words.")
      : kind === "learned"
        ? phrase("So a matrix P of the size of X is added. In this model P is a table that training has learned, with a row for each position.")
        : phrase("So a matrix P of the size of X is added: X + P. It is made of sine functions, slow ones and fast ones, so that every position has a pattern of its own.");
  return {
    title: phrase("Positions: all words at once"),
    stop: "input",
    text: [all, made],
    steps: stepsOf(context, ["encoder.embedding.positions", "encoder.embedding"]),
    trying: { label: phrase("Look at X, P and X + P"), changes: { word: [key] } },
    question: phrase("What would change in R without P, if the words were shuffled?"),
    answer: phrase("Nothing but the order of its rows: each word would get exactly the same vector. “the dog bites the man” and “the man bites the dog” would be the same to the encoder."),
  };
}

/** @param {Context} context @returns {TourStop} */
function feedForward(context) {
  const { encoder } = context.pass.config;
  const layer = layerLookedAt(context);
  const other = layer === encoder.num_layers ? 1 : encoder.num_layers;
  const prefix = `encoder.layers.${layer - 1}.feed_forward`;
  const activation = { relu: "ReLU", gelu: "GELU", gelu_tanh: "GELU", silu: "SiLU" }[encoder.activation] ?? encoder.activation;
  return {
    title: phrase("The feed-forward network"),
    stop: "layer",
    text: [
      phrase("After attention each token goes through two fully connected layers with {activation} in between: from {d} numbers to {wide} and back to {d}.", { activation, d: encoder.d_model, wide: encoder.d_ff }),
      phrase("The parameters are the same at every position, and different ones in every encoder layer."),
    ],
    steps: stepsOf(context, [`${prefix}.hidden`, prefix]),
    trying: { label: phrase("See which hidden units fire in layer {layer}", { layer: other }), changes: { layer: other } },
    question: phrase("Attention mixes the words. Does the feed-forward network mix them as well?"),
    answer: phrase("No. It sees one token at a time: whatever it knows of the other words, attention has brought there before. Change one word, and this step alone changes nothing for the others."),
  };
}

/** @param {Context} context @returns {TourStop} */
function addAndNorm(context) {
  const { encoder } = context.pass.config;
  const layer = layerLookedAt(context);
  const other = (layer % encoder.num_layers) + 1;
  const prefix = `encoder.layers.${layer - 1}`;
  const norms =
    encoder.norm === "none"
      ? phrase("Layer normalisation, which most models have here, is left out in this one.")
      : encoder.norm === "pre"
        ? phrase("Layer normalisation brings the numbers of each token to mean 0 and spread 1 before a sublayer reads them, so that values do not change wildly from layer to layer; training is faster for it.")
        : phrase("Then layer normalisation brings the numbers of each token to mean 0 and spread 1 (and scales them as training has learned), so that values do not change wildly from layer to layer; training is faster for it.");
  return {
    title: phrase("Add & norm"),
    stop: "layer",
    text: [
      phrase("Around each sublayer goes a residual connection: its input is added to its output. So a layer needs not build the sentence anew, it only adds to what is there."),
      norms,
    ],
    steps: stepsOf(context, [`${prefix}.add_norm_1.sum`, `${prefix}.add_norm_1`]),
    trying: { label: phrase("Compare with layer {layer}", { layer: other }), changes: { layer: other } },
    question: phrase("Why does it help training that the input is added?"),
    answer: phrase("A gradient can go straight down through the sums, past every sublayer, to the lowest layer. Without them it would have to pass through all weight matrices and could vanish on the way."),
  };
}

/** @param {Context} context @returns {TourStop} */
function decoder(context) {
  const { pass } = context;
  const { predictions, target } = pass.manifest;
  const first = predictions.find(({ token }) => token !== null);
  const layers = pass.config.decoder?.num_layers ?? 0;
  const last = `decoder.layers.${layers - 1}`;
  const begun =
    first && first.token !== null && first.probability !== null
      ? phrase("Here it began with “{token}”, to which it gave the probability {probability}.", { token: printable(first.token.replace("▁", "")), probability: fixed(first.probability) })
      : null;
  return {
    title: phrase("From R to the translation"),
    stop: target ? "decoder" : "sentence",
    text: [
      phrase("In short: the sentence becomes a matrix; positions are added; attention and feed-forward network of layer 1 work on it; so does every layer above; what the last one puts out is R."),
      target
        ? together(phrase("The decoder takes R and writes the target sentence token by token. Each of its {m} layers looks at the tokens written so far, then at R, and goes through a feed-forward network; at the top stands a probability for each token of the vocabulary.", { m: layers }), begun)
        : phrase("The decoder takes R and writes the target sentence token by token. No target language was chosen for this page, so it is not shown here."),
    ],
    steps: stepsOf(context, target ? [`${last}.cross_attention`, "logits", "probabilities"] : ["encoder"]),
    trying: target
      ? { label: phrase("Look at cross-attention"), changes: { part: ["cross"], layer: undefined, head: undefined } }
      : { label: phrase("Choose a target language"), changes: {} },
    question: phrase("Why is self-attention masked in the decoder, but not in the encoder?"),
    answer: phrase("The source sentence is there as a whole, so every word may look at every other. The translation is only being written: a token that looked at later ones would see in training what it is to predict, and would have nothing to look at when it translates."),
  };
}

/** @param {Context} context @returns {TourStop} */
function representation(context) {
  const { encoder } = context.pass.config;
  return {
    title: phrase("R, and no decoder"),
    stop: "representation",
    text: [
      phrase("In short: the sentence becomes a matrix; positions are added; attention and feed-forward network of layer 1 work on it; so does every layer above; what the last one puts out is R."),
      phrase("In a model that translates, a decoder would take R and write the target sentence. This model has none: R itself is its result, {d} numbers for each token, by which words and sentences can be compared.", { d: encoder.d_model }),
    ],
    steps: stepsOf(context, ["encoder"]),
    trying: { label: phrase("See which words are near which"), changes: { word: [wordFollowed(context).key] } },
    question: phrase("X has a vector for each token as well. What does R know that X does not?"),
    answer: phrase("The sentence. In X a word has the same vector in every sentence; in R its vector depends on all the other words."),
  };
}

/**
 * Those of these steps that the model has.
 * @param {Context} context
 * @param {string[]} names
 * @returns {Step[]}
 */
function stepsOf({ pass }, names) {
  return names.flatMap((name) => pass.steps.get(name) ?? []);
}
