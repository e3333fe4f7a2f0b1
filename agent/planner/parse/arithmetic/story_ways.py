"""Ways to put the quantities of a story together: each gives the results that it can make by the units, or none."""

from __future__ import annotations

import re
from dataclasses import replace

from .story_flow import amount, flowing
from .story_quantity import Parts, Quantity
from .story_questions import Question, Result
from .story_words import CONTINUOUS, LENGTHS, PEOPLE, TIMES


def by_units(parts: Parts, question: Question) -> list[Result]:
    """Rates times their counts, then gains less losses, or a total by what goes into one, or by those who share it."""
    if question.kind == "start":
        return []
    items = _multiplied([q for q in parts.quantities if q.kind == "plain"], question)
    if any(q.kind not in ("plain", "percent") for q in parts.quantities):
        return []
    percents = [q for q in parts.quantities if q.kind == "percent"]
    plains = [q for q in items if not q.per]
    rates = [q for q in items if q.per]
    if percents:
        return _with_percent(plains, percents, parts, question) if not rates else []
    if not rates:
        return [*flowing(plains, parts, question), *_shared(plains, parts, question), *_speed(plains, parts, question)]
    return _divided(plains, rates, parts, question) if len(rates) == 1 else []


def _multiplied(items: list[Quantity], question: Question) -> list[Quantity]:
    """With each rate multiplied by the counts that it is for, nearest first, as far as there are any."""
    while True:
        for rate in (item for item in items if item.per):
            counts = [c for c in items if not c.per and c.unit == rate.per[0] and c is not rate]
            if not counts or (rate.per[0] == question.unit and question.kind != "left" and len(counts) > 1):
                continue
            count = min(
                counts, key=lambda c: (abs(c.clause - rate.clause), c.place > rate.place, abs(c.place - rate.place))
            )
            if (
                len(counts) > 1
                and sum(abs(c.clause - rate.clause) == abs(count.clause - rate.clause) for c in counts) > 1
                and count.place > rate.place
            ):
                continue
            items = [*(i for i in items if i is not rate and i is not count), _product(count, rate)]
            break
        else:
            return sorted(items, key=lambda item: item.place)


def _product(count: Quantity, rate: Quantity) -> Quantity:
    roles = {rate.role, count.role} - {"", "?"}
    if rate.unit == "money":
        role = "gain" if roles and not roles & {"buy", "cost", "paid", "have"} else "cost"
    else:
        role = (
            "loss"
            if "loss" in roles
            else next((r for r in (rate.role, count.role) if r in roles), "?" if "?" in (rate.role, count.role) else "")
        )
    first, second = (count, rate) if count.place < rate.place else (rate, count)
    return replace(
        rate,
        value=f"{first.value} * {second.value}",
        per=rate.per[1:],
        role=role,
        place=first.place,
        clause=first.clause,
    )


def _with_percent(items: list[Quantity], percents: list[Quantity], parts: Parts, question: Question) -> list[Result]:
    """One price with a discount, a tax or a tip; or a share of what is there that goes, or stays."""
    if len(items) != 1 or len(percents) != 1:
        return []
    whole, percent = items[0], f"{percents[0].value} / 100"
    around = re.sub(r"\s+", " ", parts.text)
    if question.unit == "money" and whole.unit in ("money", ""):
        if re.search(r"%\d+ (?:off|discount|reduction|rebate|less|cheaper)|(?:discount|reduction) (?:of )?%", around):
            return [Result(f"{grouped(whole.value)} * (1 - {percent})", "money")]
        if re.search(
            r"(?:plus|add|with|and) (?:a )?%\d+ (?:vat|tax|tip|service)|%\d+ (?:vat|tax|tip|service)[a-z ]* (?:added|on top|extra)",
            around,
        ):
            return [Result(f"{grouped(whole.value)} * (1 + {percent})", "money")]
        return []
    if question.kind == "left" and percents[0].role == "loss" and question.unit in (whole.unit, ""):
        return [Result(f"{grouped(whole.value)} * (1 - {percent})", whole.unit)]
    return []


def _divided(plains: list[Quantity], rates: list[Quantity], parts: Parts, question: Question) -> list[Result]:
    """How many containers, pieces, or days: a total by what goes into one."""
    rate = rates[0]
    total = plains[0] if len(plains) == 1 else None
    if (
        len(rate.per) != 1
        or question.kind not in ("plain", "over", "left", "each")
        or not total
        or question.unit != rate.per[0]
    ):
        return []
    if rate.unit and total.unit and rate.unit != total.unit:
        return []
    whole, part = grouped(total.value), grouped(rate.value)
    even = _evenly(total.value, rate.value)
    if question.kind == "over":
        return [Result(f"floor({whole} / {part})", question.unit, f"{total.value} - floor({whole} / {part}) * {part}")]
    if question.unit in ("hours", "minutes", "seconds") or even:
        return [Result(f"{whole} / {part}", question.unit)]
    if question.unit in TIMES.values():
        return []
    floors = re.search(r"\b(?:full|complete|whole|can|cut|fill|get|make)\b", question.words) or re.search(
        r"\b(?:cut|cuts|sawn|chopped)\b", parts.text
    )
    if floors and not re.search(r"\b(?:need|needs|needed|required|necessary)\b", question.words):
        return [Result(f"floor({whole} / {part})", question.unit)]
    return [Result(f"ceil({whole} / {part})", question.unit)] if _must_fit(parts, question) else []


def _must_fit(parts: Parts, question: Question) -> bool:
    """Whether one more is needed for what does not fill it."""
    return bool(
        re.search(r"\b(?:need|needs|needed|require|required|necessary|must|have to|should)\b", question.words)
        or re.search(
            r"\b(?:takes|take|seats|seat|carries|carry|transports|hold|holds|fits|fit|feeds|feed|serves|in boxes)\b",
            parts.text,
        )
    )


def _shared(items: list[Quantity], parts: Parts, question: Question) -> list[Result]:
    """What each gets of a total, when it comes out even or can be divided at will."""
    if (
        question.kind not in ("each", "plain", "over")
        or len(items) != 2
        or not re.search(
            r"\b(?:shar(?:e|es|ed|ing|in)|split|splits|divid(?:e|ed|es)|distribut(?:e|ed|es)|hands? out|handed out|among(?:st)?|between|equally|evenly)\b",
            parts.text,
        )
    ):
        return []
    found = re.search(
        r"(?:among(?:st)?|between|by|into|to|for|over|with|in|friends|we are|us)\b[a-z ]*#(\d+)|#(\d+) (?:[a-z]+ )*(?:shar(?:e|ing|in)|split(?:ting)?|divide|dividing|want)\b",
        parts.text,
    )
    sharers = next((q for q in items if found and q.place == int(found[1] or found[2])), None)
    if not sharers or not sharers.unit:
        return []
    total = next(q for q in items if q is not sharers)
    if total.unit == sharers.unit or sharers.unit in CONTINUOUS:
        return []
    if question.kind == "plain" and not re.search(rf"\b(?:a|one|every|per) {sharers.unit}\b", question.words):
        return []
    unit = total.unit or "money"
    if question.unit not in ("", unit):
        return []
    whole = grouped(total.value)
    if question.kind == "over":
        return [
            Result(
                f"floor({whole} / {sharers.value})",
                unit,
                f"{total.value} - floor({whole} / {sharers.value}) * {sharers.value}",
            )
        ]
    return (
        [Result(f"{whole} / {sharers.value}", unit)]
        if unit in CONTINUOUS or _evenly(total.value, sharers.value)
        else []
    )


def _speed(items: list[Quantity], parts: Parts, question: Question) -> list[Result]:
    lengths, times = (
        [q for q in items if q.unit in LENGTHS],
        [q for q in items if q.unit in ("hours", "minutes", "seconds")],
    )
    if question.kind != "speed" or len(items) != 2 or len(lengths) != 1 or len(times) != 1:
        return []
    if not re.search(
        rf"\b(?:in|takes?|took|within|over|needs?|needed|for) #{times[0].place}\b|#{times[0].place} [a-z]+ (?:for|to)\b",
        parts.text,
    ):
        return []
    short = {"hours": "h", "minutes": "min", "seconds": "s"}[times[0].unit]
    return [Result(f"{lengths[0].value} / {times[0].value}", f"{lengths[0].unit}/{short}")]


_PROPORTIONAL = re.compile(
    r"\b(?:costs?|needs?|weighs?|uses?|makes?|takes?|for|is|are|require[sd]?|give|gives|'s|in|pay|paid|requires|were|went|goes|gets?|contains?|drives?|travels?|runs?)\b"
)


def in_proportion(parts: Parts, question: Question) -> list[Result]:
    """ "6 eggs cost 2.40, what do 10 cost": as much for each; never what more hands make shorter."""
    items = parts.quantities
    asked = [
        q for q in items if q.asked or (q.clause == max(i.clause for i in items) and len(items) == 3 and q is items[-1])
    ]
    if (
        len(items) != 3
        or len(asked) != 1
        or any(q.kind != "plain" or len(q.per) for q in items)
        or question.kind in ("left", "change", "each", "over", "speed")
    ):
        return []
    other = asked[0]
    told = [q for q in items if q is not other]
    if any(q.clause == other.clause for q in told):
        return []
    if len({q.clause for q in told}) != 1 or any(
        q.role in ("loss", "gain", "have", "given") and not _is_rate(parts, q) for q in told
    ):
        return []
    for same, result in (told, told[::-1]):
        if same.stuff and other.stuff and same.stuff != other.stuff:
            return []
        if same.unit and other.unit in (same.unit, "") and result.unit != same.unit and _fits(result, question):
            if result.unit in TIMES.values() and (same.unit in PEOPLE or same.unit not in LENGTHS):
                return []
            if not _PROPORTIONAL.search(
                parts.clauses[result.clause] if result.clause < len(parts.clauses) else parts.question
            ):
                return []
            return [Result(f"{result.value} / {same.value} * {other.value}", result.unit or question.unit)]
    return []


def _is_rate(parts: Parts, quantity: Quantity) -> bool:
    clause = parts.clauses[quantity.clause] if quantity.clause < len(parts.clauses) else ""
    return bool(re.search(r"\b(?:costs?|for|makes?|uses?|in|takes?)\b", clause))


def _fits(result: Quantity, question: Question) -> bool:
    if question.unit == "money":
        return result.unit in ("money", "")
    return question.unit in ("", result.unit) and bool(result.unit)


def grouped(expression: str) -> str:
    return f"({expression})" if re.search(r" [-+*/] ", expression) else expression


def _evenly(total: str, part: str) -> bool:
    """Whether a total can be divided without a rest."""
    left = amount(f"({total}) / ({part})")
    return abs(left - round(left)) < 1e-9
