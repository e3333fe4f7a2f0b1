"""Settings, recordings and texts, checked and converted before a library sees them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tiny_media import tone

from prefrontal.errors import ToolInputError
from prefrontal.tools.card import ModelCard
from prefrontal.tools.runners.inputs import check_length, options, token_limit, waveform

# Settings


def test_settings_come_in_the_types_that_libraries_want() -> None:
    settings = options(
        {
            "text": "not a setting",
            "top_k": 3.0,
            "max_new_tokens": "20",
            "num_inference_steps": 1,
            "threshold": "0.5",
            "candidate_labels": [" cat ", 7],
            "multi_label": "Yes",
        }
    )
    assert settings == {
        "top_k": 3,
        "max_new_tokens": 20,
        "num_inference_steps": 1,
        "threshold": 0.5,
        "candidate_labels": ["cat", "7"],
        "multi_label": True,
    }
    assert [type(settings[name]) for name in ("top_k", "max_new_tokens", "threshold")] == [int, int, float]


@pytest.mark.parametrize(
    ("said", "meant"), [(True, True), ("true", True), (1, True), (False, False), ("no", False), (0, False)]
)
def test_yes_and_no_in_several_spellings(said: Any, meant: bool) -> None:
    assert options({"multi_label": said}) == {"multi_label": meant}


@pytest.mark.parametrize("name", ["top_k", "max_new_tokens", "num_inference_steps"])
@pytest.mark.parametrize("value", [0, -1, 0.9])
def test_a_number_of_things_is_one_or_more(name: str, value: float) -> None:
    with pytest.raises(ToolInputError) as caught:
        options({name: value})
    assert str(caught.value) == f"{name} is {value}; allowed is 1 or more: leave it out for the model's own default"


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_a_threshold_is_a_share(value: float) -> None:
    assert options({"threshold": 0}) == {"threshold": 0.0}
    assert options({"threshold": 1}) == {"threshold": 1.0}
    with pytest.raises(ToolInputError) as caught:
        options({"threshold": value})
    assert str(caught.value) == f"threshold is {value}; allowed is a number from 0 to 1"


@pytest.mark.parametrize("value", [[], [""], ["cat", "  "]])
def test_there_is_a_label_and_none_is_empty(value: list[str]) -> None:
    with pytest.raises(ToolInputError) as caught:
        options({"candidate_labels": value})
    assert str(caught.value) == f"candidate_labels is {value!r}; give at least one label, and none that is empty"


# Recordings


def test_a_recording_at_its_own_rate_is_a_copy() -> None:
    audio = tone()
    array = waveform(audio, audio["sampling_rate"])
    assert array.dtype == np.float32
    assert np.array_equal(array, audio["array"])
    assert not np.shares_memory(array, audio["array"])


@pytest.mark.parametrize(("rate", "samples"), [(8_000, 4_000), (22_050, 11_025), (44_100, 22_050)])
def test_a_recording_at_another_rate_is_the_same_sound(rate: int, samples: int) -> None:
    array = waveform(tone(0.5, 16_000), rate)
    assert (array.dtype, len(array)) == (np.float32, samples)
    inner = slice(samples // 10, -samples // 10)  # a filter rings at both ends
    assert array[inner] == pytest.approx(tone(0.5, rate)["array"][inner], abs=0.02)


def test_channels_are_averaged_wherever_they_stand() -> None:
    wave = np.sin(np.arange(800))
    left, right = 0.5 * wave, 0.1 * wave
    for array in (np.stack([left, right]), np.stack([left, right], axis=1)):
        mono = waveform({"array": array, "sampling_rate": 8_000}, 8_000)
        assert mono == pytest.approx(0.3 * wave, abs=1e-6)


def test_an_empty_recording_is_refused() -> None:
    with pytest.raises(ToolInputError) as caught:
        waveform(tone(0), 16_000)
    assert str(caught.value) == "the recording is empty; pass one with sound in it"


# Texts


@pytest.mark.parametrize(
    ("tokenizer", "config", "limit"),
    [
        (512, 1024, 512),
        (512, 128, 128),
        (int(1e30), 128, 128),  # what transformers says where nobody said
        (512, None, 512),
        (int(1e30), None, 10**9),
        (None, -1, 10**9),
    ],
)
def test_the_smaller_limit_that_is_said_counts(tokenizer: Any, config: Any, limit: int) -> None:
    said = SimpleNamespace(model_max_length=tokenizer), SimpleNamespace(max_position_embeddings=config)
    assert token_limit(*said) == limit


def test_a_configuration_may_have_no_limit() -> None:
    assert token_limit(SimpleNamespace(model_max_length=77), SimpleNamespace()) == 77


@pytest.fixture(scope="module")
def reader(tiny: Callable[[str], Path]) -> tuple[ModelCard, Any, Any]:
    """A card, the tokenizer and the configuration of a model that reads 64 tokens."""
    from transformers import AutoConfig, AutoTokenizer

    folder = tiny("text-classification")
    return ModelCard.from_dir(folder), AutoTokenizer.from_pretrained(folder), AutoConfig.from_pretrained(folder)


def test_a_text_up_to_the_limit_passes(reader: tuple[ModelCard, Any, Any]) -> None:
    card, tokenizer, config = reader
    check_length(card, tokenizer, config, "cat " * 62)  # and the two marks that stand around it
    check_length(card, tokenizer, config, "")


def test_a_text_beyond_the_limit_is_counted(reader: tuple[ModelCard, Any, Any]) -> None:
    card, tokenizer, config = reader
    with pytest.raises(ToolInputError) as caught:
        check_length(card, tokenizer, config, "cat " * 63, "prompt")
    assert str(caught.value) == (
        "prompt has 65 tokens, text-classification reads 64 at most; shorten it, or call once for each part"
    )


def test_a_short_text_is_not_even_counted(reader: tuple[ModelCard, Any, Any]) -> None:
    card, tokenizer, config = reader
    asked: list[str] = []

    class Counting:
        model_max_length = tokenizer.model_max_length

        def __call__(self, text: str, **options: Any) -> Any:
            asked.append(text)
            return tokenizer(text, **options)

    check_length(card, Counting(), config, "c" * 56)
    assert asked == []
    check_length(card, Counting(), config, "c" * 57)
    assert asked == ["c" * 57]
