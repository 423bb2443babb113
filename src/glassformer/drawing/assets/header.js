/** The header: the sentence, the tour, files, language and theme. */

/** @import { Context, Language, Theme } from "./types.js" */
import { h } from "./dom.js";
import { exportMenu } from "./export.js";
import { phrase, printable, spoken } from "./texts.js";

/**
 * @param {Context} context
 * @param {() => void} openTour
 * @returns {{element: HTMLElement, update: (changed: ReadonlySet<string>) => void}}
 */
export function drawHeader(context, openTour) {
  const { store, pass } = context;
  const text = printable(pass.manifest.source.text);
  const themes = /** @type {[Theme, string][]} */ ([
    ["auto", phrase("Auto")],
    ["light", phrase("Light")],
    ["dark", phrase("Dark")],
  ]);
  const theme = /** @type {HTMLSelectElement} */ (
    h(
      "select",
      {
        "data-keep": "theme",
        "aria-label": phrase("Colour theme"),
        onchange: () => store.set({ theme: /** @type {Theme} */ (theme.value) }),
      },
      themes.map(([value, name]) => h("option", { value }, name)),
    )
  );
  /** @type {Language} */
  const other = spoken() === "zh" ? "en" : "zh";
  const language = h(
    "button",
    {
      type: "button",
      class: "language",
      "data-keep": "language",
      lang: other === "zh" ? "zh-Hans" : "en",
      onclick: () => context.store.set({ language: other }),
    },
    other === "zh" ? "中文" : "English",
  );
  const tour = h("button", { type: "button", class: "tour-button", "data-keep": "tour", onclick: openTour }, phrase("Tour"));
  const brand = h(
    "a",
    { class: "brand", href: "#whole", onclick: (/** @type {Event} */ event) => { event.preventDefault(); context.go("whole"); } },
    "Glassformer",
  );
  const element = h(
    "header",
    { class: "top" },
    brand,
    h("p", { class: "top-sentence", title: text }, h("bdi", null, text)),
    h("div", { class: "top-controls" }, tour, exportMenu(context), language, theme),
  );
  return {
    element,
    update: () => {
      theme.value = store.state.theme ?? document.documentElement.dataset.theme ?? "auto";
    },
  };
}
