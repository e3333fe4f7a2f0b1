"""A text in its parts: words, lines, sentences and paragraphs, as a person would count them."""

from __future__ import annotations

import re
import unicodedata

from ..errors import ToolInputError

_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0966-\u0dff"  # signs that belong to the letter before
_LETTER = rf"(?:[^\W_]|[{_MARKS}])"
_INNER = r"(?:['’ʼ_‐‑-]|(?<=\d)[.,:/](?=\d))"  # inside of a word: can't, well-known, 3.5, 12:30
_ABBREVIATED = r"(?<![^\W_])(?:[^\W\d_]\.)+(?:[^\W\d_](?![^\W_])\.?|(?<=\..\.))"  # e.g., U.S.A
_ADDRESS = r"(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_WORD = re.compile(rf"{_ADDRESS}|{_ABBREVIATED}|{_LETTER}+(?:{_INNER}{_LETTER}+)*")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")  # Thai, Chinese, kana, …

_END = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+|(?<=[。！？])\s*")
# What ends in a dot without ending the sentence, in front of a capital.
_TITLES = frozenset(
    "mr mrs ms dr prof st vs e.g i.e cf no nr fig vol ch approx ca z.b bzw d.h u.a hr fr sr sra m mme mlle".split()
)
_ENUMERATED = re.compile(r"(?:^|\n)\s*(?:[-*•]\s*)?(?:\d{1,3}|[A-Za-z])[.)]\s*$")
_GERMAN_DAY = re.compile(r"\d{1,2}\.\s*$")
_INITIAL = re.compile(r"(?:^|[\s(])[^\W\d_]\.\s*$")


def words_of(text: str) -> list[str]:
    """Runs of letters and digits; apostrophes, hyphens, and what stands between two digits belong to their word.

    Raises:
        ToolInputError: the text is in a script that sets no blanks between words.
    """
    plain = unicodedata.normalize("NFC", text).replace("\u00ad", "")
    if found := _UNSPACED.search(plain):
        raise ToolInputError(
            f"words are told apart by blanks, got a text in a script without them ({found[0]!r}); "
            "ask for lines or characters"
        )
    return _WORD.findall(plain)


def lines_of(text: str) -> list[str]:
    """The lines with something in them, without the blanks around."""
    return [line for one in text.splitlines() if (line := one.strip())]


def paragraphs_of(text: str) -> list[str]:
    """What blank lines set apart.

    Raises:
        ToolInputError: there are several lines and no blank one: each may be a paragraph, or all of them one.
    """
    parts = [part.strip() for part in re.split(r"\n[^\S\n]*\n", text.replace("\r\n", "\n")) if part.strip()]
    if len(parts) == 1 and (lines := len(lines_of(text))) > 1:
        raise ToolInputError(
            f"paragraphs are told by the blank lines between them, got {lines} lines and none; ask for lines"
        )
    return parts


def sentences_of(text: str) -> list[str]:
    """What ends in a full stop, an exclamation or a question mark, or at a blank line; it may go over several lines."""
    parts = re.split(r"\n[^\S\n]*\n", text.replace("\r\n", "\n"))
    is_small = text == text.lower()  # typed without capitals: then a small letter may begin a sentence
    return [" ".join(one.split()) for part in parts for one in _sentences(part, is_small) if re.search(r"\w", one)]


def _sentences(part: str, is_small: bool) -> list[str]:
    found, start = [], 0
    for end in _END.finditer(part):
        if _begins(part[end.end() :], is_small) and not _goes_on(part[start : end.end()], part[end.end() :]):
            found.append(part[start : end.end()])
            start = end.end()
    return [*found, part[start:]]


def _begins(rest: str, is_small: bool) -> bool:
    first = rest.lstrip("\"'“‘«([¿¡-–—•* ")[:1]
    return (
        first.isupper()
        or first.isdigit()
        or (bool(first) and (is_small or not first.isascii()) and not first.islower())
        or (is_small and first.isalpha())
    )


def _goes_on(before: str, after: str) -> bool:
    """The dot belongs to an abbreviation, to somebody's initial, or to the number of a day or of an item."""
    last = before.split()[-1].lower().lstrip("(\"'“")
    if not last.endswith("."):
        return False
    is_day = _GERMAN_DAY.search(before) and not after[:1].isdigit() and bool(re.match(r"[A-ZÄ][a-zä]{2,8}\b", after))
    return (
        last[:-1] in _TITLES
        or bool(_ENUMERATED.search(before) or _INITIAL.search(before))
        or (bool(is_day) and after.split()[0].lower().strip(".,") in _MONTHS)
    )


_MONTHS = frozenset("januar februar märz april mai juni juli august september oktober november dezember".split())
