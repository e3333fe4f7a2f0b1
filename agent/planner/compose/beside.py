"""Wishes about results beside each other: which is more, whether it is enough, the total, the difference."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ..parse.arithmetic.sums import comparison_of
from ..parse.numerals import in_figures
from ..parse.wishes import Piece, Wish
from ..plan_step import Formula, nodes_in
from .amounts import printed_amounts
from .bench import Bench, Lacking, Result
from .likeness import SAME_WORDS, texts_alike
from .reckoning import FIGURES, calculate, number_in_files, plain_number
from .seeing import count_things, noun_of

_MORE = re.compile(
    r"\b(?:more|bigger|larger|greater|higher|longer|most|largest|biggest|highest|longest|above|over|exceeds?|heavier|max(?:imum)?|older|taller)\b",
    re.I,
)
_FEWER = re.compile(
    r"\b(?:fewer|less|smaller|lower|shorter|fewest|least|smallest|lowest|shortest|below|under|min(?:imum)?|lighter)\b",
    re.I,
)
_SAME = re.compile(r"\b(?:same|equal|identical|as many|match(?:es)?|agree|alike|tie)\b", re.IGNORECASE)
_CHANGED = re.compile(
    r"\bchanged\b|\bdifferences?\b.{0,40}\b(?:signs?|pages?|texts?|letters?|labels?|notes?|notices?|posters?|versions?|drafts?)\b",
    re.IGNORECASE,
)
DIFFERENCE = re.compile(
    r"\b(?:how (?:many|much)(?: \w+)? (?:more|fewer|less|bigger|larger|longer)|difference|by how (?:many|much)|differ|"
    r"how (?:many|much)(?:['’]s| is| are| were)? (?:gone|missing|lost))\b",
    re.IGNORECASE,
)
_BOUND = (
    (re.compile(r"\b(?:at least|no (?:fewer|less) than|not (?:fewer|less) than)\s+(\S+)", re.I), ">="),
    (re.compile(r"\b(?:at most|no more than|not more than|up to)\s+(\S+)", re.I), "<="),
    (
        re.compile(
            r"\b(?:more|bigger|larger|greater|higher|longer|above|over|exceeds?|older|taller)(?: than)?\s+(\S+)", re.I
        ),
        ">",
    ),
    (re.compile(r"\b(?:fewer|less|smaller|lower|shorter|below|under|younger)(?: than)?\s+(\S+)", re.I), "<"),
    (re.compile(r"\b(?:exactly|equal to|equals|same as)\s+(\S+)", re.I), "=="),
)
_YES_NO = re.compile(
    r"^\W*(?:and |so |or |now |then |tell me |also |check |please |, )*(?:if|whether|is|are|does|do|did|has|have|was|were|can)\b",
    re.IGNORECASE,
)
# "More in the left half or in the right half?" asks which one it is.
_EITHER_OR = re.compile(r"^(?!.*\bthan\b).*\bor\b", re.IGNORECASE | re.DOTALL)


def _numbers(bench: Bench, wish: Wish) -> list[Result]:
    """The numbers that are compared or added up: of the wishes before, else made from the files."""
    made = [r for r in bench.results if r is not None and r.kind in ("number", "labels", "text")]
    if made:
        return made
    if printed := printed_amounts(bench, wish):
        return printed
    if bench.files and (counted := number_in_files(bench, wish)):
        return [counted]
    return list(bench.before.results[-2:])


def compare(bench: Bench, wish: Wish) -> Result:
    """Which is more, whether it is at least as much, whether they are the same."""
    text = bench.segment(wish) or bench.goal
    said = f"{text} {wish.argument('which')}"
    own = _compared_in_words(bench, said)
    if own is not None:
        return own
    if SAME_WORDS.search(said) and (written := _same_words(bench, wish)):
        return written
    numbers = _halves(bench, wish) or _numbers(bench, wish)
    bound = next(((m[1], sign) for pattern, sign in _BOUND if (m := pattern.search(in_figures(said)))), None)
    limit = FIGURES.match(bound[0]) if bound else None
    if bound and limit and numbers:
        refs = _references(numbers[-1:])
        arguments = {
            "numbers": refs,
            "how": f"{bound[1]} {limit.group().replace(',', '')}",
            "names": list(numbers[-1].names) or None,
        }
        return _compared(bench, wish, arguments)
    if not numbers or not (numbers[-1].many or len(numbers) > 1):
        raise Lacking(
            f"To compare I need two numbers, and found {'one' if numbers else 'none'} for “{text[:80]}”; pass two files."
        )
    how = _how(said) or _how(bench.sentence(wish))
    if not how:
        raise Lacking(f"How shall they be compared? I read neither more nor fewer nor the same in “{text[:80]}”.")
    many = [numbers[-1]] if numbers[-1].many else numbers[-2:]
    asked = bench.sentence(wish)
    subject = _subject(asked, many) if _YES_NO.match(asked) and not _EITHER_OR.search(asked) else None
    listed = [name for result in many for name in result.names]
    arguments: dict[str, Any] = {"numbers": _references(many), "how": how, "names": listed or None}
    if subject is not None:
        arguments["subject"] = subject
    return _compared(bench, wish, arguments)


def _same_words(bench: Bench, wish: Wish) -> Result | None:
    """Whether what is written in pictures or texts is the same, where nothing is counted."""
    if noun_of(bench, wish) or sum(file.kind in ("image", "text") for file in bench.files) < 2:
        return None
    return texts_alike(bench, wish)


def _halves(bench: Bench, wish: Wish) -> list[Result]:
    """The counts in both halves of one picture, when it is asked in which there are more."""
    sides = [
        pair
        for pair in (("left", "right"), ("top", "bottom"), ("upper", "lower"))
        if all(re.search(rf"\b{side}", bench.goal, re.I) for side in pair)
    ]
    pictures = [file for file in bench.files if file.kind == "image"]
    if (
        not sides
        or len(pictures) != 1
        or not re.search(r"\b(?:half|halves|side|part)\b", bench.goal, re.I)
        or not noun_of(bench, wish)
    ):
        return []
    counts = []
    for side in sides[0]:
        part = replace(wish, limits=(Piece(f"{side} half", wish.start, wish.start, "region"),))
        counts.append(replace(count_things(bench, part), names=(f"{side} half",)))
    return counts


def _compared(bench: Bench, wish: Wish, arguments: dict[str, Any]) -> Result:
    kept = {name: value for name, value in arguments.items() if value is not None}
    covers = f"{bench.segment(wish)} {bench.sentence(wish)}"
    if any(other.words[0].text in bench.sentence(wish) for other in bench.understanding.wishes if other is not wish):
        for place in nodes_in(kept["numbers"]):  # made in the same breath: the verdict tells the numbers
            bench.steps[place] = replace(bench.steps[place], asked=False)
    return Result(
        "sentence", (bench.add("compare-numbers", kept, wish, "numbers are compared exactly", covers=covers),)
    )


def _references(results: list[Result]) -> Any:
    refs = [r.reference for r in results]
    return refs if len(refs) > 1 else refs[0] if isinstance(refs[0], str) and refs[0].startswith("<node") else refs


def _how(text: str) -> str:
    if DIFFERENCE.search(text):
        return "difference"
    if _SAME.search(text):
        return "same"
    return "more" if _MORE.search(text) else "fewer" if _FEWER.search(text) else ""


def how_compared(text: str) -> str:
    """As `tools.comparing.compare_numbers` takes it; "" when nothing is compared."""
    if re.search(r"\b(?:cheapest|cheaper)\b", text, re.IGNORECASE):
        return "fewer"
    if re.search(r"\b(?:dearest|dearer|(?:more|most) expensive|costliest)\b", text, re.IGNORECASE):
        return "more"
    return _how(text)


def _subject(sentence: str, many: list[Result]) -> int:
    """Of which file a yes or no is asked, from 1: "are there more coins in the second than in the first?"."""
    listed = [name for result in many for name in result.names]
    spots = [
        (m.start(), i)
        for i, name in enumerate(listed)
        if name and (m := re.search(re.escape(name.rpartition(".")[0] or name), sentence, re.I))
    ]
    if len(spots) < 1:
        words = ("first", "second", "third")
        spots = [
            (m.start(), i) for i, word in enumerate(words) if (m := re.search(rf"\b{word}\b", sentence, re.IGNORECASE))
        ]
        if len(spots) == len(listed):  # of three files, only "the third" and "the first" are compared
            spots = [(start, sorted(i for _, i in spots).index(place)) for start, place in spots]
    return min(spots)[1] + 1 if spots else 1


def _compared_in_words(bench: Bench, said: str) -> Result | None:
    """Numbers of the goal itself: "which is bigger, 7/9 or 0.77"."""
    if bench.files or bench.results:
        return None
    if told := comparison_of(bench.goal):
        bench.replies.append(told)
        return Result("sentence", value=told)
    return None


def total(bench: Bench, wish: Wish) -> Result:
    sign = "*" if re.search(r"\b(?:product|multipl\w+|times)\b", bench.goal, re.IGNORECASE) else "+"
    return _reckoned(bench, wish, sign, "numbers are added and multiplied by arithmetic")


def difference(bench: Bench, wish: Wish) -> Result:
    for place, step in enumerate(bench.steps):
        if step.task == "compare-numbers" and step.arguments.get("how") in ("more", "fewer"):
            bench.steps[place] = replace(step, covers=f"{step.covers} {bench.sentence(wish)}")
            return Result("sentence", (place,))  # which has more says how many more
    if _CHANGED.search(bench.goal) and not noun_of(bench, wish) and (written := _same_words(bench, wish)):
        return written
    numbers = _numbers(bench, wish)
    names = [name for r in numbers[-2:] for name in r.names]
    if len(numbers) > 1 or (numbers and numbers[-1].many):
        many = [numbers[-1]] if numbers[-1].many else numbers[-2:]
        arguments = {"numbers": _references(many), "how": "difference", "names": names or None}
        return replace(_compared(bench, wish, arguments), kind="sentence")
    return calculate(bench, wish)


def _reckoned(bench: Bench, wish: Wish, sign: str, why: str) -> Result:
    numbers = _numbers(bench, wish)
    if not numbers or not (len(numbers) > 1 or numbers[-1].many):
        if {"audio", "image"} <= {file.kind for file in bench.files}:
            raise Lacking(
                "I made out one number only; say what is counted in the picture and what the recording tells."
            )
        return calculate(bench, wish)
    parts = tuple(
        str(r.reference) if r.places else str(plain_number(r)) for r in ([numbers[-1]] if numbers[-1].many else numbers)
    )
    return Result(
        "number", (bench.add("calculate", {"expression": Formula(sign, parts)}, wish, why, covers=bench.segment(wish)),)
    )
