"""What a question asks about its dates: the asks that it holds, the way its spans go, and what it must not hold."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import ToolInputError
from .date_words import UNIT_PATTERN, Mention, Words, units_named
from .near_days import MONTH, WEEKDAY

_UNITS = rf"\b{UNIT_PATTERN}(?:(?:,| and| or|,? and) (?:how many )?{UNIT_PATTERN})*\b"
_LENGTH = r"(?:more |exactly |many |full |whole |complete |total |the |of )*"

# What is refused by name, before anything is read; the pattern, and what is said.
_REFUSED = (
    (r"\d{1,2}:\d{2}|\b\d{1,2} ?(?:[ap]m\b|[ap]\.m\.)|o'?clock\b|\bnoon\b|\bmidnight\b|\d ?(?:hours?|hrs?|"
     r"minutes?|mins?|"
     r"seconds?|secs?)\b|\b(?:hours|minutes|seconds)\b|\d{2}t\d{2}",
     "times of day and hours are not reckoned with here"),
    (r"\btime ?zones?\b|\butc\b|\bgmt\b|\b[ecmp][sd]t\b|\bces?t\b|daylight saving", "time zones are not known here"),
    (r"(?:\b(?:public|bank|national|federal|school|legal) holidays?\b|\beaster\b|good friday|whit(?:sun| monday)|"
     r"pentecost|"
     r"ascension|corpus christi|ramadan|\beid\b|passover|ha?nukkah|diwali|lunar new year|chinese new year|"
     r"thanksgiving|"
     r"(?:christmas|xmas)(?! (?:party|dinner|market|cards?|presents?|tree))|new year'?s|halloween|valentine'?s?|"
     r"lab(?:ou)?r day|memorial day|independence day|mother'?s day|father'?s day|black friday|advent\b)"
     r"(?!(?: eve| day)?\W{0,3}(?:on )?(?:the )?\d{1,2}(?:st|nd|rd|th)?[ ./])",
     "holidays and feasts are not known here; write their date instead"),
    (rf"\b(?:mid|early|late|beginning of|end of|start of|middle of)[- ](?:the |of )*(?:{MONTH}|month|year|week|next|"
     r"this|last|\d{4})|\b(?:roughly|approximately|circa|sometime|some day|a few|several|(?:a )?couple of)\b|"
     r"(?<!question )(?<!what )(?<!how )(?<!is )(?<!info )\babout (?:the )?\d|\baround (?:the )?\d|"
     r"\bin (?:the )?(?:spring|summer|autumn|winter)\b|\bor so\b|(?<!day )(?<!day of )\bnext (?:month|"
     r"week)\b(?! on| \w+day|\'s \w+day)|"
     r"(?<!day )\blast (?:month|week)\b(?! on| \w+day)",
     "a vague date or span cannot be reckoned with; give the day"),
    (r"\b(?:first|second|third|next|last|silver|golden|\w+th|\d+(?:st|nd|rd)) (?:wedding )?(?:anniversary|"
     r"birthday)\b|jubilee",
     "anniversaries are not reckoned here; ask for the date and the years after it"),
    (r"\b(?:hebrew|jewish|hijri|islamic|lunar|julian|persian)\b", "only the Gregorian calendar is known here"),
    (r"\bevery (?:other |second |third |\w+ )?(?:day|week|month|year|\w+day)|\b(?:weekly|monthly|fortnightly|"
     r"quarterly)\b",
     "dates that repeat are not reckoned here; ask for one of them"),
    (rf"\bhow many (?:{WEEKDAY}|weekend)s?\b", "weekdays of one name are not counted here"),
    (r"\b(?:average|percent(?:age)?|twice|halfway|half way|midpoint|median|half of|multipl\w+|divided?)\b|%",
     "only dates and spans are reckoned with here"),
    (r"\bsort\b|\border of\b|(?:earliest|latest) of\b|which (?:one )?(?:is|comes|was|came) (?:the )?(?:earliest|"
     r"latest|earlier|later|first|last)\b(?! \w+ (?:of|in))",
     "dates are not compared or sorted here"),
    (r"\b(?:translate|summari[sz]e|draft|transcribe|classify|e-?mail (?:to|that)|poem|story|attached|photo|picture|"
     r"image|scan|pdf|recording|audio|screenshot|weather|horoscope|zodiac|star sign|what happened|moon|sunrise|"
     r"sunset)\b",
     "something besides dates is asked"),
)  # fmt: skip
_EXCLUDED = re.compile(
    r"\b(?:excluding|exclude|except|excl\.?|without|not counting|not including|apart from|leaving out|ignoring)\b"
)
_WORKING = re.compile(
    r"\b(?:excluding|without|not counting|not including|ignoring|skipping|leaving out) (?:the )?(?:weekends?|"
    r"saturdays? (?:and|or) sundays?)\b|\b(?:weekends?|saturdays? and sundays?) (?:not counted|excluded|"
    r"don't count)\b"
)
_EXCLUSIVE = re.compile(  # what is counted anyway: the days after the first one
    r"\b(?:do not|don't|dont|not|never|without|excluding|exclude) (?:count(?:ing)? |includ(?:e|ing) )?(?:the )?"
    r"(?:first|start(?:ing)?) (?:day|date)\b"
)
_INCLUSIVE = re.compile(
    r"\b(?:inclusive(?:ly)?|incl\.?|(?:counting|including|count|include|with|and)? ?(?:both|first and (?:the )?last|"
    r"start and (?:the )?end)(?: of)?(?: the| these)?(?: end)?(?: ?days?| ?dates?| ends)?(?: included| counted|"
    r" count(?:ing)?| inclusive)?|"
    r"(?:including|counting|include|count) (?:the )?(?:first|start|last|end|final|today)(?: days?| dates?)?|"
    r"through(?= D))\b"
)


@dataclass(frozen=True)
class Ask:
    """What is asked: the kind, the units to answer in, and how days are counted."""

    kind: str
    units: tuple[str, ...] = ()
    inclusive: bool = False
    working: bool = False
    past: bool = False
    claimed: tuple[int, ...] = ()  # weekdays that the question says a date falls on
    signs: tuple[int, ...] = ()  # of its spans
    claims: bool = False  # "is it a Sunday?"
    whole: bool = False  # "how many full weeks"
    year_shift: int | None = None  # "this year" is 0
    found: str = ""  # the words that ask


# Kind and the words that ask for it, in the order in which they are taken out of the text.
_ASKS = (
    ("leap year", r"leap[ -]?years?|leap[ -]?day|\bleap\b"),
    ("day of the year", r"(?:(?:what|which) )?(?:number )?day(?: number)? (?:of|in) (?:the|that|its|this) year|"
                        r"day[- ]of[- ](?:the[- ])?year|"
                        r"day number|number of the day|ordinal (?:day|date)|(?:what|which) number day|"
                        r"how many(?:th)? day of the year"),
    ("week", r"(?:(?:what|which) )?(?:iso|calendar)[ -]?weeks?(?: numbers?)?|week (?:number|no\.?|num)|(?:which|"
             r"what) (?:number )?week\b(?! ?day)|\bkw\b|"
             r"number of the week"),
    ("between", rf"how many {_LENGTH}{_UNITS} old"),
    ("age", r"how old|what age|\bages?\b|in what year of (?:his|her|my|their) life"),
    ("between", rf"how (?:many|much) {_LENGTH}{_UNITS}|(?<!what )number of {_LENGTH}{_UNITS}|"
                rf"{_UNITS} (?:there are |are there )?"
                r"(?:lie |are )?(?:between|until|till?|left|remain\w*|away|apart|passed|elapsed|"
                r"from (?=(?:the )?D\d))|"
                rf"how (?:long|far (?:away|apart|off))|(?:difference|time|gap|span|interval|distance|length|"
                rf"duration)(?: in {_UNITS})? (?:between|from)|"
                rf"count(?:ing)? (?:of |the )*{_UNITS}|\b(?:total|difference|answer|result)? ?in {_UNITS}|"
                rf"{_UNITS} in total|"
                rf"(?:^|[.,;:!?] )(?:total )?{_UNITS} ?(?:\?|$)|countdown|{_UNITS} total"),
    ("date", r"(?:what|which) day of the month"),
    ("weekday", r"(?:what|which|wich|wat|whta)(?:'?s| is| was|"
                r" will be)? (?:the )?(?:exact )?(?:week ?)?day(?:s)?(?: of (?:the )?week)?|day of (?:the )?week|"
                r"week ?day(?: name)?|"
                r"day name|name of the day"),
    ("date", r"(?:what|which|wich)(?:'s| is| was| will be)?(?: the| today's)?(?: exact| due| end| final|"
             r" latest)? (?:date|deadline)|\b(?:by |until |til |on )?when\b|"
             r"(?:what|which|wich) (?:is |was )?(?:the )?(?:last |latest |first |earliest )date|"
             r"give (?:me )?(?:the )?date|"
             r"(?:calculate|compute|work out|find|tell me|need|want|name|get) (?:me |out |us )?the (?:exact |due |"
             r"end |final )?(?:date|deadline)|\bdate\?"),
)  # fmt: skip
_IS_CLAIM = re.compile(
    r"^(?:\W|\b(?:so|hi|hello|and|please|quick question|hey)\b)*(?:is|was|isn't|wasn't|does|did|will|would|"
    r"were)\b.*\b(?:W\d|weekend|working day)"
)
_LONG_AGO = re.compile(r"\b(?:born|ago|since|died|happened|got married)\b")
_WAS, _IS = re.compile(r"\b(?:was|were|did|had|fell)\b"), re.compile(r"\b(?:is|are|will|does|do|falls?)\b")
_SINCE = re.compile(r"\bsince\b|\bago\b|\bpassed\b|\belapsed\b|\bold\b")
_UNTIL = re.compile(
    r"\b(?:un)?til+\b|\bto D|\bbefore D|\bleft\b|\bremain|\baway\b|\bfrom now\b|\bgo\b|\boff\b|\bin how many\b|"
    r"\buntill\b"
)
# "My 90-day trial began on 1 May: when does it end?"
_ENDS = re.compile(
    r"\b(?:ends?|ended|expires?|due|over|finish(?:es)?|deadline|valid|last day|runs? out|back|ready|return)\b"
)
_AFTER = {"after": 1, "from": 1, "later": 1, "following": 1, "past": 1, "hence": 1, "since": 1, "out": 1,
          "beyond": 1, "starting": 1,
          "before": -1, "earlier": -1, "prior": -1, "ago": -1, "back": -1, "preceding": -1, "previous": -1}  # fmt: skip
_BEFORE = {"plus": 1, "+": 1, "add": 1, "adding": 1, "in": 1, "within": 1, "for": 1, "another": 1, "lasts": 1,
           "takes": 1, "last": 1, "take": 1, "after": 1, "valid": 1, "is": 1, "minus": -1, "-": -1,
           "subtract": -1, "less": -1, "subtracting": -1, "deduct": -1}  # fmt: skip


def refuse_by_name(question: str) -> None:
    """Times, holidays, vague days and other things that no date can be reckoned from.

    Raises:
        ToolInputError: the question holds one of them.
    """
    text = " ".join(question.lower().replace("’", "'").split())
    for pattern, said in _REFUSED:
        found = re.search(pattern, text)
        if found:
            raise ToolInputError(f"{found.group().strip()!r} is not answered: {said}")


def understand(words: Words) -> Ask:
    """The one thing that is asked.

    Raises:
        ToolInputError: nothing is asked, two different things are, or something is excluded that is not understood.
    """
    text, working = _WORKING.subn(" ", _EXCLUSIVE.sub(" ", words.text))
    found = _EXCLUDED.search(text)
    if found:
        raise ToolInputError(f"{found.group()!r} is not understood here, except of weekends; ask without it")
    text, inclusive = _INCLUSIVE.subn(" ", text)
    asks, text = _asks(text)
    signs = tuple(_sign(words.text, n) for n in range(len(words.spans)))
    if signs == (None,) and len(words.dates) == 1 and _ENDS.search(words.text):
        signs = (1,)
    if signs and (_told_apart(words.text) or _contradicted(words, signs)):
        signs = (None,)
    claims = any(_IS_CLAIM.search(sentence.strip()) for sentence in re.split(r"[.;!]", words.text))
    kind = _kind(words, asks, signs, claims)
    year = re.search(r"\b(this|next|last) year\b", text)
    said = " ".join(found for _, found in asks)
    if words.spans and kind in ("weekday", "date", "sum"):
        kind = "sum"
    units = units_named(said) if kind in ("between", "age") else []
    return Ask(
        kind,
        tuple(dict.fromkeys(units)),
        bool(inclusive),
        bool(working) or "working days" in units,
        _looks_back(words.text),
        tuple(dict.fromkeys(words.weekdays)),
        tuple(sign or 0 for sign in signs),
        claims,
        bool(re.search(r"\b(?:full|whole|complete)\b", said)),
        {"this": 0, "next": 1, "last": -1}[year[1]] if year else None,
        said,
    )


def from_today(words: Words) -> int:
    """Where one date is asked about: 1 when the days run until it from today, -1 when since it, 0 when neither."""
    return -1 if _SINCE.search(words.text) else 1 if _UNTIL.search(words.text) else 0


def _looks_back(text: str) -> bool:
    """Whether a date without a year is one that has been; "I was told that it is on 3 May" is not."""
    asking = [s for s in re.split(r"[.!?;]", text) if any(re.search(pattern, s) for _, pattern in _ASKS)]
    last = asking[-1] if asking else text
    return bool(_LONG_AGO.search(text)) or bool(_WAS.search(last) and not _IS.search(last))


def _contradicted(words: Words, signs: tuple[int | None, ...]) -> bool:
    """Whether the words beside a date say the other way than those beside the span, or two days are counted from."""
    against = {
        1: r"\b(?:before|prior to|ahead of|earlier than) (?:the )?D\d",
        -1: r"\b(?:after|following) (?:the )?D\d",
    }
    ago = bool(words.dates) and bool(re.search(r"\bS\d ago\b", words.text))
    return ago or (len(set(signs)) == 1 and bool(re.search(against.get(signs[0] or 0, "(?!)"), words.text)))


def _told_apart(text: str) -> bool:
    """Whether a span belongs to a sentence of the story and the question to another date: "What day was I born on?"."""
    *story, last = [s for s in re.split(r"[.!?;]", text) if s.strip()] or [""]
    back = r"\b(?:it|that|this|then|be|when|date|deadline|due|until)\b|\bS\d"
    return any(re.search(r"\bS\d", s) for s in story) and not (re.search(back, last) or _ENDS.search(last))


def _asks(text: str) -> tuple[list[tuple[str, str]], str]:
    found: list[tuple[str, str]] = []
    for kind, pattern in _ASKS:
        for match in re.finditer(pattern, text):
            found.append((kind, match.group()))
        text = re.sub(pattern, " ", text)
    return found, text


def _kind(words: Words, asks: list[tuple[str, str]], signs: tuple[int | None, ...], claims: bool) -> str:
    kinds = list(dict.fromkeys(kind for kind, _ in asks))
    for wider, narrower in _GOES_WITH:
        if wider in kinds and narrower in kinds:
            kinds.remove(narrower)
    if kinds == ["weekday"] and not words.weekdays and words.dates and all(map(_names_its_weekday, words.dates)):
        return "date"
    if len(kinds) == 1:
        return kinds[0]
    if kinds:
        raise ToolInputError(f"several things are asked at once: {' and '.join(kinds)}; ask for one of them")
    if claims:
        return "weekday"
    if words.spans and all(signs):
        return "sum"
    if len(words.dates) == 2 and re.search(r"D\d (?:un)?(?:til+|to|-|and|through)(?: the)? D\d", words.text):
        return "between"
    if len(words.dates) == 1 and words.dates[0].rule and re.search(r"\b(?:what|when|which)\b", words.text):
        return "date"
    unplaced = f"{', '.join(words.numbers)} could not be placed, and " if words.numbers else ""
    raise ToolInputError(
        f"{unplaced}nothing is asked that is known here: ask for a weekday, a date some days before or after another, "
        "the days between two dates, an age, a week, the day of the year or a leap year"
    )


def _names_its_weekday(mention: Mention) -> bool:
    """ "What day is next Friday?" does not ask for a Friday."""
    return mention.rule is not None and bool(re.search(rf"\b(?:{WEEKDAY})\b", mention.text))


# "When is it, and which weekday?" is one question; so is "how old in years".
_GOES_WITH = (
    ("weekday", "date"), ("leap year", "date"), ("week", "date"), ("day of the year", "date"), ("age", "between"),
    ("between", "date"), ("age", "date"), ("leap year", "between"),
)  # fmt: skip


def _sign(text: str, number: int) -> int | None:
    """Whether a span is added or taken away, by the words beside it."""
    before = re.search(rf"([a-z+-]+)(?: (?:the|of|only|exactly|another|a))* S{number}\b", text)
    after = re.search(
        rf"\bS{number}(?:'s?)?,? (?:(?:exactly|just|only|right|counting|of notice|notice) )*([a-z]+)", text
    )
    ahead = _BEFORE.get(before[1]) if before else None
    if ahead == -1:
        return -1
    return (_AFTER.get(after[1]) if after else None) or ahead
