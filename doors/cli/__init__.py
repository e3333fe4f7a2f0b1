"""`prefrontal run | plan | search | index … | show | read-cards | models …`: this only parses and prints.

Exit codes: 0 the goal was reached, 1 it was not, 2 wrong usage, 130 interrupted. Nothing heavy is imported before a
command runs, so that `prefrontal --help` is instant.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from ... import __version__
from ...errors import PrefrontalError, UsageError
from ...tools.text import error_line
from . import index as cli_index
from . import store as cli_store
from .console import note, print_json
from .goal import plan, run
from .models import read_cards, search, show_card

DEBUG = "PREFRONTAL_DEBUG"

# Plain help (no rich markup) takes a third of the time.
app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Every Hugging Face model is a tool, found by its card and called by an agent.",
)
app.command()(run)
app.command()(plan)
app.command()(search)
app.command("show")(show_card)
app.command("read-cards")(read_cards)
app.add_typer(
    cli_index.app, name="index", help="What is in the index: add, sync, remove, list, stats, verify, rebuild."
)
app.add_typer(cli_store.app, name="models", help="What lies on this disk: list, pull, remove, disk.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code. No traceback reaches the user unless PREFRONTAL_DEBUG is set."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = app(given, prog_name="prefrontal", standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the last flush would complain
        return 141
    except Exception as error:
        return _failed(error, "--json" in given)
    if code == 130:
        note("interrupted")
    return int(code or 0)


def _wrong_usage(error: Exception) -> Any:
    """The error, if it is one of click's, with show(), format_message() and exit_code; else None.

    Newer versions of typer carry click inside and export no base class: it is a base of one that they do export.
    """
    base = next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")
    return error if isinstance(error, base) else None


def _failed(error: Exception, as_json: bool) -> int:
    """Say what went wrong, in a sentence; gives the exit code."""
    if usage := _wrong_usage(error):
        usage.show()
        text, code = usage.format_message(), usage.exit_code
    elif isinstance(error, PrefrontalError):
        text, code = " ".join(str(error).split()), 2 if isinstance(error, UsageError) else 1
        note(f"error: {text}", style="red")
    else:
        said, name = error_line(error, 300), type(error).__name__
        what = f"{name}: {said}" if said != name else name
        text = f"{what}; this is a bug or a broken install; {DEBUG}=1 shows where"
        code = 1
        note(f"error: {text}", style="red")
    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exception(error)
    if as_json:
        print_json({"type": "error", "text": text})
    return code


def _version(asked: bool) -> None:
    if asked:
        print(f"prefrontal {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass
