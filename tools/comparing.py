"""Numbers beside each other: which is more, by how much, whether they are the same or reach a bound; and texts."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from difflib import SequenceMatcher

from ..errors import ToolInputError
from .text import UNSURE

_BOUNDS: dict[str, tuple[Callable[[Decimal, Decimal], bool], str]] = {
    ">": (operator.gt, "more than"),
    ">=": (operator.ge, "at least"),
    "<": (operator.lt, "less than"),
    "<=": (operator.le, "at most"),
    "==": (operator.eq, "exactly"),
}
_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")
_MOST = 3  # differences of texts that are told
_ALLOWED = "more, fewer, same, difference, or a bound such as '> 20' or '<= 5'"


def compare_numbers(
    numbers: Sequence[float],
    how: str,
    names: Sequence[str] | None = None,
    subject: int | None = None,
    then: str = "",
    otherwise: str = "",
) -> str:
    """The verdict in a sentence that holds the numbers: "The second (b.png) has fewer: 9 against 24."

    Args:
        how: more, fewer, same, difference, or a bound such as "> 20".
        names: what each number belongs to.
        subject: of which a yes or no is asked, from 1 ("are there more in the first?"); None asks which one it is.
        then, otherwise: what is said in place of yes and no where one number keeps a bound, and where it does not.

    Raises:
        ToolInputError: `how` is none of these, or there are too few numbers.
    """
    values = [Decimal(str(number)) for number in numbers]
    bound = re.fullmatch(r"\s*(>=?|<=?|==)\s*(-?\d+(?:\.\d+)?)\s*", how)
    if bound and len(values) == 1 and (then or otherwise):
        holds, words = _BOUNDS[bound[1]]
        kept = holds(values[0], Decimal(bound[2]))
        why = f"it is {_told(values[0])}, which is {'' if kept else 'not '}{words} {_told(Decimal(bound[2]))}"
        return f"{then if kept else otherwise} ({why})" if (then if kept else otherwise) else f"{_upper(why)}."
    if bound and values:
        return _bounded(values, bound[1], Decimal(bound[2]), names)
    if how not in _FORMS:
        raise ToolInputError(f"{how!r} is no way to compare; allowed are {_ALLOWED}")
    if len(values) < 2:
        raise ToolInputError(f"comparing needs two numbers or more, got {len(values)}; pass another one")
    return _FORMS[how](values, names, subject)


def compare_texts(texts: Sequence[str], names: Sequence[str] | None = None, read: str = "") -> str:
    """Whether texts say the same, word for word, and where they do not: case, line breaks and blanks do not matter.

    Args:
        names: what each text belongs to.
        read: "yes" where they were read from pictures, in which a letter may be misread.

    Raises:
        ToolInputError: there are fewer than two texts, or they were read and differ by single letters alone.
    """
    if len(texts) < 2:
        raise ToolInputError(f"comparing needs two texts or more, got {len(texts)}; pass another one")
    words = [text.replace(UNSURE, " ").split() for text in texts]
    folded = [[word.casefold() for word in some] for some in words]
    if all(some == folded[0] for some in folded):
        return f"Yes, they say the same: “{' '.join(words[0])}”."
    if read == "yes" and (near := _nearly(folded)):
        raise ToolInputError(
            f"{near} are one letter apart, and one of them may be misread; look at the pictures, or pass sharper ones"
        )
    if len(texts) == 2:
        return f"No, they differ: {_differing(words, folded, names)}."
    alike = [[i for i, some in enumerate(folded) if some == one] for one in folded]
    groups = sorted({tuple(group) for group in alike}, key=lambda group: -len(group))
    if len(groups[0]) == 1:
        return "No, each says something else."
    same = " and ".join(_name(i, names) for i in groups[0])
    others = "; ".join(f"{_name(i, names)} says “{_cut(words[i])}”" for group in groups[1:] for i in group)
    return _upper(f"{same} say the same, “{_cut(words[groups[0][0]])}”; {others}.")


def _nearly(folded: Sequence[Sequence[str]]) -> str:
    """The first two words that differ by one letter, where all words differ by no more than that; "" otherwise."""
    if len({len(some) for some in folded}) > 1:
        return ""
    pairs = [(one, two) for some in folded[1:] for one, two in zip(folded[0], some, strict=True) if one != two]
    near = [
        sum(max(end - start, last - first) for tag, start, end, first, last in _changes(one, two) if tag != "equal") < 2
        and not any(letter.isdigit() for letter in one + two)
        for one, two in pairs
    ]
    return "“{}” and “{}”".format(*pairs[0]) if pairs and all(near) else ""


def _changes(one: str, two: str) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, one, two, autojunk=False).get_opcodes()


def _differing(words: Sequence[Sequence[str]], folded: Sequence[Sequence[str]], names: Sequence[str] | None) -> str:
    """What stands in the one and what in the other, at each place where they differ."""
    changes = [c for c in SequenceMatcher(None, *folded, autojunk=False).get_opcodes() if c[0] != "equal"]
    told = []
    for _, first, end, start, last in changes[:_MOST]:
        pieces = [f"“{_cut(piece)}”" if piece else "nothing" for piece in (words[0][first:end], words[1][start:last])]
        told.append(", ".join(f"{_name(i, names)} says {piece}" for i, piece in enumerate(pieces)))
    more = len(changes) - _MOST
    return "; ".join(told) + (f"; and at {more} more place{'s' if more > 1 else ''}" if more > 0 else "")


def _cut(words: Sequence[str]) -> str:
    return " ".join(words[:12]) + (" …" if len(words) > 12 else "")


def _bounded(values: Sequence[Decimal], sign: str, limit: Decimal, names: Sequence[str] | None) -> str:
    holds, words = _BOUNDS[sign]
    if len(values) == 1:
        return (
            f"{'Yes' if holds(values[0], limit) else 'No'}: it is {_told(values[0])}, asked was {words} {_told(limit)}."
        )
    verdicts = [f"{_name(i, names)}: {'yes' if holds(v, limit) else 'no'}, {_told(v)}" for i, v in enumerate(values)]
    return f"{'; '.join(verdicts)}.".capitalize()


def _which(more: bool) -> Callable[[Sequence[Decimal], Sequence[str] | None, int | None], str]:
    words = "more" if more else "fewer"

    def told(values: Sequence[Decimal], names: Sequence[str] | None, subject: int | None) -> str:
        best = max(values) if more else min(values)
        if subject is not None and 1 <= subject <= len(values):
            own = values[int(subject) - 1]
            rest = [value for i, value in enumerate(values) if i != int(subject) - 1]
            wins = own > max(rest) if more else own < min(rest)
            return f"{'Yes' if wins else 'No'}: {_listed(values, names)}."
        winners = [i for i, value in enumerate(values) if value == best]
        if len(winners) == len(values):
            return (
                f"Neither: it is {_told(best)} in each." if len(values) == 2 else f"None: it is {_told(best)} in each."
            )
        if len(winners) > 1:
            shared = " and ".join(_name(i, names) for i in winners)
            return _upper(f"{shared} share it with {_told(best)}: {_listed(values, names)}.")
        against = ", ".join(_told(value) for i, value in enumerate(values) if i != winners[0])
        most = words if len(values) == 2 else {"more": "the most", "fewer": "the fewest"}[words]
        by = f", {_told(abs(values[0] - values[1]))} {words}" if len(values) == 2 else ""
        return _upper(f"{_name(winners[0], names)} has {most}: {_told(best)} against {against}{by}.")

    return told


def _same(values: Sequence[Decimal], names: Sequence[str] | None, subject: int | None) -> str:
    return f"{'Yes, they are the same' if len(set(values)) == 1 else 'No, they differ'}: {_listed(values, names)}."


def _difference(values: Sequence[Decimal], names: Sequence[str] | None, subject: int | None) -> str:
    if len(values) != 2:
        raise ToolInputError(f"a difference is between two numbers, got {len(values)}; pass two")
    first, second = values
    if first == second:
        return f"There is no difference: both are {_told(first)}."
    larger = 0 if first > second else 1
    return f"The difference is {_told(abs(first - second))}: {_name(larger, names)} has more, {_listed(values, names)}."


_FORMS: dict[str, Callable[[Sequence[Decimal], Sequence[str] | None, int | None], str]] = {
    "more": _which(True),
    "fewer": _which(False),
    "same": _same,
    "difference": _difference,
}


def _listed(values: Sequence[Decimal], names: Sequence[str] | None) -> str:
    return ", ".join(f"{_told(value)} in {_name(i, names)}" for i, value in enumerate(values))


def _name(place: int, names: Sequence[str] | None) -> str:
    ordinal = f"the {_PLACES[place]}" if place < len(_PLACES) else f"number {place + 1}"
    return f"{ordinal} ({names[place]})" if names and place < len(names) else ordinal


def _told(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]
