"""What is asked of a text: how many words it has, its third line, the lines about something, and their order.

The lines about something are found in line_search.py, the amount on a receipt in bills.py. What cannot be told for
certain is refused, with what there is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from ..errors import ToolInputError
from .bills import amount_on
from .figures import decimal_mark, figures_in
from .line_search import lines_about
from .stems import folded
from .text import singular
from .text_parts import lines_of, paragraphs_of, sentences_of, words_of

__all__ = ["amount_on", "count_in", "lines_about", "lines_of", "nth_of", "sort_lines"]

# How many


def count_in(text: str, what: str | None = None) -> int:
    """How many words (the default), lines, characters, letters, sentences or paragraphs a text has.

    Blank lines do not count. Characters are those of the lines, with blanks, without line ends.

    Args:
        what: one of these, or "word:rent" for how often that word stands there: it alone, or with an 's, in any case,
            but not within "rents" or "rent-free"; it may be several words. "letter:e" counts a letter.

    Raises:
        ToolInputError: that is not counted here, or cannot be told in this text.
    """
    asked, colon, given = (what or "words").strip().partition(":")
    kind = " ".join(singular(word) for word in asked.lower().split())
    table = _OCCURRENCES if colon else _COUNTS
    if kind not in table or (colon and not given.strip(" \"'“”‘’")):
        raise ToolInputError(
            f"{what!r} is not counted here; allowed are words, lines, characters, characters without spaces, letters, "
            "sentences, paragraphs, and word:rent for how often a word stands there"
        )
    return _OCCURRENCES[kind](text, given.strip(" \"'“”‘’")) if colon else _COUNTS[kind](text)


def _characters(text: str) -> int:
    plain = unicodedata.normalize("NFC", text)
    return sum(len(line) for line in plain.splitlines())


def _occurrences(text: str, phrase: str) -> int:
    wanted = [_alone(word) for word in words_of(phrase)]
    if not wanted:
        raise ToolInputError(f"a word to count is needed, got {phrase!r}; write word:rent")
    there = words_of(text)
    given = [word.casefold().replace("’", "'") for word in words_of(phrase)]
    return sum(
        all(
            one.casefold().replace("’", "'") == said or _alone(one) == said
            for one, said in zip(run, given, strict=True)
        )
        for run in zip(*(there[at:] for at in range(len(wanted))), strict=False)
    )


def _alone(word: str) -> str:
    """Anna's -> anna; but it's is a word of its own."""
    plain = word.casefold().replace("’", "'")
    bare = plain.removesuffix("'s")
    return plain if bare in _CONTRACTED else bare


def _letters(text: str, letter: str) -> int:
    if len(letter) != 1:
        raise ToolInputError(f"one letter is needed, got {letter!r}; write letter:e, or word:{letter} for a word")
    return unicodedata.normalize("NFC", text).casefold().count(letter.casefold())


_CONTRACTED = frozenset("it he she that this what who there here let where how when why".split())
_COUNTS: dict[str, Callable[[str], int]] = {
    "word": lambda text: len(words_of(text)),
    "line": lambda text: len(lines_of(text)),
    "character": _characters,
    "character without space": lambda text: len(re.sub(r"\s", "", unicodedata.normalize("NFC", text))),
    "letter": lambda text: sum(letter.isalpha() for letter in unicodedata.normalize("NFC", text)),
    "sentence": lambda text: len(sentences_of(text)),
    "paragraph": lambda text: len(paragraphs_of(text)),
}
_OCCURRENCES: dict[str, Callable[[str, str], int]] = {"word": _occurrences, "letter": _letters}

# Which ones

_ORDINALS = {
    name: place
    for place, name in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(), 1)
}  # fmt: skip
_NUMBERS = {
    name: number
    for number, name in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split(), 1)
}  # fmt: skip
_PARTS: dict[str, tuple[Callable[[str], list[str]], str]] = {
    "line": (lines_of, "\n"),
    "word": (words_of, " "),
    "sentence": (sentences_of, " "),
    "paragraph": (paragraphs_of, "\n\n"),
}
_UNIT = rf"(?:(?P<unit>{'|'.join(_PARTS)})s?)"
_NUMBER = rf"(?:\d+|{'|'.join(_NUMBERS)})"
_ORDINAL = rf"(?:\d+(?:st|nd|rd|th)|{'|'.join(_ORDINALS)})"
_AGAIN = _UNIT.replace("unit", "again")
_TO = r"(?:to|through|until|till)"
_BEFORE_LAST = (
    r"(?:next to(?: the)? last|second(?: to| from)?(?: the)? last|last but one|penultimate|one before(?: the)? last)"
)
_OF_TEXT = re.compile(r"(?: (?:of|in|from)(?: the| this| my)?(?: (?:text|file|page|list|note|document)s?)+)$")
# Each way of naming a place, and the first and the last place meant: "n" is the number said, "-" counts from the end.
_WAYS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(rf"(?:the )?(?:very )?(?:{pattern})"), first, last)
    for pattern, first, last in (
        (rf"{_BEFORE_LAST}(?: {_UNIT})?", "-2", "-2"),
        (rf"(?P<n>{_ORDINAL})(?: {_UNIT})? (?:to|from) (?:the )?(?:last|end)", "-n", "-n"),
        (rf"(?P<n>{_ORDINAL})[ -](?:to[ -])?last(?: {_UNIT})?", "-n", "-n"),
        (rf"(?:last|final)(?: {_UNIT})?", "-1", "-1"),
        (rf"(?:first|top) (?P<n>{_NUMBER})(?: {_UNIT})?", "1", "n"),
        (rf"(?:last|bottom|final) (?P<n>{_NUMBER})(?: {_UNIT})?", "-n", "-1"),
        (rf"(?P<n>{_ORDINAL})(?: {_UNIT})?", "n", "n"),
        (rf"{_UNIT} (?:no\.? |number |nr\.? |#)?(?P<n>{_NUMBER})", "n", "n"),
        (rf"(?:from )?{_UNIT} (?P<a>{_NUMBER}) ?(?:{_TO}|[-–—])(?: {_AGAIN})? ?(?P<b>{_NUMBER})", "a", "b"),
        (rf"(?P<a>{_ORDINAL})(?: {_UNIT})? {_TO} (?:the )?(?P<b>{_ORDINAL})(?: {_AGAIN})?", "a", "b"),
    )
)


def nth_of(text: str, which: str) -> str:
    """The lines, words, sentences or paragraphs of a text that are named by their place; lines when no part is named.

    Args:
        which: such as "third line", "last two words", "lines 3 to 5", "next to last", "second word of line 4".

    Raises:
        ToolInputError: that names no place, or one beyond the end; the message says how many there are.
    """
    asked = _OF_TEXT.sub("", " ".join(which.lower().strip(" .?!").split()))
    inner, of, outer = asked.partition(" of ")
    if of:
        return nth_of(nth_of(text, outer), inner)
    if len(several := re.split(r",? and |, ", asked)) > 1:
        return _together(text, several, asked)
    ways = ((found, first, last) for pattern, first, last in _WAYS if (found := pattern.fullmatch(asked)))
    found, first, last = next(ways, (None, "", ""))
    if found is None:
        raise ToolInputError(
            f"{which!r} names no place in a text; allowed are such as 'third line', 'last two words', 'lines 3 to 5', "
            "'first sentence' and 'next to last'"
        )
    unit = next((found[name] for name in ("unit", "again") if found.groupdict().get(name)), "line")
    return _picked(text, unit, _place(first, found), _place(last, found), which)


def _together(text: str, several: list[str], asked: str) -> str:
    """ "First and last line", "lines 2 and 4": each of them is named with the part that one of them names."""
    unit = next((unit for unit in _PARTS if re.search(rf"\b{unit}s?\b", asked)), "line")
    whole = [f"{unit} {one}" if re.fullmatch(_NUMBER, one) else one for one in several]
    named = [one if re.search(rf"\b{unit}s?\b", one) else f"{one} {unit}" for one in whole]
    return _PARTS[unit][1].join(nth_of(text, one) for one in named)


def _place(named: str, found: re.Match[str]) -> int:
    name = named.removeprefix("-")
    said = found[name] if name.isalpha() else name
    number = _ORDINALS.get(said) or _NUMBERS.get(said) or int(re.sub(r"\D", "", said))
    return -number if named.startswith("-") else number


def _picked(text: str, unit: str, first: int, last: int, which: str) -> str:
    split, joiner = _PARTS[unit]
    parts = split(text)
    start, end = (place if place > 0 else len(parts) + place + 1 if place else 0 for place in (first, last))
    if not 1 <= start <= end <= len(parts):
        there = f"{len(parts)} {unit}{'' if len(parts) == 1 else 's'}"
        raise ToolInputError(
            f"{which!r} is not in a text of {there}; "
            + (
                f"ask for places from 1 to {len(parts)}, the lower one first"
                if parts
                else "pass a text with words in it"
            )
        )
    return joiner.join(parts[start - 1 : end])


# In which order


def sort_lines(text: str, how: str | None = None) -> str:
    """The lines of a text in another order: alphabetically (accents and case do not matter) unless `how` says it.

    Args:
        how: "alphabetically", "by length" or "by number", each with "descending" or "reversed" for the other way; or
            "reversed" alone for the lines from the last to the first.

    Raises:
        ToolInputError: that is no order, or a line has no number, or several, to be sorted by.
    """
    asked = (how or "alphabetically").lower()
    words = set(re.findall(r"[a-z]+", asked))
    keys = [name for name, names in _ORDERS.items() if names & words]
    is_down = bool(_DOWN & words)
    if len(keys) > 1 or not (keys or is_down) or words - set().union(*_ORDERS.values(), _DOWN, _FILLERS):
        raise ToolInputError(
            f"{how!r} is no order of lines; allowed are alphabetically, by length, by number, and reversed"
        )
    lines = lines_of(text)
    if not keys:
        return "\n".join(reversed(lines))
    values = _KEYS[keys[0]](lines)
    places = sorted(range(len(lines)), key=lambda place: values[place], reverse=is_down)
    return "\n".join(lines[place] for place in places)


def _numbers(lines: list[str]) -> list[float]:
    mark = decimal_mark("\n".join(lines))
    found = [figures_in(line, mark) for line in lines]
    for line, figures in zip(lines, found, strict=True):
        if len(figures) != 1:
            raise ToolInputError(
                f"one number in each line is needed to sort by, got {len(figures) or 'none'} in {line[:80]!r}; "
                "correct that line, or sort alphabetically"
            )
    return [figures[0].value for figures in found]


_KEYS: dict[str, Callable[[list[str]], list]] = {
    "alphabet": lambda lines: [(folded(re.sub(r"^[\W_]+", "", line)), line) for line in lines],
    "length": lambda lines: [len(line) for line in lines],
    "number": _numbers,
}
_ORDERS = {
    "alphabet": frozenset("alphabetically alphabetical alphabet alphabetic abc a z name names".split()),
    "length": frozenset("length long short longest shortest".split()),
    "number": frozenset("number numbers numeric numerically amount amounts value price".split()),
}
_DOWN = frozenset("reversed reverse descending down backwards backward longest largest highest".split())
_FILLERS = frozenset(
    "by the in of to and from order first ascending smallest lowest line lines each sort sorted".split()
)
