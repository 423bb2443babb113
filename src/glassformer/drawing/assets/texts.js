/**
 * The words of the page. The English sentence is the id, as everywhere in Glassformer; what is said
 * in another language stands in the document, taken from the one catalogue.
 */

/** @import { Language } from "./types.js" */

/** @type {{language: Language, words: Record<string, Record<string, string>>}} */
const SPEAKING = { language: "en", words: {} };

/**
 * @param {Language} language
 * @param {...Record<string, Record<string, string>>} words language → sentence → the same in it
 */
export function speak(language, ...words) {
  SPEAKING.language = language;
  for (const one of words) {
    for (const [name, said] of Object.entries(one)) {
      SPEAKING.words[name] = { ...SPEAKING.words[name], ...said };
    }
  }
}

/** @returns {Language} */
export function spoken() {
  return SPEAKING.language;
}

/**
 * A sentence in the language of the page, with its fields filled in.
 * @param {string} english
 * @param {Record<string, string | number>} [fields]
 */
export function phrase(english, fields = {}) {
  const sentence = said(english);
  return sentence.replace(/\{(\w+)\}/g, (whole, name) =>
    name in fields ? String(fields[name]) : whole,
  );
}

/**
 * What a trace says (a formula, a reason), in the language of the page.
 * @param {string} english
 */
export function said(english) {
  return SPEAKING.words[SPEAKING.language]?.[english] ?? english;
}

/**
 * Sentences one after the other; Chinese has no space between them.
 * @param {...(string | null | undefined | false)} sentences
 */
export function together(...sentences) {
  return sentences.filter(Boolean).join(SPEAKING.language === "zh" ? "" : " ");
}

/**
 * A number for people: four significant digits and a real minus sign.
 * @param {number} value
 * @param {number} [digits]
 */
export function number(value, digits = 4) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-3 || size >= 10 ** (digits + 2))
      ? value.toExponential(digits - 1)
      : String(Number(value.toPrecision(digits)));
  return text.replace(/-/g, "−");
}

/**
 * A number with so many decimals, for columns of them.
 * @param {number} value
 * @param {number} [decimals]
 */
export function fixed(value, decimals = 2) {
  const text = value.toFixed(decimals);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

/**
 * Text that cannot turn a page around or hide in it: control characters become their pictures,
 * invisible format characters their code. The same rule as in views/text.py.
 * @param {string} text
 */
export function printable(text) {
  return text.replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return "\u2421";
    return `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
  });
}
