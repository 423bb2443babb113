"""`glassformer inspect FILE --names`: a trace for each line of a file, of chosen steps."""

from pathlib import Path
from typing import Any

import click

from glassformer.cli.options import given, say, say_notes
from glassformer.cli.progress import progress
from glassformer.cli.reading import source_of
from glassformer.errors import UsageError

OF_FILES = (
    "to",
    "target",
    "special_tokens",
    "truncate",
    "beam_size",
    "model",
    "device",
    "precision",
    "threads",
)
"""What --names has a use for."""


def trace_lines(
    files: tuple[str, ...],
    names: tuple[str, ...],
    output: str | None,
    force: bool,
    quiet: bool,
    options: dict[str, Any],
) -> None:
    """Write a trace for each line of a file."""
    from glassformer.library import trace_file

    if output is None or len(files) > 1:
        raise UsageError("--names takes one FILE and --output FOLDER")
    context = click.get_current_context()
    default = click.core.ParameterSource.DEFAULT
    surface = {"words_of_sentence", "names", "output", "force", "quiet", *OF_FILES}
    left_over = [
        name
        for name in context.params
        if name not in surface and context.get_parameter_source(name) != default
    ]
    if left_over:
        listed = ", ".join(f"--{name.replace('_', '-')}" for name in left_over)
        raise UsageError(
            "--names keeps steps of many lines and shows none: leave {options} out", options=listed
        )
    source = source_of(Path(files[0]) if files else None, (), quiet)
    given_options = {name: value for name, value in given(options).items() if name in OF_FILES}
    with progress("tracing", "line {number}", quiet=quiet, to_stdout=False) as bar:
        done = trace_file(source, output, names=names, force=force, progress=bar, **given_options)
    say_notes(done.notes, quiet=quiet)
    if not quiet:
        say("wrote {output}: traces {texts}", output=output, texts=done.texts)
