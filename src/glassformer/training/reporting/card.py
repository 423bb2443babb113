"""The card of a trained model: what it is, from what, how good, what it is not, how to load it.

It is the one file of a training that is written in the language of whoever trains the model.
"""

from pathlib import Path

from glassformer.catalogue import Language, phrase, sentence
from glassformer.config import ModelConfig, StackConfig
from glassformer.messages import Message
from glassformer.pretrained.files import read_config
from glassformer.text.profile import SourceProfile, read_profile
from glassformer.training.learning.estimates import parameters_of
from glassformer.training.reporting.markdown import code, table
from glassformer.training.reporting.near_duplicates import said_of, score_rows
from glassformer.training.reporting.record import TrainingRecord


def card(
    folder: Path, record: TrainingRecord, versions: dict[str, str], language: Language = "en"
) -> str:
    """The text of a complete folder's card.md.

    Raises:
        ModelFilesError: when the folder has no configuration.
    """
    data = {key: value for key, value in read_config(folder).items() if key != "glassformer"}
    config = ModelConfig.from_dict(data)
    return "\n".join(
        [
            f"# {phrase('A translation model', language)}\n",
            _what(record, config, versions, language),
            _languages(config, read_profile(folder), language),
            _data(record, language),
            _scores(record, language),
            _limits(record, config, language),
            _loading(config, language),
        ]
    )


def _section(title: str, language: Language, *paragraphs: str) -> str:
    return f"## {phrase(title, language)}\n\n" + "\n".join(paragraphs)


def _head(columns: str, language: Language) -> list[str]:
    return sentence(columns, language).split("|")


def _joined(sentences: list[str], language: Language) -> str:
    """Sentences as one paragraph; Chinese ones follow each other without a space."""
    return ("" if language == "zh" else " ").join(filter(None, sentences))


def _what(
    record: TrainingRecord, config: ModelConfig, versions: dict[str, str], language: Language
) -> str:
    encoder, model = record.asked["encoder_from"], record.asked.get("model_from")
    start = Message("random initial weights")
    if model:
        start = Message("the weights of {model} (fine-tuning)", {"model": code(model)})
    said = [
        phrase(
            "A Transformer encoder-decoder as in “Attention Is All You Need” (Vaswani et al., "
            "2017) with {weights:,} parameters, trained with Glassformer {version} from {start}, "
            "random seed {seed}.",
            language,
            weights=parameters_of(config),
            version=versions["glassformer"],
            start=start,
            seed=record.settings.training.seed,
        ),
        phrase("Its encoder was initialized from {model}.", language, model=code(encoder))
        if encoder
        else "",
    ]
    rows = [
        (phrase("encoder", language), *_sizes(config.encoder)),
        (phrase("decoder", language), *_sizes(config.stack_of("decoder"))),
    ]
    head = _head("|layers|heads|d_model|d_ff|vocabulary|layer normalization", language)
    return f"{_joined(said, language)}\n\n{table(head, rows)}"


def _sizes(stack: StackConfig) -> tuple[int | str, ...]:
    return (
        stack.num_layers,
        stack.num_heads,
        stack.d_model,
        stack.d_ff,
        f"{stack.vocabulary:,}",
        stack.norm,
    )


def _languages(config: ModelConfig, profile: SourceProfile | None, language: Language) -> str:
    tags = tuple(code(tag) for tag, _ in config.tags)
    said = [
        phrase("Target languages: {tags}.", language, tags=tags)
        if tags
        else phrase("One target language, whose name was not given.", language),
        phrase(
            "The source language is that of the training text; the model was not told its name "
            "and takes any text for it.",
            language,
        ),
        *_sources(profile, language),
    ]
    return _section("Languages", language, f"{_joined(said, language)}\n")


def _sources(profile: SourceProfile | None, language: Language) -> list[str]:
    """What the source texts of the training were like, and what happens to others."""
    if profile is None or not profile.scripts:
        return []
    script, share = profile.scripts[0]
    return [
        phrase(
            "{share:.0%} of the letters in its source texts are {script}; one text in a thousand "
            "has more than {words} words and punctuation marks, the longest has {most}.",
            language,
            share=share,
            script=script,
            words=profile.most_words,
            most=profile.largest_words,
        ),
        phrase(
            "A text of another script, language or length is translated all the same, with a note "
            "that says so."
            if profile.familiarity
            else "A text of another script or length is translated all the same, with a note that "
            "says so.",
            language,
        ),
    ]


def _data(record: TrainingRecord, language: Language) -> str:
    flight = record.preflight
    said = phrase(
        "{pairs:,} sentence pairs ({source:,} source words, {target:,} target words) from these "
        "files:",
        language,
        pairs=flight["kept"],
        source=flight["source"]["words"],
        target=flight["target"]["words"],
    )
    head = _head("used for|target|file|SHA-256", language)
    rows = data_rows(record, language)
    return _section("Training data", language, f"{said}\n\n{table(head, rows)}")


def data_rows(record: TrainingRecord, language: Language = "en") -> list[tuple[str, str, str, str]]:
    """Every file that was read: what for, for which target, its name without place, its hash."""
    return [
        (phrase(use, language), code(one["tag"] or ""), code(Path(file).name), code(sha256))
        for use, key in (("training set", "train"), ("dev set", "dev"))
        for one in record.asked[key]
        for file, sha256 in zip(one["files"], one["sha256"], strict=True)
    ]


def _scores(record: TrainingRecord, language: Language) -> str:
    assert record.scores is not None
    scores = record.scores
    said = phrase(
        "sacreBLEU on the dev set, beam size {beam_size}:", language, beam_size=scores["beam_size"]
    )
    head = _head("target|BLEU|chrF|pairs|signature of BLEU", language)
    rows = score_rows(scores, "bleu", "chrf", "pairs", "bleu_signature", language=language)
    report = "[report/report.md](report/report.md)"
    return _section(
        "Scores",
        language,
        f"{said}\n\n{table(head, rows)}",
        said_of(record, language),
        phrase("Curves and all settings: {report}", language, report=report) + "\n",
    )


def _limits(record: TrainingRecord, config: ModelConfig, language: Language) -> str:
    settings, training = record.settings, record.settings.training
    chosen_on_dev = training.patience or training.average_of == "best"
    limits = [
        phrase(
            "The scores are on pairs held out of the training text itself, by a hash of the "
            "source. Text of another kind, by other people or about other things, will be "
            "translated worse; nobody has measured by how much."
            if record.held_out is not None
            else "The scores are on a dev set that was given for this purpose. Text of another "
            "kind, by other people or about other things, will be translated worse; nobody has "
            "measured by how much.",
            language,
        ),
        phrase(
            "Early stopping, or the choice of the averaged checkpoints, used the same pairs, so "
            "these scores are a little too good.",
            language,
        )
        if chosen_on_dev
        else "",
        phrase(
            "It has read {words:,} words of the target language and knows nothing beyond them. It "
            "can write fluently what the source does not say (hallucination), leave out what it "
            "says, and get names and numbers wrong.",
            language,
            words=record.preflight["target"]["words"],
        ),
        phrase(
            "Any bias of the training text is a bias of the model. Nobody has checked that text or "
            "these translations as part of making this model.",
            language,
        ),
        phrase(
            "It was trained on sentences of up to {max_length} tokens and takes at most "
            "{max_positions}. It translates each text by itself, without its context.",
            language,
            max_length=settings.text.max_length,
            max_positions=config.encoder.max_positions,
        ),
        phrase(
            "The attention in pictures is what the model computes, not a proof of what it "
            "understands.",
            language,
        ),
        phrase(
            "Who may use the weights, and for what, depends on the licence of the training text, "
            "which is not known here.",
            language,
        ),
    ]
    return _section("Limits", language, "".join(f"- {limit}\n" for limit in limits if limit))


def _loading(config: ModelConfig, language: Language) -> str:
    tag = config.tags[0][0] if len(config.tags) > 1 else None
    to = f", to={tag!r}" if tag else ""
    command = code('glassformer inspect "…" --model path/to/this/folder')
    return _section(
        "Use",
        language,
        "```python\n"
        "import glassformer\n\n"
        'model = glassformer.load("path/to/this/folder")\n'
        f'print(model.translate("…"{to}))\n'
        "```\n",
        phrase("{command} shows every step of the computation.", language, command=command) + "\n",
    )
