"""What all commands share: their common options, reading JSON lines, and printing.

Standard output gets either lines for people or one JSON object a line; messages and progress go to standard error.
Colours, wrapped lines and moving bars are for terminals only: in a pipe or a file every line stays whole.
"""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from ...errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from ...retrieval.index import ModelIndex

T = TypeVar("T")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # a model's words must not steer the terminal
_HEAD = re.compile(r"[A-Z][a-z]+ {2,}| *\d+\. | +")  # what stands before a line's own words: the rest is set in
_COLOURS = {
    "Thought": "dim italic",
    "Search": "cyan",
    "Action": "blue",
    "Result": "green",
    "Failed": "yellow",
    "Error": "red",
    "Answer": "bold green",
    "Ended": "bold yellow",
}

IndexDir = Annotated[
    Path | None, typer.Option("--index", metavar="DIR", help="The index; the default one if left out.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on standard output, and nothing else.")]
Files = Annotated[
    list[str],  # an address on the web is no Path: that would lose a slash of "https://"
    typer.Option("--file", "-f", metavar="PATH", help="A file that the goal speaks of; may be repeated."),
]
Device = Annotated[
    str, typer.Option("--device", metavar="D", help="Where models run: auto, cuda, cuda:1, xpu, mps or cpu.")
]
DType = Annotated[
    str, typer.Option("--dtype", metavar="T", help="In what numbers: auto, float32, bfloat16 or float16.")
]
Prefer = Annotated[
    str,
    typer.Option(
        "--prefer",
        metavar="P",
        help="Among models that fit about equally: fast (small, here already), balanced or best.",
    ),
]

AllowPickle = Annotated[
    str | None,
    typer.Option(
        "--allow-pickle",
        metavar="convert",
        help="Let models run that hold pickles alone: read once, by a process of their own, and kept as safetensors.",
    ),
]


def open_index(folder: Path | None, must_exist: bool = True, allow_pickle: str | None = None) -> ModelIndex:
    """The index in a folder, or the default one.

    Raises:
        UsageError: a folder is named that holds no index.
    """
    from ...retrieval.index import ModelIndex

    index = ModelIndex(folder, allow_pickle=allow_pickle)
    if folder and must_exist and not index.stats()["generation"]:
        raise UsageError(f"there is no index in {folder}; build one: prefrontal index add SOURCE --index {folder}")
    return index


def read_lines(path: Path, *needed: str) -> list[dict[str, Any]]:
    """The JSON objects of a file, one a line; empty lines are left out.

    Args:
        needed: fields that hold a text in every line.

    Raises:
        UsageError: the file cannot be read, or a line is no such object.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")  # splitlines breaks at U+2028 too
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read ({error}); pass a JSONL file: one JSON object a line") from error
    return [_object(line, f"{path.name} line {n}", needed) for n, line in enumerate(lines, 1) if line.strip()]


def _object(line: str, where: str, needed: Iterable[str]) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where} is no JSON ({error}); each line must be one JSON object") from error
    wrong = [name for name in needed if not isinstance(row, dict) or not isinstance(row.get(name), str)]
    if wrong or not isinstance(row, dict):
        raise UsageError(
            f"{where} has no text under {', '.join(wrong) or 'any name'}; each line must be an object with it"
        )
    return row


# Printing


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def print_json(record: dict[str, Any]) -> None:
    utf8 = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    print(json.dumps(record, ensure_ascii=not utf8, default=str), flush=True)


def note(text: str, style: str = "") -> None:
    """A message beside the result."""
    if sys.stderr.isatty():
        _console(stderr=True).print(_CONTROL.sub("", text), style=style, markup=False, soft_wrap=True)
    else:
        print(_CONTROL.sub("", text), file=sys.stderr, flush=True)


def show(lines: Iterable[str]) -> None:
    """Lines for people. A line may begin with a label, such as "Search", or a number: what wraps is set in below."""
    for line in lines:
        line = _CONTROL.sub("", line)
        if not sys.stdout.isatty():
            print(line, flush=True)
            continue
        from rich.text import Text

        console = _console()
        text = Text(wrapped(line, console.width))
        label = line.partition(" ")[0]
        text.stylize(_COLOURS.get(label, ""), 0, len(text) if label in ("Thought", "Answer", "Ended") else len(label))
        console.print(text, soft_wrap=True)


def wrapped(line: str, width: int) -> str:
    """A line broken between words; paths and ids are never broken."""
    head = found.group() if (found := _HEAD.match(line)) else ""
    indent = len(head) if len(head) < width // 2 else 0
    return (
        textwrap.fill(
            line, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False,
            drop_whitespace=True, replace_whitespace=False,
        )
        or line
    )  # fmt: skip


@contextmanager
def progress(what: str, unit: str) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on standard error with the rate and the time left, moved by calls with (done, total); None where nobody
    watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:,.0f} {unit}/s" if task.speed else "")

    columns = (
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}/{task.total:,.0f} " + unit),
        Rate(), TimeRemainingColumn(), TextColumn("left"),
    )  # fmt: skip
    # A portion of cards may take minutes: the rate is that of the last ten.
    bars = Progress(*columns, console=_console(stderr=True), transient=True, speed_estimate_period=600)
    with bars:
        bar = bars.add_task(what, total=0, start=True)

        def moved(done: int, total: int) -> None:
            bars.update(bar, completed=done, total=total)

        yield moved


def waiting(items: Iterable[T], doing: str, after: Callable[[T], str]) -> Iterator[T]:
    """The items as they come; a terminal sees meanwhile what is being done, which `after` tells by the last item."""
    from ...tools.downloads import watched

    iterator, told = iter(items), begun()
    while not (sys.stderr.isatty() and sys.stdout.isatty()):
        with watched(told):  # not over a yield: who reads the items would be inside, too
            item = next(iterator, None)
        if item is None:
            return
        yield item
    console = _console(stderr=True)
    while True:
        with console.status(doing) as status, watched(lambda *moved: status.update(_moving(*moved))):
            _live.append(status)
            try:
                item = next(iterator, None)
            finally:
                _live.remove(status)
        if item is None:
            return
        yield item
        doing = after(item)


_live: list[Any] = []  # what moves on the terminal now, and has to stand still while somebody is asked


def _moving(id: str, done: int, total: int) -> str:
    from ...tools.units import human_bytes

    return f"downloading {id}: {human_bytes(done) if done else 'nothing yet'} of {human_bytes(total)} …"


@contextmanager
def watching() -> Iterator[Callable[[str, int, int], None]]:
    """What tells of downloads: a moving line on a terminal, else a line when one begins."""
    if not sys.stderr.isatty():
        yield begun()
        return
    with _console(stderr=True).status("looking it up …") as status:
        _live.append(status)
        try:
            yield lambda *moved: status.update(_moving(*moved))
        finally:
            _live.remove(status)


def begun() -> Callable[[str, int, int], None]:
    """What tells of each download in one line, when it begins."""
    from ...tools.units import human_bytes

    told: set[str] = set()

    def tell(id: str, done: int, total: int) -> None:
        if total and id not in told:
            told.add(id)
            note(f"downloading {id} ({human_bytes(total)}) …")

    return tell


def answered(as_json: bool = False) -> Callable[[str], bool] | None:
    """What asks a person, yes or no; None where nobody can answer."""
    if as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None

    def ask(question: str) -> bool:
        for status in _live:
            status.stop()
        try:
            return typer.confirm(_CONTROL.sub("", question), err=True)
        except typer.Abort:
            return False
        finally:
            for status in _live:
                status.start()

    return ask


def _console(stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, emoji=False)
