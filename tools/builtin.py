"""The few things no model should be asked to do, as plain functions; each has a row in the task table and a card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from ..errors import ToolInputError
from .arithmetic import calculate
from .box_rows import filter_boxes
from .card import ModelCard
from .comparing import compare_numbers, compare_texts
from .page_lines import split_lines
from .regions import fractions
from .tasks import rows
from .text import singular

Box = dict[str, float]
_COLOURS = ("#e6194b", "#3cb44b", "#4363d8", "#f58231", "#911eb4", "#008080", "#9a6324", "#808000")


def count(items: Any, label: str | None = None) -> int:
    """How many things a list holds, or how many of them carry the label (case and a plural s do not matter)."""
    return len(_labelled(_listed(items), label))


def pick(items: Any, by: str | None = None, label: str | None = None) -> Any:
    """One thing out of a list: the first, the best, the largest, the leftmost, …"""
    listed = _labelled(_listed(items), label)
    key = _ORDERS.get((by or "first").strip().lower())
    if key is None:
        raise ToolInputError(f"{by!r} is no way to pick; allowed are {', '.join(_ORDERS)}")
    if not listed:
        raise ToolInputError(
            f"there is nothing to pick from{f' with the label {label!r}' if label else ''}; check the list"
        )
    try:
        return key(listed)
    except (KeyError, TypeError) as error:
        raise ToolInputError(
            f"the list's things have no {error} to pick the {by} by; pick first or last instead"
        ) from error


def crop(image: Any, region: str | None = None, box: Any = None) -> Any:
    """Cut out a named region such as "left half" or "top right", or a box in pixels."""
    width, height = image.size
    if box is not None:
        corners = _corners(box)
    elif region is not None:
        corners = [f * size for f, size in zip(fractions(region), (width, height, width, height), strict=True)]
    else:
        raise ToolInputError("what to cut out is missing; give region, such as 'left half', or box")
    left, top, right, bottom = (round(c) for c in corners)
    left, top, right, bottom = max(0, left), max(0, top), min(width, right), min(height, bottom)
    if right - left < 1 or bottom - top < 1:
        raise ToolInputError(
            f"the box {[round(c) for c in corners]} lies outside of the picture of {width} x {height} pixels; "
            "correct it"
        )
    return image.crop((left, top, right, bottom))


def draw_boxes(image: Any, boxes: Sequence[dict[str, Any]]) -> Any:
    """A copy of the picture with each box drawn, numbered and, when there are several labels, coloured by label."""
    from PIL import ImageDraw, ImageFont

    drawn = image.convert("RGB")
    pen = ImageDraw.Draw(drawn)
    size = max(10, min(drawn.size) // 30)
    font = ImageFont.load_default(size)
    labels = sorted({str(item.get("label", "")) for item in boxes})
    for number, item in enumerate(boxes, start=1):
        label = str(item.get("label", ""))
        colour = _COLOURS[labels.index(label) % len(_COLOURS)]
        corners = _corners(item)
        pen.rectangle(corners, outline=colour, width=max(1, size // 7))
        text = str(number) if len(labels) < 2 else f"{number} {label}"
        place = (corners[0] + 2, corners[1] + 1)
        pen.rectangle(pen.textbbox(place, text, font=font), fill=colour)
        pen.text(place, text, fill="white", font=font)
    return drawn


def join(texts: Sequence[str], separator: str | None = None) -> str:
    """The texts in order, each on a line of its own unless another separator is given."""
    return ("\n" if separator is None else separator).join(_words(text).strip() for text in texts)


def _asked(module: str, name: str) -> Callable[..., dict[str, Any]]:
    """A tool that reads a question in words: its answer, and the bare value. Its libraries load at the first call."""

    def ask(**inputs: Any) -> dict[str, Any]:
        found = _later(module, name)(**inputs)
        return {"text": found["answer"], "value": found["value"]}

    return ask


def _found_lines(text: str, about: str) -> str:
    found = _later("texts", "lines_about")(text, about)
    if not found:
        lines = _later("texts", "lines_of")(text)
        shown = "; ".join(line[:60] for line in lines[:8])
        raise ToolInputError(
            f"none of the {len(lines)} lines names {about!r}; they are: {shown}{'; …' if len(lines) > 8 else ''}"
        )
    return "\n".join(found)


def _later(module: str, name: str) -> Callable[..., Any]:
    """A function of a module that is imported at the first call."""
    return lambda *given, **named: getattr(import_module(f".{module}", __package__), name)(*given, **named)


# What a built-in task's row is run by; each gets the row's inputs by name and gives the row's first output, or, where
# the row has several, all of them by name.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "calculate": calculate,
    "count": count,
    "pick": pick,
    "crop": crop,
    "split-lines": split_lines,
    "draw-boxes": draw_boxes,
    "join": join,
    "filter-boxes": filter_boxes,
    "compare-numbers": compare_numbers,
    "compare-texts": compare_texts,
    "table-query": _asked("tables", "ask_table"),
    "dates": _asked("dates", "ask_date"),
    "convert-units": _asked("conversion", "ask_units"),
    "count-in-text": _later("texts", "count_in"),
    "select-lines": _later("texts", "nth_of"),
    "find-lines": _found_lines,
    "find-amount": lambda text, about: _later("texts", "amount_on")(text, about),
    "sort-lines": _later("texts", "sort_lines"),
}


@cache
def builtin_cards() -> tuple[ModelCard, ...]:
    """One card for each built-in, so that retrieval finds them as it finds models."""
    return tuple(
        ModelCard(
            id=f"prefrontal/{row.id}",
            revision="1",
            task=row.id,
            summary=f"{row.does} Built in: no model is loaded.",
            library="builtin",
            license="apache-2.0",
            source="builtin",
            text="\n".join(row.asks),
        )
        for row in rows()
        if row.builtin
    )


def _corners(box: Any) -> tuple[float, float, float, float]:
    """left, top, right, bottom of a box, or of a thing that has one."""
    area = box.get("box", box) if isinstance(box, dict) else {}
    try:
        left, top, right, bottom = (float(area[name]) for name in ("xmin", "ymin", "xmax", "ymax"))
    except (KeyError, TypeError, ValueError) as error:
        raise ToolInputError(f"a box needs xmin, ymin, xmax and ymax in pixels, got {str(box)[:100]}") from error
    return left, top, right, bottom


def _words(text: Any) -> str:
    """A text, or the text of a thing that has one: a piece found, or a label."""
    if isinstance(text, dict):
        text = text.get("text", text.get("label"))
    if not isinstance(text, str | int | float):
        raise ToolInputError(
            f"texts are needed, got {str(text)[:100]}; pass texts, or the handle of a result that holds them"
        )
    return str(text)


def _listed(items: Any) -> list[Any]:
    if isinstance(items, dict):  # a whole result: its first list is meant
        items = next((value for value in items.values() if isinstance(value, list)), items)
    if not isinstance(items, list):
        raise ToolInputError(
            f"a list is needed, such as a detector's boxes or its handle result-1, got {type(items).__name__}"
        )
    return items


def _labelled(items: list[Any], label: str | None) -> list[Any]:
    if not label:
        return items
    wanted = singular(label)
    return [item for item in items if isinstance(item, dict) and singular(str(item.get("label", ""))) == wanted]


def _area(item: dict[str, Any]) -> float:
    box = item["box"]
    return (box["xmax"] - box["xmin"]) * (box["ymax"] - box["ymin"])


_ORDERS: dict[str, Callable[[list[Any]], Any]] = {
    "first": lambda items: items[0],
    "last": lambda items: items[-1],
    "best": lambda items: max(items, key=lambda item: item["score"]),
    "worst": lambda items: min(items, key=lambda item: item["score"]),
    "largest": lambda items: max(items, key=_area),
    "smallest": lambda items: min(items, key=_area),
    "leftmost": lambda items: min(items, key=lambda item: item["box"]["xmin"]),
    "rightmost": lambda items: max(items, key=lambda item: item["box"]["xmax"]),
    "topmost": lambda items: min(items, key=lambda item: item["box"]["ymin"]),
    "bottommost": lambda items: max(items, key=lambda item: item["box"]["ymax"]),
}
