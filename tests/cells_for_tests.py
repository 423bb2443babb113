"""The page's modules without its entry, and cells to recompute with them."""

import json
from typing import Any

import numpy as np
from playwright.sync_api import Page

from glassformer.drawing.html import bundle
from glassformer.drawing.html.words import words
from glassformer.inspection.trace import Trace

CONTEXT = "__glassformer"

BARE = """async ([name, language]) => {
  const { data, dom, store, matrix, cell } = window.__glassformer;
  const root = document.getElementById("glassformer");
  root.replaceChildren();
  const manifest = JSON.parse(document.getElementById("glassformer-page").textContent);
  const page = new data.PageData(manifest, data.blocksIn(document));
  const [pass] = page.passes;
  const state = new store.Store({ ...manifest.request, language });
  const context = { page, pass, right: page.passes[1] ?? null, store: state, root, announce() {} };
  const numbers = await pass.array(name);
  const [, rows, columns] = numbers.shape;
  const labels = pass.manifest.source.tokens;
  const main = dom.h("main", null, dom.h("h1", null, "A page"));
  dom.replace(root, main);
  state.on(cell.cellPanel(context));
  main.append(matrix.heatMap(context, {
    values: numbers.below(0), rows, columns, label: "scores", rowLabels: labels,
    columnLabels: labels, legend: true, opens: (row, column) => ({ name, at: [0, row, column] }),
  }));
  window.__glassformer.context = context;
}"""
"""A page of one heat map and the panel, in the place of all stops."""


def with_map(page: Page, name: str, language: str = "en") -> None:
    """Puts the heat map of the first head of a step into a page, and the panel beside it."""
    with_modules(page, "store.js", "data.js", "matrix.js", "cell.js", language=language)
    page.evaluate(BARE, [name, language])


def with_modules(page: Page, *names: str, language: str = "en") -> None:
    """Makes the modules of these files known to scripts of a test, as `m.data`, `m.cell` …"""
    order: list[str] = []
    for name in ("texts.js", *names):
        bundle._visit(name, order, ())
    source = "".join(bundle._wrapped(name) for name in order)
    known = ", ".join(f"{one[:-3]}: module_{one[:-3]}" for one in order)
    said = json.dumps(words())
    page.evaluate(
        f"() => {{ {source}\nwindow.{CONTEXT} = {{ {known} }};"
        f"module_texts.speak({json.dumps(language)}, {said}); }}"
    )


def cells_of(trace: Trace, name: str, count: int) -> list[tuple[int, ...]]:
    """Cells of a step, drawn by chance, the last one among them."""
    random = np.random.default_rng([*name.encode()])
    shape = trace.step(name).shape(trace.config, lengths_of(trace))
    drawn = [tuple(int(random.integers(size)) for size in shape) for _ in range(count - 1)]
    return [*drawn, tuple(size - 1 for size in shape)]


def lengths_of(trace: Trace) -> Any:
    """How many tokens each side has."""
    target = 0 if trace.target is None else len(trace.target.tokens)
    return {"source": len(trace.source.tokens), "target": target}
