"""Arithmetic in words, when a goal is nothing else: "20% off $59.90", "take 15 away from 60", "half of 250".

Every figure becomes an atom, and each rule makes one atom of a few, until one is left. What is left beside it has to be
courtesy: so every number and every operator is used exactly once, or the goal is not read as arithmetic at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .numerals import in_figures

_FIGURE = re.compile(r"\d+(?:[.,\s]\d{3})*(?:[.,]\d+)?|\.\d+")
_MONEY = re.compile(
    r"[$£€¥]|\b(?:dollars?|bucks|quid|euros?|eur|usd|gbp|pln|zł|cents?|pence|chf|yen|rupees?|pounds? sterling)\b|(?<=\d)\s?(?:p|c)\b"
)
_FRACTIONS = {
    "half": "1 / 2", "halves": "1 / 2", "third": "1 / 3", "thirds": "1 / 3", "quarter": "1 / 4", "quarters": "1 / 4",
    "fourth": "1 / 4", "fifth": "1 / 5", "fifths": "1 / 5", "eighth": "1 / 8", "tenth": "1 / 10", "tenths": "1 / 10",
}  # fmt: skip
_FORM = re.compile(
    r"\b(?:(?:just|only) the (?:number|figure|result|answer)|in (?:figures|digits)|no (?:steps|words|explanations?))\b"
)
_PEOPLE = (
    r"(?:(?:\s+(?:equal|the|other))*\s+(?:people|persons?|friends?|of us|of them|ways?|parts?|shares?|kids|children|"
    r"groups?|colleagues|guests|months?|days?|weeks?|equal parts))?"
)
_ASKING = re.compile(
    r"(?:(?:hi|hello|hey|ok|okay|so|and|now|please|pls|quick(?:ly)?|just|kindly|thanks?|thank you|the|a|me|us|to|for|is|are|"
    r"be|it|that|this|can|could|would|will|you|i|we|want|need|like|know|tell|give|say|show|work|figure|find|out|solve|"
    r"calculate|compute|evaluate|calc|which|one|do|math|maths|sum|what|whats|how|much|many|does|make|makes|get|equals?|result|"
    r"answer|value|total|price|cost|pay|i'd|what's|in all|altogether|number|only|exactly|think|help|with|my|final|of)\b"
    r"|[\s,.;:!?=])*",
)
_PERCENT = r"(?:%|per ?cent)"
_ATOM = r"#(\d+)"
_LIST = r"((?:#\d+)(?:\s*(?:,\s*(?:and\s+)?|and\s+|&\s*)\s*#\d+)+)"


def expression_of(goal: str) -> str:
    """The expression that a goal in words asks for, as `tools.arithmetic.calculate` takes it; "" when it asks for
    anything else besides."""
    text = _plain(goal)
    atoms: list[str] = []

    def atom(expression: str) -> str:
        atoms.append(expression)
        return f" #{len(atoms) - 1} "

    continental = bool(re.search(r"\d,\d{1,2}(?!\d)", text)) and not re.search(r"\d\.\d{1,2}(?!\d)", text)
    text = _FIGURE.sub(lambda found: atom(_value(found.group(), continental)), text)
    if not atoms:
        return ""
    while True:
        shorter = _reduced(_closed(text), atoms, atom)
        if shorter is None:
            break
        text = shorter
    left = re.fullmatch(rf"({_ASKING.pattern}){_ATOM}({_ASKING.pattern})", text.strip())
    if not left or re.fullmatch(r"[\d.]+", atoms[int(left[2])]):
        return ""
    return _bare(atoms[int(left[2])])


def _closed(text: str) -> str:
    """With single spaces, and none before a mark."""
    return re.sub(r"\s+([,.;:?!])", r"\1", " ".join(text.split()))


def _plain(goal: str) -> str:
    text = goal.lower().replace("’", "'").replace("−", "-").replace("–", "-").replace("×", "*").replace("÷", "/")
    text = _FORM.sub(" ", text.replace("`", " "))
    text = in_figures(re.sub(r"\ban? (half|third|quarter|fifth|tenth|eighth)\b", r"\1", text))
    return _MONEY.sub(" ", text)


def _value(figure: str, continental: bool) -> str:
    """A figure as Python writes it. With both marks the last one is the decimal mark; a comma before three digits
    separates thousands, unless the goal writes its decimals with commas."""
    figure = figure.replace(" ", "").replace("\u00a0", "")
    comma, dot = figure.rfind(","), figure.rfind(".")
    if comma > dot >= 0:
        return figure.replace(".", "").replace(",", ".")
    if comma >= 0 and dot < 0:
        thousands = re.fullmatch(r"\d{1,3}(?:,\d{3})+", figure) and not continental
        return figure.replace(",", "" if thousands else ".")
    if dot >= 0 and comma < 0 and continental and re.fullmatch(r"\d{1,3}(?:\.\d{3})+", figure):
        return figure.replace(".", "")
    return figure.replace(",", "")


Make = Callable[[Sequence[str]], str]


def _rule(pattern: str, make: Make) -> tuple[re.Pattern[str], Make]:
    return re.compile(pattern.replace("#", _ATOM).replace("LIST", _LIST)), make


def _of_list(function: str) -> Make:
    return lambda found: f"{function}({', '.join(found)})"


# Each makes one atom of what it matches, the first one first; "#" is an atom, LIST several. These bind before signs:
# "20 - 5%" is no "20 - 5".
_TIGHT = (
    _rule(rf"\bwhat {_PERCENT}(?:age)? of # (?:is|are|makes?) #", lambda a: f"{a[1]} / {a[0]} * 100"),
    _rule(rf"\bwhat {_PERCENT}(?:age)? (?:is|are) # (?:out )?of #", lambda a: f"{a[0]} / {a[1]} * 100"),
    _rule(rf"# (?:is|as|in|are) (?:a |what |which )*{_PERCENT}(?:age)? of #", lambda a: f"{a[0]} / {a[1]} * 100"),
    _rule(rf"# ?{_PERCENT} (?:off|discount|reduction|reduced)(?: (?:of|on|from|off|the|price|list|a))* #", lambda a: f"{a[1]} * (1 - {a[0]} / 100)"),
    _rule(rf"#,? (?:with |at |less |minus |after |and |reduced by |but |now |a |an )*# ?{_PERCENT} (?:off|discount|reduction)", lambda a: f"{a[0]} * (1 - {a[1]} / 100)"),
    _rule(rf"(?:take|knock) # ?{_PERCENT} off(?: of)? #", lambda a: f"{a[1]} * (1 - {a[0]} / 100)"),
    _rule(rf"# ?{_PERCENT} (?:more|higher) than #", lambda a: f"{a[1]} * (1 + {a[0]} / 100)"),
    _rule(rf"# ?{_PERCENT} (?:less|lower) than #", lambda a: f"{a[1]} * (1 - {a[0]} / 100)"),
    _rule(rf"(?:increase|raise|up|mark up|grow) # by # ?{_PERCENT}|# (?:increased|raised|plus|\+|with|and) # ?{_PERCENT}(?: (?:vat|tax|tip|on top|added|extra|interest))?", lambda a: f"{a[0]} * (1 + {a[1]} / 100)"),
    _rule(rf"(?:decrease|reduce|lower|cut) # by # ?{_PERCENT}|# (?:decreased by|reduced by|minus|-|less) # ?{_PERCENT}", lambda a: f"{a[0]} * (1 - {a[1]} / 100)"),
    _rule(rf"# ?{_PERCENT}(?: (?:vat|tax|tips?|gratuity|commission|interest))? (?:of|on|from|for) #", lambda a: f"{a[1]} * {a[0]} / 100"),
    _rule(r"(?:square root|sqrt|root)(?: of)? ?(?:#|\( ?# ?\))", lambda a: f"sqrt({a[0]})"),
    _rule(r"cube root of #", lambda a: f"{a[0]} ** (1 / 3)"),
    _rule(r"# squared", lambda a: f"{a[0]} ** 2"),
    _rule(r"# cubed", lambda a: f"{a[0]} ** 3"),
    _rule(r"# (?:raised )?to the (?:power of #|#(?:st|nd|rd|th)? power)", lambda a: f"{a[0]} ** {a[1]}"),
)  # fmt: skip
_LOOSE = (
    _rule(r"(?:the )?(?:average|mean)(?: value)? of LIST", _of_list("mean")),
    _rule(r"(?:the )?median of LIST", _of_list("median")),
    _rule(r"(?:the )?(?:sum|total) of LIST|add(?: up)?(?: together)? LIST(?: together| up)?|(?:what do )?LIST (?:add up to|together|in total)", _of_list("sum")),
    _rule(r"(?:the )?(?:biggest|largest|greatest|highest|maximum|max)(?: (?:one|number|value))?(?: of| among|:)? LIST", _of_list("max")),
    _rule(r"(?:the )?(?:smallest|lowest|least|minimum|min)(?: (?:one|number|value))?(?: of| among|:)? LIST", _of_list("min")),
    _rule(r"(?:the )?product of # and #|multiply # (?:by|with|and) #", lambda a: f"{a[0]} * {a[1]}"),
    _rule(r"(?:the )?difference (?:between|of) # and #", lambda a: f"abs({a[0]} - {a[1]})"),
    _rule(r"(?:the )?remainder (?:of|when)(?: you divide)? # (?:is |divided )*by #", lambda a: f"{a[0]} % {a[1]}"),
    _rule(r"(?:take|subtract|deduct|remove|knock)(?: away| off)? #(?: away| off)? (?:from|off(?: of)?) #", lambda a: f"{a[1]} - {a[0]}"),
    _rule(r"# (?:take away|subtract|less) #", lambda a: f"{a[0]} - {a[1]}"),
    _rule(r"add # (?:to|and|with|onto) #", lambda a: f"{a[0]} + {a[1]}"),
    _rule(rf"(?:divide|split|share|distribute) #(?: evenly| equally)? (?:between|among(?:st)?|by|into|in|over) #{_PEOPLE}", lambda a: f"{a[0]} / {a[1]}"),
    _rule(rf"#,? (?:and )?(?:is |to be |if )?(?:split|shared|divided)(?: it)?(?: evenly| equally)? (?:between|among(?:st)?|by|into|in|over) #{_PEOPLE}", lambda a: f"{a[0]} / {a[1]}"),
    _rule(r"(?:increase|raise) # by #", lambda a: f"{a[0]} + {a[1]}"),
    _rule(r"(?:decrease|reduce|lower) # by #", lambda a: f"{a[0]} - {a[1]}"),
    _rule(r"(?:double|twice)(?: of)? #", lambda a: f"2 * {a[0]}"),
    _rule(r"(?:triple|three times) #", lambda a: f"3 * {a[0]}"),
)  # fmt: skip
_INFIX = re.compile(r"\(?\s*-?\s*(?:\(\s*)*#\d+(?:\s*\))*(?:\s*(?:\*\*|//|[-+*/^]|\bx\b|\bplus\b|\bminus\b|\btimes\b|\bmultiplied by\b|\bdivided by\b|\bover\b|\bmod(?:ulo)?\b)\s*-?\s*(?:\(\s*)*#\d+(?:\s*\))*)+")  # fmt: skip
_AFTER_COMMA = re.compile(rf"({_ATOM}),(?: and)?(?: then)?(?= (?:plus|minus|times|multiplied by|divided by) #)")
_SPELLED = {
    "x": "*", "^": "**", "plus": "+", "minus": "-", "times": "*", "multiplied by": "*", "divided by": "/", "over": "/",
    "mod": "%", "modulo": "%",
}  # fmt: skip
_ROUND = re.compile(
    rf"(?:round(?:ed)? )?{_ATOM},? (?:round(?:ed)?(?: it| off)? )?(?:to|on) (?:{_ATOM} (?:decimals?(?: places?)?|places?|d\.?p\.?)|the nearest "
    rf"(whole number|integer|whole|dollar|euro|pound|quid|cent|penny|{_ATOM}))"
)
_PART_OF = re.compile(rf"(?:{_ATOM} )?({'|'.join(_FRACTIONS)})(?: (?:of|the))* {_ATOM}")
_FRACTION_OF = re.compile(rf"{_ATOM} of {_ATOM}")


def _reduced(text: str, atoms: list[str], atom: Callable[[str], str]) -> str | None:
    """The text with one thing made into an atom; None when nothing is left to do."""

    def put(found: re.Match[str], expression: str) -> str:
        return text[: found.start()] + atom(expression) + text[found.end() :]

    for pattern, make in _TIGHT:
        if found := pattern.search(text):
            return put(found, _inside(make(_given(found, atoms))))
    if found := _PART_OF.search(text):
        many, of = (atoms[int(found[1])] + " * " if found[1] else ""), _inside(atoms[int(found[3])])
        return put(found, f"{many}{_FRACTIONS[found[2]]} * {of}")
    if found := _INFIX.search(text):
        spelled = re.sub(r"[a-z^][a-z ^]*", lambda m: f" {_SPELLED.get(m.group().strip(), m.group())} ", found.group())
        spelled = re.sub(_ATOM, lambda m: _inside(atoms[int(m[1])]), spelled)
        if spelled.count("(") == spelled.count(")"):
            return put(found, f"({' '.join(spelled.split())})")
    if _AFTER_COMMA.search(text):  # "100 minus 20, times 2": what stands before the comma is done
        return _AFTER_COMMA.sub(r"\1", text)
    if (found := _FRACTION_OF.search(text)) and "/" in atoms[int(found[1])]:
        return put(found, f"{atoms[int(found[1])]} * {_inside(atoms[int(found[2])])}")
    for pattern, make in _LOOSE:
        if found := pattern.search(text):
            return put(found, _inside(make(_given(found, atoms))))
    if found := _ROUND.search(text):
        places = {"cent": "2", "penny": "2"}.get(found[3] or "", "0")
        if found[4]:
            to = atoms[int(found[4])]
            rounded = f"round({atoms[int(found[1])]} / {to}) * {to}"
        else:
            rounded = f"round({_bare(atoms[int(found[1])])}, {atoms[int(found[2])] if found[2] else places})"
        return put(found, rounded)
    return None


def _given(found: re.Match[str], atoms: list[str]) -> list[str]:
    """The expressions of the atoms in a match, in order, each fit to stand in another one."""
    return [_inside(atoms[int(number)]) for number in re.findall(r"#(\d+)", found.group())]


def _inside(expression: str) -> str:
    """In brackets, where it is more than a number or a call."""
    whole = re.fullmatch(r"[\d.]+|\w+\([^()]*\)", expression) or _is_bracketed(expression)
    return expression if whole else f"({expression})"


def _bare(expression: str) -> str:
    return expression[1:-1] if _is_bracketed(expression) else expression


def _is_bracketed(expression: str) -> bool:
    """Whether one pair of brackets holds all of it."""
    depth = 0
    for place, sign in enumerate(expression):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0 and place < len(expression) - 1:
            return False
    return expression.startswith("(")
