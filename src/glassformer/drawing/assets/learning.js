/** Learning: how attention and translation formed during training, moment by moment. */

/** @import { View } from "./attention.js" */
/** @import { Context, Stop, WatchManifest } from "./types.js" */
import { Matrices, Refusal, attentionView, chooseHeads, headName, keepReadable, partName } from "./attention.js";
import { h, latest, replace } from "./dom.js";
import { changesOf, momentAt, piecesOf, recordedParts, sourceAt } from "./learned.js";
import { linesPicture, scaleLegend } from "./lines.js";
import { markedStrip, newIn } from "./strips.js";
import { fixed, number, phrase, printable } from "./texts.js";
import { lookedAt, nameOf } from "./words.js";

const PACE = 700; // milliseconds from moment to moment
const TWEEN = 350; // milliseconds in which a line gets its next width
const MOST_CHANGES = 3;
const SHOWN_BY = ["part", "layer", "head", "heads", "word", "unit", "special", "min_weight", "mass"];

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
    const lines = pictureOfMoments(context, watch);
    const translations = h("div", { class: "translations-then" });
    replace(
      host,
      title,
      h("p", null, phrase("This sentence was watched while the model was trained, from random weights to the end. Go through the updates and see its attention and its translations form.")),
      time.element,
      h(
        "div", { class: "beside" },
        h("div", null, h("h3", null, phrase("Attention")), lines.element),
        h("div", null, h("h3", null, phrase("Translations")), translations),
      ),
      h("p", { class: "faint" }, phrase(
        "Weights were recorded as whole numbers of {levels}ths. The recorded updates are equally far apart on the slider: it is nearly logarithmic.",
        { levels: watch.levels },
      )),
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
      if (moved || SHOWN_BY.some((key) => changed.has(key))) lines.show();
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
    return h("p", null, phrase("No sentence was watched while this model was trained: training with a sentence to watch (watch=) records one."));
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
    if (!host.isConnected) return; // the page was drawn anew
    if (now() < last) set(now() + 1);
    if (now() < last) playing = setTimeout(next, PACE);
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
 * The lines of a moment, and which of them changed most since the one before. A click looks at a word.
 * @param {Context} context
 * @param {WatchManifest} watch
 */
function pictureOfMoments(context, watch) {
  const { store } = context;
  /** @type {Matrices | null} */
  let shown = null;
  const picture = linesPicture({
    chooses: (side, index) => {
      const sentence = side === "query" ? shown?.source.queries : shown?.source.keys;
      const name = shown && sentence && nameOf(sentence, index, shown.unit);
      if (name) store.set({ word: store.state.word?.includes(name) ? undefined : [name] });
    },
  }, phrase("Attention at this update"));
  const head = h("p", null);
  const frame = h("div", { class: "scrolls" }, picture.element);
  const changes = h("div", { class: "changes" });
  const element = h("div", null, head, frame, scaleLegend(),
    h("p", { class: "faint" }, phrase("In brackets: the share of a word's attention that is not drawn.")), changes);
  const show = async () => {
    const current = latest(element);
    const moment = momentAt(watch.updates, store.state.at_step);
    const before = moment ? viewAt(context, watch, moment - 1) : null;
    const [{ among, all, looked }, was] = await Promise.all([viewAt(context, watch, moment), before]);
    if (!current()) return;
    const view = keepReadable(all, store.state.mass);
    const widths = widthsIn(picture.element);
    shown = among;
    picture.place(view, { queries: among.queries.shown, keys: among.keys.shown }, Math.max(280, frame.clientWidth));
    picture.draw({ view, looked });
    moveFrom(picture.element, widths);
    replace(head, headSaid(view));
    replace(changes, was && changesSaid(was.all, all, watch.updates[moment - 1].update));
  };
  let width = 0;
  new ResizeObserver(() => {
    if (width && frame.clientWidth !== width) show();
    width = frame.clientWidth;
  }).observe(frame);
  return { element, show };
}

/** Which head is shown, and what of its lines. @param {View} view */
function headSaid(view) {
  const names = view.heads.map((at) => headName(at, view.meanOf)).join(" · ");
  return [
    h("strong", null, `${partName(view.part)} · ${names}`),
    view.choice === "card" && ` · ${phrase("the head that the model card recommends")}`,
    " · ", h("a", { href: "#attention" }, phrase("choose another head")),
  ];
}

/**
 * The picture of a moment, with all its links. What a moment does not have is left out: a head that is
 * none of this part's, or a word that the translation of then did not have.
 * @param {Context} context
 * @param {WatchManifest} watch
 * @param {number} moment
 */
async function viewAt({ page, pass, store }, watch, moment) {
  const { state } = store;
  const asked = state.part?.[0] ?? "encoder";
  const part = recordedParts(watch).includes(asked) ? asked : "encoder";
  const source = await sourceAt(page, watch, moment, part, pass.manifest.card);
  const unit = state.unit ?? "words";
  const among = new Matrices(source, unit, unit === "tokens" && state.special);
  const chosen = part === asked && !["largest", "all"].includes(state.heads ?? "") ? state : { min_weight: state.min_weight };
  const looked = orElse(() => lookedAt(among, state.word ?? []), { queries: null, keys: null });
  const known = orElse(() => chooseHeads(source, chosen) && chosen, {});
  return { among, looked, all: await attentionView(among, known, looked) };
}

/**
 * What a reader asks for, or something else where there is no such thing.
 * @template T
 * @param {() => T} asked
 * @param {T} other
 */
function orElse(asked, other) {
  try {
    return asked();
  } catch (error) {
    if (error instanceof Refusal) return other;
    throw error;
  }
}

/** @param {Element} link */
function nameOfLink(link) {
  return ["part", "layer", "head", "from", "to"].map((one) => link.getAttribute(`data-${one}`)).join();
}

/** How wide each line is now. @param {Element} picture */
function widthsIn(picture) {
  return new Map([...picture.querySelectorAll(".link")].map((one) => [nameOfLink(one), one.getAttribute("stroke-width")]));
}

/**
 * Let lines grow and shrink from the widths that they had; not for those who want no motion.
 * @param {Element} picture
 * @param {Map<string, string | null>} widths
 */
function moveFrom(picture, widths) {
  if (!widths.size || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  for (const link of picture.querySelectorAll(".link")) {
    const from = widths.get(nameOfLink(link)) ?? "0";
    link.animate([{ strokeWidth: `${from}px` }, { strokeWidth: `${link.getAttribute("stroke-width")}px` }], TWEEN);
  }
}

/**
 * @param {View} before
 * @param {View} now
 * @param {number} update of the moment before
 */
function changesSaid(before, now, update) {
  if (before.queries.join("\n") !== now.queries.join("\n") || before.keys.join("\n") !== now.keys.join("\n")) {
    return h("p", { class: "faint" }, phrase("Since update {update} the translation has other words, so its lines are not compared.", { update }));
  }
  const found = changesOf(before.links, now.links, MOST_CHANGES);
  if (!found.length) return h("p", { class: "faint" }, phrase("Nothing changed in these weights since update {update}.", { update }));
  return [
    h("h4", null, phrase("What changed most since update {update}", { update })),
    h("ul", { class: "most-changed" }, found.map(({ link, before: was }) => h(
      "li", null,
      `${printable(now.queries[link.from])} → ${printable(now.keys[link.to])}: ${fixed(was)} → ${fixed(link.weight)}`,
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
        markedStrip(pieces, marked, h("span", { class: "strip-label" }, printable(tag)),
          !text.trim() && h("span", { class: "faint" }, phrase("(empty)"))),
        h("p", { class: "faint" },
          score === null ? phrase("no score: its numbers were not finite") : phrase("score {score}", { score: number(score) }),
          same && phrase("; unchanged since update {update}", { update: before.update })),
      );
    }),
    before && h("p", { class: "faint" }, phrase("Marked: what the translation at update {update} did not have.", { update: before.update })),
  );
}
