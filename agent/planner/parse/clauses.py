"""A goal's clauses: where it is split, in which order they are done, and which only tell what there is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ....tools.media_types import KIND_OF_SUFFIX
from .words import VERBS

MARK = re.compile(r"⟦(\d+)⟧")  # where a quote stood
_SUFFIXES = {**KIND_OF_SUFFIX, "txt": "text", "md": "text", "pdf": "text", "docx": "text", "doc": "text"}
FILE_NAME = re.compile(
    rf"(?<![\w.-])[\w-]+\.({'|'.join(sorted(_SUFFIXES, key=len, reverse=True))})(?![\w-])", re.IGNORECASE
)

SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+|\s+(?=\(?\d[.)]\s)|\s*(?:->|→|=>)\s*|(?<=\w):\s+(?![\s⟦])")
_BULLET = re.compile(r"^\W*(?:\d+[.)]|[-*•])\s+")
# "Y after you have done X" and "before Y, X" are done in the other order.
_AFTER = re.compile(
    r"^(?P<late>\w.+?),?\s+(?:after|once|as soon as|when)\s+(?!(?:that|this|it|which)\b[\s,.]*$)"
    r"(?:(?:you|i|we)(?:'ve|\s+have|\s+are done)?\s+|having\s+|(?=\w+ing\b))(?P<early>.+)$",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"^(?:but\s+|and\s+)?before\s+(?!that\b)(?P<late>[^,]+),\s*(?P<early>.+)$", re.IGNORECASE)
_NOT_WANTED = re.compile(
    r"\b(?:and )?sav(?:e|ing) (?:(?:it|them|that|the (?:\w+ )?\w+) )?(?:as|to|in|under) [^,.;⁇]*|"
    r"\b(?:(?:there(?:'s| is)\s+)?no need (?:to|for)|need not|needn't|(?:please )?(?:do not|don't|dont|"
    r"never)(?! (?:know|understand|have|speak))"
    r"|without(?= \w+ing\b)|instead of|rather than|not(?= \w+ing\b))\s+[^,.;⁇]*",
    re.IGNORECASE,
)
# What a goal tells before it asks: such a clause asks for nothing.
_GIVEN = re.compile(
    r"^(?:(?:hi|hello|hey|so|also|and|additionally|okay|ok|at the same time)\b[\s,!]*)*(?:"
    r"(?:i|we|my \w+|someone|somebody|a \w+|the user|user|he|she|they)\s+(?:also\s+|just\s+|only\s+|currently\s+|"
    r"already\s+)*"
    r"(?:have|has|had|got|sent|took|taken|recorded|wrote|received|found|am (?:providing|working|sending|attaching)|"
    r"provided?|uploaded|attached|made|bought|own|work(?:ed)?|am|was|were|is|scanned|photographed|shot|gave|left|"
    r"asked|visited|forgot|keep|collect|live|run|love|like)\b(?! (?:to|trouble))"
    r"|i've\b|i'm (?!looking|interested|curious)|(?:here|there)(?:'s|\s+is|\s+are)\b|given\b|attached\b|"
    r"in the attached\b|it(?:'s| is| was| contains| shows)\b|its? (?:is|contains|shows)\b"
    r"|(?:the|this|that|my|these|those|both) (?:[\w'-]+ ){0,4}?(?:is|are|was|contains?|shows?|describes?|comes?|has|"
    r"have|called|named|provided|includes?|might|can be found|reads)\b"
    r"|(?:thank|thanks|please find|see attached|it'?s for|cheers|regards|best wishes)\b)",
    re.IGNORECASE,
)
_STILL_ASKS = re.compile(
    r"\b(?:that|which|and|so|but)\s+(?:i|we)(?:'d| would| really| also| just)*\s+(?:want|like|need|wish|love|plan|"
    r"intend)\b"
    r"|,\s*(?:and\s+|so\s+)?(?:please|can you|could you|kindly)\b|,\s*(?:i|we)(?:'d| would| really| also|"
    r" just)*\s+(?:want|like|need|wish)\b|\b(?:and|but)\s+(?:also\s+)?(?:need|want|would like|wish|am looking)\b|"
    r"\b(?:that|which|it) (?:needs?|should|must)\b|\bneeds? to be\b|\bto be (?=\w+ed\b)",
    re.IGNORECASE,
)
_CONNECTOR = re.compile(
    r"\s*(?:,\s*)?(?:\band\s+)?\b(?:then|after\s+that|afterwards|finally|lastly|subsequently|and\s+also|"
    r"followed\s+by|next)\b[\s,]*",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:,\s*and|,|\band)\s+(?=(?:also\s+|please\s+|then\s+)?(\w+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that is asked: its words, with quotes replaced by ⟦n⟧, and the quotes it holds."""

    text: str
    quotes: tuple[str, ...] = ()
    asks: bool = True
    question: bool = False

    @property
    def seen(self) -> str:
        """The words as cues see them: files as ‹kind›, a question ends in ⁇, and what is not wanted is left out."""
        text = FILE_NAME.sub(lambda found: f"‹{file_kind(found.group())}›", self.text)
        text = " ".join(_NOT_WANTED.sub(" ", text.replace("’", "'")).split())
        return f"{text} ⁇" if self.question else text

    @property
    def plain(self) -> str:
        """The words without the quotes' marks."""
        return " ".join(MARK.sub(" ", self.text).split())

    @property
    def full(self) -> str:
        """The words with short quotes put back."""
        quotes = iter(self.quotes)
        return " ".join(MARK.sub(lambda _: f'"{next(quotes, "")[:60]}"', self.text).split())


def file_kind(name: str) -> str:
    """The kind of a file by its suffix; "text" for documents of text."""
    return _SUFFIXES[name.rpartition(".")[2].lower()]


def split(text: str) -> list[tuple[str, bool, bool]]:
    """(words, whether they ask for anything, whether they are a question), in the order of doing."""
    parts: list[tuple[str, bool, bool]] = []
    for sentence in SENTENCE.split(text):
        question = sentence.rstrip(" ⟧)\"'").endswith("?")
        for phrase in _in_order(_BULLET.sub("", sentence)):
            for piece in _CONNECTOR.split(phrase):
                parts += [(words, asks, question) for words, asks in _asked(_at_joints(piece))]
    cleaned = ((part.strip(" ,.;!?"), asks, question) for part, asks, question in parts)
    return [(part, asks, question) for part, asks, question in cleaned if re.search(r"\w|⟦", part)]


def _in_order(sentence: str) -> list[str]:
    """ "Translate it after you have transcribed it" is two phrases, the second first."""
    found = _BEFORE.match(sentence) or _AFTER.match(sentence)
    return [found["early"], found["late"]] if found else [sentence]


def _at_joints(piece: str) -> list[str]:
    """Split at commas and "and" where a verb follows: "read it and add it up", not "cats and dogs"."""
    parts, start = [], 0
    for joint in _AND.finditer(piece):
        if joint.group(1).lower() in VERBS:
            parts.append(piece[start : joint.start()])
            start = joint.end()
    return [*parts, piece[start:]]


def _asked(parts: list[str]) -> list[tuple[str, bool]]:
    """What only tells of what is there asks for nothing; but "a photo that I want to sharpen" does."""
    told: list[tuple[str, bool]] = []
    for part in parts:
        if not _GIVEN.match(part.strip()):
            told.append((part, True))
        elif asking := _STILL_ASKS.search(part):
            told += [(part[: asking.start()], False), (part[asking.start() :], True)]
        else:
            told.append((part, False))
    return told
