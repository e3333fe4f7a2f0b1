"""The YAML header of a README.md, read with the guards that strangers' files need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..errors import CardError

MAX_README_BYTES = 2_000_000  # real cards stay below 1 MB; what lies behind is cut, not refused
MAX_HEADER_CHARS = 200_000
MAX_HEADER_LINES = 5_000
MAX_NESTING = 32  # real headers stay below 10; libyaml's loader overflows the C stack near 50,000
_HEADER = re.compile(r"\s*---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
# Benchmark results, up to 10,000 lines in a card of an embedding model, and nothing here reads them.
_RESULTS = re.compile(r"^model-index:.*?(?=^[^\s-]|\Z)", re.DOTALL | re.MULTILINE)


def read_front_matter(text: str | bytes) -> tuple[dict[str, Any], str]:
    """Split a README.md into its header and its body.

    What a stranger could hide in a header is looked for in the parser's own events, before anything is built:
    anchors (an alias bomb of 397 bytes grows to 448 MB) and tags such as `!!python/object` are refused. A header
    of more than 200,000 characters or 5,000 lines, or one that is no YAML, counts as no header.

    Raises:
        CardError: the header holds anchors, aliases or tags.
    """
    if isinstance(text, bytes):
        text = text[:MAX_README_BYTES].decode("utf-8-sig", errors="replace")
    text = text[:MAX_README_BYTES].lstrip("\ufeff").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    found = _HEADER.match(text)
    if not found:
        return {}, text
    header, body = _RESULTS.sub("", found.group(1)), text[found.end() :]
    if len(header) > MAX_HEADER_CHARS or header.count("\n") > MAX_HEADER_LINES:
        return {}, body
    return _parse(header), body


def _parse(header: str) -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # 8 times as fast where PyYAML was built with libyaml
    try:
        if not _is_plain(yaml.parse(header, Loader=loader)):
            return {}
        values = yaml.load(header, Loader=loader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return {str(key): value for key, value in values.items()} if isinstance(values, dict) else {}


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
