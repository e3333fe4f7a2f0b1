"""The texts that `text-sentiment` learns from, and the slips that they are given.

`sentiment.tsv` holds writer, label and text, written for this model by nobody else.
"""

from __future__ import annotations

import random
from pathlib import Path

LABELS = ("negative", "neutral", "positive")
TEXTS = Path(__file__).with_name("sentiment.tsv")
EVERY, FIRST = 5, 62  # of the first writers, every fifth is held out; those who came later are all learnt from
Labelled = tuple[str, str]  # (label, text)


def read_texts(held_out: bool | None = None, path: Path = TEXTS) -> list[Labelled]:
    """The written texts with their labels: of all writers, of those held out, or of the others."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    writers = list(dict.fromkeys(writer for writer, _, _ in rows))
    apart = set(writers[EVERY - 1 : FIRST : EVERY])
    return [(label, text) for writer, label, text in rows if held_out is None or (writer in apart) == held_out]


def disturbed(text: str, rng: random.Random) -> str:
    """The text with a slip, without apostrophes, or shouted, now and then; its meaning stays."""
    if rng.random() < 0.15:
        text = text.replace("'", "")
    if rng.random() < 0.1 and len(text) > 8:
        at = rng.randrange(1, len(text) - 2)
        text = rng.choice((text[:at] + text[at + 1 :], text[:at] + text[at + 1] + text[at] + text[at + 2 :]))
    if rng.random() < 0.3:
        text = text.rstrip(".!?") + rng.choice(("", ".", "!", "!!", "..."))
    return text


def mixed(label: str, text: str, texts: dict[str, list[str]], rng: random.Random) -> str:
    """The text beside another of its label or a neutral one, in any order, now and then."""
    if rng.random() < 0.25:
        other = rng.choice(texts[label if label == "neutral" or rng.random() < 0.6 else "neutral"])
        parts = [text, other]
        rng.shuffle(parts)
        return " ".join(parts)
    return text
