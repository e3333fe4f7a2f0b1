"""Fetching a model because somebody says so, with a budget and a question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..errors import ModelUnavailableError, UsageError
from . import hub
from .card_parser import checked_id
from .checkpoints import check_safe
from .downloads import Moved, watched
from .pickles import allowing
from .pins import pin_of
from .units import human_bytes


@dataclass(frozen=True, slots=True)
class Pulled:
    """What came: the commit that is loaded from now on, how it came to be, and the bytes that were downloaded."""

    id: str
    revision: str
    how: str
    downloaded: int
    path: Path


def pull_model(
    id: str,
    revision: str = "",
    most: int | None = None,
    ask: Callable[[str], bool] | None = None,
    allow_pickle: str | None = None,
    moved: Moved | None = None,
) -> Pulled:
    """Download a model, or the state that its revision has now, and record it.

    Args:
        most: bytes that may be downloaded; beyond that `ask` is called with a question, or it is refused. None is all.
        moved: called with the id, the bytes that came, and the bytes in all.

    Raises:
        UsageError: the id is none.
        ModelUnavailableError: it cannot be had, it would go beyond what is allowed, or it is not safe to load.
    """
    if checked_id(id) != id or "/" not in id:
        raise UsageError(f"{id[:100]!r} is no model's id; pass owner/name, as the Hub writes it")
    with allowing(allow_pickle), watched(moved or _nobody):
        size = hub.download_bytes(id, revision)
        if most is not None and size > most:
            wants = f"{id} takes {human_bytes(size)} to download, allowed are {human_bytes(most) if most else 'none'}"
            if not (ask and ask(f"{wants}. Download it all the same?")):
                raise ModelUnavailableError(f"{wants}; pass --max-bytes {size} or --yes, or take a smaller model")
        folder = hub.fetch(id, revision)
        check_safe(folder, id)
    pin = pin_of(id, revision)
    return Pulled(id, pin.revision if pin else folder.name, pin.reference if pin else "", size, folder)


def _nobody(id: str, done: int, total: int) -> None:
    pass
