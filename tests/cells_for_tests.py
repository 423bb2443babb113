"""The page's modules without its entry, and cells to recompute with them."""

import json
from typing import Any

import numpy as np
from playwright.sync_api import Page

from glassformer.drawing.html import bundle
from glassformer.drawing.html.words import words
from glassformer.inspection.trace import Trace

CONTEXT = "__glassformer"


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
