"""Stories whose sum the learnt reader tells, alone or about a number of the turn before."""

from __future__ import annotations

import re

from ..parse.arithmetic.quantities import numbers_of
from ..parse.arithmetic.story_asks import told_apart
from ..parse.arithmetic.story_reader import StoryReading, asks_of, read_story
from ..parse.arithmetic.sums import asks_saving
from ..parse.wishes import Piece, Understanding, Wish
from ..plan import Plan
from .bench import Bench, Lacking, Result
from .reckoning import REFERS, number_in_files, plain_number
from .seeing import noun_of

SURE = 0.9  # of a sum; below this a story is refused (benchmarks/stories.py)
_PLACES = re.compile(
    r",?\s*\b(?:(?:rounded|round it|to|with|on|at|in)\s+)*(?:(?P<figure>\d|one|two|three|no)\s+(?:decimals?(?: places?)?|dp|decimal places?)"
    r"(?: is enough)?|(?:to )?the (?:nearest )?(?P<named>cent|penny|rappen|whole number|whole pound|pound|euro|dollar))\b",
    re.IGNORECASE,
)
# A date, a unit that a number is converted to, or a fraction as the answer, is no plain sum.
_OTHER = re.compile(
    r"\b(?:january|february|march|april|june|july|august|september|october|november|december|20[12]\d|weekday|convert\w*|fractions?)\b"
    r"|\bin (?:french|german|spanish|italian|portuguese|dutch|polish|words)\b"
    r"|\b(?:in|to) (?:metres|meters|kilometres|miles|feet|inches|celsius|fahrenheit|kg|pounds|grams|litres|liters|tonnes|cm|mm|km|minutes|"
    r"seconds|hours|m/s|km/h|kph|mph|°[CF])(?![\w/])",
    re.IGNORECASE,
)
_MEAN = re.compile(r"\b(?:average|mean|avg)\b", re.IGNORECASE)
_PIECES = re.compile(
    r"\bhow many (?!(?:hours?|hrs?|minutes?|mins?|seconds?|days?|weeks?|kilos?|kgs?|grams?|g|litres?|liters?|l|ml|metres?|meters?|m|km|miles?|"
    r"feet|foot|ft|inches|percent|per cent|degrees|euros?|pounds?|dollars?|francs?|degrees?)\b)\w+",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\b(?:how (?:much|many)|what(?:'?s| is| do| does| total)?|which)\b", re.IGNORECASE)
_TWO = re.compile(
    r"\b(?:state|give|tell|show|name|write|work out|calculate)\b[^.?!]{0,60}?\b(?:and|n|&)(?: also| then)? (?:what|how|the (?:total|rest|whole))\b",
    re.IGNORECASE,
)
_NUMERIC = frozenset("calculate split percent_of discount raise_by tip story_problem difference total".split())
_MOST_ASKS = 3
_PERSON = r"\b(?:me|myself|us both|(?:my|his|her|our) (?!two|three|four|\d)(?:\w+ )?\w+[^\Ws]|(?-i:[A-Z])[a-z]+)\b"
_AMONG = re.compile(
    rf"\b(?P<lead>between|among|amongst|with)\s+(?P<who>{_PERSON}(?:(?:, | and |, and ){_PERSON})+)(?! and\b)",
    re.IGNORECASE,
)
_PART = r"(?:half|(?:a|one|two|three) (?:thirds?|quarters?|fifths?|halves)|\d/\d)"
_LOST_PART = re.compile(
    rf"\b(?:sold|gave(?: away)?|given away|ate|eaten|lost|spent|used(?: up)?|binned|threw(?: away| out)?|broke\w*|went)\s+"
    rf"(?:about |exactly )?{_PART}\b|\b{_PART}(?: of (?:them|it|those|these))? (?:were |was |got |have |has |are )?(?:sold|broke\w*|lost|eaten|gone|went|used|spent|binned)\b",
    re.IGNORECASE,
)
_BOTH_WAYS = re.compile(r"\b(?:there and back|both ways|round trip|return trip|each way)\b", re.IGNORECASE)
_LEFT = re.compile(r"\b(?:left|remain\w*|still (?:have|there)|over)\b", re.IGNORECASE)
_UNKNOWN = "37"  # stands for a number that is known only when the files are looked into
_DIGITS = {"one": 1, "two": 2, "three": 3, "no": 0, "cent": 2, "penny": 2, "rappen": 2}


def learnt_story(bench: Bench, wish: Wish) -> Result:
    """The sum of the goal's own numbers, else of these and the number that came before.

    Raises:
        Lacking: there is no sum that is sure enough.
    """
    if several := _several_sums(bench, wish):
        return several
    if is_other(bench.goal):
        raise Lacking("I cannot tell which one sum this asks for; ask for one thing, in numbers alone.")
    if bench.files:
        return _of_files(bench, wish)
    for text in _texts(bench, wish):
        bare, places = without_places(with_people(text))
        reading = read_story(bare)
        if reading is None or reading.sure < SURE or not is_sensible(reading, bare, places):
            continue
        why = f"read as {reading.expression}"
        return Result("number", (reckoned(bench, wish, rounded(reading.whole, places), why, told="story"),))
    raise Lacking("I could not tell for sure which sum this story asks for; write it as a sum, such as 3 * 12 - 5.")


def is_other(goal: str) -> bool:
    """Whether a goal asks for dates, for a conversion, or for two things: none is one sum."""
    return bool(_OTHER.search(goal) or _TWO.search(goal)) or len(_ASKS.findall(goal)) > 1


def _several_sums(bench: Bench, wish: Wish) -> Result | None:
    """What a story asks for in two or three places, each told by itself; all of its numbers are used by one or another."""
    if bench.files or _OTHER.search(bench.goal) or len(numbers_of(bench.goal)) < 2:
        return None
    asks = asks_of(bench.goal)
    if not 2 <= len(asks) <= _MOST_ASKS:
        return None
    found: list[tuple[str, StoryReading, int | None]] = []
    for (start, end), text in zip(asks, told_apart(bench.goal, asks), strict=True):
        bare, places = without_places(text)
        reading = read_story(bare)
        if reading is None or reading.sure < SURE or not is_sensible(reading, bare, places):
            return None
        found.append((bench.goal[start:end].strip(" ,"), reading, places))
    used = " ".join(reading.expression for _, reading, _ in found)
    if any(number.value not in used for number in numbers_of(bench.goal) if not number.loose):
        return None
    places_ = [
        reckoned(
            bench,
            wish,
            rounded(reading.whole, places),
            f"“{words}” read as {reading.expression}",
            told=f"named “{words}”",
        )
        for words, reading, places in found
    ]
    return Result("number", (places_[-1],)) if len(set(places_)) == len(found) else None


def with_people(text: str) -> str:
    """ "Between me and my sister" as a number of people, where they are named one by one."""

    def counted(found: re.Match[str]) -> str:
        named = re.findall(_PERSON, found["who"])
        return f"{found['lead']} {len(named)} people" if len(named) > 1 else found.group()

    return _AMONG.sub(counted, text)


def is_sensible(reading: StoryReading, text: str, places: int | None) -> bool:
    """Whether nobody ends up with less than nothing, or with a part of what comes in whole pieces."""
    value = reading.value()
    if value is None or value < 0 or (_MEAN.search(text) and "/" not in reading.expression):
        return False
    if _BOTH_WAYS.search(text) and not re.search(r"(?<![\d.])2(?![\d.])", reading.expression):
        return False  # the way back is as long
    if (
        _LOST_PART.search(text)
        and _LEFT.search(text)
        and "(1 - " not in reading.expression
        and "- (" not in reading.expression
    ):
        return False  # "sold two thirds": what is left of it is the rest
    if asks_saving(text) and "(1 - " in reading.expression:
        return False  # what comes off is asked, and not what is left
    return places is not None or float(value).is_integer() or not _PIECES.search(text)


def _of_files(bench: Bench, wish: Wish) -> Result:
    """A story with the number that a recording says or a picture shows: "they are 2.50 each, how much is that?"."""
    if wish.op not in _NUMERIC or not numbers_of(bench.goal) or bench.results:
        raise Lacking("I cannot tell which sum this asks for; write it as a sum.")
    bare, places = without_places(bench.goal)
    noun = noun_of(bench, wish)
    reading = read_story(f"There are {_UNKNOWN} {noun}. {bare}".replace(" .", "."))
    if reading is None or reading.sure < SURE or reading.whole.count(_UNKNOWN) != 1:
        raise Lacking("I could not tell for sure which sum this asks for; write it as a sum, such as 3 * 12 - 5.")
    made = number_in_files(bench, wish)
    if made is None or made.many:
        raise Lacking("One number is needed to reckon with; pass one recording or picture.")
    expression = reading.whole.replace(_UNKNOWN, f"({made.reference})")
    expression = rounded(expression, places)
    why = f"read as {reading.expression.replace(_UNKNOWN, 'that number')}"
    return Result("number", (bench.add("calculate", {"expression": expression}, wish, why, covers=bench.goal),))


def told_story(bench: Bench) -> Plan | None:
    """A goal that was not understood otherwise, as a story."""
    if bench.files:
        return None
    wish = Wish("unclear", "words", 0.5, (Piece(bench.goal, 0, len(bench.goal)),))
    bench.understanding = Understanding(bench.goal, (wish,), sure=0.5)
    try:
        learnt_story(bench, wish)
    except Lacking:
        return None
    return Plan(bench.goal, tuple(bench.steps), sure=0.5)


def _texts(bench: Bench, wish: Wish) -> list[str]:
    """What may be the story: the goal, then the goal with the number of the turn before in the place of "that"."""
    goal = bench.goal
    found = [goal] if len(numbers_of(with_people(goal))) > 1 else []
    earlier = bench.earlier("number", "labels")
    if earlier is None or any(result is not None for result in bench.results):
        return found
    try:
        number = str(plain_number(earlier))
    except Lacking:
        return found
    if REFERS.search(goal):
        found.append(REFERS.sub(number, goal, count=1))
    elif wish.op in _NUMERIC and len(goal.split()) > 2:
        found.append(f"It is {number} {earlier.thing}. {goal}".replace(" .", "."))
    return found


def reckoned(bench: Bench, wish: Wish, expression: str, why: str, told: str = "") -> int:
    """The place of the step that reckons an expression, for the whole goal; one that is there already is not made again."""
    known = [step.arguments.get("expression") for step in bench.steps]
    if expression in known:
        return known.index(expression)
    return bench.add("calculate", {"expression": expression}, wish, why, told=told, covers=bench.goal)


def rounded(expression: str, places: int | None) -> str:
    return expression if places is None else f"round({expression}, {places})"


def without_places(text: str) -> tuple[str, int | None]:
    found = _PLACES.search(text)
    if not found:
        return text, None
    said = (found["figure"] or found["named"]).lower()
    return _PLACES.sub(" ", text), int(said) if said.isdigit() else _DIGITS.get(said, 0)
