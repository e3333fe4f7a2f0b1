"""The languages that a request is about: those that it names, and those in which what it quotes is written.

"What does 'Jag vet inte' mean?" names none and still wants a model that knows Swedish; a request that shows nothing
but English is better served by a model for English than by one for Chinese. This is a signal, no filter.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from ..tools.runners.languages import canonical, spoken_names

NEUTRAL = 0.5  # of a card that names no language
_NAMES = {name: code for name, code in spoken_names().items() if name != "latin"}  # Latin America, Latin letters
_CODES = frozenset(_NAMES.values())
# "Polish" begins an order more often than it names a language.
_NAMED = re.compile(rf"\b(?!(?<![^.!?\n] )Polish\b)(?:{'|'.join(name.capitalize() for name in _NAMES)})\b")
_IN_ID = re.compile("|".join(sorted((name for name in _NAMES if len(name) > 3), key=len, reverse=True)))
_BEGINNINGS = frozenset(name[:4] for name in _NAMES)
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
_QUOTED = re.compile(r"[\"“”«»‘]([^\"“”«»]{6,}?)[\"”»’]|(?<![A-Za-z])'(.{6,}?)'(?![A-Za-z])")
_TELLING, _SHARE = 2, 0.15  # everyday words that tell a language: how many, and as a part of the sentence's words
_WIDE = re.compile(
    r"multilingual|m2m|mbart|xlm|nllb|mms|bloom|labse|xlsr|small100|whisper"
    r"|(?<![^-_./])(?:mt5|mul(?![^-_./]))"
)
_APART = str.maketrans("-_./", "    ")
_MANY = 8  # a model of more languages is made for none of them in particular
# Codes that are words, or parts of names: "gemma-2b-it" is no Italian. They count beside another code only.
_WORDS = frozenset("am as be da fi he id in is it la ml ms my no or ps sd si so to".split())


@cache
def _everyday() -> dict[str, frozenset[str]]:
    lines = Path(__file__).with_name("tongues.txt").read_text(encoding="utf-8").splitlines()
    return {
        code: frozenset(words.split())
        for code, colon, words in (line.partition(":") for line in lines)
        if colon and not code.startswith("#")
    }


@lru_cache(1024)
def tongues(query: str) -> frozenset[str]:
    """The codes of the languages that a request is about, English only when it names it."""
    found = {_NAMES[name.lower()] for name in _NAMED.findall(query)}
    for line in _SCRIPTS:
        found.update([code for code, letters in line if letters.search(query)][:1])
    for quote in _QUOTED.finditer(query):
        if code := _latin(quote[1] or quote[2]):
            found.add(code)
    return frozenset(found)


def _latin(text: str) -> str:
    """The language of a sentence in Latin letters, "" for English and when too few words tell."""
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text.lower())
    told = {code: sum(word in everyday for word in words) for code, everyday in _everyday().items()}
    best = max(told, key=lambda code: (told[code], _own(code, words)))
    sure = told[best] > told["en"] and told[best] >= max(_TELLING, _SHARE * len(words))
    return best if sure else ""


def _own(code: str, words: list[str]) -> float:
    """How much of a sentence's words this language has to itself."""
    return sum(1 / sum(word in every for every in _everyday().values()) for word in words if word in _everyday()[code])


@lru_cache(8192)
def spoken_by(id: str, languages: tuple[str, ...]) -> tuple[frozenset[str], bool]:
    """The languages that a model's card and id name, and whether it is made for many."""
    name = id.rpartition("/")[2].lower()
    pieces = name.translate(_APART).split(" ")
    found = {canonical(language) for language in languages}
    # Most ids name no language: a look at the beginnings takes a tenth of the time that the expression takes.
    if not _BEGINNINGS.isdisjoint([name[at : at + 4] for at in range(len(name) - 3)]):
        found |= {_NAMES[part] for part in _IN_ID.findall(name)}
    many = len(found) > _MANY or "multilingual" in found or bool(_WIDE.search(name))
    # opus-mt is machine translation, not Maltese.
    codes = [at for at, piece in enumerate(pieces) if piece in _CODES and piece != "mt"]
    found |= {pieces[at] for at in codes if pieces[at] not in _WORDS or at - 1 in codes or at + 1 in codes}
    return frozenset(found & _CODES), many


def agreement(asked: frozenset[str], id: str, languages: tuple[str, ...]) -> float:
    """How well a model's languages go with those that are asked for: 1 for made for them, 0 for made for others."""
    foreign = asked - {"en"}  # nearly every request is in English: the others are what it is about
    if not foreign and "en" in languages:
        return NEUTRAL
    known, many = spoken_by(id, languages)
    if not foreign:
        return NEUTRAL if many or not known or "en" in known else 0.0
    if met := len(foreign & known) / len(foreign):
        return NEUTRAL + 0.5 * met * (0.8 if len(known) > _MANY else 1.0)
    if many:
        return 0.85 if not known else 0.75 if len(known) == 1 else 0.0
    return 0.0 if known else NEUTRAL
