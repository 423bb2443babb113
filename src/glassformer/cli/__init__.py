"""The command `glassformer`: one file per verb, imported when it is used.

Data goes to stdout, everything else to stderr. Exit 0: fine; 1: the input or the run failed; 2:
wrong usage; 130: Ctrl-C; 143: SIGTERM.
"""

import difflib
import importlib
import io
import os
import sys
import warnings
from collections.abc import Sequence
from typing import Any

import click

from glassformer.cli import spoken
from glassformer.cli.options import language_option
from glassformer.cli.spoken import told, words
from glassformer.errors import GlassformerError, GlassformerWarning, reason_of
from glassformer.messages import Term
from glassformer.version import __version__
from glassformer.views import printable

VERBS = {
    "inspect": "See how a model reads a sentence: structure, steps, attention, R.",
    "tour": "Walk through a sentence in a browser, with a tour of eight stops.",
    "encode": "Encode each line of a text as R, or as one pooled vector.",
    "train": "Train a model on your own sentence pairs.",
    "average": "Average the checkpoints of a training.",
    "translate": "Translate each line of a text.",
    "evaluate": "Score translations against references: BLEU, chrF, TER.",
    "score": "Compute the log-probability of given translations.",
    "models": "List the models that can be loaded here.",
    "serve": "Serve the page and a JSON API over HTTP.",
}


_TERMINATED = 143
"""The code of the exit with which a training ends by SIGTERM."""


class _ReaderGoneError(Exception):
    """Nobody reads our output any more."""


class Verbs(click.Group, spoken.Command):
    """Commands by name, each imported only when it runs, so that help does not import torch."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs, in the order in which they are learned."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one verb."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = importlib.import_module(f"glassformer.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a verb; of one that there is not, name the most similar."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = difflib.get_close_matches(args[0], VERBS, n=1)
            if not near:
                raise
            message = words(
                "No such command {name!r}; did you mean {near!r}?", name=args[0], near=near[0]
            )
            raise click.UsageError(message, ctx) from error

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb; click would take a reader that has gone for a failure of ours."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _ReaderGoneError from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        with formatter.section(words("Commands")):
            formatter.write_dl([(verb, words(about)) for verb, about in VERBS.items()])


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="glassformer", help="Show the version and exit.")
@language_option
def glassformer() -> None:
    """The Transformer with glass walls: every number on the way can be seen and recomputed."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit; every error becomes one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # whatever the locale, as Windows' code pages
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    exit_code = run(arguments)
    if "glassformer.training.learning.processes" in sys.modules:
        # Threads of torch.distributed, torn down in an unlucky order, abort a process that is done.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(exit_code)
    sys.exit(exit_code)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give back its exit code."""
    with warnings.catch_warnings():
        # What the library warns of stands among the notes that a command says.
        warnings.simplefilter("ignore", GlassformerWarning)
        arguments = sys.argv[1:] if arguments is None else arguments
        with spoken.speaking(spoken.language_in(arguments)):
            return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    try:
        glassformer.main(arguments, prog_name="glassformer", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as exit:
        return exit.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help(), err=True)
        return 2
    except click.ClickException as error:
        return _complain(_told_by_click(error), error.exit_code)
    except GlassformerError as error:
        return _complain(told(error.message), error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        return _complain(words("interrupted"), 130)
    except (_ReaderGoneError, BrokenPipeError, SystemExit) as error:  # or click's, in its help
        if getattr(error, "code", None) == _TERMINATED:
            return _complain(words("terminated"), _TERMINATED)
        # Whoever read our output has gone; nothing more can be said there, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _complain(words("cannot go on: {error}", error=_of_the_system(error)), 1)
    return 0


def _told_by_click(error: click.ClickException) -> str:
    """What click says is wrong with the usage, and where to read about it."""
    said = error.format_message()
    if not isinstance(error, click.UsageError) or not error.ctx:
        return said
    if spoken.language() == "zh":  # in which no sentence ends before a bracket
        said = said.rstrip("。.")
    return words("{message} (see {command} --help)", message=said, command=error.ctx.command_path)


def _of_the_system(error: OSError) -> str:
    """An error of the operating system as Python writes it, its reason in the language spoken."""
    if error.errno is None:
        return str(error)
    file = "" if error.filename is None else f": {error.filename!r}"
    return Term(
        "{code} {reason}{file}", code=f"[Errno {error.errno}]", reason=reason_of(error), file=file
    )


def _complain(message: str, exit_code: int) -> int:
    line = printable(" ".join(message.split("\n")))
    click.echo(f"glassformer: {line}", err=True)
    return exit_code
