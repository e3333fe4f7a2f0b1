"""What a model of spoken numbers hears, and how sure it is: CTC writes down its likeliest words, however unlikely."""

from __future__ import annotations

from typing import Any

from ..text import UNSURE

TAG = "numbers"  # of cards of models that write down numbers alone
SPEEDS = (1.0, 0.93, 1.07)  # a recording is heard as it is, a little slower and a little faster
SURE = 0.5  # the chance of the whole text; below, the recording is not understood. Of noisy ones above, 98 % were right


def number_heard(pipe: Any, array: Any) -> str:
    """The likeliest text of a recording that is heard at three speeds, with "[?]" behind it where that is not sure.

    Args:
        pipe: a loaded automatic-speech-recognition pipeline of a CTC model.
        array: samples (n,), at the rate of its feature extractor.
    """
    text, chance = likeliest(pipe, array)
    return text if not text or text.endswith(UNSURE) or chance >= SURE else f"{text} {UNSURE}"


def likeliest(pipe: Any, array: Any) -> tuple[str, float]:
    """Of what is heard at the three speeds, the text that fits all of them best, and its chance: the geometric mean."""
    import torch

    blank = int(pipe.model.config.pad_token_id)
    heard = [_frames(pipe, array, speed) for speed in SPEEDS]
    scored: dict[tuple[int, ...], float] = {}
    for frames in heard:
        tokens = torch.unique_consecutive(frames.argmax(-1))
        tokens = tokens[tokens != blank]
        if tuple(tokens.tolist()) not in scored:
            scored[tuple(tokens.tolist())] = sum(_fit(other, tokens, blank) for other in heard) / len(heard)
    best = max(scored, key=lambda tokens: scored[tokens])
    apart = [token for each in best for token in (each, blank)]  # two of a kind side by side are two words
    text = pipe.tokenizer.decode(apart, skip_special_tokens=False).strip()
    return text, float(torch.tensor(scored[best]).exp())


def _frames(pipe: Any, array: Any, speed: float) -> Any:
    """The logarithms of the chances of all tokens (frames, tokens) in a recording played at a speed."""
    import numpy as np

    if speed != 1:
        array = np.interp(np.arange(0, len(array) - 1, speed), np.arange(len(array)), array).astype(np.float32)
    extractor, model = pipe.feature_extractor, pipe.model
    given = extractor(array, sampling_rate=extractor.sampling_rate, return_tensors="pt")
    return model(**given.to(model.device)).logits[0].float().log_softmax(-1)


def _fit(frames: Any, tokens: Any, blank: int) -> float:
    """The logarithm of the chance that frames spell tokens, in all the ways together in which they can."""
    import torch

    sizes = torch.tensor([len(frames)]), torch.tensor([len(tokens)])
    return -float(torch.nn.functional.ctc_loss(frames[:, None], tokens[None], *sizes, blank=blank, reduction="sum"))
