/** The word looked at: one of the sentence's, named as `word=` names it. */

/**
 * The places of the words that were asked for; a word of another sentence has none.
 * @param {string[]} words
 * @param {string[] | undefined} asked "the:2" is the second "the"
 * @returns {number[]}
 */
export function placesOf(words, asked) {
  const found = (asked ?? []).flatMap((one) => matches(words, one));
  return [...new Set(found)].sort((a, b) => a - b);
}

/**
 * How a word of a sentence is asked for: by itself, or with its number where there are several.
 * @param {string[]} words
 * @param {number} place
 */
export function nameOf(words, place) {
  const same = words.flatMap((word, index) => (word === words[place] ? [index] : []));
  return same.length > 1 ? `${words[place]}:${same.indexOf(place) + 1}` : words[place];
}

/**
 * @param {string[]} words
 * @param {string} asked
 * @returns {number[]}
 */
function matches(words, asked) {
  const exact = equal(words, asked, (word) => word.normalize("NFC"));
  if (exact.length) return exact.slice(0, 1);
  const alike = equal(words, asked, (word) => word.normalize("NFC").toLowerCase());
  if (alike.length) return alike.slice(0, 1);
  const [, base, number] = /^(.+):(\d{1,9})$/s.exec(asked) ?? [];
  if (base === undefined) return [];
  const places = equal(words, base, (word) => word.normalize("NFC"));
  const place = places[Number(number) - 1];
  return place === undefined ? [] : [place];
}

/**
 * @param {string[]} words
 * @param {string} asked
 * @param {(word: string) => string} as
 */
function equal(words, asked, as) {
  return words.flatMap((word, index) => (as(word) === as(asked) ? [index] : []));
}
