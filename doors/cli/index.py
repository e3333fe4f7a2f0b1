"""`prefrontal index …`: what is in the index, and how it gets there."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .console import IndexDir, Json, counted, note, open_index, print_json, progress, show

if TYPE_CHECKING:
    from ...retrieval.index import ModelIndex
    from ...retrieval.ingest.commit import AddReport

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command()
def add(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="A README.md, a folder of models, a JSONL or parquet file, a Hub id, or hub:FILTER (hub:author=NAME).",
            show_default=False,
        ),
    ],
    source: Annotated[
        str,
        typer.Option(
            help="Where the cards belong: with `--source hub:` for a dump of the Hub, sync goes on from the Hub.",
            show_default=False,
        ),
    ] = "",
    index: IndexDir = None,
    json: Json = False,
) -> int:
    """Read model cards and index them; what is unchanged costs nothing."""
    found = open_index(index, must_exist=False)
    with progress("indexing", "cards") as moved:
        report = found.add(*sources, source=source, progress=moved)
    return _told(report, found, json)


@app.command()
def sync(index: IndexDir = None, json: Json = False) -> int:
    """Read the sources again that changed since: new cards come in, cards that are gone go out."""
    found = open_index(index)
    with progress("indexing", "cards") as moved:
        report = found.sync(moved)
    return _told(report, found, json)


@app.command()
def remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of models.", show_default=False)],
    index: IndexDir = None,
    json: Json = False,
) -> int:
    """Take models out of the index."""
    found = open_index(index)
    return _told(found.remove(*ids), found, json)


@app.command()
def rebuild(index: IndexDir = None, json: Json = False) -> int:
    """Build the index anew: from its newest whole catalogue, else from its sources."""
    found = open_index(index, must_exist=False)
    with progress("indexing", "cards") as moved:
        report = found.rebuild(moved)
    return _told(report, found, json)


@app.command("list")
def list_cards(
    task: Annotated[str | None, typer.Option("--task", metavar="T", help="Only models of this task.")] = None,
    index: IndexDir = None,
    json: Json = False,
) -> int:
    """The models, one a line."""
    from ...tools.units import human_bytes

    cards = open_index(index).list(**({"task": task} if task else {}))
    if json:
        for card in cards:
            record = card.to_dict()
            print_json({name: value for name, value in record.items() if name not in ("text", "summary")})
        return 0
    room = min(60, max((len(card.id) for card in cards), default=0))
    show(f"{card.id:{room}}  {card.task or '(no known task)'}  {human_bytes(card.bytes)}" for card in cards)
    note(counted(len(cards), "model"))
    return 0


@app.command()
def stats(index: IndexDir = None, json: Json = False) -> int:
    """Where the index lies, how many models of which task it holds, how big it is."""
    return _stats(open_index(index).stats(), json)


@app.command()
def verify(index: IndexDir = None, json: Json = False) -> int:
    """Check every file of the index against its checksum."""
    found = open_index(index)
    checked = found.verify()
    if not json:
        note("every file is whole")
    return _stats(checked, json)


def _stats(stats: dict[str, Any], as_json: bool) -> int:
    if as_json:
        print_json(stats)
        return 0
    from ...tools.units import human_bytes

    tasks = stats.get("tasks", {})
    show(
        [
            f"Path      {stats['path']}",
            f"Models    {stats['cards']} of {counted(len(tasks), 'task')}, generation {stats['generation']}, "
            f"{human_bytes(stats.get('bytes', 0))}",
            f"Embedder  {stats.get('embedder', '')}",
            f"Sources   {', '.join(stats.get('sources', ())) or 'none that can be read again'}",
            *(f"{count:9d} {task or '(no known task)'}" for task, count in tasks.items()),
        ]
    )
    return 0


def _told(report: AddReport, index: ModelIndex, as_json: bool) -> int:
    """Print what came of it; 1 when nothing but failures did."""
    if as_json:
        failed = [{"what": what, "reason": reason} for what, reason in report.failed]
        print_json({**asdict(report), "failed": failed, "cards": len(index), "path": str(index.path)})
    else:
        show([*str(report).split("\n"), f"{counted(len(index), 'model')} in {index.path}"])
    return int(bool(report.failed) and not (report.added or report.changed or report.unchanged or report.removed))
