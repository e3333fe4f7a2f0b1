"""Which cards a search may answer with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from ..errors import UsageError
from ..tools import hub
from ..tools.card import ModelCard
from ..tools.checkpoints import PACKAGED
from ..tools.placing import ANY, Target
from ..tools.task import KINDS
from ..tools.tasks import get_task, rows
from .ranking.claims import read_claim
from .ranking.preferences import BALANCED, preference

_ORDERING = ("spoken", "prefer", "best_by", "target")  # no model fails these


@dataclass(frozen=True, slots=True)
class Filters:
    """What `search` and `filtered` take.

    Attributes:
        task: a task's id or alias, or several.
        takes: a kind that the model must take in, such as "image". "text" means a text alone: a model that needs a
            picture besides is left out.
        gives: the kind of its first output, such as "text".
        license: a licence's id, such as "apache-2.0" (upper and lower case are the same).
        language: a code among the card's languages, such as "fr".
        library: such as "transformers".
        max_bytes: the largest size of the weights; a card that names no size passes.
        runnable_only: only models that can run on this machine.
        offline: whether the Hub is out of reach (found out when None); counts for `runnable_only`.
        where: any test of a card.
        spoken: whether a language that the query names in words ("a Spanish review") counts as a filter, when
            `language` names none and some model names it.
        prefer: what counts among models that fit about equally: "fast" (what costs less and is here already),
            "balanced", or "best" (what is larger and more used). It changes the order only.
        best_by: a metric that authors report, such as "accuracy" or "wer on librispeech": among models that fit, those
            first that claim the best figure. It changes the order only.
        target: a device and a type of numbers that are wanted; counts for `runnable_only` and for what hits say.

    Raises:
        UsageError: there is no such preference or metric.
    """

    task: str | Sequence[str] | None = None
    takes: str | None = None
    gives: str | None = None
    license: str | None = None
    language: str | None = None
    library: str | None = None
    max_bytes: int | None = None
    runnable_only: bool = False
    offline: bool | None = None
    where: Callable[[ModelCard], bool] | None = None
    spoken: bool = True
    prefer: str = BALANCED
    best_by: str = ""
    target: Target = ANY

    def __post_init__(self) -> None:
        preference(self.prefer)
        if self.best_by:
            read_claim(self.best_by)

    def settled(self) -> Filters:
        """The same with `offline` found out, where it counts."""
        if not self.runnable_only or self.offline is not None:
            return self
        return replace(self, offline=hub.is_offline())

    def sql(self) -> tuple[str, list[Any]]:
        """A condition over the columns of `cards`, with its values; "" when every card passes.

        Raises:
            UnknownTaskError: no such task.
            UsageError: no such kind.
        """
        conditions: list[str] = []
        values: list[Any] = []

        def need(condition: str, *of: Any) -> None:
            conditions.append(condition)
            values.extend(of)

        if (allowed := self._tasks()) is not None:
            need(f"task IN ({_marks(allowed)})", *allowed)
        if self.license:
            need("', ' || lower(license) || ', ' LIKE ?", f"%, {self.license.lower()}, %")
        if self.language:
            need(
                "EXISTS (SELECT 1 FROM json_each(languages) WHERE lower(value) = ?)",
                self.language.lower(),
            )
        if self.library:
            need("library = ?", self.library.lower())
        if self.max_bytes is not None:
            need("bytes <= ?", self.max_bytes)
        if self.runnable_only and self.offline:
            # Fitness decides card by card; this only keeps a search from walking over the whole Hub.
            builtins = [row.id for row in rows() if row.builtin]
            here = [*PACKAGED, *_downloaded()]
            need(f"(path != '' OR task IN ({_marks(builtins)}) OR id IN ({_marks(here)}))", *builtins, *here)
        return " AND ".join(conditions), values

    def _tasks(self) -> list[str] | None:
        """The ids of the tasks that pass, None when all do."""
        for kind in (self.takes, self.gives):
            if kind and kind not in KINDS:
                raise UsageError(f"{kind!r} is not a kind of value; allowed are {', '.join(KINDS)}")
        named = [self.task] if isinstance(self.task, str) else self.task
        if named is None and not self.takes and not self.gives:
            return None
        candidates = [get_task(name) for name in named] if named is not None else list(rows())
        return [
            row.id
            for row in candidates
            if (not self.takes or any(slot.kind == self.takes for slot in row.inputs))
            and (self.takes != "text" or not any(slot.required for slot in row.media))
            and (not self.gives or row.output.kind == self.gives)
        ]

    def __str__(self) -> str:
        """The filters that are set, for people: "task=translation, license=mit"."""
        return ", ".join(
            f"{f.name}={getattr(self, f.name)}"
            for f in fields(self)
            if f.name not in _ORDERING and getattr(self, f.name) not in (None, False)
        )


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _downloaded() -> list[str]:
    """The ids of the models that have a folder in the Hugging Face cache."""
    from huggingface_hub import constants

    folders = Path(constants.HF_HUB_CACHE).glob("models--*")
    return [folder.name.removeprefix("models--").replace("--", "/") for folder in folders]
