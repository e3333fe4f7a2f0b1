"""How sure a model of spoken numbers is of what it heard: CTC writes down its likeliest words, however unlikely."""

from __future__ import annotations

from typing import Any

from ..text import UNSURE

SURE = 0.9  # the chance of the whole text; below, the recording is not understood
TAG = "numbers"  # of cards of models that write down numbers alone


def number_heard(pipe: Any, array: Any) -> str:
    """What a CTC model hears in a recording, with "[?]" behind it where it is not sure.

    Args:
        pipe: a loaded automatic-speech-recognition pipeline of a CTC model.
        array: samples (n,), at the rate of its feature extractor.
    """
    text, chance = _reading(pipe, array)
    return text if not text or text.endswith(UNSURE) or chance >= SURE else f"{text} {UNSURE}"


def _reading(pipe: Any, array: Any) -> tuple[str, float]:
    """The text of the likeliest tokens, and the chance of it: of all the ways together in which frames can spell it."""
    import torch

    extractor, model = pipe.feature_extractor, pipe.model
    given = extractor(array, sampling_rate=extractor.sampling_rate, return_tensors="pt")
    frames = model(**given.to(model.device)).logits[0].float().log_softmax(-1)  # (frames, tokens)
    blank = int(model.config.pad_token_id)
    best = frames.argmax(-1)
    text = pipe.tokenizer.decode(best.tolist(), skip_special_tokens=False).strip()
    tokens = torch.unique_consecutive(best)
    tokens = tokens[tokens != blank]
    loss = torch.nn.functional.ctc_loss(
        frames[:, None], tokens[None], [len(frames)], [len(tokens)], blank=blank, reduction="sum"
    )
    return text, float((-loss).exp())
