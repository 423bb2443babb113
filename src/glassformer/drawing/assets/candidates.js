/** What the decoder says comes next: candidates with probabilities, and how another one goes on. */

/** @import { Context, Likely, Pass, Prediction } from "./types.js" */
import { h, latest, replace } from "./dom.js";
import { markedStrip, newIn } from "./strips.js";
import { fixed, number, phrase, printable } from "./texts.js";

const BYTE = /^<0x[0-9A-F]{2}>$/;

/**
 * The candidates of a row of the decoder, and below them what becomes of another one.
 * @param {HTMLElement} host
 * @param {Context} context
 * @param {number} row from 0
 */
export function showCandidates(host, context, row) {
  const prediction = context.pass.manifest.predictions[row];
  const served = context.page.manifest.home === "serve";
  const goesOn = h("div", { class: "goes-on" });
  const choose = served
    ? (/** @type {Likely} */ one) => goOn(goesOn, context, row, one)
    : null;
  const further = prediction.rank !== null && prediction.rank > prediction.best.length;
  replace(
    host,
    h("h3", null, phrase("What could come next")),
    h("p", null, said(prediction)),
    h(
      "div", { class: "candidates", tabindex: 0, role: "group", "aria-label": phrase("Candidates with their probabilities") },
      h("ol", { class: "gauges" }, prediction.best.map((one, place) =>
        candidate(one, place + 1, one.id === prediction.id, choose, reasonAgainst(context.pass, row, one)))),
    ),
    h(
      "ul", { class: "gauges rest" },
      further && gauge(prediction.token ?? "", prediction.probability ?? 0, prediction.rank, true),
      gauge(phrase("all others together"), prediction.rest, null, false),
    ),
    h("p", { class: "faint" }, served
      ? phrase("Choose another candidate to see how the sentence goes on.")
      : phrase("To see how the sentence goes on with another candidate, open this sentence with “glassformer serve”.")),
    goesOn,
  );
}

/** @param {Prediction} prediction */
function said(prediction) {
  const { rank, probability, score } = prediction;
  const input = printable(prediction.input);
  if (prediction.token === null || rank === null || probability === null) {
    return phrase("This row reads “{input}”; the target given ends here.", { input });
  }
  const fields = { input, token: printable(prediction.token), rank, probability: number(probability) };
  return score === null
    ? phrase("This row reads “{input}” and predicts “{token}”: rank {rank}, probability {probability}.", fields)
    : phrase(
        "This row reads “{input}” and predicts “{token}”: rank {rank}, probability {probability}, log-probability {score}.",
        { ...fields, score: number(score) },
      );
}

/**
 * @param {Likely} one
 * @param {number} rank
 * @param {boolean} chosen
 * @param {((one: Likely) => void) | null} choose
 * @param {string | null} reason why it cannot be chosen
 */
function candidate(one, rank, chosen, choose, reason) {
  const name = choose && !chosen
    ? h("button", {
        class: "candidate", disabled: reason !== null, title: reason,
        "aria-label": phrase("Go on with “{token}”", { token: printable(one.token) }),
        onclick: () => choose(one),
      }, printable(one.token))
    : printable(one.token);
  return gauge(name, one.probability, rank, chosen);
}

/**
 * @param {HTMLElement | string} name
 * @param {number} probability
 * @param {number | null} rank
 * @param {boolean} chosen
 */
function gauge(name, probability, rank, chosen) {
  return h(
    "li", { class: `gauge${rank === null ? "" : " ranked"}${chosen ? " looked" : ""}`, "data-value": probability },
    rank !== null && h("span", { class: "gauge-rank" }, rank),
    h("span", { class: "gauge-name" }, typeof name === "string" ? printable(name) : name),
    h("span", { class: "gauge-track" }, h("span", { class: "gauge-fill", style: { width: `${100 * probability}%` } })),
    h("span", { class: "gauge-value" }, percent(probability), chosen && h("span", { class: "only-heard" }, phrase("chosen"))),
  );
}

/** @param {number} probability */
function percent(probability) {
  return probability > 0 && probability < 0.0001 ? "< 0.01 %" : `${fixed(100 * probability)} %`;
}

/**
 * Why a sentence cannot go on with a candidate, or null where it can.
 * @param {Pass} pass
 * @param {number} row
 * @param {Likely} one
 */
function reasonAgainst(pass, row, one) {
  const { end, padding, start, tags = {}, suppressed = [] } = /** @type {Record<string, any>} */ (pass.config);
  if (one.id === end) return phrase("the sentence ends here");
  const never = [padding, start, ...suppressed, ...Object.values(tags)];
  if (never.includes(one.id)) return phrase("the search never generates this token");
  if ([...before(pass, row), one.token].some((token) => BYTE.test(token))) {
    return phrase("a beginning is given as text, and single bytes are none");
  }
  return null;
}

/**
 * The tokens that stand before the one that a row predicts.
 * @param {Pass} pass
 * @param {number} row
 */
function before(pass, row) {
  return pass.sentence("target").tokens.slice(1, row + 1);
}

/**
 * Tokens as the text that they stand for; ▁ is a space.
 * @param {string[]} tokens
 */
function textOf(tokens) {
  return tokens.join("").replaceAll("▁", " ");
}

/**
 * Ask the server how the sentence goes on after another candidate, and show it beside what it was.
 * @param {HTMLElement} host
 * @param {Context} context
 * @param {number} row
 * @param {Likely} one
 */
async function goOn(host, context, row, one) {
  const current = latest(host);
  const { pass, store, page } = context;
  const asked = [...before(pass, row), one.token];
  replace(host, h("p", { class: "faint" }, phrase("Asking for the rest of the sentence …")));
  const { beam_size, special_tokens, truncate, model = page.manifest.model } = store.state;
  const settings = { text: pass.manifest.source.text, to: pass.manifest.to, prefix: textOf(asked), model, beam_size, special_tokens, truncate };
  /** @type {{text: string, tokens: string[]}} */
  let found;
  try {
    const answer = await fetch("api/translate", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(Object.fromEntries(Object.entries(settings).filter(([, value]) => value != null))),
    });
    const json = await answer.json();
    if (!answer.ok) throw new Error(json.error.message);
    [found] = json.translations;
  } catch (error) {
    if (current()) {
      const reason = error instanceof Error ? error.message : String(error);
      replace(host, h("p", { class: "problem" }, phrase("The server gave no continuation: {reason}", { reason })));
    }
    return;
  }
  if (!current()) return;
  const was = pass.sentence("target").tokens.slice(1);
  const differs = asked.some((token, place) => found.tokens[place] !== token);
  const show = () => store.set({ target: found.text });
  replace(
    host,
    h("h4", null, phrase("With “{token}” at this place", { token: printable(one.token) })),
    markedStrip(was, newIn(found.tokens, was), h("span", { class: "strip-label" }, phrase("now"))),
    markedStrip(found.tokens, newIn(was, found.tokens), h("span", { class: "strip-label" }, phrase("then"))),
    differs && h("p", { class: "faint" }, phrase("The beginning was given as text, and was cut into other tokens than here.")),
    h("button", { onclick: show }, phrase("Walk through this translation")),
  );
  context.announce(found.text);
}
