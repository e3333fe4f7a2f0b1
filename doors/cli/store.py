"""`prefrontal models …`: what lies on this disk, and how it comes there and goes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from .console import AllowPickle, Json, answered, counted, note, print_json, show, watching

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of models on the Hub.", show_default=False)]


@app.command("list")
def list_models(json: Json = False) -> int:
    """The models on this disk, one a line: in the Hugging Face cache, converted here, or cut off."""
    from ...tools.model_store import kept_models
    from ...tools.units import human_bytes

    there = kept_models()
    if json:
        for kept in there:
            print_json({**asdict(kept), "path": str(kept.path)})
        return 0
    room = min(60, max((len(kept.id) for kept in there), default=0))
    show(
        f"{kept.id:{room}}  {human_bytes(kept.bytes):>9}  {kept.revision[:12] or '-':12}  {kept.where}"
        f"{', pinned' if kept.pinned else ''}"
        for kept in there
    )
    note(counted(len({kept.id for kept in there}), "model"))
    return 0


@app.command()
def pull(
    ids: Ids,
    revision: Annotated[
        str, typer.Option("--revision", metavar="R", help="A branch, tag or commit; the newest if left out.")
    ] = "",
    max_bytes: Annotated[
        int, typer.Option("--max-bytes", metavar="N", min=0, help="Ask, or refuse, beyond so many bytes in all.")
    ] = 4_000_000_000,
    yes: Annotated[bool, typer.Option("--yes", help="Download without asking, however much it is.")] = False,
    allow_pickle: AllowPickle = None,
    json: Json = False,
) -> int:
    """Download models, or their newest state: only what loading needs, taken up again where it was cut off."""
    from ...tools.pulling import pull_model
    from ...tools.units import human_bytes

    left = max_bytes
    for id in ids:
        with watching() as moved:
            pulled = pull_model(id, revision, None if yes else left, answered(json), allow_pickle, moved)
        left = max(0, left - pulled.downloaded)
        if json:
            print_json({**asdict(pulled), "path": str(pulled.path)})
        else:
            how = f", {pulled.how}" if pulled.how else ""
            came = f"{human_bytes(pulled.downloaded)} downloaded" if pulled.downloaded else "here already"
            show([f"{id} {pulled.revision[:12]}{how}: {came}, in {pulled.path}"])
    return 0


@app.command()
def remove(ids: Ids, json: Json = False) -> int:
    """Delete models from this disk: out of the Hugging Face cache, with what was converted and recorded."""
    from ...tools.model_store import remove as remove_model
    from ...tools.units import human_bytes

    freed = {id: remove_model(id) for id in ids}
    if json:
        for id, count in freed.items():
            print_json({"id": id, "bytes": count})
    else:
        show(
            f"{id}: {f'{human_bytes(count)} free again' if count else 'nothing of it is here'}"
            for id, count in freed.items()
        )
    return 0 if any(freed.values()) else 1


@app.command()
def disk(json: Json = False) -> int:
    """What all models take, and what is left."""
    from ...tools.model_store import disk as look

    found: dict[str, Any] = look()
    if json:
        print_json(found)
        return 0
    show([*(f"{name:20} {_told(count)}" for name, count in found["bytes"].items()),
          *(f"{'left':20} {_told(count)} in {folder}" for folder, count in found["free"].items())])  # fmt: skip
    return 0


def _told(count: int) -> str:
    from ...tools.units import human_bytes

    return human_bytes(count) if count else "nothing"
