"""`Connector`: how a model is called, read from its documentation.

Many models carry no tag that names their task; what they are is told all the same: by the code of their card, by its
words, the names of its data, its config.json, the examples of its widget, the model that it was made from. Nothing of
a card is executed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..tasks import find_task
from .blocks import code_blocks
from .calls import calls
from .evidence import Tally, from_base, from_class_names, from_code, from_config, from_header, from_words, settled
from .library import usual_class, usual_library
from .openings import chosen, openings
from .settings import arguments
from .template import without_template

MAX_TEXT = 20_000  # characters of a card that are looked at
_LEAST = 2.5  # points below which a task is not told: a wrong guess costs more than "not known"


@dataclass(frozen=True, slots=True)
class Connector:
    """How a model is called.

    Attributes:
        library: as the Hub calls it, such as "transformers"; "" when nothing tells it.
        cls: the class that opens it, or the function: "AutoModelForCTC", "pipeline".
        task: the id of a row of the task table, "" when nothing tells it.
        arguments: what calls are given, in plain values (see `settings.arguments`).
        why: what told the task, the strongest first.
        shown: whether the documentation shows the class; else it is the usual one for the task.
    """

    library: str = ""
    cls: str = ""
    task: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    why: tuple[str, ...] = ()
    shown: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; the class stands under "class"."""
        return {
            "library": self.library,
            "class": self.cls,
            "task": self.task,
            "arguments": dict(self.arguments),
            "why": list(self.why),
            "shown": self.shown,
        }


def read_connector(
    id: str,
    text: str,
    header: Mapping[str, Any] | None = None,
    config: Mapping[str, Any] | None = None,
    *,
    task: str = "",
    base_task: Callable[[str], str] | None = None,
) -> Connector:
    """Read how a model is called.

    Args:
        text: the body of its card, without the header.
        header: what the card's header says: data sets, measures, tags, widget, base_model, library_name.
        config: its config.json.
        task: the task, where a tag names it.
        base_task: gives the task of another model by its id, "" when that is not known.
    """
    header, config, text = header or {}, config or {}, without_template(text[:MAX_TEXT])
    blocks = list(code_blocks(text))
    called = calls(blocks)
    found = openings(called, id)
    told, why = (task, ("its tag",)) if task else _told(id, text, header, config, found, base_task)
    opening = chosen(found)
    library = opening.library if opening else usual_library(told, text, header)
    cls = opening.cls if opening else usual_class(told, library, config)
    return Connector(library, cls, told, arguments(called, blocks, text, config), why, opening is not None)


def _told(
    id: str, text: str, header: Mapping[str, Any], config: Mapping[str, Any], found: Any,
    base_task: Callable[[str], str] | None,
) -> tuple[str, tuple[str, ...]]:  # fmt: skip
    """The task that most speaks for, and what told it."""
    tally = Tally()
    from_code(tally, found)
    from_class_names(tally, id, text)
    from_words(tally, id, text)
    from_header(tally, header)
    from_config(tally, config)
    from_base(tally, header, base_task)
    settled(tally, found, id, text)
    best, points = tally.best()
    return (best, tally.why(best)) if points >= _LEAST and find_task(best) else ("", ())
