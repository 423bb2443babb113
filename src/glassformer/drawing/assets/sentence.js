/** The sentence box, and the translation that comes out. */

/** @import { Context, Stop } from "./types.js" */
import { toClipboard } from "./clipboard.js";
import { h, replace } from "./dom.js";
import { askForm, languageName } from "./examples.js";
import { number, phrase, printable } from "./texts.js";

const COMMAND = "glassformer serve";

/** @type {Stop} */
export const sentenceStop = {
  id: "sentence",
  title: () => phrase("The sentence"),
  draw(host, context) {
    const { pass, page, store } = context;
    const { source, target } = pass.manifest;
    const served = page.manifest.home === "serve";
    replace(
      host,
      h("h2", { id: "sentence-title" }, phrase("The sentence")),
      served
        ? askForm({
            state: store.state,
            models: context.models,
            submit: (asked) => {
              // A translation or a second segment given for the last sentence says nothing of this one.
              const other = asked.text !== store.state.text;
              const gone = other ? { target: undefined, pair: undefined, compare: undefined, difference: undefined } : {};
              store.set({ ...gone, ...asked });
            },
          })
        : ownSentence(context),
      h("p", null, countsOf(source.words.length, source.tokens.length)),
      pass.config.decoder ? translations(context) : h("p", { class: "faint" }, phrase("This model is an encoder without a decoder: it computes R, and translates nothing.")),
      pass.config.decoder && !target && h("p", { class: "faint" }, phrase("No target language was chosen, so the decoder is not traced here.")),
    );
    return () => {};
  },
};

/**
 * @param {number} words
 * @param {number} tokens
 */
function countsOf(words, tokens) {
  return phrase("The sentence has {words} words; the model reads them as {tokens} tokens, special tokens included, all at once.", { words, tokens });
}

/**
 * What comes out, for every target language; on a server a click traces that one.
 * @param {Context} context
 */
function translations({ pass, page, store }) {
  const { translations: found, to } = pass.manifest;
  const rows = Object.entries(found).map(([tag, one]) => {
    const traced = tag === to;
    const name = languageName(tag);
    const text = h("span", { lang: tag, dir: "auto", class: "translation" }, printable(one.text));
    const score = one.score === null ? "" : phrase("log-probability {score}", { score: number(one.score) });
    const choose =
      page.manifest.home === "serve" && !traced
        ? h("button", { type: "button", class: "plain", "data-keep": `to-${tag}`, onclick: () => store.set({ to: tag, target: undefined }) }, phrase("trace this one"))
        : traced && h("span", { class: "faint" }, phrase("traced below"));
    return h(
      "div",
      { class: traced ? "is-traced" : null },
      h("dt", null, name),
      h("dd", null, text, h("span", { class: "faint" }, score), choose),
    );
  });
  return rows.length ? h("dl", { class: "translations" }, rows) : null;
}

/**
 * In a file there is no model: what can be done for another sentence.
 * @param {Context} context
 */
function ownSentence({ pass, announce }) {
  const { text, pair } = pass.manifest.source;
  const copied = h("button", {
    type: "button",
    onclick: async () => {
      const done = await copy(COMMAND, command);
      announce(done ? phrase("Copied.") : phrase("Press Ctrl-C to copy what is selected."));
      copied.textContent = done ? phrase("Copied.") : phrase("Selected");
    },
  }, phrase("Copy"));
  const command = h("code", null, COMMAND);
  return [
    h("blockquote", { dir: "auto" }, printable(text), pair && [h("br", null), printable(pair)]),
    h("p", { class: "own-sentence" }, phrase("This page is a file with the numbers of this sentence. To try one of your own, start a server:"), " ", command, " ", copied),
  ];
}

/**
 * Copy a text; where that is not allowed, select it.
 * @param {string} text
 * @param {HTMLElement} element that shows it
 */
async function copy(text, element) {
  if (await toClipboard(text)) return true;
  getSelection()?.selectAllChildren(element);
  return false;
}
