/** Attention lines between words, and the layers × heads grid to choose from. */

/** @import { At, Link, Looked, Source, View } from "./attention.js" */
/** @import { Side } from "./lines.js" */
/** @import { Context, State, Stop, Update } from "./types.js" */
import { Matrices, Refusal, attentionView, chooseHeads, headName, keepReadable, partName, sourceOf } from "./attention.js";
import { attentionControls, headChips } from "./attention_controls.js";
import { cellOf, composition, linkTable, linkText } from "./attention_weights.js";
import { h, latest, replace } from "./dom.js";
import { headGrid } from "./heads.js";
import { HUES, linesPicture, scaleLegend } from "./lines.js";
import { heatMap } from "./matrix.js";
import { phrase, printable, said, spoken } from "./texts.js";
import { lookedAt, nameOf } from "./words.js";

/** Of more words than this a heat map is drawn: lines between them would be a grey area. */
const MOST_WORDS = 128;
/** Of more tokens than this the grid, which needs every layer, is drawn when asked for. */
const MOST_AT_ONCE = 128;
const SHOWN_BY = ["part", "layer", "head", "heads", "word", "unit", "special", "min_weight", "mass", "align"];
const NONE = /** @type {Looked} */ ({ queries: null, keys: null });

/** @type {Stop} */
export const attentionStop = {
  id: "attention",
  title: () => phrase("Attention between words"),
  draw(host, context) {
    let update = build(host, context);
    return (changed) => {
      if (changed.has("language")) update = build(host, context);
      update(changed);
    };
  },
};

/**
 * @param {HTMLElement} host
 * @param {Context} context
 * @returns {Update}
 */
function build(host, context) {
  const { store } = context;
  const controls = attentionControls(context);
  const chips = headChips(context);
  const table = linkTable((link) => open(link));
  const [problem, what, notes, body, parts, heads] = [
    h("p", { class: "problem", role: "status" }), h("p", { class: "what" }), h("ul", { class: "notes faint" }),
    h("div", { class: "scrolls attention-body" }), h("div", { "aria-live": "polite" }), h("div", { class: "heads" }),
  ];
  const several = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox" }));
  const readout = h("output", { class: "line-said" }, hint());
  const legend = scaleLegend();
  replace(
    host,
    h("h2", { id: "attention-title" }, phrase("Attention between words")),
    h("p", null, phrase("Each word gives away 1 in all, shared out over the words it attends to. A line from a word above to a word below is as wide as its share.")),
    controls.element, problem, what, chips.element, body, readout, legend, notes, parts, table.element, heads,
  );
  /** @type {{among: Matrices | null, key: string, view: View | null, grid: ReturnType<typeof headGrid> | null, preview: Looked | null, timer: number, width: number}} */
  const now = { among: null, key: "", view: null, grid: null, preview: null, timer: 0, width: 0 };

  /** @param {Looked | null} looked */
  const preview = (looked) => {
    clearTimeout(now.timer);
    // From one word to the next nothing is between: wait a little before all lines come back.
    now.timer = window.setTimeout(() => {
      if (JSON.stringify(looked) === JSON.stringify(now.preview)) return;
      now.preview = looked;
      show();
    }, looked ? 0 : 90);
  };
  const picture = linesPicture({
    chooses: (side, index, add) => choose(side, index, add),
    previews: (side, index) => preview(index === null ? null : lookedFrom(side, index)),
    hovers: (link) => {
      const view = now.view;
      readout.textContent = link && view ? `${linkText(view, link)} · ${headName([link.layer, link.head], view.meanOf)}` : hint();
    },
    opens: (link) => open(link),
  }, phrase("Lines of attention: arrow keys go from word to word, Enter keeps the lines of one, Escape lets go"));

  /** @param {Side} side @param {number} index @param {boolean} add */
  const choose = (side, index, add) => {
    const among = now.among;
    if (!among) return;
    const sentence = side === "query" ? among.source.queries : among.source.keys;
    const name = nameOf(sentence, index, among.unit);
    if (name === null) return;
    const words = store.state.word ?? [];
    const kept = words.includes(name) ? words.filter((one) => one !== name) : [...(add ? words : []), name];
    clearTimeout(now.timer);
    now.preview = null;
    store.set({ word: kept.length ? kept : undefined });
  };
  /** @param {Link} link */
  const open = async (link) => {
    const { among, view } = now;
    if (!among || !view) return;
    const cell = cellOf(among, link);
    const current = latest(parts);
    replace(parts);
    if (cell) {
      context.openCell(`${context.pass.attention(link.part, link.layer ?? 1)}.weights`, cell);
    } else {
      const made = await composition(context, among, view, link, ([layer, head]) => {
        store.set({ layer: layer ?? undefined, head: head === null ? undefined : [head], heads: undefined });
      });
      if (!current()) return; // another line was opened, or other settings chosen
      replace(parts, made);
      parts.scrollIntoView({ block: "nearest" });
    }
  };
  host.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    if (!now.preview && !store.state.word && !parts.hasChildNodes()) return;
    clearTimeout(now.timer);
    now.preview = null;
    latest(parts);
    replace(parts);
    if (store.state.word) store.set({ word: undefined });
    else show();
    event.stopPropagation();
  };

  const show = async () => {
    const current = latest(body);
    try {
      await draw(current);
    } catch (error) {
      if (!current()) return;
      problem.hidden = false;
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  /** @param {() => boolean} current */
  const draw = async (current) => {
    const asked = store.state;
    const refusals = /** @type {string[]} */ ([]);
    const part = asked.part?.[0] ?? "encoder";
    const known = context.pass.parts.includes(part) ? part : "encoder";
    if (known !== part) refusals.push(phrase("there is no {part} attention in this trace: no target was traced", { part: partName(part) }));
    const source = sourceOf(context.pass, known, asked.align);
    const unit = asked.unit ?? "words";
    const key = JSON.stringify([known, source.align, unit, unit === "tokens" && asked.special]);
    if (key !== now.key || !now.among) {
      now.key = key;
      now.among = new Matrices(source, unit, unit === "tokens" && asked.special);
      now.grid = null;
    }
    const among = now.among;
    const state = settled(source, asked, refusals);
    const kept = lookedIn(among, asked.word ?? [], refusals);
    const many = Math.max(among.queries.shown.length, among.keys.shown.length) > MOST_WORDS;
    const looked = many ? NONE : (now.preview ?? kept);
    const all = await attentionView(among, state, looked, !many);
    if (!current()) return;
    const view = keepReadable(all, asked.mass);
    now.view = view;
    if (!many) drawLines(view, looked);
    // What is only pointed at changes nothing but the lines, so that nothing moves below the pointer.
    if (now.preview && !many) return;
    problem.textContent = refusals.join(" ");
    if (!many && view.heads.length > HUES) problem.textContent += tooMany(view);
    problem.hidden = !problem.textContent;
    controls.update(among, state, view, !many);
    chips.update(view);
    replace(what, h("strong", null, `${partName(view.part)} · ${described(view)}`));
    if (many) drawMaps(context, body, among, all, kept);
    for (const one of [readout, legend, table.element]) one.hidden = many;
    table.update(view);
    replace(notes, notesOf(all, view, many, !looked.keys).map((one) => h("li", null, one)));
    grid(among, view);
  };
  /** @param {View} view @param {Looked} looked */
  const drawLines = (view, looked) => {
    const among = /** @type {Matrices} */ (now.among);
    if (picture.element.parentElement !== body) replace(body, picture.element);
    const placed = { queries: among.queries.shown, keys: among.keys.shown };
    picture.place(view, placed, Math.max(280, body.clientWidth));
    const many = view.heads.length > HUES;
    picture.draw({ view: many ? { ...view, links: [] } : view, looked, shares: !many && !looked.keys });
  };
  /** @param {Matrices} among @param {View} view */
  const grid = (among, view) => {
    if (!now.grid) {
      const made = headGrid(among, {
        chooses: (at) => (several.checked && at[1] !== null ? adds(at) : solo(at)), solo, adds,
      });
      now.grid = made;
      const fill = () => made.fill(() => now.grid === made);
      const long = Math.max(among.source.queries.tokens.length, among.source.keys.tokens.length) > MOST_AT_ONCE;
      const ask = long && h("button", { type: "button", onclick: () => { /** @type {HTMLElement} */ (ask).remove(); fill(); } }, phrase("Draw all heads: this reads every layer"));
      replace(heads, h("h3", null, phrase("All heads")), h("p", { class: "faint" }, phrase("Layers from bottom to top, as in the model. Click a head to see its lines, with Shift to add it; click a layer for the mean over its heads.")), ask, made.element,
        h("label", { class: "choice" }, several, h("span", null, phrase("a click adds a head, or takes it away"))),
        h("p", { class: "faint" }, gridNotes(among).join(" ")));
      if (!long) whenSeen(heads, fill);
    }
    now.grid.mark(view.heads);
  };
  /** @param {At} at */
  const solo = ([layer, head]) => {
    store.set({ layer: layer ?? undefined, head: head === null ? undefined : [head], heads: undefined });
  };
  /** @param {At} at */
  const adds = ([layer, head]) => {
    const shown = now.view?.heads ?? [];
    const same = shown.filter((at) => at[0] === layer).flatMap(([, one]) => one ?? []);
    if (layer === null || head === null) return;
    const left = same.includes(head) ? same.filter((one) => one !== head) : [...same, head];
    store.set({ layer, head: left.length ? left : [head], heads: undefined });
  };
  const resized = new ResizeObserver(() => {
    if (!body.isConnected) resized.disconnect(); // the stop was drawn anew, in another language
    if (!body.isConnected || body.clientWidth === now.width) return;
    now.width = body.clientWidth;
    if (now.view) show();
  });
  resized.observe(body);

  return (changed) => {
    if (!changed.has("language") && now.view && !SHOWN_BY.some((key) => changed.has(key))) return;
    latest(parts);
    replace(parts);
    if (changed.has("unit") || changed.has("part") || changed.has("align")) now.preview = null;
    show().then(() => {
      if (changed.has("word") && store.state.word && now.view) context.announce(heard(now.view));
    });
  };
}

/**
 * The settings as far as they can be met; why the others cannot is added to the refusals.
 * @param {Source} source
 * @param {Readonly<State>} state
 * @param {string[]} refusals
 */
function settled(source, state, refusals) {
  try {
    chooseHeads(source, state);
    return state;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refusals.push(error.message);
    return { ...state, layer: undefined, head: undefined, heads: undefined };
  }
}

/**
 * @param {Matrices} among
 * @param {readonly string[]} words
 * @param {string[]} refusals
 * @returns {Looked}
 */
function lookedIn(among, words, refusals) {
  try {
    return lookedAt(among, words);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refusals.push(error.message);
    return NONE;
  }
}

/** @param {Side} side @param {number} index @returns {Looked} */
function lookedFrom(side, index) {
  return side === "query" ? { queries: [index], keys: null } : { queries: null, keys: [index] };
}

function hint() {
  return phrase("Point at a word to see its lines alone, click to keep it. Point at a line for its weight, click for its arithmetic.");
}

/** That so many heads cannot be told apart. @param {View} view */
function tooMany(view) {
  return phrase("one picture tells {most} heads apart, but {given} were asked for: choose fewer, a mean, or the grid of all heads", { most: HUES, given: view.heads.length });
}

/** What is shown, by name. @param {View} view */
function described(view) {
  const names = view.heads.slice(0, HUES).map((at) => headName(at, view.meanOf)).join(" · ");
  if (view.choice === "largest") return `${phrase("the head with the largest link")}: ${names}`;
  return names;
}

/**
 * That the card recommends the head and, where it belongs, why: a reason that quotes words ("it") is
 * about these.
 * @param {View} view
 */
function cardNote(view) {
  const quoted = [...view.reason.matchAll(/["“]([^"“”]+)["”]/g)].map(([, word]) => word.toLowerCase());
  const all = view.shownQueries.length === view.queries.length && view.queries.length > 1;
  const shown = all ? [] : view.shownQueries.map((at) => printable(view.queries[at]).replace(/^▁+|▁+$/g, "").toLowerCase());
  if (!view.reason || (quoted.length && !quoted.some((word) => shown.includes(word)))) {
    return phrase("the head that the model card recommends");
  }
  return phrase("the head that the model card recommends: {reason}", { reason: said(view.reason) });
}

/**
 * What is to be known about a picture: what is hidden, what was left out, what rows mean.
 * @param {View} all
 * @param {View} view
 * @param {boolean} many
 * @param {boolean} shares whether what is hidden of each word stands beside it
 */
function notesOf(all, view, many, shares) {
  const hidden = all.hiddenShare.reduce((sum, one) => sum + one, 0) / (all.hiddenShare.length || 1);
  const toSpecial = { share: (hidden * 100).toFixed(0), word: printable(view.queries[view.shownQueries[0]] ?? "") };
  const share = String(Number((view.mass * 100).toFixed(view.strongest === null ? 2 : 0)));
  const drawn = view.strongest === null
    ? phrase("Lines drawn: the largest, {share} % of the attention among these.", { share })
    : view.unit === "words"
      ? phrase("Lines drawn: the {n} strongest of each word, {share} % of the attention among these.", { n: view.strongest, share })
      : phrase("Lines drawn: the {n} strongest of each token, {share} % of the attention among these.", { n: view.strongest, share });
  return [
    view.choice === "card" && cardNote(view),
    !all.shownQueries.length && phrase("Here is no word to show."),
    many ? phrase("Of more than {n} words a heat map is drawn: lines between them could not be told apart.", { n: MOST_WORDS }) : drawn,
    !many && shares && phrase("In brackets: the share of a word's attention that is not drawn."),
    hidden > 0.005 && (view.shownQueries.length === 1
      ? phrase("Special tokens, which are not shown, receive {share} % of the attention of “{word}”.", toSpecial)
      : phrase("Special tokens, which are not shown, receive {share} % of the attention on average.", toSpecial)),
    view.align === "output" && phrase("a row stands under the token that it predicts; it has read those before it"),
    view.align === "input" && view.part === "cross" && phrase("from the target tokens that the decoder reads; each predicts the one after it"),
  ].filter((one) => one !== false).map(asSentence);
}

/** With a capital letter, and an end. @param {string} note */
function asSentence(note) {
  const end = /[.。]$/.test(note) ? "" : spoken() === "zh" ? "。" : ".";
  return note[0].toUpperCase() + note.slice(1) + end;
}

/** @param {Matrices} among */
function gridNotes(among) {
  return [
    phrase("Each square: rows attend to columns; no colour is 0, full colour 1; below: the largest."),
    among.source.card ? phrase("Framed: the head that the model card recommends.") : "",
  ];
}

/**
 * The weights as heat maps, one for each head.
 * @param {Context} context
 * @param {HTMLElement} body
 * @param {Matrices} among
 * @param {View} view
 * @param {Looked} kept
 */
function drawMaps(context, body, among, view, kept) {
  const [rows, columns] = [view.shownQueries, view.shownKeys];
  const labels = { rowLabels: rows.map((at) => view.queries[at]), columnLabels: columns.map((at) => view.keys[at]) };
  replace(body, view.heads.slice(0, HUES).map((at, n) => {
    const values = new Float64Array(rows.length * columns.length);
    rows.forEach((query, row) => columns.forEach((key, column) => {
      values[row * columns.length + column] = view.matrices[n][query * view.keys.length + key];
    }));
    const name = headName(at, view.meanOf);
    return h("div", null, view.heads.length > 1 && h("p", null, name), heatMap(context, {
      values, rows: rows.length, columns: columns.length, label: `${partName(view.part)} · ${name}`, ...labels, scale: 1,
      followed: kept.queries ? rows.indexOf(kept.queries[0]) : null,
      opens: (row, column) => {
        const [layer, head] = at;
        const cell = cellOf(among, { part: view.part, layer, head, from: rows[row], to: columns[column], weight: 0 });
        return cell && layer !== null ? { name: `${context.pass.attention(view.part, layer)}.weights`, at: cell } : null;
      },
    }));
  }));
}

/** The strongest links in words, for those who do not see the lines. @param {View} view */
function heard(view) {
  return [...view.links].sort((a, b) => b.weight - a.weight).slice(0, 3).map((link) => linkText(view, link)).join("; ");
}

/**
 * Once an element comes near what is in sight.
 * @param {Element} element
 * @param {() => void} act
 */
function whenSeen(element, act) {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((one) => one.isIntersecting)) return;
    observer.disconnect();
    act();
  }, { rootMargin: "600px" });
  observer.observe(element);
}
