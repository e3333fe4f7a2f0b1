r"""The arguments that a card's documentation gives: prompts before the text, labels, settings of writing, rates, sizes.

Only names that stand here are kept, and only values of the right kind: what a stranger wrote into a card reaches a
model's call as a number within bounds, a short prefix or a label, and nothing else of it does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .calls import Call

_TEXT = 12_000  # characters of a card that are looked at
# Settings of `generate` and of diffusers that a card may give, and the bounds within which they are taken.
_NUMBERS: dict[str, tuple[float, float]] = {
    "max_length": (1, 4096),
    "max_new_tokens": (1, 4096),
    "min_length": (0, 1024),
    "num_beams": (1, 16),
    "temperature": (0.01, 2.0),
    "top_p": (0.01, 1.0),
    "top_k": (1, 1000),
    "repetition_penalty": (0.5, 3.0),
    "length_penalty": (-3.0, 5.0),
    "no_repeat_ngram_size": (0, 20),
    "num_inference_steps": (1, 500),
    "guidance_scale": (0, 50),
    "chunk_length_s": (1, 60),
}
_FLAGS = ("do_sample", "early_stopping", "normalize_embeddings")
_STRATEGIES = ("none", "simple", "first", "average", "max")
# Calls whose settings are not the model's: a tokenizer's max_length is what it reads.
_NOT_WRITING = re.compile(
    r"(?:.*\.)?(?:\w*tokenizer\w*|\w*tok|\w*processor|encode|encode_plus|batch_encode_plus|print)"
)
_RATES = (8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000)
_RATE = re.compile(r"\b(8|11\.025|16|22\.05|24|32|44\.1|48)\s?k(?:hz)?\b(?= sampl| audio| speech|hz|[ .,;)])"
                   r"|\b(8000|11025|16000|22050|24000|32000|44100|48000)\s?hz", re.IGNORECASE)  # fmt: skip
_SIZE = re.compile(r"(?:resolution|resized?|size|pixels)[^.\n]{0,30}?\b(\d{2,4})\s?[x×]\s?(\d{2,4})\b"
                   r"|\b(\d{2,4})\s?[x×]\s?(\d{2,4})\b(?= (?:pixels|resolution|images?))", re.IGNORECASE)  # fmt: skip
# What a text begins with before a model reads it, as code writes it: "summarize: ", f"query: {text}", ">>fra<< ".
_PREFIX = re.compile(r"""[rfRF]{0,2}["'](?P<prefix>(?:[a-zA-Z][a-zA-Z0-9_ ]{2,40}:[ ]|>>[a-z]{2,3}<<[ ]))(?=[^"'\n])""")
_ASYMMETRIC = {
    **dict.fromkeys(("query", "search_query", "question"), "query_prefix"),
    **dict.fromkeys(("passage", "document", "search_document"), "document_prefix"),
}
_INSTRUCTION = re.compile(r"""["'“](Represent [^"'”\n]{5,120}:[ ]?)""")
_CHATTING = ("user", "assistant", "system", "human", "bot", "output", "input", "result", "example", "answer", "shape",
             "device", "prompt", "generated", "predicted", "score", "scores", "label", "labels")  # fmt: skip
_LABEL = re.compile(
    r"\bLABEL_(\d{1,3})\b[`'\"]?\s*(?:=>|->|→|[=:|]|is)\s*[`'\"]?([A-Za-z][\w /-]{0,39}?)[`'\"]?\s*(?:[|,;.)}\n]|$)"
)
_MAX_LABELS = 100


def arguments(
    calls: Sequence[Call], blocks: Sequence[str], text: str, config: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What the documentation says to call the model with, by name, in plain values.

    Beside the settings by their own names there may be: "prefix", "query_prefix" and "document_prefix" (what stands
    before a text), "labels" (names of classes, in their order), "candidate_labels" (those of an example),
    "sampling_rate" (Hz), "image_size" ([width, height]).
    """
    prose, config = text[:_TEXT], config or {}
    found = {
        **_settings(calls),
        **_prefixes(calls, "\n".join(blocks)[:_TEXT]),
        "sampling_rate": _rate(calls, prose),
        "image_size": _image_size(prose, config),
        "labels": _labels(prose, config),
        "candidate_labels": _candidates(calls),
    }
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _settings(calls: Sequence[Call]) -> dict[str, Any]:
    """The settings of the first call that gives each."""
    found: dict[str, Any] = {}
    for call in calls:
        if _NOT_WRITING.fullmatch(call.name):
            continue
        for name, value in call.given.items():
            is_flag = name in _FLAGS and isinstance(value, bool)
            if is_flag or (name == "aggregation_strategy" and value in _STRATEGIES):
                found.setdefault(name, value)
            elif name in _NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
                low, high = _NUMBERS[name]
                if low <= value <= high:
                    found.setdefault(name, value)
    return found


def _prefixes(calls: Sequence[Call], code: str) -> dict[str, str]:
    """Prefixes of texts: one for all, or one for questions and one for what is searched."""
    found: dict[str, str] = {}
    for match in _PREFIX.finditer(code):
        prefix = match["prefix"]
        word = prefix.rstrip(": ").lower()
        if word in _CHATTING:
            continue
        found.setdefault(_ASYMMETRIC.get(word, "prefix"), prefix)
    if instruction := _INSTRUCTION.search(code):
        found.setdefault("query_prefix", instruction[1])
    for call in calls:
        for name in ("prefix", "query_instruction_for_retrieval"):
            value = call.given.get(name)
            if isinstance(value, str) and 0 < len(value) <= 120 and "\n" not in value:
                found.setdefault("prefix" if name == "prefix" else "query_prefix", value)
    return found


def _rate(calls: Sequence[Call], prose: str) -> int | None:
    """The rate that code asks for, else the one that the prose names."""
    for call in calls:
        for name in ("sampling_rate", "sample_rate", "target_sr", "sr", "orig_freq"):
            value = call.given.get(name)
            if name != "orig_freq" and value in _RATES and not isinstance(value, bool):
                return int(value)
    named = _RATE.search(prose)
    return round(float(named[1]) * 1000) if named and named[1] else int(named[2]) if named else None


def _image_size(prose: str, config: Mapping[str, Any]) -> list[int] | None:
    side = config.get("image_size")
    if isinstance(side, int) and not isinstance(side, bool) and 8 <= side <= 4096:
        return [side, side]
    named = _SIZE.search(prose)
    sides = [int(one) for one in named.groups() if one] if named else []
    return sides if len(sides) == 2 and all(16 <= one <= 4096 for one in sides) else None


def _labels(prose: str, config: Mapping[str, Any]) -> list[str] | None:
    """The names of classes: of config.json, or of "LABEL_0: negative" in the prose."""
    named = config.get("id2label")
    if isinstance(named, dict) and named and not str(next(iter(named.values()))).startswith("LABEL_"):
        return [str(value)[:80] for value in list(named.values())[:_MAX_LABELS]]
    numbered: dict[int, str] = {}
    for number, name in _LABEL.findall(prose):
        numbered.setdefault(int(number), name.strip())
    if len(numbered) > 1 and sorted(numbered) == list(range(len(numbered))):
        return [numbered[place] for place in sorted(numbered)]
    return None


def _candidates(calls: Sequence[Call]) -> list[str] | None:
    """The labels that an example of a zero-shot model chooses from."""
    for call in calls:
        labels = call.given.get("candidate_labels")
        if isinstance(labels, list) and all(isinstance(one, str) for one in labels):
            return [one[:80] for one in labels]
    return None
