"""Reading a goal: what is quoted, what is arithmetic, and which clauses ask for what.

Quoted text is taken out before anything else is read: it is an argument and never an instruction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ....tools.languages import english_names
from .clauses import FILE_NAME, MARK, SENTENCE, Clause, split
from .numerals import in_figures
from .words import OPERATORS, SHORT_FORMS, VERBS

_QUOTES = re.compile(
    r"“([^”]+)”|„([^“”]+)[“”]|«\s*([^»]+?)\s*»|\"([^\"]+)\"|(?<!\w)'((?:[^']|(?<=\w)'(?=\w))+)'(?!\w)|`([^`]+)`",
    re.DOTALL,
)
_COLON = re.compile(
    r"(?<!to)(?<!please)(?<!tasks)(?<!steps)(?<!things)(?<!following)(?<!order):\s+(?!\(?1[.)])(?=\S)(.+)\Z",
    re.DOTALL | re.IGNORECASE,
)
# A sentence may end inside of quotes: 'It rains.' Please …
_ENDED = re.compile(
    r"(⟦\d+⟧)\s+(?=(?:I|We|Please|Can|Could|My|Then|After|Finally|Also|The|Next|What|How|Now|It|This|First)\b)"
)
# A question about files behind a colon is what is asked for, and no text to work on; what leads to it says no more.
_QUESTION = re.compile(
    r"(?:(?:compare|look at|see|check|consider)\b[^:]*)?:\s+"
    r"(?=(?:are there|how many|which (?:one|photo|picture|image)|does the)\b.*\?\s*\Z)",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_SIGN = r"(?:\*\*|//|[-+*/×÷−^%]|[<>]=?|==)"
_ARITHMETIC = re.compile(rf"\(*\s*-?\s*\(*{_NUMBER}\)*(?:\s*{_SIGN}\s*\(*-?\s*{_NUMBER}\)*)+")
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "1st": 0, "2nd": 1, "3rd": 2}
_COUNTED = re.compile(
    r"\b(?:how many|count(?:ing)?|number of|amount of|more|most|fewer|fewest|less)\s+(?:up\s+)?(?:of\s+)?(?:all\s+)?"
    r"(?:the\s+|these\s+|those\s+)?"
    r"(?:different\s+|separate\s+|single\s+)?([a-z][a-z-]*(?:\s+[a-z][a-z-]*){0,2})",
    re.IGNORECASE,
)
_FOUND = re.compile(
    r"\b(?:find|locate|detect|spot|mark|highlight|outline|point out|box(?:es)? (?:around|round)|where (?:is|are))\s+"
    r"(?:me\s+)?(?:out\s+)?(?:all\s+|every\s+|each\s+|any\s+)?(?:of\s+)?(?:the\s+|these\s+|those\s+|a\s+|an\s+)?"
    r"([a-z][a-z-]*(?:\s+[a-z][a-z-]*){0,2})",
    re.IGNORECASE,
)
_TEXT_WORDS = frozenset(
    "text sentence passage review article following this these those line goes says reads one is are to paragraph poem "
    "question prompt words about following email comment message tweet effect sound".split()
)
_STOP = frozenset(
    "in on at of are is there were was can do does do you i we from inside within and or that this the for with please "
    "here have has lie lies show shows appear appears visible than items things objects ones".split()
)
_CHOICE = re.compile(r"\b(?:an?|the)\s+(?:\w+\s+)?([a-z]+),?\s+or\s+(?:an?|the|rather an?)\s+[a-z]+", re.IGNORECASE)
_RECOGNISED = re.compile(
    r"\b(?:which|what)\s+(?:(?:kind|sort|type|class|breed|species)\s+of\s+)?(?:handwritten\s+|written\s+)?"
    r"([a-z]+)\s+(?:is|are|was|do|does|can)\b"
    r"|\b(?:which|what)\s+(?:kind|sort|type|class|breed|species)\s+of\s+([a-z]+)"
    r"|\b(?:picture|photo|image|drawing)s?\s+of\s+(?:an?\s+|the\s+|some\s+)?([a-z]+)"
    r"|\b(?:this|these|those|the|each|every)\s+(?:one\s+|two\s+|three\s+|four\s+|five\s+|handwritten\s+|"
    r"written\s+)*([a-z]+)\b",
    re.IGNORECASE,
)
_VAGUE = frozenset(
    "picture pictures photo photos image images scan drawing file files kind class label it this that them these "
    "sum total difference product average number numbers value meaning name "
    "those one ones sort type handwritten object objects thing things content category result answer file".split()
)
_REGION = re.compile(
    r"\b(?:(top|upper|bottom|lower)[\s-]+)?(left|right|top|upper|bottom|lower)(?:[\s-]+hand)?[\s-]+"
    r"(half|third|quarter|corner|side|part)\b",
    re.IGNORECASE,
)


_SHORT = re.compile(rf"\b(?:{'|'.join(SHORT_FORMS)})\b(?!['’.])", re.IGNORECASE)
_PERCENT_OF = re.compile(rf"({_NUMBER})\s*(?:%|percent|per cent)\s+of\s+(?=[-(]?\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """A goal taken apart: its clauses in order, all quotes, and its arithmetic as an expression (or "")."""

    goal: str
    clauses: tuple[Clause, ...]
    quotes: tuple[str, ...] = ()
    arithmetic: str = ""


def read(goal: str) -> Reading:
    """Take a goal apart."""
    asked = _QUESTION.sub(" ", goal.strip()).strip()
    text, quotes = _take_quotes(asked if "\n" in asked else " ".join(asked.split()))
    text = _SHORT.sub(lambda found: SHORT_FORMS[found.group().lower()], text)
    spelled = spell_operators(MARK.sub(" ", text))
    found = _ARITHMETIC.search(spelled)
    clauses = tuple(
        Clause(part, tuple(quotes[int(n)] for n in MARK.findall(part)), asks, question)
        for part, asks, question in split(text)
    )
    return Reading(goal, clauses, tuple(quotes), found.group().strip() if found else "")


def _take_quotes(text: str) -> tuple[str, list[str]]:
    quotes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        quoted = next(group for group in match.groups() if group is not None).strip()
        if FILE_NAME.fullmatch(quoted):
            return f" {quoted} "
        quotes.append(quoted)
        return f" ⟦{len(quotes) - 1}⟧ "

    text = _ENDED.sub(r"\1. ", _QUOTES.sub(keep, text))
    colon = _COLON.search(text) if not quotes else None
    if colon and not _ARITHMETIC.search(colon.group(1)) and not FILE_NAME.match(colon.group(1)) and _leads(text, colon):
        text = _COLON.sub(keep, text)
    return text, quotes


def _leads(text: str, colon: re.Match[str]) -> bool:
    """True when what stands before a colon asks for something or names a text, and is more than a heading."""
    before = SENTENCE.split(text[: colon.start()])[-1]
    words = {word.lower() for word in re.findall(r"[A-Za-z]+", before)}
    return bool(words & VERBS or words & _TEXT_WORDS) and not re.match(r"\s*[-*•]", colon.group(1))


def spell_operators(text: str) -> str:
    """ "17 times twenty-three plus 4" becomes "17 * 23 + 4"; words that stand between no numbers stay words."""
    if any(re.search(rf"\b(?:{words})\b", text, re.IGNORECASE) for words, _ in OPERATORS):
        text = in_figures(text)
    for words, sign in OPERATORS:
        text = re.sub(rf"(?<=[\d)])\s*\b(?:{words})\b\s*(?=[-(]?\d)", f" {sign} ", text, flags=re.IGNORECASE)
    text = _PERCENT_OF.sub(r"\1 / 100 * ", text)
    return re.sub(r"(?<=\d)\s*x\s*(?=\d)", " * ", text)


def counted_noun(text: str) -> str:
    """What is to be counted: "coins" in "how many coins are there"; "" when nothing is."""
    return _noun_after(_COUNTED, text)


def found_noun(text: str) -> str:
    """What is to be found in a picture: "cars" in "find all cars", or what is to be counted; "" when nothing is."""
    nouns = (noun for noun in (_noun_after(_FOUND, text), counted_noun(text)) if noun.split(" ")[0] not in _VAGUE)
    return next((noun for noun in nouns if noun), "")


def _noun_after(pattern: re.Pattern[str], text: str) -> str:
    for found in pattern.finditer(text):
        words = []
        for word in found.group(1).split():
            if word.lower() in _STOP:
                break
            words.append(word.lower())
        if words:
            return " ".join(words)
    return ""


def recognised_noun(text: str) -> str:
    """What kind of thing is to be recognised: "flower" in "what kind of flower is this"; "" when none is named."""
    if choice := _CHOICE.search(text):
        return choice.group(1).lower()
    found = _RECOGNISED.search(text)
    word = next(group for group in found.groups() if group).lower() if found else ""
    return "" if word in _STOP or word in _VAGUE else word


def region(text: str) -> str:
    """A named part of a picture, such as "left half" or "top right corner"; "" when none is named."""
    found = _REGION.search(text)
    return " ".join(found.group().lower().replace("-", " ").split()) if found else ""


def ordinals(text: str) -> list[int]:
    """The places named by ordinals, from 0: [0, 1] for "the first … than in the second"."""
    return [_ORDINALS[word] for word in re.findall(r"\w+", text.lower()) if word in _ORDINALS]


def language(text: str, after: str = r"\b(?:in|into|to)\s+") -> str:
    """The code of a language named in the text, behind "into" or "in" by default; "" when none is."""
    for name, code in english_names().items():
        if re.search(rf"{after}(?:the\s+)?{name}\b", text, re.IGNORECASE):
            return code
    return ""
