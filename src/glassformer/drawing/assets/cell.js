/**
 * The panel that opens a cell: what it is, how it was computed, and the cells that it was made of,
 * each of which leads further down. The open cell is in the address: `explain` and `at`.
 */

/** @import { Pass } from "./data.js" */
/** @import { Explained } from "./explained.js" */
/** @import { Context, Update } from "./types.js" */
import { TOLERANCE, largestOperand } from "./arithmetic.js";
import { indexOf, nameOf, placeOf, stepName } from "./cell_names.js";
import { rows, singles } from "./cell_operands.js";
import { h, latest, replace, uid } from "./dom.js";
import { RIGHT, explained, meant, weightAt } from "./explained.js";
import { answer, computed } from "./server.js";
import { writeState } from "./store.js";
import { number, phrase, printable, said } from "./texts.js";
import { problem, sentenceOf } from "./trouble.js";

/**
 * Put the panel into the page. From then on `context.openCell` opens a cell in it.
 * @param {Context} context
 * @returns {Update}
 */
export function cellPanel(context) {
  const panel = new Panel(context);
  context.openCell = (name, at, pass) => panel.open(name, at, pass);
  return (changed) => {
    if (changed.has("explain") || changed.has("at")) panel.draw();
  };
}

class Panel {
  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    /** Cells above the open one, from the first that was opened. @type {{key: string, at: number[]}[]} */
    this.trail = [];
    /** Where the focus was. @type {Element | null} */
    this.opener = null;
    /** Whether a person asked for the cell now, and not an address. */
    this.asked = false;
    this.title = h("h2", { id: uid("cell"), tabindex: -1 });
    this.above = h("nav", { class: "cell-trail", "aria-label": phrase("cells on the way here") });
    this.body = h("div", { class: "cell-body" });
    this.element = h(
      "div",
      {
        class: "cell", role: "dialog", "aria-labelledby": this.title.id, hidden: true,
        onkeydown: (/** @type {KeyboardEvent} */ event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          this.close();
        },
      },
      h("div", { class: "cell-head" }, this.above, this.closer()),
      this.title,
      this.body,
    );
    context.root.append(this.element);
    context.root.classList.remove("has-cell"); // of a page before this one, whose cell was open
  }

  closer() {
    return h(
      "button",
      { type: "button", class: "cell-close", "aria-label": phrase("close"), onclick: () => this.close() },
      "✕",
    );
  }

  /**
   * @param {string} name
   * @param {number[]} at
   * @param {Pass} [pass]
   */
  open(name, at, pass = this.context.pass) {
    if (!this.element.contains(document.activeElement)) this.opener = document.activeElement;
    this.trail = [];
    this.go((pass === this.context.right ? RIGHT : "") + name, at);
  }

  /**
   * @param {string} key
   * @param {number[]} at
   */
  go(key, at) {
    const { state } = this.context.store;
    this.asked = true;
    if (state.explain === key && String(state.at) === String(at)) this.draw();
    else this.context.store.set({ explain: key, at });
  }

  close() {
    this.context.store.set({ explain: undefined, at: undefined });
    const { opener } = this;
    if ((opener instanceof HTMLElement || opener instanceof SVGElement) && opener.isConnected) opener.focus({ preventScroll: true });
    this.opener = null;
    this.trail = [];
  }

  /** Draw the cell that the state names, or hide. */
  async draw() {
    const { context, element } = this;
    const current = latest(element);
    const { explain, at } = context.store.state;
    element.hidden = explain === undefined || at === undefined;
    context.root.classList.toggle("has-cell", !element.hidden);
    if (explain === undefined || at === undefined) return;
    const { pass, name } = meant(context.page, explain);
    element.setAttribute("aria-busy", "true");
    let drawn;
    try {
      drawn = await (name in pass.manifest.parameters ? this.weight(pass, name, at) : this.cell(pass, name, at));
    } catch (error) {
      drawn = { title: name + indexOf(at), parts: [problem(sentenceOf(error))] };
    }
    if (!current()) return;
    element.removeAttribute("aria-busy");
    replace(this.title, drawn.title);
    this.drawTrail(pass);
    replace(this.body, ...drawn.parts);
    element.scrollTop = 0;
    if (this.asked) {
      this.title.focus({ preventScroll: true });
      this.uncover();
    }
    this.asked = false;
  }

  /** Where the panel comes from below, scroll so far that what was opened is still seen above it. */
  uncover() {
    const top = this.element.getBoundingClientRect().top;
    const box = this.opener?.getBoundingClientRect();
    if (!box || top <= 0 || this.opener === document.body) return;
    const covered = Math.min(box.bottom, box.top + top / 2) - top + 8;
    if (covered > 0) window.scrollBy({ top: covered });
  }

  /** @param {Pass} pass */
  drawTrail(pass) {
    const back = (/** @type {number} */ i) => () => {
      const { key, at } = this.trail[i];
      this.trail = this.trail.slice(0, i);
      this.go(key, at);
    };
    const last = this.trail.length - 1;
    const words = this.trail.map(({ key, at }) => `${nameOf(pass, key.replace(RIGHT, ""))} ${indexOf(at)}`);
    replace(
      this.above,
      last >= 0 && h("button", { type: "button", class: "cell-back", onclick: back(last), "aria-label": phrase("back to {cell}", { cell: words[last] }) }, "←"),
      words.map((text, i) => [h("button", { type: "button", class: "cell-link", onclick: back(i) }, text), " › "]),
    );
  }

  /**
   * @param {Pass} pass
   * @param {string} name
   * @param {number[]} at
   */
  async cell(pass, name, at) {
    const { page } = this.context;
    const served = page.manifest.home === "serve";
    const one = await explained(pass, name, at, served ? (asked, place) => this.ask(pass, asked, place) : null);
    const { step, found } = one;
    const opened = { pass, step, at, down: (/** @type {string} */ to, /** @type {number[]} */ place) => this.down(to, place) };
    const lacking = found.missing.length > 0;
    const isPredicted = step.role === "logits" || step.role === "probabilities";
    return {
      title: stepName(pass, step),
      parts: [
        where(name, at, placeOf(pass, step, at)),
        one.found.formula || step.formula ? formula(one) : null,
        lacking ? (isPredicted ? onlyLikeliest() : withoutWeights(found.missing)) : null,
        result(one),
        step.role === "probabilities" && lacking ? likeliest(pass, at) : null,
        singles(opened, found.operands),
        found.masked && h("p", { class: "cell-note" }, step.operation === "choose"
          ? phrase("This token may never be generated: its probability is exactly 0.")
          : phrase("This key is masked: its weight is exactly 0.")),
        step.operation === "choose" && h("p", { class: "cell-note" },
          phrase("What may never be generated (padding, start and language tokens, suppressed ones) counts as 0.")),
        rows(opened, found),
        h("p", { class: "cell-note" }, phrase("Computed in"), " ", h("code", null, `src/glassformer/${step.file}`)),
      ],
    };
  }

  /**
   * @param {Pass} pass
   * @param {string} name
   * @param {number[]} at
   */
  async weight(pass, name, at) {
    const value = await weightAt(pass, name, at);
    return {
      title: phrase("{symbol}, a weight of the model", { symbol: nameOf(pass, name) }),
      parts: [
        where(name, at, []),
        h("p", { class: "cell-value" }, value === null ? phrase("not here") : number(value, 8)),
        h("p", null, phrase("It was learned in training: no step computes it, and it is the same for every sentence.")),
        value === null && withoutWeights([name]),
      ],
    };
  }

  /**
   * @param {string} name
   * @param {number[]} at
   */
  down(name, at) {
    const { explain = "", at: here = [] } = this.context.store.state;
    this.trail.push({ key: explain, at: here.slice() });
    this.go((explain.startsWith(RIGHT) ? RIGHT : "") + name, at);
  }

  /**
   * Ask the server for a cell's operands, which take weights that the page does not have.
   * @param {Pass} pass
   * @param {string} name
   * @param {number[]} at
   */
  async ask(pass, name, at) {
    const { right, page: { manifest } } = this.context;
    // Of what is shown: the state may ask for another sentence already.
    const { compare, target, ...others } = { ...computed(manifest.request), model: manifest.model };
    const asked = pass === right ? { ...others, text: compare } : { ...others, target };
    return (await answer("api/inspect", writeState({ ...asked, explain: name, at }))).json();
  }
}

/**
 * @param {string} name
 * @param {number[]} at
 * @param {string[]} place
 */
function where(name, at, place) {
  return [
    h("p", { class: "cell-name" }, h("code", null, name, h("wbr"), indexOf(at))),
    place.length ? h("ul", { class: "cell-place" }, place.map((one) => h("li", null, one))) : null,
    h("p", { class: "cell-note" }, place.length
      ? phrase("In words, counted from 1; the index in brackets, from 0.")
      : phrase("The index in brackets is counted from 0, as torch keeps it.")),
  ];
}

/** @param {Explained} one */
function formula({ step, found }) {
  return h(
    "div", { class: "cell-formula" },
    h("p", { class: "formula" }, said(step.formula)),
    found.formula && h("p", { class: "formula" }, `= ${found.formula}`),
    found.written && h("p", { class: "cell-written" }, `= ${found.written}`),
  );
}

/** @param {Explained} one */
function result({ found, traced }) {
  const { value } = found;
  const off = value === null || traced === null ? null : Math.abs(value - traced);
  const largest = largestOperand(found);
  const isEqual = off !== null && off <= TOLERANCE * largest;
  const fields = { share: "10⁻⁵", largest: number(largest) };
  return h(
    "div", { class: "cell-result" },
    h("dl", null,
      h("dt", null, phrase("recomputed")),
      h("dd", { "data-value": value ?? "" }, value === null ? phrase("not here") : number(value, 8)),
      h("dt", null, phrase("in the trace")),
      h("dd", { "data-value": traced ?? "" }, traced === null ? phrase("not here") : number(traced, 8)),
      off !== null && [h("dt", null, phrase("difference")), h("dd", null, number(off, 2))],
    ),
    off !== null && h("p", { class: isEqual ? "cell-equal" : "problem" }, isEqual
      ? phrase("✓ equal: they differ by at most {share} of the largest operand, {largest}", fields)
      : phrase("✗ not equal: they differ by more than {share} of the largest operand, {largest}", fields)),
  );
}

/** @param {string[]} missing */
function withoutWeights(missing) {
  return h(
    "div", { class: "cell-missing" },
    h("p", null, coded(phrase("This file does not carry {names}, so the number cannot be recomputed here.", { names: "\u0001" }), missing.join(", "))),
    waysOut(),
  );
}

function onlyLikeliest() {
  return h(
    "div", { class: "cell-missing" },
    h("p", null, phrase("Rows over the whole vocabulary are not in this file: of each it has the likeliest tokens and what all others come to.")),
    waysOut(),
  );
}

function waysOut() {
  const ways = phrase("Two ways to open it: make the file with {option}, or open the sentence with {command}.", { option: "\u0001", command: "\u0001" });
  return h("p", null, coded(ways, "--with-weights", "glassformer serve"));
}

/**
 * A sentence with code in the places of its marks.
 * @param {string} sentence
 * @param {...string} codes
 */
function coded(sentence, ...codes) {
  return sentence.split("\u0001").map((text, i) => (i ? [h("code", null, codes[i - 1]), text] : text));
}

/**
 * The likeliest tokens of a row of probabilities, and the rest.
 * @param {Pass} pass
 * @param {number[]} at
 */
function likeliest(pass, [position, entry]) {
  const prediction = pass.manifest.predictions[position];
  if (!prediction) return null;
  return h("div", { class: "scrolls cell-likeliest", tabindex: 0, role: "group", "aria-label": phrase("probabilities") }, h("table", { class: "cell-table" },
    h("thead", null, h("tr", null,
      h("th", { scope: "col" }, phrase("token")), h("th", { scope: "col" }, "id"), h("th", { scope: "col" }, phrase("probability")),
    )),
    h("tbody", null,
      prediction.best.map((one) => h("tr", { class: one.id === entry ? "chosen" : null },
        h("th", { scope: "row" }, h("bdi", null, printable(one.token))), h("td", null, one.id), h("td", null, number(one.probability)),
      )),
      h("tr", null, h("th", { scope: "row" }, phrase("all others")), h("td", null, "–"), h("td", null, number(prediction.rest))),
    ),
  ));
}
