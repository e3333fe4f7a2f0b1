"""Stories in which several things are asked: one story for each, without the words that ask for the others."""

from __future__ import annotations

import re
from collections.abc import Sequence

_JOINT = re.compile(
    r"^[\s,;]*(?:(?:and|n|&|plus|then|also)\b\s*)*|[\s,;]*(?:\b(?:and|n|&|plus|then|also))?[\s,;]*$", re.IGNORECASE
)
_BEHIND = re.compile(r"[?!.,;]*\s*(?:(?:and|n|&|plus|then|also)\b\s*)?", re.IGNORECASE)


def told_apart(text: str, asks: Sequence[tuple[int, int]]) -> list[str]:
    """The text for each of its asks, as places of characters, without the others and what joined them."""
    made = []
    for own in asks:
        kept, at = "", 0
        for start, end in sorted(asks):
            if (start, end) != own:
                kept = f"{_JOINT.sub('', kept + text[at:start])} "
                behind = _BEHIND.match(text, end)
                at = behind.end() if behind else end
        made.append(" ".join((kept + text[at:]).split()))
    return made
