/** Learning: how attention and translation formed during training, moment by moment. */

/** @import { Context, Part, Sentence, Stop, WatchManifest } from "./types.js" */
import { h, latest, replace } from "./dom.js";
import { amongWords, changesOf, headShown, momentAt, piecesOf, weightsOfMoment } from "./learned.js";
import { placesOf } from "./looked.js";
import { leftOut, movingLines, widthSaid } from "./moving_lines.js";
import { markedStrip, newIn } from "./strips.js";
import { fixed, number, phrase, printable } from "./texts.js";

const PACE = 700; // milliseconds from moment to moment
const MOST_CHANGES = 3;

/** @type {Stop} */
export const learningStop = {
  id: "learning",
  title: () => phrase("Learning"),
  draw(host, context) {
    const { watch } = context.page.manifest;
    const title = h("h2", { id: "learning-title" }, phrase("Learning"));
    if (!watch || !watch.updates.length) {
      replace(host, title, whyNone(context, watch));
      return () => {};
    }
    const time = timeline(context, watch);
    const lines = movingLines();
    const head = h("p", { class: "faint" });
    const changes = h("div", { class: "changes" });
    const translations = h("div", { class: "translations-then" });
    replace(
      host,
      title,
      h("p", null, phrase("This sentence was watched while the model was trained, from random weights to the end. Go through the updates and see its attention and its translations form.")),
      time.element,
      h(
        "div", { class: "beside" },
        h("div", null, h("h3", null, phrase("Attention")), head, h("div", { class: "scrolls", tabindex: 0, role: "group", "aria-label": phrase("Attention at this update") }, lines.element), changes),
        h("div", null, h("h3", null, phrase("Translations")), translations),
      ),
      h("p", { class: "faint" }, phrase(
        "Weights were recorded as whole numbers of {levels}ths; special tokens are not shown.", { levels: watch.levels },
      ), " ", widthSaid()),
      watch.left_out.length > 0 && h("p", { class: "problem" }, phrase(
        "At these updates there was no attention to record, since numbers had become NaN: {updates}", { updates: watch.left_out.join(", ") },
      )),
    );
    let first = true;
    return (changed) => {
      const moved = first || changed.has("at_step");
      if (moved) {
        time.show();
        showTranslations(translations, context, watch);
      }
      if (moved || ["part", "layer", "head", "heads", "word"].some((key) => changed.has(key))) {
        showLines(lines, head, changes, context, watch);
      }
      first = false;
    };
  },
};

/**
 * Why there is nothing to go through.
 * @param {Context} context
 * @param {WatchManifest | null} watch
 */
function whyNone({ page, store }, watch) {
  const watched = page.manifest.watched_sentences;
  if (watch) return h("p", null, phrase("This sentence was watched, but its attention was never recorded: numbers had become NaN."));
  if (!watched || !watched.length) {
    return h("p", null, phrase("No sentence was watched while this model was trained: “glassformer train --watch SENTENCE” records one."));
  }
  const served = page.manifest.home === "serve";
  return [
    h("p", null, phrase("This sentence was not watched while the model was trained. These were:")),
    h("ul", { class: "watched" }, watched.map((text) => h("li", null, served
      ? h("button", { onclick: () => store.set({ text, target: undefined }) }, printable(text))
      : printable(text)))),
  ];
}

/**
 * The slider over the recorded updates, which can play.
 * @param {Context} context
 * @param {WatchManifest} watch
 */
function timeline({ store }, { updates, max_updates: most }) {
  const last = updates.length - 1;
  const set = (/** @type {number} */ moment) =>
    store.set({ at_step: moment === last ? undefined : updates[moment].update });
  const now = () => momentAt(updates, store.state.at_step);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let playing;
  const pause = () => {
    clearTimeout(playing);
    playing = undefined;
    replace(button, phrase("Play"));
  };
  const next = () => {
    if (now() < last) set(now() + 1);
    if (now() < last && host.isConnected) playing = setTimeout(next, PACE);
    else pause();
  };
  const play = () => {
    replace(button, phrase("Pause"));
    if (now() === last) set(0);
    playing = setTimeout(next, PACE);
  };
  const button = h("button", { class: "play", onclick: () => (playing === undefined ? play() : pause()) }, phrase("Play"));
  const input = /** @type {HTMLInputElement} */ (h("input", {
    type: "range", min: 0, max: last, step: 1, "aria-label": phrase("Update of the training"),
    oninput: () => {
      pause();
      set(Number(input.value));
    },
  }));
  const said = h("output", { class: "slider-value" });
  const every = Math.max(1, Math.ceil(last / 8));
  const ticks = updates.map(({ update }, place) => h(
    "span", {
      class: place % every === 0 || place === last ? "tick named" : "tick",
      style: { "inset-inline-start": `calc(.5rem + (100% - 1rem) * ${last ? place / last : 0})` },
    },
    (place === last || (place % every === 0 && last - place >= every)) && String(update),
  ));
  const host = h(
    "div", { class: "timeline" },
    button,
    h("div", { class: "timeline-track" }, input, h("div", { class: "ticks", "aria-hidden": "true" }, ticks)),
    said,
  );
  const show = () => {
    const moment = now();
    const text = phrase("update {update} of {most}", { update: updates[moment].update, most });
    input.value = String(moment);
    input.setAttribute("aria-valuetext", text);
    replace(said, text);
  };
  return { element: host, show };
}

/**
 * @param {ReturnType<typeof movingLines>} lines
 * @param {HTMLElement} head
 * @param {HTMLElement} changes
 * @param {Context} context
 * @param {WatchManifest} watch
 */
async function showLines(lines, head, changes, context, watch) {
  const current = latest(changes);
  const { page, pass, store } = context;
  const moment = momentAt(watch.updates, store.state.at_step);
  const chosen = chosenIn(context, watch, moment);
  const frames = await Promise.all([moment - 1, moment].filter((one) => one >= 0).map(async (one) => {
    const weights = await page.watched(watch.updates[one], one, chosen.part);
    const { queries, keys } = sidesOf(watch, one, chosen.part);
    const values = amongWords(weightsOfMoment(weights, watch.levels, chosen), queries, keys);
    return { ...chosen, queries: queries.words, keys: keys.words, weights: values, looked: placesOf(queries.words, store.state.word) };
  }));
  if (!current()) return;
  const frame = frames[frames.length - 1];
  lines.show(frame);
  replace(head, headSaid(chosen, pass.manifest.card), " ", leftOut(frame), " ", h("a", { href: "#attention" }, phrase("Choose another head")));
  const before = frames.length > 1 ? frames[0] : null;
  replace(changes, before && changesSaid(before, frame, watch.updates[moment - 1].update));
}

/**
 * @param {Context} context
 * @param {WatchManifest} watch
 * @param {number} moment
 */
function chosenIn({ pass, store }, watch, moment) {
  const { arrays } = watch.updates[moment];
  /** @type {Part[]} */
  const every = ["encoder", "decoder", "cross"];
  const parts = every.filter((part) => `watch.${moment}.${part}` in arrays);
  const asked = store.state.part?.[0] ?? "encoder";
  const [layers, heads] = arrays[`watch.${moment}.${parts.includes(asked) ? asked : "encoder"}`].shape;
  return headShown(store.state, pass.manifest.card, { layers, heads, parts });
}

/**
 * @param {WatchManifest} watch
 * @param {number} moment
 * @param {Part} part
 * @returns {{queries: Sentence, keys: Sentence}}
 */
function sidesOf(watch, moment, part) {
  const { target } = watch.updates[moment];
  if (part === "encoder" || !target) return { queries: watch.source, keys: watch.source };
  return { queries: target, keys: part === "decoder" ? target : watch.source };
}

/**
 * @param {ReturnType<typeof headShown>} chosen
 * @param {import("./types.js").Card | null} card
 */
function headSaid({ part, layer, head }, card) {
  const name = partSaid(part);
  if (!layer) return phrase("{part}, mean over all heads of all layers.", { part: name });
  if (!head) return phrase("{part}, layer {layer}, mean over its heads.", { part: name, layer });
  return card && card.part === part && card.layer === layer && card.head === head
    ? phrase("{part}, layer {layer}, head {head}, the one that the model's card names.", { part: name, layer, head })
    : phrase("{part}, layer {layer}, head {head}.", { part: name, layer, head });
}

/** @param {Part} part */
function partSaid(part) {
  if (part === "encoder") return phrase("Encoder self-attention");
  return part === "decoder" ? phrase("Decoder self-attention") : phrase("Cross-attention");
}

/**
 * @param {import("./moving_lines.js").Frame} before
 * @param {import("./moving_lines.js").Frame} now
 * @param {number} update of the moment before
 */
function changesSaid(before, now, update) {
  if (before.queries.join("\n") !== now.queries.join("\n") || before.keys.join("\n") !== now.keys.join("\n")) {
    return h("p", { class: "faint" }, phrase("Since update {update} the translation has other words, so its lines are not compared.", { update }));
  }
  const found = changesOf(before.weights, now.weights, now.keys.length, MOST_CHANGES);
  if (!found.length) return h("p", { class: "faint" }, phrase("Nothing changed in these weights since update {update}.", { update }));
  return [
    h("h4", null, phrase("What changed most since update {update}", { update })),
    h("ul", { class: "most-changed" }, found.map((one) => h(
      "li", null,
      `${printable(now.queries[one.from])} → ${printable(now.keys[one.to])}: ${fixed(one.before)} → ${fixed(one.now)}`,
    ))),
  ];
}

/**
 * @param {HTMLElement} host
 * @param {Context} context
 * @param {WatchManifest} watch
 */
function showTranslations(host, { store }, watch) {
  const moment = momentAt(watch.updates, store.state.at_step);
  const before = moment ? watch.updates[moment - 1] : null;
  const { translations } = watch.updates[moment];
  const tags = Object.keys(translations);
  if (!tags.length) {
    replace(host, h("p", null, phrase("This model has no decoder: there were no translations to record.")));
    return;
  }
  replace(
    host,
    tags.map((tag) => {
      const { text, score } = translations[tag];
      const pieces = piecesOf(text);
      const was = before ? piecesOf(before.translations[tag].text) : pieces;
      const marked = newIn(was, pieces);
      const same = before && before.translations[tag].text === text;
      return h(
        "div", { class: "translation-then", "data-to": tag, "data-text": text },
        markedStrip(pieces, marked, h("span", { class: "strip-label" }, printable(tag))),
        h("p", { class: "faint" },
          score === null ? phrase("no score: its numbers were not finite") : phrase("score {score}", { score: number(score) }),
          same && phrase("; unchanged since update {update}", { update: before.update })),
      );
    }),
    before && h("p", { class: "faint" }, phrase("Marked: what the translation at update {update} did not have.", { update: before.update })),
  );
}
