"""The decoder in the terminal: what comes next, where two targets part, a search's history."""

import math
from collections.abc import Iterable

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from glassformer.catalogue import Language, phrase
from glassformer.drawing.cells import columns, crop, heading, left, right
from glassformer.views import ContrastView, HistoryView, Prediction, ScoredText, printable

_MARKS = {"kept": "+", "ended": "■", "dropped": "·"}
_LONGEST_TOKEN = 16


class Predictions:
    """One line for each position, with as many of the likeliest tokens as there is room for."""

    def __init__(self, predictions: tuple[Prediction, ...], language: Language) -> None:
        self.predictions = predictions
        self.language = language

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        yield heading(phrase("Predictions", self.language))
        yield Text(
            phrase(
                "after each token: the one that follows, its probability and rank, and the "
                "likeliest",
                self.language,
            ),
            style="dim",
        )
        titles = phrase("after|comes|probability|rank|likeliest", self.language).split("|")
        inputs = [printable(one.input) for one in self.predictions]
        tokens = ["…" if one.token is None else printable(one.token) for one in self.predictions]
        first, second = (
            min(_LONGEST_TOKEN, max(map(cell_len, [title, *column]))) + 2
            for title, column in zip(titles, (inputs, tokens), strict=False)
        )
        third, fourth = cell_len(titles[2]) + 2, cell_len(titles[3]) + 2
        room = console.width - first - second - third - fourth
        yield columns(titles, [first, second, third, fourth, room], "dim")
        for one, input_, token in zip(self.predictions, inputs, tokens, strict=True):
            line = Text(left(crop(input_, first - 2), first), no_wrap=True)
            line.append(left(crop(token, second - 2), second), "bold")
            line.append(left("" if one.probability is None else f"{one.probability:.2f}", third))
            line.append(left("" if one.rank is None else str(one.rank), fourth))
            yield line.append(_likeliest(one, room), "dim not bold")


def _likeliest(prediction: Prediction, room: int) -> str:
    listed = ""
    for likely in prediction.best:
        token = crop(printable(likely.token), _LONGEST_TOKEN)
        more = f"{'  ' if listed else ''}{token} {likely.probability:.2f}"
        if cell_len(listed + more) > room:
            break
        listed += more
    return listed


class Contrast:
    """Two targets below each other, with the score of each token from where they part."""

    def __init__(self, view: ContrastView, language: Language) -> None:
        self.view = view
        self.language = language

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        view, language = self.view, self.language
        yield heading(phrase("Contrast", language))
        yield Text(
            phrase(
                "tokens in common: {n}; scores are natural logarithms, differences the lead of 1 "
                "over 2",
                language,
                n=view.parts_at,
            ),
            style="dim",
        )
        for number, side in enumerate(view.sides, start=1):
            line = Text(f"{number}  {_score(side.score, language)}  ", style="bold")
            yield line.append(printable(side.text), "not bold")
            yield Text("   ").append(self._from_parting(side), "dim not bold")
        sides = [(side.tokens[view.parts_at], side.scores[view.parts_at]) for side in view.sides]
        (a, p), (b, q) = [(printable(at), _probability(score, language)) for at, score in sides]
        for what, difference in (
            (
                phrase("where they part, {a} ({p}) or {b} ({q})", language, a=a, b=b, p=p, q=q),
                view.at_parting,
            ),
            (phrase("after that", language), view.afterwards),
            (phrase("in all", language), view.in_all),
        ):
            yield Text(phrase("{a}: {b}", language, a=what, b=_difference(difference, language)))

    def _from_parting(self, side: ScoredText) -> str:
        at = self.view.parts_at
        before = "… " if at else ""
        return before + "  ".join(
            f"{printable(token)} {_score(score, self.language)}"
            for token, score in zip(side.tokens[at:], side.scores[at:], strict=True)
        )


def _score(score: float | None, language: Language) -> str:
    return phrase("impossible", language) if score is None else f"{score:.2f}"


def _probability(score: float | None, language: Language) -> str:
    return phrase("impossible", language) if score is None else f"{math.exp(score):.2f}"


def _difference(difference: float | None, language: Language) -> str:
    """A difference of logarithms, and what it is as a ratio where that says more."""
    if difference is None:
        return phrase("one of them is impossible", language)
    text = f"{difference:+.2f}"
    if abs(difference) < 20.0:
        ratio = phrase("{n} times as likely", language, n=f"{math.exp(difference):.3g}")
        text = phrase("{a}, {b}", language, a=text, b=ratio)
    return text


class History:
    """Step after step, what was considered and what became of it."""

    def __init__(self, view: HistoryView, language: Language) -> None:
        self.view = view
        self.language = language

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        yield heading(phrase("What the search considered", self.language))
        yield Text(
            phrase(
                "+ kept, ■ ended, · dropped; the score is the sum of the logarithms so far",
                self.language,
            ),
            style="dim",
        )
        for number, step in enumerate(self.view.steps, start=1):
            for place, one in enumerate(step):
                label = str(number) if place == 0 else ""
                text = " ".join(map(printable, one.tokens))
                line = Text(f"{right(label, 3)} {_MARKS[one.fate]} {one.score:8.2f}  ")
                yield line.append(text, "bold" if one.fate != "dropped" else "dim not bold")
