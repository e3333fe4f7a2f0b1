"""A goal that is the one before with another number: "and 71?", "after 3 days?", "65 in place of 45"."""

from __future__ import annotations

import re

from ....tools.stems import stem
from .arithmetic.quantities import Number, numbers_of

_MOST_WORDS = 12
_LEADS = re.compile(
    r"^\W*(?:(?:and|n|or|ok|okay|so|now|then|good|no|wait|what|how|about|if|make|it|i|meant|sorry|excuse|me|only|just|same|for|with|"
    r"after|in|try|rather|actually|please|do)\b\W*)+",
    re.IGNORECASE,
)
_FOR = re.compile(r"\b(?:instead of|in place of|rather than|and not|not)\b", re.IGNORECASE)
_PEOPLE = re.compile(
    r"\s*(?:of (?:us|them|you)|people|persons|ways|friends|kids|guests|mates|folks|adults|heads|ppl)\b", re.IGNORECASE
)
_MEANT = re.compile(r"\b(?:no|sorry|i mean|i meant|excuse me|wait|rather|correction)\b", re.IGNORECASE)


def revised(before: str, goal: str) -> str:
    """The goal before with the number that is different now; "" when it cannot be told which one that is."""
    old, new = numbers_of(before), numbers_of(goal)
    most = _MOST_WORDS if len(new) != 2 else 2 * _MOST_WORDS  # "it was 52 and not 25, he wrote it the wrong way round"
    if len(goal.split()) > most or not _LEADS.match(goal):
        return ""
    if len(new) == 2 and (swap := _FOR.search(goal, new[0].end, new[1].start)):
        taken = [n for n in old if n.value == new[1].value]
        return _with(before, taken[0], goal, new[0]) if swap and len(taken) == 1 else ""
    if len(new) == 2 and _MEANT.search(goal, new[0].end, new[1].start):
        goal = goal[: new[0].start] + goal[new[1].start :]  # "98, no, I meant 89"
        new = numbers_of(goal)
    if len(new) != 1 or not old:
        return ""
    noun = _noun(goal, new[0])
    same = [n for n in old if noun and _noun(before, n) == noun]
    if len(same) == 1 and same[0].value != new[0].value:
        return _with(before, same[0], goal, new[0])
    if not same and (people := [n for n in old if _PEOPLE.match(before, n.end)]) and _PEOPLE.match(goal, new[0].end):
        return _with(before, people[0], goal, new[0]) if len(people) == 1 else ""
    rest = _LEADS.sub("", goal[: new[0].start] + goal[new[0].end :]).strip(" ?.!,")
    return _with(before, old[0], goal, new[0]) if len(old) == 1 and not rest else ""


def _with(before: str, old: Number, goal: str, new: Number) -> str:
    return f"{before[: old.start]}{goal[new.start : new.end]}{before[old.end :]}"


def _noun(text: str, number: Number) -> str:
    """The stem of the word behind a number; "" when none is there."""
    found = re.match(r"\s*([A-Za-z]{3,})", text[number.end :])
    return stem(found[1].lower()) if found else ""
