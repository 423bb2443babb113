/** What is said where something goes wrong: one sentence, where it happened. */

import { h } from "./dom.js";
import { phrase } from "./texts.js";

/** An error whose message is a sentence for the reader, in the language of the page. */
export class PageError extends Error {}

/**
 * An error as a sentence.
 * @param {unknown} error
 */
export function sentenceOf(error) {
  if (error instanceof PageError) return error.message;
  const reason = error instanceof Error ? error.message : String(error);
  return phrase("This part of the page cannot be drawn, which is a fault of Glassformer: {reason}", { reason });
}

/** @param {string} text */
export function problem(text) {
  return h("p", { class: "problem", role: "alert" }, text);
}
