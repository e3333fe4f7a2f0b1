"""The YAML header of a README.md, read with the guards that strangers' files need."""

from __future__ import annotations

import re
from typing import Any

from ..errors import CardError

MAX_README_BYTES = 2_000_000  # real cards stay below 1 MB; what lies behind is cut, not refused
MAX_HEADER_CHARS = 200_000
MAX_HEADER_LINES = 5_000
_HEADER = re.compile(r"\s*---[ \t]*\n(.*?)\n---[ \t]*(?:\n|$)", re.DOTALL)
_ALIAS = re.compile(r"(?:^|[\s\[{,:-])[&*][A-Za-z0-9_]", re.MULTILINE)
_TAG = re.compile(r"(?:^|[\s\[{,:-])!(?:!|<|[A-Za-z])", re.MULTILINE)


def read_front_matter(text: str | bytes) -> tuple[dict[str, Any], str]:
    """Split a README.md into its header and its body.

    The header is read by huggingface_hub's parser after these guards: anchors and aliases (an alias bomb of 397
    bytes grows to 448 MB) and YAML tags such as `!!python/object` are refused, a header of more than 200,000
    characters or 5,000 lines is cut off, and a header that is no YAML counts as no header.

    Raises:
        CardError: the header holds anchors, aliases or tags.
    """
    if isinstance(text, bytes):
        text = text[:MAX_README_BYTES].decode("utf-8-sig", errors="replace")
    text = text[:MAX_README_BYTES].lstrip("\ufeff").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    found = _HEADER.match(text)
    if not found:
        return {}, text
    header, body = found.group(1), text[found.end() :]
    unquoted = re.sub(r"\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|#.*", "", header[:MAX_HEADER_CHARS])
    if _ALIAS.search(unquoted) and re.search(r"(?:^|[\s\[{,:-])&\w", unquoted, re.MULTILINE):
        raise CardError("the card's header uses YAML anchors and aliases, which are refused; write the values out")
    if _TAG.search(unquoted):
        raise CardError("the card's header uses YAML tags such as !!python/object, which are refused; remove them")
    if len(header) > MAX_HEADER_CHARS or header.count("\n") > MAX_HEADER_LINES:
        return {}, body
    return _parse(header), body


def _parse(header: str) -> dict[str, Any]:
    import yaml

    try:
        from huggingface_hub import ModelCard as HubCard

        return HubCard(f"---\n{header}\n---\n", ignore_metadata_errors=True).data.to_dict()
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError):
        pass
    try:  # the Hub's parser wants its fields well-typed; plain YAML gives what there is
        values = yaml.safe_load(header)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return {str(key): value for key, value in values.items()} if isinstance(values, dict) else {}
