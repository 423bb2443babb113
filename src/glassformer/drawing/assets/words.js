/** Words by name: "it", or "the:2" for the second of several; the rules of `find_word`. */

/** @import { Looked, Matrices } from "./attention.js" */
/** @import { Sentence, Unit } from "./types.js" */
import { Refusal } from "./attention.js";
import { phrase, printable } from "./texts.js";

/**
 * The position of a word, matched exactly, then without case; "the:2" is the second "the".
 * @param {string[]} words
 * @param {string} asked
 * @returns {number}
 * @throws {Refusal} when there is none, or when there are several and none is picked
 */
export function findWord(words, asked) {
  const found = matches(words, asked);
  if (found.length > 1) {
    const places = found
      .map((index, n) => phrase("{choice} is word {number}", { choice: `${asked}:${n + 1}`, number: index + 1 }))
      .join(", ");
    throw new Refusal(phrase("\"{asked}\" occurs {times} times: {places} (counted from 1); say which one", { asked, times: found.length, places }));
  }
  if (found.length) return found[0];
  const [, base, digits] = /^(.*):(\d{1,9})$/su.exec(asked) ?? [];
  const occurrences = digits === undefined ? [] : matches(words, base);
  if (occurrences.length) {
    const index = occurrences[Number(digits) - 1];
    if (index !== undefined) return index;
    if (occurrences.length === 1) {
      throw new Refusal(phrase("\"{word}\" occurs once, so there is no {asked}", { word: base, asked }));
    }
    throw new Refusal(phrase("\"{word}\" occurs {times} times, so there is no {asked}", { word: base, times: occurrences.length, asked }));
  }
  throw new Refusal(phrase("there is no word \"{asked}\" in the sentence; its words are: {words}", { asked, words: listed(words) }));
}

/**
 * The places of the words that were asked for; what names no word of this sentence, as one of another,
 * has none.
 * @param {string[]} words
 * @param {readonly string[] | undefined} asked
 * @returns {number[]}
 */
export function placesOf(words, asked) {
  const found = (asked ?? []).flatMap((one) => {
    try {
      return [findWord(words, one)];
    } catch (error) {
      if (error instanceof Refusal) return [];
      throw error;
    }
  });
  return sorted(new Set(found));
}

/**
 * The name by which `findWord` finds a word again.
 * @param {string[]} words
 * @param {number} index
 */
export function nameOfWord(words, index) {
  const same = matches(words, words[index]);
  return same.length === 1 ? words[index] : `${words[index]}:${same.indexOf(index) + 1}`;
}

/**
 * The positions that a word takes among the words or the tokens of a sentence.
 * @param {Sentence} sentence
 * @param {string} asked
 * @param {Unit} unit
 * @returns {number[]}
 * @throws {Refusal} as `findWord`
 */
export function positionsOf(sentence, asked, unit) {
  if (unit === "tokens") {
    const token = sentence.tokens.indexOf(asked);
    if (token >= 0 && token === sentence.tokens.lastIndexOf(asked)) return [token];
  }
  const index = findWord(sentence.words, asked);
  if (unit === "words") return [index];
  return sentence.word_of_token.flatMap((word, token) => (word === index ? [token] : []));
}

/**
 * The name of a word or a token; a token that others are written like goes by its word.
 * @param {Sentence} sentence
 * @param {number} index
 * @param {Unit} unit
 * @returns {string | null} null for a token that neither its text nor a word tells apart
 */
export function nameOf(sentence, index, unit) {
  if (unit === "words") return nameOfWord(sentence.words, index);
  const token = sentence.tokens[index];
  if (sentence.tokens.indexOf(token) === sentence.tokens.lastIndexOf(token)) return token;
  const word = sentence.word_of_token[index];
  return word === null ? null : nameOfWord(sentence.words, word);
}

/**
 * Which rows of a picture the words asked for are. A word that is not among those that attend, but
 * among those attended to (a source word in cross-attention), chooses the links to it.
 * @param {Matrices} among
 * @param {readonly string[]} asked
 * @returns {Looked}
 * @throws {Refusal} when there is no such word on either side
 */
export function lookedAt(among, asked) {
  const { source, unit, queries, keys } = among;
  /** @type {Set<number>} */
  const from = new Set();
  /** @type {Set<number>} */
  const to = new Set();
  for (const one of asked) {
    const attends = tried(source.queries, one, unit, queries.shown);
    const attended = typeof attends === "string" ? tried(source.keys, one, unit, keys.shown) : [];
    if (typeof attends === "string" && typeof attended === "string") throw new Refusal(attends);
    for (const index of typeof attends === "string" ? [] : attends) from.add(index);
    for (const index of typeof attended === "string" ? [] : attended) to.add(index);
  }
  return { queries: from.size ? sorted(from) : null, keys: to.size ? sorted(to) : null };
}

/**
 * @param {Sentence} sentence
 * @param {string} asked
 * @param {Unit} unit
 * @param {number[]} shown
 * @returns {number[] | string} where it is, or why it cannot be shown
 */
function tried(sentence, asked, unit, shown) {
  try {
    const found = positionsOf(sentence, asked, unit);
    const seen = found.filter((index) => shown.includes(index));
    if (seen.length) return seen;
    return found.length && unit === "tokens"
      ? phrase("\"{word}\" is a special token: {special} shows these too", { word: asked, special: phrase("special tokens") })
      : phrase("\"{word}\" has no token: the tokenizer drops it", { word: asked });
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

/** @param {string[]} words */
function listed(words) {
  return words.slice(0, 40).map(printable).join(", ") + (words.length > 40 ? " …" : "");
}

/**
 * @param {string[]} words
 * @param {string} asked
 */
function matches(words, asked) {
  const plain = asked.normalize("NFC");
  const normal = words.map((word) => word.normalize("NFC"));
  const exact = indices(normal, (word) => word === plain);
  return exact.length ? exact : indices(normal, (word) => folded(word) === folded(plain));
}

/**
 * @param {string[]} words
 * @param {(word: string) => boolean} holds
 */
function indices(words, holds) {
  return words.flatMap((word, index) => (holds(word) ? [index] : []));
}

/** Without case: ß as ss, as `str.casefold` has it. @param {string} text */
function folded(text) {
  return text.toUpperCase().toLowerCase();
}

/** @param {Set<number>} positions */
function sorted(positions) {
  return [...positions].sort((a, b) => a - b);
}
