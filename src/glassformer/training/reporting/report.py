"""The report of a training: FOLDER/report with its curves, and the model's card.

    report/report.md                                scores, settings and why, data, time
    report/loss.svg, scores.svg, learning_rate.svg  drawn from metrics.jsonl
    card.md                                         what the model is, for whoever gets the folder

Every number comes from metrics.jsonl or training.json.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from glassformer.catalogue import Language
from glassformer.config.training import settings_of
from glassformer.drawing.svg.curves import curves_svg
from glassformer.errors import OutputError, TrainingError
from glassformer.outputs import replacing
from glassformer.training.reporting.card import card, data_rows
from glassformer.training.reporting.curves import (
    Measurements,
    learning_rate_curve,
    loss_curves,
    read_metrics,
    score_curves,
)
from glassformer.training.reporting.markdown import block, code, table
from glassformer.training.reporting.near_duplicates import said_of, score_rows
from glassformer.training.reporting.record import RECORD, TrainingRecord
from glassformer.views import CurvesView

REPORT = "report"


def write_report(folder: Path, language: Language = "en") -> None:
    """Write the report of a training, and where it is complete the card, in this language.

    Raises:
        TrainingError: when it is not the folder of a training, or its files are damaged.
        OutputError: when something cannot be written.
    """
    record = TrainingRecord.read(folder)
    if record is None:
        raise TrainingError(
            "{folder} is not the folder of a training: it has no {file}", folder=folder, file=RECORD
        )
    measurements = read_metrics(folder)
    versions = json.loads((folder / RECORD).read_text(encoding="utf-8"))["versions"]
    pictures = {
        name: curves_svg(view) for name, view in _pictures(measurements) if _has_points(view)
    }
    texts = {
        **{folder / REPORT / name: svg for name, svg in pictures.items()},
        folder / REPORT / "report.md": _report(record, measurements, versions, list(pictures)),
    }
    if record.scores is not None:
        texts[folder / "card.md"] = card(folder, record, versions, language)
    try:
        (folder / REPORT).mkdir(exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            "cannot create the folder {folder}: {reason}", folder=folder / REPORT, reason=reason
        ) from error
    for path, text in texts.items():
        with replacing(path) as temporary:
            temporary.write_text(text, encoding="utf-8")


def _has_points(view: CurvesView) -> bool:
    return any(curve.points for curve in view.curves)


def _pictures(measurements: Measurements) -> Iterator[tuple[str, CurvesView]]:
    yield "loss.svg", loss_curves(measurements)
    yield "scores.svg", score_curves(measurements)
    yield "learning_rate.svg", learning_rate_curve(measurements)


def _report(
    record: TrainingRecord,
    measurements: Measurements,
    versions: dict[str, str],
    pictures: list[str],
) -> str:
    sections = ["# Training report\n", _scores(record)]
    sections += [f"![{name.removesuffix('.svg').replace('_', ' ')}]({name})\n" for name in pictures]
    sections += [
        _course(record, measurements),
        _samples(record, measurements),
        _settings(record),
        _data(record),
        _versions(record, versions),
    ]
    return "\n".join(section for section in sections if section)


def _scores(record: TrainingRecord) -> str:
    if record.scores is None:
        return "The training is not complete yet: there are no final scores.\n"
    scores = record.scores
    signatures = dict.fromkeys(
        f"{measure} {code(one[key])}"
        for one in scores["targets"].values()
        for measure, key in (("BLEU:", "bleu_signature"), ("chrF:", "chrf_signature"))
    )
    return (
        "## Scores\n\n"
        f"On the dev set, beam size {scores['beam_size']}. Loss {scores['loss']:.4f} per "
        f"token (perplexity {scores['perplexity']:.2f}).\n\n"
        + table(("target", "BLEU", "chrF", "pairs"), score_rows(scores, "bleu", "chrf", "pairs"))
        + f"\n{said_of(record)}\n"
        + "".join(f"- {signature}\n" for signature in signatures)
    )


def _course(record: TrainingRecord, measurements: Measurements) -> str:
    train = [one for one in measurements if one["kind"] == "train"]
    dev = [one for one in measurements if one["kind"] == "dev"]
    settings = record.settings.training
    lines = []
    if train:
        last = train[-1]
        lines += [
            f"{last['update']:,} updates of at most {settings.max_updates or 0:,}, in epoch "
            f"{last['epoch'] + 1}",
            f"{last['target_tokens']:,} target tokens in {duration(last['seconds'])} of updates, "
            f"{last['tokens_per_second']:,.0f} a second; evaluation not counted",
        ]
    if dev:
        best = min(dev, key=lambda one: float(one["loss"]))
        lines.append(f"lowest dev loss {best['loss']:.4f} at update {best['update']:,}")
    if record.averaged:
        updates = ", ".join(f"{update:,}" for update in record.averaged)
        lines.append(f"the final weights are the average of the checkpoints at updates {updates}")
    elif record.scores is not None:
        lines.append("the final weights are their exponential moving average (EMA)")
    return "## Training run\n\n" + "".join(f"- {line}\n" for line in lines) if lines else ""


def _samples(record: TrainingRecord, measurements: Measurements) -> str:
    dev = [one for one in measurements if one["kind"] == "dev"]
    source = record.scores or (dev[-1] if dev else None)
    if source is None or not source["samples"]:
        return ""
    when = "" if record.scores else f", at update {source['update']:,}"
    blocks = [
        block(
            (
                f"source       {sample['source']}",
                f"reference    {sample['reference']}",
                f"translation  {sample['translation']}",
            )
        )
        for sample in source["samples"]
    ]
    return f"## Translations of the dev set{when}\n\n" + "\n".join(blocks)


def _settings(record: TrainingRecord) -> str:
    reasons = {choice["setting"]: choice["reason"] for choice in record.choices}
    rows = []
    for name, field in settings_of(record.settings):
        section, _, key = name.partition(".")
        value = getattr(getattr(record.settings, section), key)
        if key in record.asked["settings"].get(section, {}):
            why = "given"
        elif name in reasons:
            why = f"chosen: {reasons[name]}"
        else:
            why = "default"
        rows.append((f"`{name}`", code(_shown(value)), why, field.metadata["about"]))
    return "## Settings\n\n" + table(("setting", "value", "why", "what it is"), rows)


def _data(record: TrainingRecord) -> str:
    parts = ["## Data\n\n", table(("used for", "target", "file", "SHA-256"), data_rows(record))]
    flight = record.preflight
    if flight:
        parts.append(
            f"\n{flight['kept']:,} of {flight['seen']:,} pairs were trained on; "
            f"{flight['source']['words']:,} words on the source side, "
            f"{flight['target']['words']:,} on the target side.\n"
        )
        rows = [
            (reason, f"{one['pairs']:,}", code(one["first"]))
            for reason, one in flight["dropped"].items()
        ]
        if rows:
            parts.append("\n" + table(("left out", "pairs", "first"), rows))
    if record.held_out is not None:
        held = record.held_out
        parts.append(f"\n{held['pairs']:,} pairs were held out as dev set: {held['rule']} ")
        parts.append(f"{code(held['threshold'])}.\n")
    if record.unknown_tokens is not None:
        source, target = record.unknown_tokens
        parts.append(
            f"\nUnknown (out-of-vocabulary) tokens in the dev set: {source:.2%} of the source, "
            f"{target:.2%} of the target.\n"
        )
    return "".join(parts)


def _versions(record: TrainingRecord, versions: dict[str, str]) -> str:
    asked = record.asked
    lines = [f"random seed {record.settings.training.seed}, on {code(asked['device'])}"]
    if asked["encoder_from"]:
        lines.append(f"encoder from {code(asked['encoder_from'])}")
    if asked.get("model_from"):
        lines.append(f"fine-tuned from {code(asked['model_from'])}")
    lines.append(", ".join(f"{name} {version}" for name, version in versions.items()))
    return "## Made with\n\n" + "".join(f"- {line}\n" for line in lines)


def duration(seconds: float) -> str:
    """A duration for people: 83 s, 12 min 5 s or 3 h 7 min."""
    whole = round(seconds)
    if whole < 100:
        return f"{whole} s"
    if whole < 6000:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _shown(value: Any) -> str:
    return "none" if value is None else json.dumps(value, ensure_ascii=False)
