"""Languages asked for in words: "sentiment of a Spanish review" wants a model that knows Spanish.

A name counts where it says in which language a text or a recording is, not wherever it stands: a French bulldog, a
Chinese restaurant and "polish this text" ask for no language. The words around the names are data below, the names
are those of `tools.runners.languages` and of languages.txt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ..tools.card import ModelCard
from ..tools.runners.languages import canonical, is_known, spoken_names
from .cues import cued_tasks

if TYPE_CHECKING:
    from .ranking import Hit

NAMED, WIDE, SILENT = 1.0, 0.8, 0.0  # for these languages, for many or all, for none that it names

# What is in a language, and the models of it.
_NOUNS = (
    "text|review|speech|article|tweet|podcast|sentence|document|e-?mail|message|comment|post|paragraph|passage|story"
    "|stories|novel|book|essay|poem|poetry|song|lyric|recording|audio|voice|voicemail|interview|lecture|radio|broadcast"
    "|conversation|call|dialog(?:ue)?|transcript|transcription|subtitle|caption|translation|summar(?:y|ies)"
    "|summari[sz]ation|question|answer|response|headline|news|newspaper|blog|website|web ?page|letter|word|phrase"
    "|speaker|language|handwriting|manuscript|script|character|sentiment|corpus|corpora|wikipedia|abstract|quote"
    "|proverb|description|contract|report|transcribe|asr|tts|ocr|ner|bert|gpt|llm|embedding|chatbot|model|named entit"
    "(?:y|ies)|tokeni[sz]er|feedback|complaint|chat|sms|grammar|spelling|vocabulary|dictation|audiobook|statement"
    "|utterance|dialect|content|data|dataset|meeting|video|version|equivalent|meaning"
)
# What may stand between the language and that.
_BETWEEN = (
    "language|customer|product|user|movie|film|book|news|newspaper|legal|medical|clinical|financial|business|scientific"
    "|academic|written|spoken|handwritten|printed|scanned|short|long|social media|online|web|website|video|audio|voice"
    "|radio|tv|phone|podcast|image|historical|formal|informal|native|input|source|target|natural|whisper|text|speech"
    "|news|twitter|children's|reading|technical|political|research"
)
# What may follow "in French": anything else makes it "in French fries".
_AFTER = (
    "and|or|to|into|from|in|on|at|with|for|so|that|as|please|then|of|by|using|while|but|is|are|was|were|it|its|about"
    "|when|because|if|via|without|through|only|too|also|instead|correctly|fluently|who|which|where|during|after|before"
    "|i|we|you|he|she|they|my|our|this|the|not|since|such|would|can|will|has|have|based|than|now|sounds?|again|there"
)
_BEFORE = "in|into|from|to|of|for|between|speaks?|spoke|speaking|understands?|translate|transcribe"
_QUALITY = (
    "the|a|an|plain|simple|simplified|traditional|american|british|brazilian|swiss|modern|ancient|old|fluent|good"
)
_PLACES = frozenset({"in", "into", "from", "to"})  # they go with their language, and leave no gap
_RESULT = re.compile(r"[\s-]+(?:translation|version|equivalent|meaning)\b", re.I)  # "the English translation of it"
_VERBS = frozenset({"polish"})  # in lower case, or at the beginning, these tell what to do
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»|(?<!\w)'[^']*'(?!\w)|‘[^’]*’|`[^`]*`|###\s*input.*", re.I | re.S)
_ACROSS = re.compile(
    r"\btranslat|\bmean(?:s|ing)?\b|\binterpret(?:er|ing)?\b|\blocali[sz]|\btradu[cizt]|\bübersetz|\bvertaal|перевед|перевод|翻译|翻訳|번역",
    re.I,
)  # it is about two languages
_CODES = re.compile(
    r"\b([A-Z]{2,3})\s?(?:-|–|→|->|/|to)\s?([A-Z]{2,3})\b|(?<![\w/-])([a-z]{2,3})\s?(?:→|->)\s?([a-z]{2,3})\b"
)
_CROSSING = frozenset({"translation", "text2text-generation", "text-generation"})  # a text in, a text out
_SPEECH = frozenset({"automatic-speech-recognition", "text-to-speech", "text-to-audio", "audio-to-audio"})
_PAIR = re.compile(r"(?:^|[-_])([A-Za-z]{2,8})-([A-Za-z]{2,8})$")  # opus-mt-en-fr, opus-mt-ROMANCE-en
_WIDE = frozenset({"multilingual", "mul", "mt5", "xlm", "xlmr", "mbart", "m2m100", "nllb"})
_PROSE = 600  # characters of a card's prose that are believed: further on stand examples and comparisons
_READ = 4000  # characters of a query that are read
_FIRST = 5  # among so many hits one has to name the language
_MANY = 4  # a card of more languages is for none of them in particular


@cache
def _spellings() -> tuple[dict[str, str], dict[str, str]]:
    """Codes by English names in lower case, and codes by own names."""
    english = {**spoken_names(), "latin": "la"}
    own: dict[str, str] = {}
    for line in Path(__file__).with_name("languages.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            codes, more, names = line.split(":")
            code = codes.split()[0]
            english |= {name.replace("_", " ").lower(): code for name in more.split()}
            own |= {name.replace("_", " "): code for name in names.split() if name.lower() not in english}
    return english, own


@cache
def _long_codes() -> dict[str, str]:
    lines = Path(__file__).with_name("languages.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.partition(":")[0].split() for line in lines if line and not line.startswith("#")]
    return {code: codes[0] for codes in rows for code in codes}


def language_name(code: str) -> str:
    """The English name: "fr" -> "French"."""
    english, _ = _spellings()
    names = [name.title() for name, known in english.items() if known == code and name != "mandarin"]
    return next(iter(names), code)


def _code(name: str) -> str:
    """The code of a code or name ("fra", "fr-CA", "French"), "" when it is none; the kinds of Norwegian are one."""
    plain = canonical(name)
    plain = plain if is_known(plain) else _long_codes().get(plain, _spellings()[0].get(name.strip().lower(), ""))
    return "no" if plain in ("nb", "nn") else plain


@cache
def _mention() -> re.Pattern[str]:
    """A name where it says in which language something is; the name of the group that matches is how it says so."""
    english, own = _spellings()
    name = "|".join(re.escape(n) for n in sorted(english, key=len, reverse=True))
    own_latin = "|".join(re.escape(n) for n in sorted(own, key=len, reverse=True) if n[0].isascii() or n[0] < "\u0250")
    own_other = "|".join(re.escape(n) for n in sorted(own, key=len, reverse=True) if n[0] >= "\u0250")
    joined = rf"(?:{name})\b"
    end = rf"(?=\s*$|\s*[.,;:!?)(\]\"“”…–—]|\s+(?:{_AFTER})\b|\s+(?:{_BETWEEN})?\s*(?:{_NOUNS})s?\b)"
    around = (
        rf"(?P<bare>(?<![\w-])(?:{name})(?=[\s-]+(?:(?:{_BETWEEN})[\s-]+){{0,2}}(?:{_NOUNS})s?\b))",
        rf"(?P<speaking>(?<![\w-])(?:{name})(?=[\s-](?:speaking|spoken|language|speakers?)\b))",
        rf"(?P<first>(?<![\w-])(?:{name})(?=(?:\s?(?:-|–|/|→|->)\s?|\s+to\s+|-to-)(?:{joined})))",
        rf"(?P<second>(?<=-|–|/|→|>)\s?(?:{name})(?![\w-])(?!\s+(?!{_AFTER}\b|{_NOUNS})))",
        rf"(?P<led>(?<![\w-])(?:(?:{_BEFORE})\s+|languages?\s*[:(]\s*)(?:(?:{_QUALITY})\s+)?(?:{name}){end})",
        rf"(?P<own>(?<!\w)(?:{own_latin})(?!\w)|(?:{own_other}))",
    )
    return re.compile("|".join(around), re.IGNORECASE)


@cache
def _next_noun() -> re.Pattern[str]:
    return re.compile(rf"\s+(?:(?:{_BETWEEN})\s+)?(?:{_NOUNS})s?\b", re.IGNORECASE)


@cache
def _next() -> re.Pattern[str]:
    """A further name in a list: ", Dutch, German and Italian"."""
    name = "|".join(re.escape(n) for n in sorted(_spellings()[0], key=len, reverse=True))
    return re.compile(rf"(?:\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or|&)\s+)(?P<name>{name})(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stand:
    """What a card says of the languages that are asked for: from 0 to 1, and in words."""

    value: float
    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The languages that a query names: their codes, and for a translation from which into which ("" when not said).

    `rest` is the query without them, for models that are the same in every language; for translations it is the query
    itself, because there the languages are what it is about.
    """

    codes: tuple[str, ...]
    source: str = ""
    target: str = ""
    rest: str = ""

    def __str__(self) -> str:
        return " and ".join(language_name(code) for code in self.codes)

    def stand(self, card: ModelCard) -> Stand | None:
        """What a card says of them, None when it names others only."""
        value = self._value(card)
        return None if value is None else Stand(value, f"knows {self}" if value > SILENT else "names no language")

    def _value(self, card: ModelCard) -> float | None:
        known, wide, pair = _languages_of(card)
        if card.task in _CROSSING and pair and not self._is(pair):
            return None
        here = [code in known for code in self.codes]
        enough = any(here) if card.task in _SPEECH and (self.source or self.target) else all(here)
        if enough:
            return NAMED if len(known) <= _MANY else WIDE
        missing = [code for code, there in zip(self.codes, here, strict=True) if not there]
        if all(code in _hinted_languages(card) for code in missing):
            return NAMED
        if wide and (card.task != "translation" or not pair or "" in pair):
            return WIDE
        return None if known else SILENT

    def _is(self, pair: tuple[str, str]) -> bool:
        """Whether a model of one pair goes the way that is asked."""
        ways = ((self.source, pair[0]), (self.target, pair[1]))
        return all(not asked or not has or asked == has for asked, has in ways)


@lru_cache(4096)
def _languages_of(card: ModelCard) -> tuple[frozenset[str], bool, tuple[str, str] | None]:
    """The languages that a card's closed fields and id name, whether it is for all of them, and its pair."""
    given = {code for language in card.languages if (code := _code(language))}
    words = set(re.findall(r"[a-z0-9]+", f"{card.name} {' '.join(card.tags)}".lower()))
    match = _PAIR.search(card.name) if card.task == "translation" else None
    pair = (_code(match[1]), _code(match[2])) if match else None
    spelled = {_spellings()[0][word] for word in words if word in _spellings()[0]}
    tagged = {code for tag in card.tags if len(tag) in (2, 3) and tag.islower() and (code := _code(tag))}
    known = frozenset(given | spelled | tagged | {code for code in pair or () if code})
    listed = {language.lower() for language in card.languages} & (_WIDE | {"multi"})
    return known, bool(listed or (words & _WIDE and len(known) <= 2)), pair if pair and any(pair) else None


@lru_cache(4096)
def _hinted_languages(card: ModelCard) -> frozenset[str]:
    """What may be meant by codes in a card's name and by names of languages in its prose: no ground to leave it out
    for another language."""
    english, _ = _spellings()
    codes = (_code(word) for word in re.split(r"[^a-z]+", card.name) if 2 <= len(word) <= 3)
    words = re.findall(r"\b[A-Z][a-z]{2,}\b", f"{card.summary} {card.text[:_PROSE]}")
    return frozenset(code for code in codes if code) | {english[w.lower()] for w in words if w.lower() in english}


def with_way_back(query: str, k: int, ask: Callable[[int, Asked | None], list[Hit]]) -> list[Hit]:
    """The hits for the languages that a query asks for; when none of the first ones names them, those without it.

    Args:
        ask: searches for (number of hits, languages asked for or None).
    """
    asked = asked_languages(query)
    if asked is None:
        return ask(k, None)
    hits = ask(max(k, _FIRST), asked)
    if any((stand := asked.stand(hit.card)) and stand.value > SILENT for hit in hits[:_FIRST]):
        return hits[:k]
    note = f"no model names {asked}: shown without it"
    return [replace(hit, reasons=(note, *hit.reasons)) for hit in ask(k, None)]


@lru_cache(1024)
def asked_languages(query: str) -> Asked | None:
    """The languages that a query asks for, None when it asks for none."""
    if re.fullmatch(r"\S+/\S+", query.strip()):
        return None  # an id
    text = _QUOTED.sub(lambda quote: " " * len(quote[0]), query[:_READ])
    heard = list(dict.fromkeys(_heard(text)))
    if not heard:
        return None
    codes = tuple(dict.fromkeys(code for code, _, _ in heard))
    across = bool(_ACROSS.search(text)) or _is_pair(heard) or _means_translation(text)
    source, target = _roles(heard) if across else ("", "")
    return Asked(codes, source, target, query if across else _without(query, heard))


def _heard(text: str) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """(code, role, place) of each mention: the role is the preposition before the name, or "first" and "second"."""
    english, own = _spellings()
    for found in _CODES.finditer(text):
        first, second = (_code(code.lower()) for code in (found[1] or found[3], found[2] or found[4]))
        if first and second and first != second:
            yield from ((first, "first", found.span()), (second, "second", found.span()))
    for found in _mention().finditer(text):
        kind, said = found.lastgroup or "", found.group()
        if kind == "own":
            yield own.get(said, own.get(said.lower(), "")), "", found.span()
            continue
        name = max((n for n in english if said.lower().endswith(n)), key=len)
        start, end = found.end() - len(name), found.end()
        if name in _VERBS and _is_verb(text, start, kind):
            continue
        role = said.split()[0].lower() if kind == "led" else kind
        role = "to" if kind == "bare" and _RESULT.match(text, end) else role
        alone = role in _PLACES and not _next_noun().match(text, end)
        yield english[name], role, (found.start() if alone else start, end)
        while more := _next().match(text, end):
            yield english[more["name"].lower()], role, more.span()
            end = more.end()


def _is_verb(text: str, start: int, kind: str) -> bool:
    if text[start].islower():
        return kind not in ("led", "first", "second") or bool(re.search(r"\b(?:to|of|for)\s+$", text[:start]))
    return kind == "bare" and not re.search(r"\w", re.split(r"[.!?]", text[:start])[-1])


def _means_translation(text: str) -> bool:
    """Whether nothing but a translation is asked for: "say it in French", not "summarize it in French"."""
    cued = cued_tasks(text)
    return max(cued, key=lambda task: cued[task], default="") == "translation" and len(cued) == 1


def _is_pair(heard: list[tuple[str, str, tuple[int, int]]]) -> bool:
    roles = {role for _, role, _ in heard}
    return "first" in roles or bool(roles & {"from", "in"} and roles & {"to", "into"})


def _roles(heard: list[tuple[str, str, tuple[int, int]]]) -> tuple[str, str]:
    """From which language into which."""

    def first(*roles: str) -> str:
        return next((code for code, role, _ in heard if role in roles), "")

    source, target = first("from", "first", "translate"), first("into", "to", "second")
    if said := first("in"):  # "translate what is in French into German", "translate it in French"
        if target:
            source = source or said
        elif len({code for code, _, _ in heard}) == 1:
            target = said
    return source if source != target else "", target


def _without(query: str, heard: list[tuple[str, str, tuple[int, int]]]) -> str:
    for start, end in sorted({place for _, _, place in heard}, reverse=True):
        query = f"{query[:start]} {query[end:]}"
    return " ".join(query.split()) or query
