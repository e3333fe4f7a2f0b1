"""Which words are English: it settles what a reader of print sees now one way and now another."""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("english_words.txt.gz")  # made by zoo/training/english_words.py
_MARKS = ".,;:!?()\"'"
# Of one and two letters the list has every abbreviation.
_SHORT = frozenset(
    "a i ad ah am an as at be by do dr go he ha hi if in is it me mr ms my no of oh ok on or ox so to up us we".split()
)


@cache
def english_words() -> frozenset[str]:
    """The forty thousand most usual words of English and names, in lower case."""
    lines = gzip.decompress(_FILE.read_bytes()).decode("ascii").splitlines()
    return frozenset(line.lower() for line in lines if not line.startswith("#"))


def is_english(word: str) -> bool:
    """Whether a word, with the marks around it, is an English word in one of the usual cases."""
    core = _core(word)
    if not (core.isalpha() and (core.islower() or core.isupper() or core.istitle())):
        return False
    return core.lower() in (english_words() if len(core) > 2 else _SHORT)


def is_strange(word: str) -> bool:
    """Whether a word in small letters is none of English: not so a name, a number, a code."""
    core = _core(word)
    return core.isascii() and core.isalpha() and core.islower() and len(core) != 2 and not is_english(core)


def _core(word: str) -> str:
    return re.sub(r"'s$", "", word.strip(_MARKS))
