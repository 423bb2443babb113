/** The word that is followed through the steps: which row of a matrix is its, and how it is chosen. */

/** @import { Context, Pass, Sentence, State } from "./types.js" */
import { h } from "./dom.js";
import { printable } from "./texts.js";
import { nameOfWord, placesOf } from "./words.js";

const FOLLOWED = "it"; // where no other word is asked for, and the text has it

/**
 * The row that is followed: the first token of the word asked for, or of "it", or else the last token
 * that is no special one. The same rule as in inspection/flow.py.
 * @param {Sentence} sentence
 * @param {Readonly<State>} state
 * @returns {number} from 0
 */
export function followedRow(sentence, state) {
  const { words, tokens, special, word_of_token: of } = sentence;
  const own = words.filter((word) => word === FOLLOWED).length === 1 ? [words.indexOf(FOLLOWED)] : [];
  for (const place of [...placesOf(words, state.word), ...own]) {
    const row = of.indexOf(place);
    if (row >= 0) return row;
  }
  const plain = special.lastIndexOf(false);
  return plain >= 0 ? plain : tokens.length - 1;
}

/**
 * Buttons for the words of a sentence, of which one is followed. Words without a token are no buttons.
 * @param {Context} context
 * @param {Pass} pass
 * @param {"source" | "target"} side
 * @param {string} label
 * @returns {{element: HTMLElement, update: () => void}}
 */
export function wordChoice(context, pass, side, label) {
  const sentence = pass.sentence(side);
  const buttons = sentence.words.map((word, place) =>
    h("button", {
      type: "button",
      disabled: !sentence.word_of_token.includes(place),
      onclick: () => context.store.set({ word: [nameOfWord(sentence.words, place)] }),
    }, h("bdi", null, printable(word))),
  );
  const update = () => {
    const place = sentence.word_of_token[followedRow(sentence, context.store.state)];
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(index === place)));
  };
  return { element: h("div", { class: "word-choice", role: "group", "aria-label": label, dir: "auto" }, buttons), update };
}
