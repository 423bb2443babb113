"""The card of a trained model: what it is, from what, how good, what it is not, how to load it."""

from pathlib import Path

from glassformer.config import ModelConfig, StackConfig
from glassformer.pretrained.files import read_config
from glassformer.text.profile import SourceProfile, read_profile
from glassformer.training.learning.estimates import parameters_of
from glassformer.training.reporting.markdown import code, table
from glassformer.training.reporting.near_duplicates import said_of, score_rows
from glassformer.training.reporting.record import Record


def card(folder: Path, record: Record, versions: dict[str, str]) -> str:
    """The text of a complete folder's card.md.

    Raises:
        ModelFilesError: when the folder has no configuration.
    """
    data = {key: value for key, value in read_config(folder).items() if key != "glassformer"}
    config = ModelConfig.from_dict(data)
    return "\n".join(
        [
            "# A translation model\n",
            _what(record, config, versions),
            _languages(config, read_profile(folder)),
            _data(record),
            _scores(record),
            _limits(record, config),
            _loading(config),
        ]
    )


def _what(record: Record, config: ModelConfig, versions: dict[str, str]) -> str:
    rows = [(side, *_sizes(stack)) for side, stack in _stacks(config)]
    given, further = record.asked["encoder_from"], record.asked.get("model_from")
    begun = f" Its encoder was that of {code(given)} at the start." if given else ""
    start = f"the weights of {code(further)}" if further else "random numbers"
    return (
        'A Transformer as in "Attention Is All You Need" (Vaswani et al., 2017), encoder and '
        f"decoder, {parameters_of(config):,} weights, trained with Glassformer "
        f"{versions['glassformer']} from {start} (seed {record.settings.training.seed}).{begun}\n\n"
        + table(("", "layers", "heads", "d_model", "d_ff", "vocabulary", "norm"), rows)
    )


def _stacks(config: ModelConfig) -> list[tuple[str, StackConfig]]:
    return [("encoder", config.encoder), ("decoder", config.stack_of("decoder"))]


def _sizes(stack: StackConfig) -> tuple[int | str, ...]:
    return (
        stack.num_layers,
        stack.num_heads,
        stack.d_model,
        stack.d_ff,
        f"{stack.vocabulary:,}",
        stack.norm,
    )


def _languages(config: ModelConfig, profile: SourceProfile | None) -> str:
    tags = ", ".join(code(tag) for tag, _ in config.tags)
    targets = f"Targets: {tags}." if tags else "One target language, which has no name here."
    return (
        "## Languages\n\n"
        f"{targets} The source is whatever the training text was; the model was not told its "
        f"name and takes any text for it. {_sources(profile)}\n"
    )


def _sources(profile: SourceProfile | None) -> str:
    """What the texts learned from were like, and what happens to others."""
    if profile is None or not profile.scripts:
        return ""
    script, share = profile.scripts[0]
    told = "script, language or length" if profile.familiarity else "script or length"
    return (
        f"{share:.0%} of the letters that it read are {script}; one text in a thousand has more "
        f"than {profile.most_words} words and signs, the longest {profile.largest_words}. A text "
        f"of another {told} is translated all the same, with a note that says so."
    )


def _data(record: Record) -> str:
    flight = record.preflight
    return (
        "## Learned from\n\n"
        f"{flight['kept']:,} sentence pairs ({flight['source']['words']:,} words of source, "
        f"{flight['target']['words']:,} of target) from these files:\n\n"
        + table(("used for", "target", "file", "SHA-256"), data_rows(record))
    )


def data_rows(record: Record) -> list[tuple[str, str, str, str]]:
    """Every file that was read: what for, for which target, its name without place, its hash."""
    return [
        (use, code(one["tag"] or ""), code(Path(file).name), code(sha256))
        for use, key in (("training", "train"), ("dev set", "dev"))
        for one in record.asked[key]
        for file, sha256 in zip(one["files"], one["sha256"], strict=True)
    ]


def _scores(record: Record) -> str:
    assert record.scores is not None
    scores = record.scores
    rows = score_rows(scores, "bleu", "chrf", "pairs", "bleu_signature")
    return (
        "## Scores\n\n"
        f"sacreBLEU on the dev set, beam {scores['beam_size']}:\n\n"
        + table(("target", "BLEU", "chrF", "pairs", "signature of BLEU"), rows)
        + f"\n{said_of(record)}"
        + "\nCurves and all settings: [report](report/report.md).\n"
    )


def _limits(record: Record, config: ModelConfig) -> str:
    settings, flight = record.settings, record.preflight
    if record.held_out is not None:
        where = "taken out of the training text itself, by hash of the source"
    else:
        where = "given for this purpose"
    limits = [
        f"The scores are on pairs {where}. Text of another kind, from other people or about other "
        "things, will be translated worse, and nobody has measured by how much.",
        f"It has read {flight['target']['words']:,} words of the target language and knows "
        "nothing beyond them. It can write fluently what the source does not say, leave out what "
        "it says, and get names and numbers wrong.",
        "What is one-sided in the training text is so in the model. No person has checked that "
        "text or these translations as part of making this model.",
        f"It has learned from sentences of up to {settings.text.max_length} tokens and takes at "
        f"most {config.encoder.max_positions}. It translates each text by itself, without what "
        "stands around it.",
        "The attention that pictures show is what the model computes, not a proof of what it "
        "understands.",
        "Who may use the weights for what depends on the training text, whose licence is not "
        "known here.",
    ]
    training = settings.training
    if training.patience or training.average_of == "best":
        limits.insert(
            1,
            "When to stop, or which checkpoints to average, was decided on the same pairs, so "
            "that these scores are a little too good.",
        )
    return "## Limits\n\n" + "".join(f"- {limit}\n" for limit in limits)


def _loading(config: ModelConfig) -> str:
    tag = config.tags[0][0] if len(config.tags) > 1 else None
    to = f", to={tag!r}" if tag else ""
    return (
        "## Use\n\n"
        "```python\n"
        "import glassformer\n\n"
        'model = glassformer.load("path/to/this/folder")\n'
        f'print(model.translate("…"{to}))\n'
        "```\n\n"
        '`glassformer inspect "…" --model path/to/this/folder` shows every step of the way.\n'
    )
