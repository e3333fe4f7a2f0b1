"""Languages of models: what their cards and ids say, and how that goes with the languages of a request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ...tools.card import ModelCard
from ...tools.languages import english_names, language_code
from .request_languages import RequestLanguages

NAMED, WIDE, SILENT = 1.0, 0.8, 0.0  # for these languages, for many or all, for none that it names
NEUTRAL = 0.5  # of a card that names no language
_CROSSING = frozenset({"translation", "text2text-generation", "text-generation"})  # a text in, a text out
_SPEECH = frozenset({"automatic-speech-recognition", "text-to-speech", "text-to-audio", "audio-to-audio"})
_PAIR = re.compile(r"(?:^|[-_])([A-Za-z]{2,8})-([A-Za-z]{2,8})$")  # opus-mt-en-fr, opus-mt-ROMANCE-en
_OF_MANY = re.compile(
    r"multilingual|m2m|mbart|xlm|nllb|mms|bloom|labse|xlsr|small100|whisper|(?<![^-_./ ])(?:mt5|mul(?![^-_./ ]))"
)
_MADE_WIDE = frozenset({"multilingual", "mul", "mt5", "xlm", "xlmr", "mbart", "m2m100", "nllb"})
_PROSE = 600  # characters of a card's prose that are believed: further on stand examples and comparisons
_FEW, _MANY = 4, 8  # a model of more languages than few is for none of them in particular, of more than many for all
_NAMES = {name: code for name, code in english_names().items() if name != "latin" and " " not in name}
_IN_ID = re.compile("|".join(sorted((name for name in _NAMES if len(name) > 3), key=len, reverse=True)))
_BEGINNINGS = frozenset(name[:4] for name in _NAMES)
_APART = str.maketrans("-_./", "    ")
# Codes that are words, or parts of names: "gemma-2b-it" is no Italian. They count beside another code only.
_WORDS = frozenset("am as be da fi he id in is it la ml ms my no or ps sd si so to".split())


@dataclass(frozen=True, slots=True)
class CardLanguages:
    """What a card says of languages.

    Attributes:
        known: those that it names.
        many: whether it comes of a model for many; a fine-tuned one may be left with one of them.
        wide: whether it is made for many.
        pair: for a translation from which into which; None when its id names no pair.
    """

    known: frozenset[str]
    many: bool
    wide: bool = False
    pair: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """What a card says of the languages that are asked for: from 0 to 1, and in words."""

    value: float
    reason: str


def of_card(card: ModelCard) -> CardLanguages:
    """The languages that a whole card names."""
    return card_languages(card.id, card.languages, card.tags, card.task == "translation")


@lru_cache(8192)
def card_languages(
    id: str, languages: tuple[str, ...], tags: tuple[str, ...] = (), translates: bool = False
) -> CardLanguages:
    """The languages that a card's closed fields and its id name.

    Args:
        tags: of which a code, or a language's name, is one more.
        translates: whether two codes at the end of the id are a pair, such as "opus-mt-en-fr".
    """
    name = id.rpartition("/")[2].lower()
    pieces = name.translate(_APART).split(" ")
    found = {code for language in languages if (code := language_code(language))}
    for tag in map(str.lower, tags):
        found |= {_NAMES[word] for word in re.findall(r"[a-z]{4,}", tag) if word in _NAMES}
        if len(tag) in (2, 3) and (code := language_code(tag)):
            found.add(code)
    # Most ids name no language: a look at the beginnings takes a tenth of the time that the expression takes.
    if not _BEGINNINGS.isdisjoint([name[at : at + 4] for at in range(len(name) - 3)]):
        found |= {_NAMES[part] for part in _IN_ID.findall(name)}
    # opus-mt is machine translation, not Maltese.
    codes = [at for at, piece in enumerate(pieces) if piece != "mt" and len(piece) == 2 and language_code(piece)]
    found |= {
        language_code(pieces[at])
        for at in codes
        if pieces[at] not in _WORDS or at - 1 in codes or at + 1 in codes
    }  # fmt: skip
    listed = {"multilingual", "multi", "mul"} & {language.lower() for language in languages}
    words = {*re.findall(r"[a-z0-9]+", f"{name} {' '.join(tags)}".lower())}
    wide = bool(listed or (words & _MADE_WIDE and len(found) <= 2))
    many = wide or len(found) > _MANY or bool(_OF_MANY.search(name))
    match = _PAIR.search(id.rpartition("/")[2]) if translates else None
    pair = (language_code(match[1]), language_code(match[2])) if match else None
    return CardLanguages(frozenset(found), many, wide, pair if pair and any(pair) else None)


@lru_cache(4096)
def _hinted(card: ModelCard) -> frozenset[str]:
    """What may be meant by codes in a card's name and by names of languages in its prose: no ground to leave it out
    for another language."""
    codes = (language_code(word) for word in re.split(r"[^a-z]+", card.name) if 2 <= len(word) <= 3)
    words = re.findall(r"\b[A-Z][a-z]{2,}\b", f"{card.summary} {card.text[:_PROSE]}")
    return frozenset(code for code in codes if code) | {_NAMES[w.lower()] for w in words if w.lower() in _NAMES}


def stand(card: ModelCard, asked: RequestLanguages) -> Stand | None:
    """What a card says of the languages that a request names; None when it names others only."""
    value = _value(card, asked)
    return None if value is None else Stand(value, f"knows {asked}" if value > SILENT else "names no language")


def _value(card: ModelCard, asked: RequestLanguages) -> float | None:
    said = of_card(card)
    if card.task in _CROSSING and said.pair and not _goes(said.pair, asked):
        return None
    here = [code in said.known for code in asked.codes]
    if any(here) if card.task in _SPEECH and (asked.source or asked.target) else all(here):
        return NAMED if len(said.known) <= _FEW else WIDE
    missing = [code for code, there in zip(asked.codes, here, strict=True) if not there]
    if all(code in _hinted(card) for code in missing):
        return NAMED
    if said.wide and (card.task != "translation" or not said.pair or "" in said.pair):
        return WIDE
    return None if said.known else SILENT


def _goes(pair: tuple[str, str], asked: RequestLanguages) -> bool:
    """Whether a model of one pair goes the way that is asked."""
    ways = ((asked.source, pair[0]), (asked.target, pair[1]))
    return all(not wanted or not has or wanted == has for wanted, has in ways)


def agreement(shown: frozenset[str], id: str, languages: tuple[str, ...]) -> float:
    """How well a model's languages go with those that a request shows: 1 for made for them, 0 for made for others."""
    foreign = shown - {"en"}  # nearly every request is in English: the others are what it is about
    if not foreign and "en" in languages:
        return NEUTRAL
    said = card_languages(id, languages)
    if not foreign:
        return NEUTRAL if said.many or not said.known or "en" in said.known else 0.0
    if met := len(foreign & said.known) / len(foreign):
        return NEUTRAL + 0.5 * met * (0.8 if len(said.known) > _MANY else 1.0)
    if said.many:
        return 0.85 if not said.known else 0.75 if len(said.known) == 1 else 0.0
    return 0.0 if said.known else NEUTRAL
