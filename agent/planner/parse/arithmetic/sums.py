"""Arithmetic in words, when a goal is nothing else: "20% off $59.90", "take 12 off 80, then halve it", "half of 250".

Every figure becomes an atom, and each rule makes one atom of a few, until one is left; what follows ("then halve it")
goes on with that one. What is left beside it has to be courtesy, or a story without quantities: so every number and
every operator is used exactly once, or the goal is not read as arithmetic at all.
"""

from __future__ import annotations

import math
import re

from .....errors import ToolInputError
from .....tools.arithmetic import calculate
from .sum_chains import SPLIT, carried
from .sum_lists import asked
from .sum_reading import Atoms, bare, single, spare
from .sum_rounding import rounding
from .sum_rules import PEOPLE
from .sum_words import doubtful, plain, read_as, with_atoms, without_currency, without_unit

MAX_CHARS = 2_000  # nobody says a longer sum, and patterns take their time
_WHOLE_TIMES = re.compile(
    r"(?:how (?:many times|often) (?:does|do|will|can|would) #(\d+) (?:go|goes|fit|fits)(?: in| into| inside)+ #(\d+)|#(\d+) (?:divided by|/|by|over) #(\d+)(?=,? (?:and |with )?(?:a |the |what )?(?:remainder|rest|what's left|what is left)))"
    r"[ ,.;?]*(?:and |with |then )*(?:what|the|how much|how many|a|is|'s|are|would|be|remains?|remainder|left|over|rest|whats|what's|[ ?])+"
)
_FRACTION = re.compile(
    r"[,;]? *(?:(?:given|written|expressed|shown|answer|result|simplified) )*(?:as|in|into|to) (?:a )?(?:(?:simple|common|proper|reduced|simplified|single|exact) )*fraction(?: form)?|[,;]? *in (?:its )?(?:lowest|simplest) (?:terms|form)|\bsimplify\b"
)
_EACH = re.compile(
    r"[,;.?!]* *(?:so )?(?:and )?(?:(?:what|how much)(?:'s| is| does| do| will| would| must| should| has)?(?: it| the share)? )?(?:for |per |to )?(?:each|everyone|everybody|person|head|apiece)\b(?: (?:person|one|of us|of them|friend|guest|has|have|to|pays?|owes?|gets?|got|put in|chip in))*"
)
_DATE = re.compile(r"\b(?:\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{4})\b|\b\d{1,2}:\d\d\b")
_YES_OR_NO = re.compile(r"(?:^|[,.;!?:] *(?:and |so )?)(?:is|are|does|do|was) [(-]*[#%]\d")
_COMPARED = r"(bigger|larger|greater|more|higher|smaller|less|lower|fewer|cheaper)"
_RAISING = ("bigger", "larger", "greater", "more", "higher")
_BETWEEN = (
    re.compile(rf"^(?:.*?\b)?(?:which|what)(?: one| number| of these| of the two| fraction)?(?: is|'s| are)?(?: the)? {_COMPARED}(?: one| number)?[,:;?-]* (?:is it )?(.+?)[,;]? (?:or|vs\.?|versus|and) (.+?)[\s?.!]*$"),
    re.compile(rf"^(?:is )?{_COMPARED}[,:;?-]+ (.+?)[,;]? (?:or|vs\.?|versus|and) (.+?)[\s?.!]*$"),
    re.compile(rf"^(.+?)[,;]? (?:or|vs\.?|versus|and) (.+?)[\s,;:?.!-]+(?:which|what)(?: one| number| of these| of the two)?(?: is|'s| are)?(?: the)? {_COMPARED}(?: one)?[\s?.!]*$"),
    re.compile(rf"^(?:.*[,.;!:] )?(?:is|are) (.+?) (?:really )?{_COMPARED} than (.+?)[\s?.!]*$"),
)  # fmt: skip


def expression_of(goal: str) -> str:
    """The expression that a goal in words asks for, as `tools.arithmetic.calculate` takes it; "" when it asks for
    anything else besides, or for several things."""
    expressions = expressions_of(goal)
    return expressions[0][1] if len(expressions) == 1 else ""


_SAVING = re.compile(
    r"\b(?:how much|wh?at|wot)\b[^.?!]{0,25}\b(?:saved?|saving|(?:comes?|taken|knocked) off|(?:is|was) the discount)\b(?! (?:price|cost)\b)",
    re.IGNORECASE,
)


def expressions_of(goal: str) -> list[tuple[str, str]]:
    """What a goal asks for, each with its expression: [("mean", "mean(3, 9, 4)"), ("median", "median(3, 9, 4)")];
    ("result", …) where it has no name of its own. Nothing, when the goal asks for anything else besides."""
    whole = plain(goal) if len(goal) <= MAX_CHARS else ""
    text = without_currency(whole)
    if not text or _DATE.search(whole):
        return []
    atoms = Atoms()
    text, written = with_atoms(text, whole, atoms)
    text = without_unit(text)
    if not atoms or re.search(r"(?<![#%\d])\d", text) or _YES_OR_NO.search(text):
        return []
    if both := _with_remainder(text, atoms):
        return both
    fraction = _FRACTION.search(text)
    text = _FRACTION.sub(" ", text)
    named = _of_list(text, atoms, written) or [("result", _chained(text, atoms))]
    named = [(name, f"fraction({bare(made)})" if fraction and made else made) for name, made in named]
    if asks_saving(goal) and any("(1 - " in made for _, made in named):
        return []  # what comes off is asked, and not what is left
    return [] if any(re.fullmatch(r"-?[\d.]*", made) for _, made in named) else named


def asks_saving(goal: str) -> bool:
    """Whether it is asked how much comes off: "30 % off 45, how much do I save?"."""
    return _SAVING.search(goal) is not None


def ambiguity_of(goal: str) -> str:
    """One sentence on how a number was read that reads both ways, such as 1.250; "" when there is none, or when
    something else in the goal decides."""
    both = doubtful(plain(goal))
    if not both:
        return ""
    read = " and ".join(f"{figure} as {read_as(figure)}" for figure in dict.fromkeys(both))
    instead = " and ".join(
        figure.rstrip("0") if figure.endswith("0") else f"{figure}0" for figure in dict.fromkeys(both)
    )
    return f"I read {read}; write {instead} if the dot marks decimals."


def comparison_of(goal: str) -> str:
    """Which of two numbers, or results, is the bigger or smaller one: "7/9 is bigger: 0.7778 against 0.77"; "" when a
    goal asks for anything else."""
    text = re.sub(r"\s+", " ", goal.strip())
    for pattern in _BETWEEN:
        found = pattern.match(text.lower())
        if not found:
            continue
        spans = [found.span(n) for n in (1, 2, 3) if not re.fullmatch(_COMPARED, found[n])]
        by = next(part for part in found.groups() if re.fullmatch(_COMPARED, part))
        shown = [text[start:end].strip(" ,;:?") for start, end in spans]
        values = [_number(side) for side in shown]
        if None not in values:
            return _told(shown, [v for v in values if v is not None], by)
    return ""


def _with_remainder(text: str, atoms: Atoms) -> list[tuple[str, str]]:
    found = _WHOLE_TIMES.search(text)
    if not found or not re.search(r"left|remain|rest|over", found.group()) or len(atoms) != 2:
        return []
    if not spare(text[: found.start()]) or not spare(text[found.end() :]):
        return []
    part, whole = (found[1], found[2]) if found[1] else (found[4], found[3])
    part, whole = atoms[int(part)], atoms[int(whole)]
    return [("whole times", f"{whole} // {part}"), ("remainder", f"{whole} % {part}")]


def _of_list(text: str, atoms: Atoms, written: list[str]) -> list[tuple[str, str]]:
    """What is asked of a list and nothing else, rounded where that is asked, too."""
    clause, wrap = rounding(text, atoms)
    asks, left = asked(clause, atoms, written)
    if not asks or not spare(left):
        return []
    return [(name, wrap(expression) if wrap else expression) for name, expression in asks]


def _chained(text: str, atoms: Atoms) -> str:
    """The expression of clauses that go on from each other; "" when one of them does not."""
    if re.search(rf"\b(?:split|shared?|divided?|between|among|ways)\b|#\d+{PEOPLE}", text):
        text = _EACH.sub(" ", text)
    if whole := _clause(text, "", atoms):
        return bare(atoms[int(whole[1:])])
    atom, pending, cut = "", "", 0
    for place in [*(found.start() for found in SPLIT.finditer(text)), len(text)]:
        pending += text[cut:place]
        cut = place
        if next_ := _clause(pending, atom, atoms):
            atom, pending = next_, ""
    return bare(atoms[int(atom[1:])]) if atom and not pending else ""


def _clause(text: str, atom: str, atoms: Atoms) -> str:
    """The atom that a clause comes to, going on from the one before it, if there is one."""
    text, wrap = rounding(text, atoms)
    if atom:
        text = carried(text, atom) if text.strip(" ,;.") or not wrap else atom
        if not re.search(rf"{atom}(?!\d)", text):
            return ""
    made = single(text, atoms)
    if made and wrap:
        atoms.append(f"({wrap(bare(atoms[int(made[1:])]))})")
        return f"#{len(atoms) - 1}"
    return made


def _number(side: str) -> float | None:
    """What one side of a comparison comes to; None when it is no arithmetic."""
    expression = expression_of(side) or expression_of(f"{side} + 0")
    try:
        value = calculate(expression) if expression else None
    except ToolInputError:
        return None
    return None if isinstance(value, str) else value


def _told(shown: list[str], values: list[float], by: str) -> str:
    first, second = values
    if math.isclose(first, second, rel_tol=1e-12):
        return f"{shown[0]} and {shown[1]} are equal: {first:.10g}."
    wins = 0 if (first > second) == (by in _RAISING) else 1
    digits = next((n for n in range(4, 15) if round(first, n) != round(second, n)), 15)
    figures = [f"{round(value, digits):.15g}" for value in values]
    return f"{shown[wins]} is {by}: {figures[wins]} against {figures[1 - wins]}"
