"""Which cards are of one and the same model, and which ids only look like another one.

All of it compares cards with each other; nothing that a card claims can do more than put it behind another one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ...tools.card import ModelCard

_STANDING = 100  # with this many times fewer downloads, a card has no say beside the other
_POPULAR = 1000  # downloads from which on a name alone is worth imitating
_RETOLD = 0.8  # of all words of two texts, for two cards of one name: a re-upload's text is often shortened
_TELLING = 200  # characters of prose: a sentence or two can be alike by chance
_UNMISTAKABLE = 300  # characters of prose that no two models share by chance, whatever they are called

# What ends a name when the weights are only stored in another way. A model that was trained on is another model.
_PACKAGED = re.compile(
    r"-(?:gguf|ggml|awq|gptq|exl2|mlx|onnx|openvino|ov|tflite|coreml|safetensors|bnb|hf|sharded|quantized|quant|i1|"
    r"fp8|fp16|bf16|fp32|nf4|w\d+a\d+|(?:int|q)[248](?:-(?:[01k]|k-[sml]))?|[2-8]-?bits?)$"
)
# How the Hub tags a card whose weights are another's, stored anew; finetune, adapter and merge are models of their own.
_QUANTIZED = "base_model:quantized:"
# What tells the sizes of one family apart, which often share a text word by word.
_SIZE = re.compile(r"(?:tiny|mini|small|base|medium|large|huge|giant|xx?l|\d+(?:\.\d+)?[bmk])(?![a-z])")

_ODD = re.compile(r"[^A-Za-z./-]")

# What looks alike, in the order in which it is replaced, after doubled letters (not digits: those count versions).
# Ids are ASCII at the border; the Cyrillic and Greek letters are for cards made by hand.
_LETTERS = str.maketrans("асеорхуіјαοινρ01i5_", "aceopxyijaoivpolls-")
_PAIRS = (("rn", "m"), ("vv", "w"))
_DOUBLED = re.compile(r"([a-z])\1+")


@lru_cache(20_000)
def looks(text: str) -> str:
    """The text as the eye takes it: equal for "openai", "opena1" and "oppenai"."""
    text = text.lower()
    for like, plain in _PAIRS:
        text = text.replace(like, plain)
    return _DOUBLED.sub(r"\1", text).translate(_LETTERS)


@lru_cache(20_000)
def stem(name: str) -> tuple[str, bool]:
    """A name without how it is stored, and whether it said so: "Llama-2-7B-GGUF" -> ("llama-2-7b", True)."""
    whole = re.sub(r"[_.](?=[^_.-]+$)", "-", name.lower().replace("_", "-"))
    short = whole
    while (shorter := _PACKAGED.sub("", short)) != short:
        short = shorter
    return (short, True) if short != whole else (name.lower().replace("_", "-"), False)


def stands_beside(card: ModelCard, other: ModelCard) -> bool:
    """Whether the card is used enough to have a say beside the other; so it is when nothing is known of either."""
    return (1 + card.downloads) * _STANDING >= other.downloads


def originality(card: ModelCard, owner_used: int = 0) -> tuple[bool, int, int, int, int, int, str]:
    """Sorts the original before its copies: stored as trained, used, liked; then the plainer and shorter id.

    Args:
        owner_used: how often the owner's other models are downloaded, for cards of which that is not known.
    """
    odd = len(_ODD.findall(card.id))
    return (stem(card.name)[1], -card.downloads, -card.likes, -owner_used, odd, len(card.id), card.id)


# One model, several cards


@dataclass(frozen=True, slots=True)
class Sameness:
    """A row: under which keys an original is filed, for which keys its copy asks, and whether it is one."""

    name: str
    filed: Callable[[ModelCard], list[str]]
    asked: Callable[[ModelCard], list[str]]
    test: Callable[[ModelCard, ModelCard], bool]


def _prose(card: ModelCard, length: int | None = None) -> str:
    """What the author wrote, without the card's own name in it, its case and its marks."""
    text = (card.text[:length] or card.summary).lower()
    for own in (card.id, card.name, card.owner):
        text = text.replace(own.lower(), " ") if len(own) > 3 else text
    return " ".join(re.findall(r"\w+", text))


def _beginning(card: ModelCard) -> list[str]:
    """A key that copies of one text have in common; reading the whole text of each card would take too long."""
    text = (card.summary or card.text[:300]).lower().replace(card.name.lower(), " ")
    return [" ".join(text.split())] if len(text) > 30 else []


def _stored_anew(copy: ModelCard, original: ModelCard) -> bool:
    return copy.task in (original.task, "")


def _uploaded_again(copy: ModelCard, original: ModelCard) -> bool:
    if stem(copy.name)[1]:
        return _stored_anew(copy, original)
    if copy.task != original.task:
        return False
    one, other = _prose(copy, 1000), _prose(original, 1000)
    if min(len(one), len(other)) < _TELLING:
        return False
    a, b = set(one.split()), set(other.split())
    return len(a & b) >= _RETOLD * len(a | b)


def _copied(copy: ModelCard, original: ModelCard) -> bool:
    """The whole text of another owner's card; one owner's sizes and checkpoints share theirs, and are different."""
    if copy.task != original.task or copy.owner == original.owner:
        return False
    size, other = _SIZE.findall(copy.name.lower()), _SIZE.findall(original.name.lower())
    if size and other and size != other:
        return False
    prose = _prose(copy)
    return len(prose) >= _UNMISTAKABLE and prose == _prose(original)


SAMENESS: tuple[Sameness, ...] = (
    Sameness(
        "declared",
        lambda card: [card.id],
        lambda card: [tag.removeprefix(_QUANTIZED) for tag in card.tags if tag.startswith(_QUANTIZED)],
        _stored_anew,
    ),
    Sameness("name", lambda card: [stem(card.name)[0]], lambda card: [stem(card.name)[0]], _uploaded_again),
    Sameness("text", _beginning, _beginning, _copied),
)


class Originals:
    """Cards that stand for themselves, found by the keys of `SAMENESS`; filled with the more original ones first."""

    def __init__(self) -> None:
        self._filed: dict[tuple[str, str], ModelCard] = {}

    def of(self, card: ModelCard) -> ModelCard | None:
        """The original of which this card is a copy."""
        for row in SAMENESS:
            for key in row.asked(card):
                original = self._filed.get((row.name, key))
                # One who is hardly used takes nobody in: else an early name would swallow the models of others.
                if original and stands_beside(original, card) and row.test(card, original):
                    return original
        return None

    def add(self, card: ModelCard) -> None:
        for row in SAMENESS:
            for key in row.filed(card):
                self._filed.setdefault((row.name, key), card)


# Another model, nearly its name


def look_alikes(cards: Sequence[ModelCard]) -> dict[str, str]:
    """For each id that looks like another owner's model, that model's id.

    Either the ids look the same as a whole, or the names do and one model is used a hundred times as much.
    """
    namesakes: dict[str, list[ModelCard]] = {}
    for card in cards:
        if card.owner:
            namesakes.setdefault(looks(card.name), []).append(card)
    imitated: dict[str, str] = {}
    for group in (group for group in namesakes.values() if len(group) > 1):
        group.sort(key=originality)
        for number, card in enumerate(group):
            if model := next((model for model in group[:number] if _imitates(card, model)), None):
                imitated[card.id] = model.id
    return imitated


def _imitates(card: ModelCard, model: ModelCard) -> bool:
    if card.owner.lower() == model.owner.lower():
        return False
    popular = model.downloads >= _POPULAR and not stands_beside(card, model)
    return popular or looks(card.owner) == looks(model.owner)
