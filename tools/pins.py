"""Which commit of a model was downloaded, once and for all: what ran yesterday runs today, whatever was pushed since.

A record for each id and each revision that was asked for, in `models/` of prefrontal's home. What is on the Hub under
the same name later comes in by `prefrontal models pull` (or `hub.fetch(id, revision)`) alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from .home import home, write_atomically

_FILE = "pins.json"


@dataclass(frozen=True, slots=True)
class Pin:
    """What stands for a revision that was asked for ("" is the author's newest).

    `revision` is the commit that is loaded, `reference` where it lies when that is no branch of the author's
    ("refs/pr/3"), `made_from` the commit of the author's that it was converted from, `bytes` its size.
    """

    id: str
    revision: str
    reference: str = ""
    made_from: str = ""
    bytes: int = 0
    fetched: str = ""


def store() -> Path:
    """The folder of what prefrontal keeps of models: records and converted weights. It need not exist."""
    return home() / "models"


def folder_of(id: str) -> Path:
    """The folder of one model in it; ids are told apart whatever they hold."""
    return store() / re.sub(r"[^\w.-]", "_", id.replace("/", "--")).lstrip(".")[:150]


def pin_of(id: str, revision: str = "") -> Pin | None:
    """The record for a revision; None where nothing was downloaded."""
    return _read(folder_of(id)).get(revision) if store().is_dir() else None


def revision_of(id: str, revision: str = "") -> str:
    """The commit that a model is loaded from, as far as that is known."""
    pin = pin_of(id, revision)
    return pin.revision if pin else revision


def write_pin(pin: Pin, *asked: str) -> None:
    """Keep a record for the revisions that were asked for, and for the commit itself."""
    folder = folder_of(pin.id)
    folder.mkdir(parents=True, exist_ok=True)
    dated = {**asdict(pin), "fetched": pin.fetched or datetime.now(UTC).isoformat(timespec="seconds")}
    known = {name: asdict(old) for name, old in _read(folder).items()}
    known |= dict.fromkeys({*asked, pin.made_from or pin.revision}, dated)
    write_atomically(folder / _FILE, json.dumps(known, indent=1).encode())


def pins() -> Iterator[Pin]:
    """All records, each once."""
    for file in sorted(store().glob(f"*/{_FILE}")):
        yield from dict.fromkeys(_read(file.parent).values())


def forget(id: str) -> None:
    with suppress(OSError):
        (folder_of(id) / _FILE).unlink()


def _read(folder: Path) -> dict[str, Pin]:
    """A file that cannot be read says nothing: the model is looked up again."""
    names = [field.name for field in fields(Pin)]
    try:
        rows = json.loads((folder / _FILE).read_bytes())
        return {str(asked): Pin(**{name: row[name] for name in names if name in row}) for asked, row in rows.items()}
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return {}
