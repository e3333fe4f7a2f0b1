"""Wishes that need no model: arithmetic, comparisons, dates, units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ....errors import ToolInputError
from ....tools.arithmetic import calculate as run_calculate
from ..parse.arithmetic.quantities import numbers_of
from ..parse.arithmetic.stories import story
from ..parse.arithmetic.story_reader import read_story
from ..parse.arithmetic.sums import expression_of, expressions_of
from ..parse.clauses import FILE_NAME
from ..parse.numerals import all_in_figures, in_figures
from ..parse.wishes import Wish
from ..plan_step import Formula
from .bench import Bench, Lacking, Result
from .seeing import SHARE, count_things, heard, noun_of, read_digit

_OTHERWISE = 0.5  # of the learnt reader: what it is so sure of is not passed over
_UNKNOWN = "860481"  # stands for a result that is not known yet while a sum in words is read
REFERS = re.compile(
    r"\b(?:the (?:number|result|sum|total|amount|count|difference|answer|product|digit|value|figure|one)(?: (?:spoken|said|heard|read|"
    r"of (?:coins|things|them)|in the (?:recording|picture|photo)|you (?:get|got|read|hear|counted|found)|from before))*"
    r"|(?:that|this|last|first) (?:number|result|sum|total|amount|count|difference|answer|product|digit|value|figure|one)"
    r"|it|that|them|this|those|these|the (?:two|lot|whole))\b",
    re.IGNORECASE,
)
# Where the number is: "multiply the number on my post-it by 12".
_BEHIND = re.compile(
    rf"{_UNKNOWN}\s+(?:on|in|from|at|of|under) (?:my|the|this|that|a|an|his|her|our|your) [\w-]+(?: (?:note|photo|picture|paper|card|"
    r"recording|file|memo|sign))?\s*",
    re.IGNORECASE,
)
FIGURES = re.compile(r"\d+(?:[.,]\d+)*")
_IN_STORIES = frozenset({"story_problem", "calculate", "difference", "total", "split", "compare", "count_things"})
_LIST = re.compile(
    r"(?<![\w.,])\d+(?:[.,]\d+)?(?:\s*(?:[,;/&|]|\band\b|\bn\b|\bor\b|\s)\s*\d+(?:[.,]\d+)?(?![\w%]))+", re.IGNORECASE
)
_PLACES = re.compile(
    r"(?:rounded )?to (?:\d+ decimals?(?: places?)?|the nearest \w+(?: number)?|a whole number)|\b\d+ (?:decimals?(?: places?)?|dp)\b",
    re.IGNORECASE,
)
_ASKED = (
    ("mean", re.compile(r"\b(?:mean|average|avg)\b", re.IGNORECASE)),
    ("median", re.compile(r"\bmedian\b", re.IGNORECASE)),
    ("mode", re.compile(r"\bmode\b", re.IGNORECASE)),
    ("range", re.compile(r"\brange\b", re.IGNORECASE)),
    ("sum", re.compile(r"\b(?:sum|total|altogether|add (?:them|it) up|in all)\b", re.IGNORECASE)),
    ("biggest", re.compile(r"\b(?:max(?:imum)?|biggest|largest|highest)\b", re.IGNORECASE)),
    ("smallest", re.compile(r"\b(?:min(?:imum)?|smallest|lowest)\b", re.IGNORECASE)),
)
# Between two numbers of a list with names: a mark or "and", and a few words.
_NEXT = re.compile(r"(?:\s?[A-Za-z€£$]{1,6})?(?:\s*[,;\n]|\s+(?:and|then)\b)[^.?!]{0,45}", re.IGNORECASE)
_PLURAL = re.compile(
    r"\b(?:both|the two|them|together|altogether|all|these|those)\b|\bfirst\b.*\bsecond\b", re.IGNORECASE
)
_LOOKS = re.compile(
    r",?\s*(?:\b(?:i want|give|answer|result|the|it)\b\s*)*\b(?:as|in) (?:a )?fractions?\b|,?\s*\b(?:not|no|and not|never)(?: as| in)? (?:a )?(?:decimals?|fractions?)(?: numbers?)?\b",
    re.IGNORECASE,
)
_ORDERS = re.compile(
    r"^(?:and |then |now |so |,|please |finally |also |afterwards |ok(?:ay)? )*(multiply|times|divide|split|share|double|triple|halve|half|twice|plus|minus|add|"
    r"subtract|take away|square|increase|reduce|raise|round)\b",
    re.IGNORECASE,
)


_LEAD_IN = re.compile(r"^\W*(?:and|then)\b\W*", re.IGNORECASE)


def calculate(bench: Bench, wish: Wish) -> Result:
    """A sum in words, over the goal's own numbers or over what came before.

    Raises:
        Lacking: it does not read as a sum, or what it reckons with is missing.
    """
    text = bench.segment(wish)
    if FILE_NAME.search(text):  # "add up costs.tsv and halve it"
        text = _LEAD_IN.sub("", FILE_NAME.sub(" ", text)).strip()
    if SHARE.search(text) and wish.argument("thing") and wish.limit("region") and bench.files:
        return count_things(bench, wish)
    alone = wish.source not in ("wish", "before") or not (bench.results or bench.before.results)
    if alone and (own := _own_sums(bench, wish, text)):
        return own
    made = bench.made(wish, "number", "labels") or bench.made(wish, "text", "sentence")
    if made is None and {file.kind for file in bench.files} & {"audio", "image"}:
        made = number_in_files(bench, wish)
    earlier = [one for one in bench.before.results if one.kind == "number"]
    if (
        len(earlier) > 1
        and not bench.results
        and not FIGURES.search(text)
        and (sign := _over_all(text))
        and _PLURAL.search(text)
    ):
        parts = tuple(str(plain_number(one)) for one in earlier[-2:])
        why = "numbers are reckoned with exactly"
        return Result("number", (bench.add("calculate", {"expression": Formula(sign, parts)}, wish, why, covers=text),))
    if made is None:
        raise Lacking(_unread(text))
    if made.many and not made.value:
        if wish.op in ("calculate", "statistic") and (sign := _over_all(text)):
            place = bench.add(
                "calculate", {"expression": Formula(sign, (made.reference,))}, wish, "numbers are reckoned with exactly"
            )
            return Result("number", (place,))
        raise Lacking(
            f"“{text[:80]}” needs one number, but there are several; ask for each by itself, or for their total."
        )
    expression = over_unknown(text) or over_unknown(bench.sentence(wish))
    if not expression:
        raise Lacking(_unread(text))
    filled = expression.replace(_UNKNOWN, f"({made.reference})" if made.places else str(plain_number(made)))
    return Result(
        "number", (bench.add("calculate", {"expression": filled}, wish, "arithmetic needs no model", covers=text),)
    )


def _of_list(bench: Bench, wish: Wish) -> tuple[str, ...]:
    """What is asked of the list of numbers in a goal, without its story: "mean and median of 31, 28, 35".

    A number beside the list may only say how many it has, or name one of them again.
    """
    if labelled := _labelled(bench.goal):
        return (labelled,)
    text = all_in_figures(bench.goal)
    lists = sorted(_LIST.finditer(text), key=lambda found: -len(FIGURES.findall(found.group())))
    asked = _asked_of(bench.goal)
    if not lists or not asked:
        return ()
    numbers = FIGURES.findall(lists[0].group())
    places = _PLACES.search(text)
    rest = text[: lists[0].start()] + " " + text[lists[0].end() :]
    beside = FIGURES.findall(_PLACES.sub(" ", rest))
    if len(numbers) < 3 or any(one not in (*numbers, str(len(numbers))) for one in beside):
        return ()
    return (_list_of(asked, numbers, places),)


def _labelled(goal: str) -> str:
    """The same of a list whose numbers have names: "Monday 42, Tuesday 38.50, shut Wednesday, Thursday 61"."""
    asked = _asked_of(goal)
    numbers, run = numbers_of(goal), []
    for one, two in pairwise(numbers):
        between = goal[one.end : two.start]
        if _NEXT.fullmatch(between):
            run += [one, two] if not run or run[-1] is not one else [two]
        elif run:
            break
    others = [n for n in numbers if n not in run and n.value != str(len(run))]
    if len(run) < 3 or others or len(asked) != 1 or any(n.percent for n in run):
        return ""
    places = _PLACES.search(goal)
    return _list_of(asked, [n.value for n in run], places)


def _asked_of(goal: str) -> list[str]:
    """What is asked of a list of numbers: its mean, its median, …"""
    return [word for word, pattern in _ASKED if pattern.search(goal)]


def _list_of(asked: Sequence[str], numbers: Sequence[str], places: re.Match[str] | None) -> str:
    return f"{' and '.join(asked)} of {', '.join(numbers)}{f' {places.group()}' if places else ''}"


def _unread(text: str) -> str:
    return f"I could not read “{' '.join(text.split())[:100]}” as a sum in which every number is used once; write it as a sum, such as 17 * 23 + 4."


def _own_sums(bench: Bench, wish: Wish, text: str) -> Result | None:
    """Sums over the goal's own numbers: the wish's own words, else its sentence, else the whole goal."""
    texts = [text, bench.sentence(wish), *_of_list(bench, wish)]
    if len(bench.understanding.wishes) == 1 or all(w.op == wish.op for w in bench.understanding.wishes):
        texts.append(bench.goal)
    as_said = _as_said(bench, wish)
    for one in dict.fromkeys((*texts, *as_said)):
        if found := expressions_of(one):
            known = [step.arguments.get("expression") for step in bench.steps]
            if all(expression in known for _, expression in found):
                return Result("number", (known.index(found[-1][1]),))
            covers = bench.goal if one not in bench.goal else one
            places = [bench.add("calculate", {"expression": expression}, wish, "arithmetic needs no model", told=f"named {what}" if what and len(found) > 1 else "", covers=covers)
                      for what, expression in found]  # fmt: skip
            return Result("number", (places[-1],))
    return None


def _as_said(bench: Bench, wish: Wish) -> list[str]:
    """The same without how the answer shall look; that it shall be a fraction is a part of the sum."""
    fraction = " as a fraction" if re.search(r"\b(?:as|in) (?:a )?fractions?\b", bench.goal, re.IGNORECASE) else ""
    return (
        [_LOOKS.sub(" ", text) + fraction for text in bench.questions(wish)]
        if fraction or _LOOKS.search(bench.goal)
        else []
    )


def _over_all(text: str) -> str:
    if re.search(r"\b(?:average|mean)\b", text, re.IGNORECASE):
        return "mean"
    if re.search(r"\b(?:multiply|product|times)\b", text, re.IGNORECASE):
        return "*"
    if re.search(r"\b(?:subtract|minus|difference)\b", text, re.IGNORECASE):
        return "-"
    return "+" if re.search(r"\b(?:add|sum|total|together|altogether|plus)\b", text, re.IGNORECASE) else ""


def over_unknown(text: str) -> str:
    """The expression that a piece of a goal means for a number that is not known yet, which it names ("that", "it") or
    leaves out ("multiply by 3"); "" when it is none that uses each of its numbers once."""
    figures = FIGURES.findall(in_figures(text))
    text = re.sub(r"\b(?:also|too|please|pls|plz|just|quick|quickly)\b", " ", text, flags=re.IGNORECASE)
    bare = re.sub(
        r"^(?:and|then|now|so|please|finally|also|afterwards|,|\s)+", "", text.strip(" ,.;?!"), flags=re.IGNORECASE
    )
    spoken = [REFERS.sub(f" {_UNKNOWN} ", bare, count=1)] if REFERS.search(bare) else []
    if order := _ORDERS.match(bare):
        verb = order[1]
        rest = bare[order.end() :]
        spoken += [
            f"{verb} {_UNKNOWN} {rest}",
            f"{_UNKNOWN} {verb} {rest}",
            f"{verb} {rest} to {_UNKNOWN}",
            f"{verb} {rest} from {_UNKNOWN}",
        ]
    spoken += [f"{bare} of {_UNKNOWN}", f"{bare} {_UNKNOWN}", f"{_UNKNOWN} {bare}"]
    spoken += [_BEHIND.sub(f"{_UNKNOWN} ", one) for one in spoken if _BEHIND.search(one)]
    for one in spoken:
        expression = expression_of(" ".join(one.split()))
        if expression.count(_UNKNOWN) == 1 and all(_is_used(figure, expression) for figure in figures):
            return expression
    return ""


def _is_used(figure: str, expression: str) -> bool:
    plain = figure.replace(",", ".")
    return any(part in expression for part in (figure, plain, figure.replace(",", ""), plain.rstrip("0").rstrip(".")))


def plain_number(made: Result) -> Any:
    found = re.fullmatch(r"\s*(-?\d[\d,]*(?:\.\d+)?)[\s.]*", in_figures(str(made.value)))
    if not found:
        raise Lacking(f"A number is needed to reckon with, but what came before is {str(made.value)[:60]!r}.")
    return found[1].replace(",", "")


def number_in_files(bench: Bench, wish: Wish) -> Result | None:
    """The number that the files hold: spoken, written by hand, or how many things there are."""
    kinds = {file.kind for file in bench.files}
    text = bench.goal
    if "audio" in kinds:
        files = bench.files_for(wish, "audio")
        return Result(
            "text", (heard(bench, wish, files, asked=False),), names=tuple(f.name for f in files), many=len(files) > 1
        )
    if re.search(r"\b(?:digits?|numerals?|numbers?|figures?|hand-?writ\w+)\b", text, re.IGNORECASE) and not noun_of(
        bench, wish
    ):
        return read_digit(bench, wish)
    if noun_of(bench, wish):
        return count_things(bench, wish)
    return None


def _is_read_otherwise(goal: str, expression: str) -> bool:
    """Whether the learnt reader takes a story for another sum."""
    reading = read_story(goal)
    try:
        own = float(run_calculate(expression))
    except ToolInputError:
        return True
    value = reading.value() if reading is not None and reading.sure >= _OTHERWISE else None
    return value is not None and abs(value - own) > 1e-6 * max(1.0, abs(own))


def story_problem(bench: Bench, wish: Wish) -> Result:
    """A story is worked out only when it is read in one way that uses each of its numbers once."""
    if wish.source in ("wish", "before") and (bench.results or bench.before.results):
        return calculate(bench, wish)
    if own := _own_sums(bench, wish, bench.segment(wish)):
        return own
    alone = {one.op for one in bench.understanding.wishes} <= _IN_STORIES
    told = next(filter(None, map(story, bench.questions(wish)[-2:])), None) if alone else None
    if told is None or _is_read_otherwise(bench.goal, told.expression):
        raise Lacking(
            "I could not work this story out in a way that uses each of its numbers once; write it as a sum, such as 3 * 12 - 5."
        )
    unit = "" if told.unit == "money" else told.unit
    arguments = {"expression": told.expression}
    place = bench.add("calculate", arguments, wish, f"read as {told.told}", told=f"story {unit}", covers=bench.goal)
    if told.remainder:
        rest = {"expression": told.remainder}
        bench.add("calculate", rest, wish, "what is left over", told="named left over", covers=bench.goal)
    return Result("number", (place,), thing=unit)
