"""One clause of arithmetic in words becomes one expression: each rule makes one atom of a few."""

from __future__ import annotations

import re

from .sum_rules import (
    ASKED,
    ASKING,
    ATOM,
    FRACTIONS,
    INFIX_WORD,
    LISTS,
    LOOSE,
    MATTERS,
    QUANTITIES,
    STORY,
    TIGHT,
    Percent,
    Rule,
    change,
)

_SIGNS = {
    "^": "**", "plus": "+", "minus": "-", "times": "*", "over": "/", "mod": "%", "modulo": "%",
    **{f"{word} {by}": sign for word, sign in (("multiplied", "*"), ("divided", "/")) for by in ("by", "with", "through")},
}  # fmt: skip
_SIGN = rf"(?:\*\*|//|[-+*/^%]|\b(?:{'|'.join(sorted((name for name in _SIGNS if name.isalpha() or ' ' in name), key=len, reverse=True))})\b)"
_TERM = r"(?:-\s*)?(?:\(\s*)*(?:-\s*)?#\d+(?!\d)(?:\s*\))*"
_INFIX = re.compile(rf"(?:\(\s*)?{_TERM}(?:\s*{_SIGN}\s*{_TERM})+(?! ?(?:st|nd|rd|th)\b)")
_NEGATIVE = re.compile(rf"(?:minus|negative|-) ?{ATOM}")
_PART = re.compile(
    rf"(?:{ATOM}[ -])?({'|'.join(FRACTIONS)})(?:(?P<off> off(?: of)?(?: the)?)? {ATOM}|(?: (?:of|from|the))* {ATOM})?(?![\w'])"
)
_PART_OF = re.compile(rf"{ATOM} (?:of|from)(?: the)? {ATOM}")
_EXCLAIMED = re.compile(r"[-+*/^] ?#\d+ ?!\s*$")  # "3 + 4!": a factorial, or joy?
# "divide 100 by 4 plus 1": what is divided by what?
_VERB_AND_SUM = re.compile(
    r"\b(?:divide|split|share|multiply)\b[^,;.()]*#\d+ ?(?:[-+]|plus|minus) ?#|\b(?:double|twice|triple|halve)\b[^,;.()]*#\d+ ?[-+*/] ?#"
)


class Atoms(list[str]):
    """The expressions of the atoms of a text, by their numbers."""

    def put(self, text: str, found: re.Match[str], expression: str) -> str:
        """The text with an atom of the expression in the place of what was found."""
        self.append(inside(expression))
        return _closed(f"{text[: found.start()]} #{len(self) - 1} {text[found.end() :]}")


def reduced(text: str, atoms: Atoms) -> str | None:
    """The text made as short as the rules can; None where a list is followed by a sign, as in "the mean of 3 and 4
    times 2", which reads two ways."""
    text = _closed(text)
    while True:
        if _undecided(text) or (text.count("!") == 1 and _EXCLAIMED.search(text) and not _has_factorial(atoms)):
            return None
        shorter = next((made for way in _WAYS if (made := way(text, atoms)) is not None), None)
        if shorter is None:
            return text
        text = shorter


def single(text: str, atoms: Atoms) -> str:
    """The one atom ("#7") that a text comes to, when all beside it is courtesy or story; "" otherwise."""
    short = reduced(text, atoms)
    found = re.findall(r"[#%]\d+", short or "")
    if len(found) != 1 or found[0].startswith("%"):
        return ""
    before, after = (short or "").split(found[0])
    return found[0] if spare(before) and spare(after) else ""


def spare(text: str) -> bool:
    """Whether a text holds nothing that would have to be reckoned with, or done."""
    pieces = (piece.strip() for piece in re.split(r"[.,;:!?]+", text))
    return all(ASKING.fullmatch(piece) or _is_story(piece) for piece in pieces)


def bare(expression: str) -> str:
    """Without the pair of brackets that holds all of it."""
    return expression[1:-1] if _is_bracketed(expression) else expression


def inside(expression: str) -> str:
    """In brackets, where it is more than a number or a call."""
    whole = re.fullmatch(r"[\d.]+|\w+\([^()]*\)", expression) or _is_bracketed(expression)
    return expression if whole else f"({expression})"


def _is_story(piece: str) -> bool:
    if QUANTITIES.search(piece) or not STORY.fullmatch(piece):
        return False
    asked = list(ASKED.finditer(piece))
    return not asked or bool(ASKING.fullmatch(piece[asked[-1].end() :]))


def _undecided(text: str) -> bool:
    if _VERB_AND_SUM.search(text):
        return True
    for pattern, _ in LISTS:
        found = pattern.search(text)
        if found and re.match(rf"\s*{INFIX_WORD}", text[found.end() :]):
            additive = re.match(r"\s*(?:[-+]|plus|minus)", text[found.end() :])
            if not (additive and re.match(r"(?:the )?(?:sum|total|product|quotient|add|multiply)", found.group())):
                return True
    return False


def _by(rules: tuple[Rule, ...], text: str, atoms: Atoms) -> str | None:
    for pattern, make in rules:
        found = pattern.search(text)
        if not found or any(MATTERS.search(words) for words in found.groups() if words and words[0].isalpha()):
            continue
        given = _given(found, atoms)
        return atoms.put(text, found, make(given) or change(text, given))
    return None


def _parts(text: str, atoms: Atoms) -> str | None:
    """ "three eighths", "two thirds of 90", "half of 250"."""
    for found in _PART.finditer(text):
        many, name, of = found[1], found[2], found[4] or found[5]
        if not many and not of:
            continue  # "the third"
        part = f"{inside(atoms[int(many)]) if many else 1} / {FRACTIONS[name]}"
        if found["off"]:
            part = f"(1 - {part})"
        return atoms.put(text, found, f"{part} * {atoms[int(of)]}" if of else part)
    return None


def _infix(text: str, atoms: Atoms) -> str | None:
    for found in _INFIX.finditer(text):
        spelled = re.sub(
            _SIGN, lambda sign: f" {_SIGNS.get(' '.join(sign.group().split()), sign.group())} ", found.group()
        )
        spelled = re.sub(ATOM, lambda atom: inside(atoms[int(atom[1])]), spelled)
        if spelled.count("(") == spelled.count(")") and not _hangs(text, found):
            return atoms.put(text, found, " ".join(spelled.split()))
    return None


def _hangs(text: str, found: re.Match[str]) -> bool:
    """Whether the chain of signs goes on with what is no atom yet."""
    return bool(
        re.search(rf"{_SIGN}\s*\(*\s*$", text[: found.start()]) or re.match(rf"\s*\)*\s*{_SIGN}", text[found.end() :])
    )


def _brackets(text: str, atoms: Atoms) -> str | None:
    found = re.search(rf"\( ?{ATOM} ?\)", text)
    return atoms.put(text, found, atoms[int(found[1])]) if found else None


def _part_of_part(text: str, atoms: Atoms) -> str | None:
    """ "3/4 of 60": what is no fraction has no "of"."""
    found = _PART_OF.search(text)
    if not found or "/" not in atoms[int(found[1])]:
        return None
    return atoms.put(text, found, f"{atoms[int(found[1])]} * {atoms[int(found[2])]}")


def _factorial(text: str, atoms: Atoms) -> str | None:
    """ "7!": an exclamation mark at the end of more than that is none."""
    found = re.search(rf"{ATOM} ?!(?!=)", text)
    ends = found and text[found.end() :].strip(" ?.!") == "" and re.search(r"[#%]\d", text[: found.start()])
    if not found or (ends and text.count("!") == 1 and not _has_factorial(atoms)):
        return None
    return atoms.put(text, found, f"factorial({bare(atoms[int(found[1])])})")


def _negative(text: str, atoms: Atoms) -> str | None:
    found = re.match(rf"(?:{ASKING.pattern}){_NEGATIVE.pattern}", text)
    return atoms.put(text, found, f"-{atoms[int(found[1])]}") if found and "#" not in text[found.end() :] else None


_WAYS = (
    _brackets,
    _factorial,
    _parts,
    lambda text, atoms: _by(LISTS, text, atoms),
    lambda text, atoms: _by(TIGHT, text, atoms),
    _part_of_part,
    _infix,
    lambda text, atoms: _by(LOOSE, text, atoms),
)


def _given(found: re.Match[str], atoms: Atoms) -> list[str]:
    """The operands in a match, in order, each fit to stand in another expression."""
    operands = re.findall(r"([#%])(\d+)", found.group())
    return [Percent(atoms[int(n)]) if sign == "%" else inside(atoms[int(n)]) for sign, n in operands]


def _closed(text: str) -> str:
    """With single spaces, and none before a mark."""
    return re.sub(r"\s+([,.;:?!])", r"\1", " ".join(text.split()))


def _is_bracketed(expression: str) -> bool:
    """Whether one pair of brackets holds all of it."""
    depth = 0
    for place, sign in enumerate(expression):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0 and place < len(expression) - 1:
            return False
    return expression.startswith("(")


def _has_factorial(atoms: Atoms) -> bool:
    return any(made.startswith("factorial") for made in atoms)
