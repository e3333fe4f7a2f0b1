"""Every word that matters has its effect in the plan, or is named as not placed.

A plan is run only when nothing is left over: a number that is not reckoned with, a "% off" that became a sum, a part
of a picture that is not cut out, a language that nobody translates into. Telling somebody what was not understood is
worth more than an answer to another question. Each kind of word is a row of `ACCOUNTS`: what it looks like, and what
of the plan accounts for it; a kind that no step can do is accounted for by nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ....tools.languages import english_names
from ....tools.tasks import find_task
from ..parse.clauses import FILE_NAME, MARK, Clause
from ..parse.numerals import NUMBER_WORDS, in_figures
from ..parse.reading import Reading, language, region, spell_operators
from ..parse.wishes import Understanding
from ..parse.words import VERBS
from ..plan import Plan
from ..plan_step import Formula
from .draft import File

Placed = Callable[[re.Match[str], "Account"], bool]


@dataclass(frozen=True, slots=True)
class Kind:
    """A row: what such words look like, and whether the plan accounts for one of them."""

    name: str
    pattern: re.Pattern[str]
    placed: Placed


@dataclass(frozen=True)
class Account:
    """A goal beside its plan.

    Attributes:
        text: the goal without quotes, file names and handles.
        files: what came along.
        plan: what would be done.
    """

    text: str
    files: Sequence[File]
    plan: Plan
    quotes: int = 0

    @property
    def expressions(self) -> list[Any]:
        return [step.arguments["expression"] for step in self.plan.steps if "expression" in step.arguments]

    @property
    def signs(self) -> str:
        """What is reckoned, as one text."""
        return " ".join(f"{e.sign} {' '.join(e.of)}" if isinstance(e, Formula) else str(e) for e in self.expressions)

    @property
    def tallies(self) -> set[str]:
        """How many files, quotes, texts and steps there are: "the two photos", "these three sentences", "2 things"."""
        lists = [len(v) for step in self.plan.steps for v in step.arguments.values() if isinstance(v, list)]
        asked = sum(step.asked for step in self.plan.steps)
        return {str(n) for n in (0, 1, len(self.files), self.quotes, asked, *lists, *(n + 1 for n in lists))}

    def covers(self, words: str) -> bool:
        """Whether a step has seen to these words itself."""
        return any(words.strip() in step.covers for step in self.plan.steps)

    def does(self, *tasks: str) -> bool:
        return any(step.task in tasks for step in self.plan.steps)

    def values(self) -> Iterator[str]:
        """All that the steps are given, as texts."""
        for step in self.plan.steps:
            for value in step.arguments.values():
                of = value.of if isinstance(value, Formula) else value
                yield from map(str, of if isinstance(of, list | tuple) else [of])


def unplaced(
    reading: Reading, plan: Plan, files: Sequence[File] = (), understood: Understanding | None = None
) -> tuple[str, ...]:
    """The words of a goal that matter and have no effect in its plan, as they were written.

    Args:
        files: what came with it, in order.
        understood: how the learnt reader took it, when the plan was made of that: what it takes for story is no wish,
            but a plan that reckons has to use every number of the goal all the same.
    """
    text = reading.goal if understood is None or _reckons(plan) else _without_story(understood)
    account = Account(own_words(reading, text), files, plan, len(reading.quotes))
    found = [(match.start(), match.group().strip()) for kind in ACCOUNTS for match in kind.pattern.finditer(account.text)
             if not account.covers(match.group()) and not kind.placed(match, account)]  # fmt: skip
    left = list(dict.fromkeys(words for _, words in sorted(found)))
    left = [words for words in left if not any(words != other and words in other for other in left)]
    if understood is not None:
        doubted = [words for words in _doubted(reading, understood) if not _seen_to(words, reading, plan)]
        return (*left, *_unused(reading, account), *doubted)
    return (*left, *_unused(reading, account), *_strange_words(account), *_forgotten(reading, plan))


def _reckons(plan: Plan) -> bool:
    """Whether numbers of the goal itself are reckoned with."""
    return any(step.task == "calculate" for step in plan.steps)


def _without_story(understood: Understanding) -> str:
    """The sentences in which anything has a part, and questions, without what is said not to be wanted."""
    goal = list(understood.goal)
    for piece in understood.negated:
        goal[piece.start : piece.end] = " " * (piece.end - piece.start)
    kept, start = [], 0
    for end in [*(m.end() for m in re.finditer(r"[.!?](?:\s+|$)|\n+", understood.goal)), len(goal)]:
        asks = understood.goal[start:end].rstrip().endswith("?")
        if asks or any(piece.start < end and start < piece.end for piece in understood.pieces):
            kept.append("".join(goal[start:end]))
        start = end
    return " ".join(kept)


def _doubted(reading: Reading, understood: Understanding) -> Iterator[str]:
    """Clauses that may ask for something, in which the reader found no wish and is not sure of that."""
    for clause in reading.clauses:
        plain = clause.plain
        known = any(piece.text in plain or plain in piece.text for piece in understood.pieces)
        doubt = any(piece.text in plain for piece in understood.doubtful)
        if clause.asks and not known and doubt and not _COURTESY.match(plain) and _wants(clause):
            yield clause.full


def _seen_to(words: str, reading: Reading, plan: Plan) -> bool:
    """Whether a step says that these words of the goal are its own; a step that is about all of the goal names none."""
    return any(words in step.covers and step.covers != reading.goal for step in plan.steps)


def own_words(reading: Reading, text: str = "") -> str:
    """The goal, or a part of it, without quotes, file names and handles."""
    text = text or reading.goal
    for quote in reading.quotes:
        text = text.replace(quote, " ")
    text = MARK.sub(" ", FILE_NAME.sub(" ", text))
    return re.sub(r"\b(?:image|audio|video|table|text|result)-\d+\b|https?://\S+", " ", text)


def _unused(reading: Reading, account: Account) -> Iterator[str]:
    """Quotes that no step is given, and files that no step takes: those that the goal names, and all of one kind."""
    given = list(account.values())
    for quote in reading.quotes:
        if not any(quote.strip() in value or (value and value in quote) for value in given):
            yield quote
    named = [found.group() for found in FILE_NAME.finditer(reading.goal)]
    there = {file.name.lower() for file in account.files}
    if len(named) > len(account.files) > 0:  # one of them did not come along
        yield from (name for name in named if name.lower() not in there)
    used = {file.kind for file in account.files if file.handle in given}
    for file in account.files:
        if not file.name or file.handle in given or account.covers(file.name):
            continue
        if file.name in reading.goal or (used and file.kind not in used):  # "the coins and what I say": both came
            yield file.name


# What accounts for a number


_FIGURE = r"\d+(?:[.,]\d+)*"


def _number(match: re.Match[str], account: Account) -> bool:
    figure = match.group().replace(",", "")
    given = (re.findall(_FIGURE, in_figures(value)) for value in account.values())
    return figure in {one.replace(",", "") for found in given for one in found} or figure in account.tallies


def _number_word(match: re.Match[str], account: Account) -> bool:
    """In words: among what the steps are given, or how many files there are ("the two photos")."""
    given = {figure for value in account.values() for figure in re.findall(_FIGURE, in_figures(value))}
    figures = re.findall(_FIGURE, in_figures(match.group()))
    return all(figure in given or figure in account.tallies for figure in figures)


def _signed(*signs: str) -> Placed:
    return lambda match, account: any(sign in account.signs for sign in signs)


def _never(match: re.Match[str], account: Account) -> bool:
    return False


def _cut_out(match: re.Match[str], account: Account) -> bool:
    places = [str(step.arguments.get("region", "")) for step in account.plan.steps if step.task == "crop"]
    return region(match.group()) in places


def _translated(match: re.Match[str], account: Account) -> bool:
    code = language(match.group()) or english_names().get(match.group().lower().split()[-1], "")
    targets = [step.arguments.get("target_language") for step in account.plan.steps]
    return code in targets or not code or code == "en"


def _left_alone(match: re.Match[str], account: Account) -> bool:
    """A language that is not wanted, and not what is translated into."""
    names = [code for name, code in english_names().items() if re.search(rf"\b{name}\b", match.group(), re.IGNORECASE)]
    return not any(step.arguments.get("target_language") in names for step in account.plan.steps)


def _picked(match: re.Match[str], account: Account) -> bool:
    return account.does("pick") or "<" in account.signs or ">" in account.signs


def _added(match: re.Match[str], account: Account) -> bool:
    """Only several numbers have to be added up."""
    several = any(step.each and step.asked for step in account.plan.steps)
    adds = match.group().lower().startswith("add") and bool(account.expressions)
    return not (several or adds) or "+" in account.signs or "sum" in account.signs


def _compared(match: re.Match[str], account: Account) -> bool:
    return account.does("compare-numbers") or any(sign in account.signs for sign in ("<", ">", "-", "+", "%"))


def _there(kind: str) -> Placed:
    """A file of that kind came along, or is made on the way. A video's sound is a recording."""
    kinds = {kind, "video"} if kind == "audio" else {kind}

    def placed(match: re.Match[str], account: Account) -> bool:
        made = {slot.kind for step in account.plan.steps if (task := find_task(step.task)) for slot in task.outputs}
        return kind in made or any(file.kind in kinds for file in account.files)

    return placed


def _kind(name: str, pattern: str, placed: Placed) -> Kind:
    return Kind(name, re.compile(pattern, re.IGNORECASE), placed)


_LANGUAGES = "|".join(sorted((name for name in english_names() if name != "latin"), key=len, reverse=True))
_DEED = re.compile(
    r"(?:^|[.;!?]\s*|\b(?:and|then|also|please|afterwards)\s+)(?:e-?mail|mail|send(?! (?:me|us)\b)|post|upload|print(?! (?:out )?(?:it|the "
    r"(?:number|result|answer))\b)|save|book|order|buy|phone|message|forward|delete|remind|schedule|pay|publish|tweet|download|google|browse|"
    r"look up online)\b[^.;!?]{0,40}",
    re.IGNORECASE,
)
ACCOUNTS: tuple[Kind, ...] = (
    _kind("number", rf"(?<![\w.,-]){_FIGURE}(?![\w]|[.,]\d|(?:st|nd|rd|th)\b)", _number),
    Kind("number in words", NUMBER_WORDS, _number_word),
    _kind("percent", r"(?:%|\bper ?cent(?:age)?\b)(?:\s+(?:off|of|more|less|discount|tip|tax))?", _signed("/ 100")),
    _kind("off", r"\b(?:discount|reduced by|knock(?:ed)? off|\d\s*off)\b", _never),
    _kind("tip", r"\b(?:tips?|gratuity|vat|tax(?:es)?|interest|commission|markup)\b", _never),
    _kind("share", r"\b(?:split(?! (?:the )?(?:page|lines?|image|text))|share[ds]?|apiece|per (?:person|head)|each (?:person|of us|get|pay))\b", _signed("/")),
    _kind("part", r"(?<!left )(?<!right )(?<!upper )(?<!lower )(?<!top )(?<!bottom )\b(?:half|third|quarter|double|twice|triple|thrice|dozen)\b(?!\s+(?:line|word|row|photo|picture|one|file))", _signed("/ 2", "* 2", "/ 3", "/ 4", "* 3")),
    _kind("root or power", r"\b(?:square root|cube root|squared|cubed|to the power|power of|root of)\b", _signed("**")),
    _kind("less", r"\b(?:minus|subtract(?:ed)?|take\b.{0,20}\baway|deduct(?:ed)?|left over|remain(?:s|ing|der)?|difference)\b", _signed("-")),
    _kind("times", r"\b(?:times|multipl\w+|product)\b", _signed("*")),
    _kind("divided", r"\b(?:divided?|ratio|per day|per week|a day|a week)\b", _signed("/")),
    _kind("mean", r"\b(?:average|mean of|the mean)\b", _signed("mean")),
    _kind("statistic", r"\b(?:median|mode of|variance|deviation|biggest|largest|highest|smallest|lowest|maximum|minimum)\b", _picked),
    _kind("rounding", r"\b(?:round(?:ed|ing)?(?! (?:each|every|all|both|them|these|my|our)\b)|nearest|decimals?|decimal places?)\b", _never),
    _kind("figures", r"\b(?:in|as) (?:figures|digits|numerals)\b", _never),
    _kind("unit", r"(?:\b(?:convert|kilomet(?:er|re)s?|km|miles?|feet|inch(?:es)?|pounds?(?! sterling)|lbs?|kg|kilos?|kilograms?|grams?|"
          r"ounces?|oz|lit(?:er|re)s?|gallons?|celsius|fahrenheit|knots?|mph|km/h)\b|°\s*[CF])", _never),
    _kind("date", r"\b(?:weekday|day of the week|(?:which|what) day|days? (?:between|until|till|from|after|before|since)|how (?:many days|long until)|"
          r"weeks? (?:from|until|between)|leap year)\b", _never),
    _kind("region", r"\b(?:(?:top|upper|bottom|lower)[\s-]+)?(?:left|right|top|upper|bottom|lower)(?:[\s-]+hand)?[\s-]+(?:half|third|quarter|corner|side|part)\b", _cut_out),
    _kind("row or column", r"\b(?:top|bottom|upper|lower|first|second|third|last|middle|left|right|left-?most|right-?most)(?:most)?\s+(?:rows?|columns?)\b", _never),
    _kind("except", r"\b(?:except(?:ing)?(?: for)?|excluding|exclude|apart from|other than|not counting|leav(?:e|ing) out|skip(?:ping)?|ignor(?:e|ing)|without (?:the|its|my))\b[^,.;?!]{0,40}", _never),
    Kind("deed", _DEED, _never),
    _kind("total", r"\b(?:totals?|altogether|in all|together|sums?|add(?:ing)? (?:them|it|these|those|both|up|all|the)\b)", _added),
    _kind("on top", r"\b(?:on top of|add(?:ed)? (?:it |this )?to) (?:that|it|this)\b", _signed("+")),
    _kind("comparison", r"\b(?:more|fewer|less|bigger|larger|greater|smaller|higher|lower)\b(?=[^.?!]{0,60}\bthan\b)|\bhow (?:many|much)\b[^.?!]{0,30}\b(?:more|fewer|less)\b|\b(?:fewer|more) (?:after|before|now)\b", _compared),
    _kind("bound", r"\b(?:at least|at most|no more than|no fewer than|(?:larger|bigger|smaller|longer|shorter|heavier|lighter|cheaper|older|higher|lower) than|(?:above|below|over|under|between)\s+[\d£$€])", _picked),
    _kind("nth", r"\b(?:first|second|third|fourth|fifth|last|next to last|\d+(?:st|nd|rd|th))\s+(?:lines?|words?|sentences?|letters?|paragraphs?|items?|entr(?:y|ies)|numbers?)\b", _picked),
    _kind("language", rf"(?<!not )(?<!n't )\b(?:in|into|to)\s+(?:{_LANGUAGES})\b", _translated),
    _kind("not a language", rf"\b(?:not|no|never|without|except)\b[^.;!?]{{0,30}}?\b(?:{_LANGUAGES})\b", _left_alone),
    _kind("recording", r"\b(?:recordings?|voice (?:memos?|notes?|messages?)|audio(?: files?| clips?)?|podcasts?)\b", _there("audio")),
    _kind("model", r"\b(?:with|using|use|by)\s+(?:the model\s+)?[A-Za-z0-9][\w.-]*/[\w.-]+", _never),
    _kind("size or licence", r"\b(?:under|below|less than|smaller than|at most|up to)\s+\d+(?:\.\d+)?\s*[kMG]B\b|\b(?:MIT|apache|permissive|open[- ]source|licen[cs]ed?)\b", _never),
)  # fmt: skip


# What a calculation may be made of: any other word may change what is meant.
_RECKONING = frozenset(
    """
    a add added adding all altogether am an and answer are as ask at be by calculate calculation can compute could divide divided do
    does done equal equals equation evaluate exactly expression figure find first for from get give gives good got had have hello help hey
    hi how hundred i if in is it its just kindly know let like make math me minus modulo mod more morning much multiplied multiply my need
    now number numbers of ok on one out over please plus power product quick quickly raised reckon result say see show solve some subtract
    sum sums tell thank thanks that the then thing these this thousand times to together total up us value want was we what what's
    whats when will with work would you your million billion
    """.split()
)


def _strange_words(account: Account) -> Iterable[str]:
    """Where figures of the goal alone are reckoned with, words that are no words of arithmetic."""
    if not account.expressions or len(account.plan.steps) != len(account.expressions) or account.files:
        return ()
    spelled = in_figures(spell_operators(account.text)).lower().replace("’", "'")
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", spelled)
    strange = dict.fromkeys(word for word in words if word not in _RECKONING and len(word) > 1)
    return [" ".join(strange)] if strange else ()


# Thanks and greetings ask for nothing.
_COURTESY = re.compile(
    r"^(?:(?:and|so|oh|well|ok|okay)\W+)?(?:hi|hello|hey|dear|good (?:morning|evening|afternoon)|thank|thanks|thx|cheers|"
    r"please|regards|best|sorry|many thanks|that'?s (?:it|all)|greetings|bye|much appreciated|"
    r"(?:two|2|three|3|a (?:few|couple of)) (?:quick )?(?:things|questions|q'?s)(?: (?:about|on|for|please)\b)?)\b",
    re.IGNORECASE,
)


# What a clause that wants something has, beside a verb at its head; all else is story.
_WANTS = re.compile(
    r"\b(?:please|kindly|can you|could you|would you|will you|want|need|would like|wish|tell|give|show|let me know|"
    r"whether)\b",
    re.IGNORECASE,
)
_ASKING = VERBS | {"how", "where", "when", "why", "whose", "is", "are", "does", "do", "did"}
_HEAD = 3  # words: "and then also count them"


def _wants(clause: Clause) -> bool:
    own = FILE_NAME.sub(" ", MARK.sub(" ", clause.plain))
    words = re.findall(r"[^\W\d_]+", own.lower())
    return bool(words) and (clause.question or bool(_WANTS.search(own)) or not _ASKING.isdisjoint(words[:_HEAD]))


def _forgotten(reading: Reading, plan: Plan) -> Iterator[str]:
    """Clauses that ask for something of which no step was made."""
    told = " ".join(step.words for step in plan.steps)
    for clause in reading.clauses:
        if clause.asks and clause.full not in told and not _COURTESY.match(clause.plain) and _wants(clause):
            yield clause.full


def told_apart(plan: Plan, left: Sequence[str]) -> Plan:
    """The plan with what was not placed: deeds that nothing here can do ("and email it") are told beside what is done."""
    deeds = [words for words in left if _DEED.search(words)]
    if not left or len(deeds) < len(left):
        return replace(plan, unplaced=tuple(left))
    bare = (re.sub(r"^(?:and|then|also|please)\s+", "", words) for words in deeds)
    said = (f"Nothing here can do “{words}”." for words in bare)
    return replace(plan, left_out=(*plan.left_out, *said))


def refusal(left: Sequence[str], plan: Plan) -> str:
    """What is said in place of running a plan that leaves words over."""
    tasks = ", then ".join(step.task for step in plan.steps if step.asked) or "nothing"
    words = "; ".join(f"“{words[:60]}”" for words in left[:5])
    return (
        f"I would do this: {tasks}. But I could not place {words}, and an answer without that may be wrong. "
        "Say it in other words, or leave that out."
    )
