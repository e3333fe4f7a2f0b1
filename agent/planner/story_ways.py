# ruff: noqa: E501 (patterns, one a row)
"""Ways to put the quantities of a story together: each gives the results that it can make by the units, or none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...tools.arithmetic import calculate
from .story_parts import Parts, Quantity
from .story_words import CONTINUOUS, LENGTHS, PEOPLE, TIMES, counted, head, modifiers, unit_of


@dataclass(frozen=True, slots=True)
class Result:
    """What a way came to: an expression with its unit, and of what is left over, where that is asked, too."""

    expression: str
    unit: str
    remainder: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        unit: what the answer counts; "" when only the story says it.
        words: the question.
        kind: left, change, cost, speed, each, over (full ones and what is left over), more (than now), or plain.
        modifiers: which of the things that the unit names are asked for: "red".
    """

    unit: str
    words: str
    kind: str
    modifiers: frozenset[str] = frozenset()


_KINDS = (
    ("more", r"\bhow (?:many|much) (?:[a-z]+ )?(?:more|fewer|less|further)\b|\b(?:difference|missing|short)\b"),
    ("start", r"\b(?:at first|originally|(?:in|at|to) (?:the )?(?:beginning|begin|start)|begin with|initially|before|start with|started with)\b"),
    ("over", r"\bleft[- ]?over\b.*|\band (?:how much|how many|what)\b.*\b(?:left|over|remains?|rest)\b"),
    ("change", r"\bchange\b|\b(?:get|give|gives|receive|due) (?:me |him |her )?back\b"),
    ("left", r"\b(?:left|remain(?:s|ing)?|still|left over|remaining|after|now)\b"),
    ("speed", r"\bspeed\b|\bhow fast\b"),
    ("each", r"\b(?:each|apiece|per (?:person|child|head|kid|friend|one)|every (?:one|child|person)|everyone|everybody)\b"),
    ("cost", r"\bwhat(?:'s|'ll)? (?:(?:is|does|do|did|will|would|must|should|have|has|'s) )?(?:(?:the|my|his|her|our|total|i|we|he|she|they|you|it|that|this|all|cost|costs|bill|price|sum|in|for|to|of) )*(?:cost|costs|make|come|pay|owe|price|total|bill|spend|#\d+ [a-z ]*cost)\b|\bhow much\b.*\b(?:cost|costs|pay|paid|owe|spend|spent|price|is (?:it|that|this)|does (?:it|that) (?:make|come))\b|\bhow much (?:in total|altogether|is it|for (?:all|it|them|everything|#))|^ ?(?:the )?(?:total|cost|price|pay|wages?|salary|earnings)\b|\bprice\b|\bhow much is (?:each|#)"),
)  # fmt: skip
_TOGETHER = re.compile(r"\b(?:together|in total|altogether|total|in all|overall|all in all|combined)\b")
_CONTINUING = r"(?:left|remain|remains|remaining|do|does|did|are|is|will|can|has|have|there|in|for|at|after|must|should|would|were|was|i|we|he|she|they|you|to|each|now|altogether|together|still|total|per)"


def question_of(parts: Parts) -> Question:
    """The question with its kind, and the unit that it names."""
    words = re.sub(r"[?.!,]+", " ", parts.question)
    words = " ".join(re.sub(r"\b(?:please|pls|thanks|thank you)\b", " ", words).split())
    kind = next((name for name, pattern in _KINDS if re.search(pattern, words)), "plain")
    found = re.search(r"\bhow (?:many|much) (.*)$", words)
    return Question(_asked_unit(words, kind, parts), words, kind, modifiers(found[1].split()) if found else frozenset())


def _asked_unit(words: str, kind: str, parts: Parts) -> str:
    if kind in ("cost", "change"):
        return "money"
    found = re.search(r"\bhow (?:many|much)(?: more)? (.*)$", words)
    phrase = counted(found[1].split()) if found else []
    if phrase:
        named = unit_of(phrase[-1])
        return next((q.unit for q in parts.quantities if q.stuff == named), head(phrase))
    if re.search(r"\bhow far\b|\bdistance\b", words):
        return next((q.unit for q in parts.quantities if q.unit in LENGTHS), "km")
    if re.search(r"\bhow old\b|\bage\b", words):
        return "years"
    if found := re.search(r"\bhow long\b", words):
        return next((q.per[0] for q in parts.quantities if q.per and q.per[0] in TIMES.values()), "hours")
    if not re.search(r"\b(?:how|what)\b", words):
        found = re.match(
            r"(?:the )?(?:full )?([a-z]+)(?: (?:and (?:the )?(?:left ?over|rest|remainder|what is left)|left|remaining|needed|required|altogether|in total|each|now))?$",
            words,
        )
        return (
            unit_of(found[1])
            if found and found[1] not in ("left", "total", "change", "each", "altogether", "remaining")
            else ""
        )
    return ""


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
        return [*_flow(plains, parts, question), *_shared(plains, parts, question), *_speed(plains, parts, question)]
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


def _flow(items: list[Quantity], parts: Parts, question: Question) -> list[Result]:
    """What is there at first, with what comes and without what goes."""
    unit = question.unit or next((q.unit for q in items if q.unit), "")
    if not unit or any(q.unit not in (unit, "") for q in items):
        return []
    if not _alike(items, question) or (len(items) > 1 and any(q.role == "?" for q in items)) or not _same_actor(items):
        return []
    if (
        unit == "money"
        and any("*" in q.value for q in items)
        and any(not q.unit and q.role not in ("given", "paid", "have") for q in items)
    ):
        return []
    if any(q.unit == "" for q in items) and not _is_told(unit, parts) or not _is_theirs(items[0], question):
        return []
    if question.kind == "more":
        first, second = sorted(items, key=lambda q: -_amount(q.value)) if len(items) == 2 else (None, None)
        return [_signed([first], [second], unit)] if first and second else []
    paid = "given" if question.kind == "change" else "loss"
    done = "loss" if question.kind == "left" and len(items) > 1 else "gain"
    given_too = "given" if question.kind == "change" or not any(q.role == "have" for q in items) else "gain"
    items = [replace(q, role=_role_here(q, unit, {"paid": paid, "done": done, "given": given_too})) for q in items]
    losses = [q for q in items if q.role == "loss" or (unit == "money" and q.role == "cost")]
    given = [q for q in items if q.role in ("given", "have")]
    rest = [q for q in items if q not in losses]
    text = parts.text
    if any(q.role == "have" for q in rest[1:]) and not _TOGETHER.search(text):
        return []
    if re.search(r"\b(?:left|remain|remains|remaining)\b", question.words) and not losses:
        return []
    if question.kind == "change":
        good = len(given) == 1 and all(q in losses or q in given or q.role == "" and "*" in q.value for q in items)
        return [_signed(given, [q for q in items if q not in given], unit)] if good and len(items) > 1 else []
    if question.kind == "cost":
        return (
            [_signed(items, [], unit)]
            if not given
            and all("*" in q.value or q.role in ("cost", "loss", "gain") for q in items)
            and len({q.role for q in items} & {"gain", "cost"}) < 2
            else []
        )
    if any(q.role == "" for q in rest[1:]) and not _TOGETHER.search(text):
        return []
    if len(
        [q for q in rest if q.role == "have" or (unit == "money" and q.role == "given")]
    ) > 1 and not _TOGETHER.search(text):
        return []
    if question.kind == "left":
        starts = rest and rest[0].place < min((q.place for q in items if q is not rest[0]), default=99)
        enough = (
            losses
            or any(q.role == "gain" for q in rest[1:])
            or (
                len(items) == 1 and re.search(r"\bafter\b|\bnow\b", text) and not re.search(r"\bleft\b", question.words)
            )
        )
        if not enough or (not starts and not (rest and rest[0].role in ("have", "given"))):
            return []
        return [_signed(rest, losses, unit)]
    if question.kind != "plain" or not (
        question.unit or _TOGETHER.search(question.words) or re.search(r"\bhow (?:many|much)\b", question.words)
    ):
        return []
    if losses:
        first = min(items, key=lambda q: q.place)
        return (
            [_signed(rest, losses, unit)]
            if rest
            and (first in rest or rest[0].role == "have")
            and not re.search(
                r"\b(?:"
                + "sell|sold|eat|ate|eaten|spend|spent|lose|lost|give|gave|use|used|drink|drank|break|broke"
                + r")\b",
                question.words,
            )
            else _lost(items, losses, unit)
        )
    counted_together = len(items) == 1 or _TOGETHER.search(text) or any(q.role == "gain" for q in rest[1:])
    return [_signed(rest, [], unit)] if counted_together and (len(items) > 1 or "*" in items[0].value) else []


def _alike(items: list[Quantity], question: Question) -> bool:
    """Whether it is the same things that are counted and asked for: red ones are not all."""
    told = {q.modifiers for q in items if q.modifiers}
    if question.modifiers:
        return told == {question.modifiers} and bool(items[0].modifiers)
    return len(told) < 2 or not any(q.role in ("loss", "cost") for q in items)


def _same_actor(items: list[Quantity]) -> bool:
    """Whether what comes and goes is that of the one who had it: "my dog ate 5" is, "she bought 3" may be hers."""
    owner = items[0].actor
    for item in items[1:]:
        if item.actor in ("", owner, "there") or item.role in ("have", "given", "") or owner in ("", "there", "it"):
            continue
        if item.actor in ("he", "she", "they", "it") and owner not in ("i", "we"):
            continue
        if item.actor == "i" and owner == "we" or item.actor == "we" and owner == "i":
            continue
        ours = (
            (owner in ("i", "we"), owner.startswith("my ")),
            (item.actor in ("i", "we"), item.actor.startswith("my ")),
        )
        if item.role == "loss" and any(ours[0]) and any(ours[1]) and not (ours[0][1] and ours[1][1]):
            continue
        return False
    return True


def _amount(expression: str) -> float:
    value = calculate(expression)
    return float(value) if isinstance(value, int | float) else 0.0


def _is_told(unit: str, parts: Parts) -> bool:
    """Whether the story says what is counted, when its numbers do not: it is not what the question calls it."""
    told = " ".join(parts.clauses)
    return unit == "money" or any(unit_of(word) == unit for word in re.findall(r"[a-z]+", told))


_ASKED_ABOUT = re.compile(
    r"\b(?:does|did|do|has|have|will|can|must|should|would|had)(?: (?:my|his|her|their|our|the|a))? ([a-z]+)\b"
)
_ANYBODY = frozenset(
    "i we you he she they it there left each be have need take pay get in one all remaining still now cost make come me us them this everyone everybody to".split()
)


def _is_theirs(first: Quantity, question: Question) -> bool:
    """Whether the question is about the one who had the first quantity."""
    found = _ASKED_ABOUT.search(question.words)
    if not found or found[1] in _ANYBODY or first.actor in ("", "there", "it"):
        return True
    return found[1] == first.actor.split()[-1]


def _role_here(quantity: Quantity, unit: str, roles: dict[str, str]) -> str:
    """What a role means for what is counted: who buys has more things, and less money."""
    money = unit == "money"
    here = {**roles, "buy": "cost" if money else "gain"} if money else {**roles, "buy": "gain", "given": "gain"}
    return here.get(quantity.role, quantity.role)


def _lost(items: list[Quantity], losses: list[Quantity], unit: str) -> list[Result]:
    """How many were sold, when nothing but that is told."""
    asked_for = len(items) == len(losses) and len({q.role for q in losses}) == 1
    return [_signed(losses, [], unit)] if asked_for else []


def _signed(plus: Sequence[Quantity], minus: Sequence[Quantity], unit: str) -> Result:
    return Result(" - ".join([" + ".join(q.value for q in plus), *(q.value for q in minus)]), unit)


def _with_percent(items: list[Quantity], percents: list[Quantity], parts: Parts, question: Question) -> list[Result]:
    """One price with a discount, a tax or a tip; or a share of what is there that goes, or stays."""
    if len(items) != 1 or len(percents) != 1:
        return []
    whole, percent = items[0], f"{percents[0].value} / 100"
    around = re.sub(r"\s+", " ", parts.text)
    if question.unit == "money" and whole.unit in ("money", ""):
        if re.search(r"%\d+ (?:off|discount|reduction|rebate|less|cheaper)|(?:discount|reduction) (?:of )?%", around):
            return [Result(f"{_grouped(whole.value)} * (1 - {percent})", "money")]
        if re.search(
            r"(?:plus|add|with|and) (?:a )?%\d+ (?:vat|tax|tip|service)|%\d+ (?:vat|tax|tip|service)[a-z ]* (?:added|on top|extra)",
            around,
        ):
            return [Result(f"{_grouped(whole.value)} * (1 + {percent})", "money")]
        return []
    if question.kind == "left" and percents[0].role == "loss" and question.unit in (whole.unit, ""):
        return [Result(f"{_grouped(whole.value)} * (1 - {percent})", whole.unit)]
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
    whole, part = _grouped(total.value), _grouped(rate.value)
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
    whole = _grouped(total.value)
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


def _grouped(expression: str) -> str:
    return f"({expression})" if re.search(r" [-+*/] ", expression) else expression


def _evenly(total: str, part: str) -> bool:
    """Whether a total can be divided without a rest."""
    left = _amount(f"({total}) / ({part})")
    return abs(left - round(left)) < 1e-9
