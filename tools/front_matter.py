"""The YAML header of a README.md, read with the guards that strangers' files need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..errors import CardError

MAX_README_BYTES = 2_000_000  # real cards stay below 1 MB; what lies behind is cut, not refused
MAX_HEADER_CHARS = 200_000
MAX_HEADER_LINES = 5_000
MAX_NESTING = 32  # real headers stay below 10; libyaml's loader overflows the C stack near 50,000
_HEADER = re.compile(r"\s*---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
# Benchmark results, up to 10,000 lines in a card of an embedding model: kept apart, and read by who wants them.
_RESULTS = re.compile(r"^model-index:.*?(?=^[^\s-]|\Z)", re.DOTALL | re.MULTILINE)
_KEY = re.compile(r"[A-Za-z_][\w -]{0,60}:(?=\s|$)")  # how a value of the outermost level begins
_STRAY = re.compile(r"(?<=\n)[^\s#\]}-][^\n]*")  # a line that is neither set in, nor of a list, nor has a name
_MOST_PARTS = 500  # values that are read one by one where the header as a whole is no YAML


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a README.md's header says.

    Attributes:
        values: by their names.
        body: the text behind the header.
        results: the header's `model-index` as it is written, "" where there is none.
        faults: a clause for each part that could not be read, and for a header that was not.
    """

    values: dict[str, Any]
    body: str
    results: str = ""
    faults: tuple[str, ...] = field(default=())


def read_front_matter(text: str | bytes) -> tuple[dict[str, Any], str]:
    """The values and the body of `read_header`.

    Raises:
        CardError: the header holds anchors, aliases or tags.
    """
    found = read_header(text)
    return found.values, found.body


def read_header(text: str | bytes) -> FrontMatter:
    """Split a README.md into its header and its body.

    What a stranger could hide in a header is looked for in the parser's own events, before anything is built:
    anchors (an alias bomb of 397 bytes grows to 448 MB) and tags such as `!!python/object` are refused. A header
    of more than 200,000 characters or 5,000 lines counts as no header. One that is no YAML is read value by value:
    what is wrong costs itself, and is told among the faults.

    Raises:
        CardError: the header holds anchors, aliases or tags.
    """
    if isinstance(text, bytes):
        text = text[:MAX_README_BYTES].decode("utf-8-sig", errors="replace")
    text = text[:MAX_README_BYTES].lstrip("\ufeff").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    found = _HEADER.match(text)
    if not found:
        return FrontMatter({}, text)
    body, results = text[found.end() :], _RESULTS.search(found.group(1))
    header = _RESULTS.sub("", found.group(1))
    if len(header) > MAX_HEADER_CHARS or header.count("\n") > MAX_HEADER_LINES:
        return FrontMatter({}, body, faults=("the header is too long to be read",))
    values, faults = _read_parts(header)
    return FrontMatter(values, body, results.group() if results else "", faults)


def _read_parts(header: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The header as a whole, and where it is no YAML, what is left of its parts."""
    values, why = parse_yaml(header)
    if not why:
        if values is None or isinstance(values, dict):
            return {str(key): value for key, value in (values or {}).items()}, ()
        return {}, ("the header is no list of names and values",)
    found: dict[str, Any] = {}
    faults: list[str] = []
    for line, part in _parts(header):
        value, why = parse_yaml(part)
        if why and (stray := _STRAY.search(part)):  # words that belong to nothing cost themselves
            faults.append(f"line {line + part[: stray.start()].count(chr(10))} of the header cannot be read")
            value, why = parse_yaml(part[: stray.start()])
        if isinstance(value, dict):
            found |= {str(key): one for key, one in value.items()}
        elif part.strip():
            name = part.partition(":")[0].strip()[:60] if _KEY.match(part) else ""
            what = f"the header's {name!r}" if name else f"line {line} of the header"
            faults.append(f"{what} cannot be read ({why or 'it has no name'})")
    return found, tuple(faults)


def _parts(header: str) -> Iterator[tuple[int, str]]:
    """The values of the outermost level as they are written, each with the number of its first line."""
    lines, begin = header.split("\n"), 0
    starts = [number for number, line in enumerate(lines) if _KEY.match(line)][:_MOST_PARTS]
    for start in [*starts, len(lines)]:
        if start > begin:
            yield begin + 1, "\n".join(lines[begin:start])
        begin = start


def parse_yaml(text: str) -> tuple[Any, str]:
    """The value of a YAML text, and why there is none ("" when there is).

    Raises:
        CardError: it holds anchors, aliases or tags.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # 8 times as fast where PyYAML was built with libyaml
    try:
        if not _is_plain(yaml.parse(text, Loader=loader)):
            return None, "it is nested too deep"
        return yaml.load(text, Loader=loader), ""
    except yaml.MarkedYAMLError as error:
        return None, str(error.problem or error.context or "no YAML")[:80]
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return None, " ".join(str(error).split())[:80] or "no YAML"


def _is_plain(events: Iterator[Any]) -> bool:
    """Whether the header is nested no deeper than real ones are.

    Raises:
        CardError: it defines an anchor or uses a tag.
    """
    import yaml

    depth = 0
    for event in events:
        if getattr(event, "anchor", None) and not isinstance(event, yaml.AliasEvent):
            raise CardError("the card's header uses YAML anchors and aliases, which are refused; write the values out")
        if getattr(event, "tag", None):
            raise CardError("the card's header uses YAML tags such as !!python/object, which are refused; remove them")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_NESTING:
            return False
    return True
