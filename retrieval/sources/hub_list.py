"""Models of the Hub by a filter, such as `hub:author=someone` or `hub:pipeline_tag=translation&sort=likes&limit=200`.

The Hub (or what HF_ENDPOINT names) lists the models, and each card is read like one that is named by its id. Only those
that were modified since are read when the index has their card already, from an earlier sync or from a dump.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from ...errors import CardError, UsageError
from ...tools.card import ModelCard
from ...tools.hub import hub_errors, is_busy, is_offline, patiently
from ...tools.text import error_line
from .base import Read

if TYPE_CHECKING:
    from huggingface_hub import ModelInfo

PREFIX = "hub:"
_LIMIT = 1000  # models, when the filter names no limit: the Hub has millions, and each takes calls of its own
_SORTS = ("downloads", "likes", "last_modified", "created_at", "trending_score")


def matches(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(PREFIX)


def read(value: str) -> Iterator[Read]:
    """The cards of the models that pass the filter; what may not be read is set aside.

    Raises:
        UsageError: the filter is none.
    """
    return _read(value, _query(value), lambda id: "")


def reread(value: str, known: Callable[[str], str]) -> Iterator[Read]:
    """The same, but a card that was not modified since is not read again: each costs two calls.

    Args:
        known: tells by an id when the card at hand was last modified, "" when there is none.
    """
    return _read(value, _query(value), known)


def _read(value: str, query: dict[str, Any], known: Callable[[str], str]) -> Iterator[Read]:
    if is_offline():
        yield Read(value, reason="the Hub is out of reach; connect and try again")
        return
    count = 0
    try:
        for model in _listed({"limit": _LIMIT, **query}):
            count += 1
            modified = str(model.last_modified or "")
            if modified and known(model.id) >= modified:
                yield Read(model.id)
                continue
            try:
                yield Read(model.id, ModelCard.from_hub(model.id))
            except CardError as error:
                if is_busy(error):  # each model after it would be waited for as long
                    yield Read(
                        value, reason=f"the Hub is busy, {count - 1} models were looked at; sync later for the rest"
                    )
                    return
                yield Read(model.id, reason=str(error), hides=False)
    except (*hub_errors(), KeyError, TypeError) as error:  # the latter: a list that is not what the Hub sends
        yield Read(value, reason=f"the list breaks off after {count} models ({error_line(error)}); try again later")
        return
    if count == _LIMIT and "limit" not in query:
        yield Read(value, reason=f"only the first {_LIMIT} models were read; set another &limit=", hides=False)


def _listed(query: dict[str, Any]) -> Iterator[ModelInfo]:
    """Page by page. On later pages huggingface_hub waits by itself for a Hub that is busy, on the first it does not."""
    from huggingface_hub import HfApi

    api = HfApi(endpoint=os.environ.get("HF_ENDPOINT"))

    def begin() -> Iterator[ModelInfo]:
        models = iter(api.list_models(expand=["lastModified"], **query))
        first = next(models, None)
        return chain([first], models) if first else models

    return patiently(begin)


def _one_of(*allowed: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return value

    return check


def _count(value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 10_000_000:
        raise ValueError("a number from 1")
    return int(value)


# The arguments of HfApi.list_models that a filter may name, and how their values are read.
_ARGUMENTS: dict[str, Callable[[str], Any]] = {
    "author": str,
    "pipeline_tag": str,
    "filter": str,
    "search": str,
    "trained_dataset": str,
    "num_parameters": str,
    "inference_provider": str,
    "gated": lambda value: _one_of("true", "false")(value) == "true",
    "sort": _one_of(*_SORTS),
    "limit": _count,
}


def _query(value: str) -> dict[str, Any]:
    """The arguments for HfApi.list_models; `filter` may be named several times.

    Raises:
        UsageError: a name or a value is not allowed.
    """
    query: dict[str, Any] = {}
    for name, given in parse_qsl(value.removeprefix(PREFIX), keep_blank_values=True):
        if name not in _ARGUMENTS:
            raise UsageError(f"{name!r} in {value!r} is no filter; allowed are {', '.join(_ARGUMENTS)}")
        try:
            read = _ARGUMENTS[name](given)
        except ValueError as error:
            raise UsageError(f"{name} is {given!r} in {value!r}; expected {error}") from error
        query[name] = [*query.get(name, []), read] if name == "filter" else read
    if not any(query.values()):
        raise UsageError(f"{value!r} names no filter; write for example hub:pipeline_tag=translation&limit=20")
    return query
