"""Wishes that need no model: arithmetic, comparisons, dates, units."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ....errors import ToolInputError
from ....tools.builtin import FUNCTIONS
from ..numerals import in_figures
from ..parse.wishes import Piece, Wish
from ..plan_step import Formula, node
from ..sums import expression_of, expressions_of
from .bench import Bench, Lacking, Result
from .seeing import count_things, heard, noun_of, read_digit

_UNKNOWN = "860481"  # stands for a result that is not known yet while a sum in words is read
_REFERS = re.compile(
    r"\b(?:the (?:number|result|sum|total|amount|count|difference|answer|product|digit|value|figure|one)(?: (?:spoken|said|heard|read|"
    r"of (?:coins|things|them)|in the (?:recording|picture|photo)|you (?:get|got|read|hear|counted|found)|from before))*"
    r"|(?:that|this|last|first) (?:number|result|sum|total|amount|count|difference|answer|product|digit|value|figure|one)"
    r"|it|that|them|this|those|these|the (?:two|lot|whole))\b",
    re.IGNORECASE,
)
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")
_ORDERS = re.compile(
    r"^(?:and |then |now |so |,|please |finally |also |afterwards |ok(?:ay)? )*(multiply|times|divide|split|share|double|triple|halve|half|twice|plus|minus|add|"
    r"subtract|take away|square|increase|reduce|raise|round)\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\b(?:more|bigger|larger|greater|higher|longer|most|largest|biggest|highest|longest|above|over|exceeds?|heavier|max(?:imum)?|older|taller)\b",
    re.I,
)
_FEWER = re.compile(
    r"\b(?:fewer|less|smaller|lower|shorter|fewest|least|smallest|lowest|shortest|below|under|min(?:imum)?|lighter)\b",
    re.I,
)
_SAME = re.compile(r"\b(?:same|equal|identical|as many|match(?:es)?|agree|alike|tie)\b", re.IGNORECASE)
_DIFFERENCE = re.compile(
    r"\b(?:how (?:many|much) (?:more|fewer|less|bigger|larger|longer)|difference|by how (?:many|much)|differ)\b",
    re.IGNORECASE,
)
_DECIMALS = re.compile(r"\b(?:\d+|one|two|three)\s*(?:decimals?|decimal places?|places|dp|digits)\b", re.IGNORECASE)
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


# Arithmetic


def calculate(bench: Bench, wish: Wish) -> Result:
    """A sum in words, over the goal's own numbers or over what came before.

    Raises:
        Lacking: it does not read as a sum, or what it reckons with is missing.
    """
    text = bench.segment(wish)
    if wish.op == "percent_of" and wish.argument("thing") and wish.limit("region") and bench.files:
        return count_things(bench, wish)
    if wish.source not in ("wish", "before") or not (bench.results or bench.before.results):
        if own := _own_sums(bench, wish, text):
            return own
    made = bench.made(wish, "number", "labels") or bench.made(wish, "text", "sentence")
    if made is None and {file.kind for file in bench.files} & {"audio", "image"}:
        made = _number_in_files(bench, wish)
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
    expression = over_unknown(text)
    if not expression:
        raise Lacking(_unread(text))
    filled = expression.replace(_UNKNOWN, f"({made.reference})" if made.places else str(_plain_number(made)))
    return Result(
        "number", (bench.add("calculate", {"expression": filled}, wish, "arithmetic needs no model", covers=text),)
    )


def _unread(text: str) -> str:
    return f"I could not read “{' '.join(text.split())[:100]}” as a sum in which every number is used once; write it as a sum, such as 17 * 23 + 4."


def _own_sums(bench: Bench, wish: Wish, text: str) -> Result | None:
    """Sums over the goal's own numbers: the wish's own words, else its sentence, else the whole goal."""
    texts = [text, bench.sentence(wish)]
    if len(bench.understanding.wishes) == 1 or all(w.op == wish.op for w in bench.understanding.wishes):
        texts.append(bench.goal)
    for one in dict.fromkeys(texts):
        if found := expressions_of(one):
            places = [bench.add("calculate", {"expression": expression}, wish, "arithmetic needs no model", told=f"named {what}" if what and len(found) > 1 else "", covers=one)
                      for what, expression in found]  # fmt: skip
            return Result("number", (places[-1],))
    return None


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
    figures = _FIGURES.findall(in_figures(text))
    bare = re.sub(
        r"^(?:and|then|now|so|please|finally|also|afterwards|,|\s)+", "", text.strip(" ,.;?!"), flags=re.IGNORECASE
    )
    spoken = [_REFERS.sub(f" {_UNKNOWN} ", bare, count=1)] if _REFERS.search(bare) else []
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
    for one in spoken:
        expression = expression_of(" ".join(one.split()))
        if expression.count(_UNKNOWN) == 1 and all(_is_used(figure, expression) for figure in figures):
            return expression
    return ""


def _is_used(figure: str, expression: str) -> bool:
    plain = figure.replace(",", ".")
    return any(part in expression for part in (figure, plain, figure.replace(",", ""), plain.rstrip("0").rstrip(".")))


def _plain_number(made: Result) -> Any:
    found = re.fullmatch(r"\s*(-?\d[\d,]*(?:\.\d+)?)[\s.]*", in_figures(str(made.value)))
    if not found:
        raise Lacking(f"A number is needed to reckon with, but what came before is {str(made.value)[:60]!r}.")
    return found[1].replace(",", "")


def _number_in_files(bench: Bench, wish: Wish) -> Result | None:
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


def story_problem(bench: Bench, wish: Wish) -> Result:
    from ..stories import story

    if wish.source in ("wish", "before") and (bench.results or bench.before.results):
        return calculate(bench, wish)
    goal = bench.goal
    if own := _own_sums(bench, wish, bench.segment(wish)):
        return own
    if len({w.op for w in bench.understanding.wishes} - {"story_problem", "calculate", "difference", "total"}) == 0:
        if found := story(goal):
            place = bench.add(
                "calculate",
                {"expression": found.expression},
                wish,
                f"read as {found.told}",
                told=f"story {found.unit}",
                covers=goal,
            )
            return Result("number", (place,))
    raise Lacking(
        "I could not work this story out in a way that uses each of its numbers once; write it as a sum, such as 3 * 12 - 5."
    )


# Results beside each other


def _numbers(bench: Bench, wish: Wish) -> list[Result]:
    """The numbers that are compared or added up: of the wishes before, else made from the files."""
    made = [r for r in bench.results if r is not None and r.kind in ("number", "labels", "text")]
    if made:
        return made
    if bench.files and (counted := _number_in_files(bench, wish)):
        return [counted]
    return list(bench.before.results[-2:])


def compare(bench: Bench, wish: Wish) -> Result:
    """Which is more, whether it is at least as much, whether they are the same."""
    text = bench.segment(wish) or bench.goal
    said = f"{text} {wish.argument('which')}"
    own = _compared_in_words(bench, said)
    if own is not None:
        return own
    numbers = _halves(bench, wish) or _numbers(bench, wish)
    bound = next(((m[1], sign) for pattern, sign in _BOUND if (m := pattern.search(in_figures(said)))), None)
    limit = _FIGURES.match(bound[0]) if bound else None
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
    how = _how(said)
    if not how:
        raise Lacking(f"How shall they be compared? I read neither more nor fewer nor the same in “{text[:80]}”.")
    many = [numbers[-1]] if numbers[-1].many else numbers[-2:]
    subject = _subject(bench.sentence(wish), many) if _YES_NO.match(bench.sentence(wish)) else None
    listed = [name for result in many for name in result.names]
    arguments: dict[str, Any] = {"numbers": _references(many), "how": how, "names": listed or None}
    if subject is not None:
        arguments["subject"] = subject
    return _compared(bench, wish, arguments)


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
    return Result(
        "sentence", (bench.add("compare-numbers", kept, wish, "numbers are compared exactly", covers=covers),)
    )


def _references(results: list[Result]) -> Any:
    refs = [r.reference for r in results]
    return refs if len(refs) > 1 else refs[0] if isinstance(refs[0], str) and refs[0].startswith("<node") else refs


def _how(text: str) -> str:
    if _DIFFERENCE.search(text):
        return "difference"
    if _SAME.search(text):
        return "same"
    return "more" if _MORE.search(text) else "fewer" if _FEWER.search(text) else ""


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
    return min(spots)[1] + 1 if spots else 1


def _compared_in_words(bench: Bench, said: str) -> Result | None:
    """Numbers of the goal itself: "which is bigger, 7/9 or 0.77"."""
    from ..sums import comparison_of

    if bench.files or bench.results:
        return None
    if told := comparison_of(bench.goal):
        bench.replies.append(told)
        return Result("sentence", value=told)
    return None


def total(bench: Bench, wish: Wish) -> Result:
    return _reckoned(bench, wish, "+", "numbers are added by arithmetic")


def difference(bench: Bench, wish: Wish) -> Result:
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
        return calculate(bench, wish)
    parts = tuple(
        str(r.reference) if r.places else str(_plain_number(r))
        for r in ([numbers[-1]] if numbers[-1].many else numbers)
    )
    return Result(
        "number", (bench.add("calculate", {"expression": Formula(sign, parts)}, wish, why, covers=bench.segment(wish)),)
    )


# Dates and units, whose tools read the question themselves


def asked_of(task: str, kind: str, why: str) -> Any:
    """A builder for tools that take a question in words: the smallest part of the goal that they understand."""

    def build(bench: Bench, wish: Wish) -> Result:
        made = bench.made(wish) if wish.source in ("wish", "before") else None
        problem = ""
        for question in dict.fromkeys((_with(bench.segment(wish), made), bench.sentence(wish), bench.goal)):
            try:
                FUNCTIONS[task](question=question.replace("RESULT", "12"))
            except ToolInputError as error:
                problem = problem or str(error)
                continue
            if "RESULT" in question and made is not None:
                filled = str(made.reference) if made.places else str(_plain_number(made))
                question = question.replace("RESULT", filled)
            return Result(kind, (bench.add(task, {"question": question}, wish, why, covers=question),))
        raise Lacking(problem[0].upper() + problem[1:])

    return build


def _with(text: str, made: Result | None) -> str:
    """The question with a result in the place of "that"."""
    if made is None or _FIGURES.search(_DECIMALS.sub(" ", text)):
        return text
    known = f"RESULT {made.thing}" if made.thing and not made.places else "RESULT"
    return _REFERS.sub(known, text, count=1) if _REFERS.search(text) else f"{known} {text}"


assert node
