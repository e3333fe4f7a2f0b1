"""`prefrontal search` and `prefrontal show`: which models there are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from ...errors import CardError, UsageError
from ...tools.card_parser import ROW_IDS
from .console import AllowPickle, Device, DType, IndexDir, Json, Prefer, note, open_index, print_json, read_lines, show


def search(
    query: Annotated[
        str | None,
        typer.Argument(metavar="QUERY", help="What the model shall do, in words, or its id.", show_default=False),
    ] = None,
    queries: Annotated[
        Path | None,
        typer.Option(
            "--queries",
            metavar="FILE.jsonl",
            help='Lines {"qid", "query", "input_modality"}; prints the hits of each as JSON.',
        ),
    ] = None,
    k: Annotated[int, typer.Option("-k", metavar="N", help="How many hits.")] = 5,
    task: Annotated[str | None, typer.Option("--task", metavar="T", help="Only models of this task.")] = None,
    license: Annotated[
        str | None, typer.Option("--license", metavar="L", help="Only with this licence, such as apache-2.0.")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="L", help="Only for this language, such as fr.")
    ] = None,
    max_bytes: Annotated[
        int | None, typer.Option("--max-bytes", metavar="N", help="Only with weights of so many bytes at most.")
    ] = None,
    runnable: Annotated[bool, typer.Option("--runnable", help="Only what can run on this machine.")] = False,
    prefer: Prefer = "balanced",
    best_by: Annotated[
        str,
        typer.Option(
            "--best-by",
            metavar="M",
            help='By a figure that authors claim: accuracy, or "accuracy on sst2".',
            show_default=False,
        ),
    ] = "",
    allow_pickle: AllowPickle = None,
    index: IndexDir = None,
    json: Json = False,
) -> int:
    """Models that fit, best first, each with the reason."""
    if (query is None) == (queries is None):
        raise UsageError("pass either a QUERY or --queries FILE.jsonl")
    rows = read_lines(queries, "query") if queries else []
    filters = {
        "task": task,
        "license": license,
        "language": language,
        "max_bytes": max_bytes,
        "runnable_only": runnable,
        "prefer": prefer,
        "best_by": best_by,
    }
    found = open_index(index, allow_pickle=allow_pickle)
    if queries:
        return _search_queries(found, rows, k, filters)
    hits = found.search(query or "", k, **filters)
    if json:
        print_json({"query": query, "results": [hit.to_dict() for hit in hits]})
    else:
        for hit in hits:
            show([f"{hit.rank}. {hit.id} ({hit.card.task or 'no known task'}) {hit.score:.2f}", f"   {hit.why}"])
    if not hits:
        note(str(hits))
    return 0 if hits else 1


def _search_queries(index: Any, rows: Sequence[dict[str, Any]], k: int, filters: dict[str, Any]) -> int:
    from ...tools.task import KINDS

    for number, row in enumerate(rows, 1):
        kind = row.get("input_modality")
        hits: Any = []
        if row["query"].strip():
            hits = index.search(row["query"], k, takes=kind if kind in KINDS else None, **filters)
        else:  # a row for each line, whatever it holds
            note(f"query {number} is empty: nothing is found for it")
        results = [{"id": hit.id, "task": hit.card.task, "score": round(hit.score, 4)} for hit in hits]
        print_json({"qid": row.get("qid", row.get("id")), "results": results})
    return 0


def show_card(
    id: Annotated[
        str, typer.Argument(metavar="ID", help="A model's id, such as prefrontal/digit-classifier.", show_default=False)
    ],
    device: Device = "auto",
    dtype: DType = "auto",
    code: Annotated[
        bool, typer.Option("--code", help="A short Python program that calls the model without prefrontal.")
    ] = False,
    index: IndexDir = None,
    json: Json = False,
) -> int:
    """One model: its facts, whether and where it runs here, its arguments, and what its author wrote."""
    from ...tools.fitness import fitness
    from ...tools.placing import Target

    target = Target.of(device, dtype)
    card = open_index(index).get(id)
    if code:
        from ...tools.connectors.program import program_of

        program = program_of(card)
        if json:
            print_json({"id": card.id, "code": program})
        else:
            print(program, end="", flush=True)  # as it is: a line that is wrapped is no Python
        return 0
    fit = fitness(card, target=target)
    inputs = card.row.inputs if card.row else ()
    if json:
        arguments = [
            {"name": s.name, "kind": s.kind, "required": s.required, "many": s.many, "about": s.about} for s in inputs
        ]
        where = dict(fit.placement.facts()) if fit.placement else {}
        runs = {"ok": fit.ok, "local": fit.local, "reason": fit.reason, "further": list(fit.further), **where}
        print_json({**card.to_dict(), "fitness": runs, "arguments": arguments})
        return 0
    rows = [*card.facts(), ("runs here", f"{'yes' if fit.ok else 'no'}: {fit.reason}")]
    rows += [("beside that", "; ".join(fit.further)), *(fit.placement.facts() if fit.placement else ())]
    rows += [(slot.name, f"{slot.about} ({slot.kind}{'' if slot.required else ', optional'})") for slot in inputs]
    show([card.id, *(f"  {name:16}  {value}" for name, value in rows if value)])
    if card.text:
        show(["", "What its author wrote:", *card.text.split("\n")])
    return 0


def read_cards(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE.jsonl", help="Cards, one a line, as `index add` takes them.", show_default=False),
    ],
    hide_tags: Annotated[
        bool, typer.Option("--hide-tags", help="Read as if no tag named a task: by the documentation alone.")
    ] = False,
    json: Json = False,
) -> int:
    """How models are called, read from their documentation: task, library and class of each."""
    from ...retrieval.ingest.bases import base_task
    from ...tools.connectors.reading import read_documentation

    rows, failed = read_lines(file), 0
    for number, row in enumerate(rows, 1):
        try:
            found = read_documentation(row, hide_tags, base_task)
        except CardError as error:
            note(f"{file.name} line {number} is set aside: {error}")
            failed += 1
            continue
        id = next(str(row[name]) for name in ROW_IDS if row.get(name))
        if json:
            print_json({"id": id, "task": found.task, "library": found.library, "class": found.cls})
        else:
            told = f" ({'; '.join(found.why)})" if found.why else ""
            show([f"{id}: {found.task or 'no known task'}, {found.cls or 'no class'} of {found.library or '?'}{told}"])
    return int(bool(rows) and failed == len(rows))
