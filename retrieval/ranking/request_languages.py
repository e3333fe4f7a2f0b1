"""Languages in requests: "sentiment of a Spanish review" wants a model that knows Spanish, as a quoted sentence may.

A name counts where it says in which language a text or a recording is, not wherever it stands: a French bulldog, a
Chinese restaurant and "polish this text" ask for no language. The words around the names are data below, the names
are those of tools/languages.tsv. A quote, or letters of a script, show a language without naming it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from ...tools.languages import english_names, language_code, language_name, own_names
from .cues import cued_tasks

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
_READ = 4000  # characters of a request that are read
# Letters of languages, surer ones first: one that comes earlier speaks for the later ones of its line too.
_SCRIPTS = tuple(
    tuple((code, re.compile(f"[{letters}]")) for code, letters in line)
    for line in (
        (("ja", "\u3040-\u30ff"), ("zh", "\u4e00-\u9fff")),
        (("uk", "іїєґІЇЄҐ"), ("ru", "\u0400-\u04ff")),
        (("fa", "پچژگ"), ("ar", "\u0600-\u06ff")),
        *(
            ((code, letters),)
            for code, letters in (
                ("ko", "\uac00-\ud7af"), ("he", "\u0590-\u05ff"), ("el", "\u0370-\u03ff"), ("th", "\u0e00-\u0e7f"),
                ("hi", "\u0900-\u097f"), ("bn", "\u0980-\u09ff"), ("pa", "\u0a00-\u0a7f"), ("gu", "\u0a80-\u0aff"),
                ("ta", "\u0b80-\u0bff"), ("te", "\u0c00-\u0c7f"), ("kn", "\u0c80-\u0cff"), ("ml", "\u0d00-\u0d7f"),
                ("ka", "\u10a0-\u10ff"), ("hy", "\u0530-\u058f"), ("am", "\u1200-\u137f"), ("my", "\u1000-\u109f"),
                ("km", "\u1780-\u17ff"), ("lo", "\u0e80-\u0eff"),
            )
        ),
    )
)  # fmt: skip
_SENTENCES = re.compile(r"[\"“”«»‘]([^\"“”«»]{6,}?)[\"“”»’]|(?<![A-Za-z])'(.{6,}?)'(?![A-Za-z])")
_TELLING, _SHARE = 2, 0.15  # function words that tell a language: how many, and as a part of the sentence's words

Mention = tuple[str, str, tuple[int, int]]  # code, role, place


@dataclass(frozen=True, slots=True)
class RequestLanguages:
    """What a request says of languages.

    Attributes:
        codes: the languages that it names; none when it names none.
        source, target: for a translation from which into which, "" when not said.
        rest: the request without the names, for models that are the same in every language; of a translation the
            request itself, because there the languages are what it is about.
        shown: the languages that it shows, by a script, a quoted sentence or a name in passing: no filter, a hint.
    """

    codes: tuple[str, ...] = ()
    source: str = ""
    target: str = ""
    rest: str = ""
    shown: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return " and ".join(language_name(code) for code in self.codes)


@lru_cache(1024)
def request_languages(query: str) -> RequestLanguages:
    """What a request says of languages."""
    shown = _shown(query)
    if re.fullmatch(r"\S+/\S+", query.strip()):  # an id
        return RequestLanguages(rest=query, shown=shown)
    text = _QUOTED.sub(lambda quote: " " * len(quote[0]), query[:_READ])
    heard = list(dict.fromkeys(_heard(text)))
    if not heard:
        return RequestLanguages(rest=query, shown=shown)
    codes = tuple(dict.fromkeys(code for code, _, _ in heard))
    if bool(_ACROSS.search(text)) or _is_pair(heard) or _means_translation(text):
        return RequestLanguages(codes, *_roles(heard), query, shown | set(codes))
    return RequestLanguages(codes, "", "", rest := _without(query, heard), _shown(rest))


@cache
def _mention() -> re.Pattern[str]:
    """A name where it says in which language something is; the name of the group that matches is how it says so."""
    english, own = english_names(), own_names()
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
    name = "|".join(re.escape(n) for n in sorted(english_names(), key=len, reverse=True))
    return re.compile(rf"(?:\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or|&)\s+)(?P<name>{name})(?![\w-])", re.IGNORECASE)


def _heard(text: str) -> Iterator[Mention]:
    """(code, role, place) of each mention: the role is the preposition before the name, or "first" and "second"."""
    english, own = english_names(), own_names()
    for found in _CODES.finditer(text):
        first, second = (language_code(code.lower()) for code in (found[1] or found[3], found[2] or found[4]))
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


def _is_pair(heard: list[Mention]) -> bool:
    roles = {role for _, role, _ in heard}
    return "first" in roles or bool(roles & {"from", "in"} and roles & {"to", "into"})


def _roles(heard: list[Mention]) -> tuple[str, str]:
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


def _without(query: str, heard: list[Mention]) -> str:
    for start, end in sorted({place for _, _, place in heard}, reverse=True):
        query = f"{query[:start]} {query[end:]}"
    return " ".join(query.split()) or query


@cache
def _names() -> re.Pattern[str]:
    """A name with a capital, wherever it stands. "Polish" begins an order more often than it names a language."""
    names = (name.capitalize() for name in english_names() if name != "latin" and " " not in name)
    return re.compile(rf"\b(?!(?<![^.!?\n] )Polish\b)(?:{'|'.join(names)})\b")


def _shown(text: str) -> frozenset[str]:
    """The languages of a text's letters, of the sentences quoted in it, and those that are named in passing."""
    found = {english_names()[name.lower()] for name in _names().findall(text)}
    for line in _SCRIPTS:
        found.update([code for code, letters in line if letters.search(text)][:1])
    for quote in _SENTENCES.finditer(text):
        if code := _latin(quote[1] or quote[2]):
            found.add(code)
    return frozenset(found)


@cache
def _function_words() -> dict[str, frozenset[str]]:
    lines = Path(__file__).with_name("function_words.txt").read_text(encoding="utf-8").splitlines()
    return {
        code: frozenset(words.split())
        for code, colon, words in (line.partition(":") for line in lines)
        if colon and not code.startswith("#")
    }


def _latin(text: str) -> str:
    """The language of a sentence in Latin letters, "" for English and when too few words tell."""
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text.lower())
    told = {code: sum(word in everyday for word in words) for code, everyday in _function_words().items()}
    best = max(told, key=lambda code: (told[code], _own(code, words)))
    sure = told[best] > told["en"] and told[best] >= max(_TELLING, _SHARE * len(words))
    return best if sure else ""


def _own(code: str, words: list[str]) -> float:
    """How much of a sentence's words this language has to itself."""
    return sum(
        1 / sum(word in every for every in _function_words().values())
        for word in words
        if word in _function_words()[code]
    )
