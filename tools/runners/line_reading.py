"""Reading one line of print: twice, with a look at whether the reader went over all of the line.

A character that is nearly another one is read otherwise in a slightly smaller picture. Where the two readings differ,
each word is taken from the one in which it is English, and else the line is marked as unsure. Numbers and codes are
only ever what one of the readings says.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..english import is_english, is_strange
from ..page_lines import trimmed_line, with_margin
from ..text import UNSURE

if TYPE_CHECKING:
    import torch

# Of a character: below the first three nothing was read (in both readings together; where they say the same; where that
# is one or two characters), below the others (in the surer one) it is not sure. Set on drawn pages, signs, receipts and
# letters, and on pictures without text: those get up to 0.71, and 0.83 where one or two characters are read; their two
# readings hardly ever say the same. Lines that are read right get 0.8 at least.
READ, READ_SAME, READ_SHORT, SURE_MEAN, SURE_LEAST = 0.75, 0.6, 0.88, 0.93, 0.6
_SHORT = 2  # characters
LOST = 3  # patches of ink in a row, about two letters, that were not looked at
_LOOKED, _INK = 0.06, 0.45  # of all that was looked: less is a patch passed over; of the contrast: more is ink


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a line.

    Args:
        chances: what the model gave each character of the text, from 0 to 1; where its tokens are no characters,
            their mean.
        mean, least: of all that it wrote: the geometric mean, and the least sure token.
        lost: patches of ink in a row that were not looked at.
    """

    text: str
    chances: tuple[float, ...]
    mean: float
    least: float
    lost: int = 0


def read_line(captioner: Any, image: Any, settings: dict[str, Any]) -> str:
    """The text of a picture of one line: with a mark where it is not sure, "" where it is no reading at all.

    Args:
        captioner: a model that reads print, with its image processor and its tokenizer.
        settings: of `generate`.
    """
    line = trimmed_line(image)
    first, second = readings(captioner, [line, with_margin(line)], settings)
    return agreed(first, second)


def agreed(first: Reading, second: Reading) -> str:
    """What two readings of a line say together: with a mark where that is not sure, "" where it is no reading."""
    text, least, settled = together(first, second)
    bound = READ_SAME if first.text == second.text else READ
    if len(text.replace(" ", "")) <= _SHORT:
        bound = READ_SHORT
    if math.sqrt(first.mean * second.mean) < bound:
        return ""
    mean, lost = max(first.mean, second.mean), max(first.lost, second.lost)
    sure = settled and mean >= SURE_MEAN and least >= SURE_LEAST and lost < LOST
    return text if sure and not _odd(text) else f"{text} {UNSURE}"


def _odd(text: str) -> bool:
    """Whether a line has what hardly stands in one: no word of English, a word twice, sentences without a space."""
    words = text.split()
    twice = any(one == other for one, other in pairwise(words) if one.isalpha())
    return twice or any(map(is_strange, words)) or re.search(r"[a-z]{2}[.,;:!?][A-Z]", text) is not None


def together(first: Reading, second: Reading) -> tuple[str, float, bool]:
    """The words of two readings, the least sure character, and whether they differ in nothing that is open."""
    surer = max(first, second, key=lambda reading: reading.mean)
    if first.text == second.text:
        return first.text, max(first.least, second.least), True
    one, other = _words(first), _words(second)
    if len(one) != len(other):
        longer, shorter = (first, second) if len(one) > len(other) else (second, first)
        glued = any(map(is_strange, shorter.text.split())) and not any(map(is_strange, longer.text.split()))
        return (longer.text, longer.least, True) if glued else (surer.text, surer.least, False)
    words, settled = [], True
    for pair in zip(one, other, strict=True):
        english = [word for word in pair if is_english(word[0])]
        best = english[0] if len(english) == 1 else max(pair, key=lambda word: word[1])
        settled = settled and (pair[0][0] == pair[1][0] or (len(english) == 1 and len(best[0].strip(".,;:!?")) > 3))
        words.append(best)
    return " ".join(text for text, _, _ in words), min(least for _, _, least in words), settled


def _words(reading: Reading) -> list[tuple[str, float, float]]:
    """The words of a reading, each with the geometric mean and the least of its characters."""
    found: list[tuple[str, float, float]] = []
    for match in re.finditer(r"\S+", reading.text):
        chances = reading.chances[match.start() : match.end()]
        found.append((match.group(), math.prod(chances) ** (1 / len(chances)), min(chances)))
    return found


def readings(captioner: Any, images: list[Any], settings: dict[str, Any]) -> list[Reading]:
    """One reading of each picture, all read together."""
    import torch

    model, tokenizer = captioner.model, captioner.tokenizer
    pixels = captioner.image_processor(images=images, return_tensors="pt").pixel_values.to(model.device)
    with torch.inference_mode():
        written = model.generate(pixels, **settings, return_dict_in_generate=True, output_scores=True)
        beams = getattr(written, "beam_indices", None)
        scores = model.compute_transition_scores(written.sequences, written.scores, beams, normalize_logits=True)
        looked = _looked(model, pixels, written.sequences)
    read: list[Reading] = []
    for number, (ids, chances) in enumerate(zip(written.sequences, scores, strict=True)):
        ids = ids[-len(chances) :]
        real = (ids != tokenizer.pad_token_id) & torch.isfinite(chances)
        given = chances[real].exp().tolist()
        if not given:
            read.append(Reading("", (), 0.0, 0.0))
            continue
        text = tokenizer.decode(ids, skip_special_tokens=True)
        start, text = len(text) - len(text.lstrip()), text.strip()
        mean = math.exp(sum(map(math.log, given)) / len(given))
        by_character = len(given) in (start + len(text), start + len(text) + 1)  # the end is a token of its own
        each = given[start : start + len(text)] if by_character else [mean] * len(text)
        lost = 0 if looked is None else passed_over(pixels[number], looked[number][: len(given)])
        read.append(Reading(text, tuple(each), mean, min(given), lost))
    return read


def _looked(model: Any, pixels: torch.Tensor, ids: torch.Tensor) -> torch.Tensor | None:
    """How much the model looked at each patch for each token after the first: (lines, tokens, patches).

    None for a model without a head that was taught to look at the character that is read (`aimed_head` of its
    configuration).
    """
    import torch

    head = getattr(model.config, "aimed_head", None)
    if head is None:
        return None
    model.decoder.set_attn_implementation("eager")  # the others do not say where they look
    states = model.encoder(pixels).last_hidden_state
    layers = model.decoder(
        input_ids=ids[:, :-1], encoder_hidden_states=states, output_attentions=True, use_cache=False
    ).cross_attentions
    return torch.stack([layer[:, head, :, 1:] for layer in layers]).mean(0)


def passed_over(pixels: torch.Tensor, looked: torch.Tensor) -> int:
    """How many patches of ink in a row the reader did not look at: of a word that it skipped.

    Args:
        pixels: (channels, height, width) of a line, between black margins.
        looked: (tokens, patches), patches as wide as width / patches.
    """
    import numpy as np

    grey, seen = pixels.float().mean(0).cpu().numpy(), looked.float().sum(0).cpu().numpy()
    grey = grey - grey.min()
    rows = np.flatnonzero((grey > 0.002).any(1))
    columns = np.flatnonzero((grey[rows] > 0.04).mean(0) > 0.1) if len(rows) else rows
    if not len(columns):
        return 0
    across = slice(int(columns[0]), int(columns[-1]) + 1)
    line = grey[rows[0] : rows[-1] + 1, across]
    contrast = np.abs(line - np.median(line))
    inked = np.zeros(grey.shape[1])
    inked[across] = (contrast > _INK * np.percentile(contrast, 98)).sum(0) >= 2
    per_patch = inked.reshape(len(seen), -1).mean(1) >= 0.5
    runs = "".join("#" if ink and not near else " " for ink, near in zip(per_patch, seen >= _LOOKED, strict=True))
    return max(map(len, runs.split()), default=0)
