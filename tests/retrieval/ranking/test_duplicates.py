"""One model is one hit, and an id that only looks like another one is known: the latter is fault 17 by number."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from speech_cards import WHISPER, speech

from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ranking import duplicates
from prefrontal.retrieval.ranking.duplicates import (
    SAMENESS,
    Originals,
    look_alikes,
    looks,
    originality,
    stands_beside,
    stem,
)
from prefrontal.tools.card import ModelCard

MakeIndex = Callable[..., ModelIndex]


# Names


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Llama-2-7B-GGUF", "llama-2-7b"),
        ("whisper_tiny.int8", "whisper-tiny"),
        ("whisper-tiny-onnx-int8", "whisper-tiny"),
        ("mistral-7b-bnb-4bit", "mistral-7b"),
        ("mistral-7b-Q4_K_M", "mistral-7b"),
        ("mistral-7b-AWQ", "mistral-7b"),
    ],
)
def test_a_name_says_how_the_weights_are_stored(name: str, plain: str) -> None:
    assert stem(name) == (plain, True)


@pytest.mark.parametrize("name", ["whisper-tiny", "bert-base-uncased", "opus-mt-en-fr", "gguf", "llama-2-7b-chat"])
def test_other_names_stay_whole(name: str) -> None:
    assert stem(name) == (name, False)


def test_who_is_used_a_hundred_times_less_has_no_say() -> None:
    popular = speech("openai/whisper-tiny", 10_000)
    assert stands_beside(speech("a/model", 99), popular)
    assert not stands_beside(speech("a/model", 98), popular)
    assert stands_beside(speech("a/model"), speech("b/model")), "nothing is known of either"


def test_the_more_original_cards_come_first() -> None:
    cards = [
        speech("lab/model", 50),
        speech("lab/model-b", 9, likes=3),
        speech("lab/model-c", 9, likes=2),
        speech("b/model"),
        speech("bb/model"),
        speech("b0/model"),
        speech("lab/model-GGUF", 900),
    ]
    assert sorted([cards[at] for at in (3, 6, 0, 5, 2, 4, 1)], key=originality) == cards
    unknown = [speech("aaa/model"), speech("b/model")]
    used = {"aaa/model": 500, "b/model": 0}
    assert sorted(unknown, key=lambda card: originality(card, used[card.id])) == unknown
    assert sorted(unknown, key=originality) == unknown[::-1], "the shorter id"
    liked = [speech("b/model", likes=1), speech("aaa/model")]
    assert sorted(liked, key=lambda card: originality(card, used[card.id])) == liked, "its own likes come first"


# One model, several cards


def test_copies_are_folded_into_their_original(made: MakeIndex) -> None:
    index = made(
        speech("openai/whisper-tiny", 500_000),
        speech("a/whisper-tiny", 10),
        speech("quants/whisper-tiny-GGUF", 90_000, "Quantised files for llama.cpp: transcribe speech, transcribe."),
        speech("quants/wt-4", 3, "Transcribe speech in four bits.", tags=("base_model:quantized:openai/whisper-tiny",)),
        speech("mirror/my-own-great-model", 5),
        speech("lab/other-asr", 40, "Another model that can transcribe speech."),
    )
    hits = index.search("transcribe speech")
    assert {hit.id for hit in hits} == {"openai/whisper-tiny", "lab/other-asr"}
    (whisper,) = (hit for hit in hits if hit.id == "openai/whisper-tiny")
    copies = {"a/whisper-tiny", "quants/whisper-tiny-GGUF", "quants/wt-4", "mirror/my-own-great-model"}
    assert set(whisper.variants) == copies
    assert json.loads(json.dumps(whisper.to_dict()))["variants"] == list(whisper.variants)


def test_different_models_stay_apart_even_with_one_text(made: MakeIndex) -> None:
    different = [
        speech("openai/whisper-tiny", 500_000),
        speech("openai/whisper-base", 400_000),  # one owner's sizes share a card
        speech("big/whisper-large", 300_000),  # so do the sizes of others
        speech("lab/whisper-tiny-french", 900, WHISPER + " Fine-tuned on French."),  # trained on: another model
        speech("lab/tuned", 800, "Whisper, tuned.", tags=("base_model:finetune:openai/whisper-tiny",)),
        speech("x/asr-model", 0, "It listens."),  # a short text is alike by chance
        speech("y/asr-model", 0, "It listens."),
    ]
    hits = made(*different).search("transcribe speech", k=9)
    assert {hit.id for hit in hits} == {card.id for card in different}
    assert not any(hit.variants for hit in hits)


@pytest.mark.parametrize(
    ("original", "copy"),
    [
        (speech("a-long-owner/model", 500), speech("b/model", 400)),  # more downloads
        (speech("a-long-owner/model", 500), speech("b/model-onnx", 600)),  # stored as it was trained
        (speech("b/model"), speech("a-long-owner/model")),  # nothing is known: the shorter id
        (speech("b/model", likes=9), speech("a/model", likes=2)),
    ],
)
def test_the_original_speaks_for_its_copies(made: MakeIndex, original: ModelCard, copy: ModelCard) -> None:
    (hit,) = made(copy, original).search(copy.name)
    assert (hit.id, hit.variants) == (original.id, (copy.id,))


def test_a_name_that_nobody_uses_swallows_no_model_that_is_used(made: MakeIndex) -> None:
    index = made(speech("evil/whisper-tiny"), speech("quants/whisper-tiny-GGUF", 90_000, "Quantised files."))
    found = {hit.id for hit in index.search("transcribe speech")}
    assert found == {"evil/whisper-tiny", "quants/whisper-tiny-GGUF"}


@pytest.mark.parametrize(
    ("row", "copy"),
    [
        ("declared", speech("quants/wt-4", 3, "In four bits.", tags=("base_model:quantized:openai/whisper-tiny",))),
        ("name", speech("quants/whisper_tiny.GGUF", 3, "Quantised files.")),
        ("text", speech("mirror/my-own-great-model", 5)),
    ],
)
def test_each_row_finds_its_copies(row: str, copy: ModelCard, monkeypatch: pytest.MonkeyPatch) -> None:
    original = speech("openai/whisper-tiny", 300)
    for rows in ((row,), {row.name for row in SAMENESS} - {row}):
        with monkeypatch.context() as patch:
            patch.setattr(duplicates, "SAMENESS", tuple(each for each in SAMENESS if each.name in rows))
            originals = Originals()
            originals.add(original)
            assert originals.of(copy) == (original if row in rows else None)
            assert originals.of(speech("lab/asr", 5, "Another model.")) is None


def test_the_first_one_filed_is_the_original() -> None:
    originals, first, second = Originals(), speech("a/whisper-tiny", 50), speech("b/whisper-tiny", 40)
    originals.add(first)
    originals.add(second)
    assert originals.of(speech("c/whisper-tiny-onnx", 30)) == first
    assert originals.of(speech("d/whisper-tiny-onnx", 5_101)) is None, "who is hardly used takes nobody in"


# Another model, nearly its name


@pytest.mark.parametrize(
    ("like", "name"),
    [
        ("opena1/whisper-tiny", "openai/whisper-tiny"),
        ("0penai/whisper-tiny", "openai/whisper-tiny"),
        ("oppenai/whisper_tiny", "openai/whisper-tiny"),
        ("openai/whisper-tlny", "openai/whisper-tiny"),
        ("rnicrosoft/phi", "microsoft/phi"),
        ("оpenai/whisper-tiny", "openai/whisper-tiny"),  # the first letter is Cyrillic
    ],
)
def test_case_17_ids_that_look_alike(like: str, name: str) -> None:
    assert looks(like) == looks(name)


@pytest.mark.parametrize(("one", "other"), [("v1", "v11"), ("v1", "v2"), ("opus-en-fr", "opus-fr-en"), ("t5", "t55")])
def test_case_17_versions_do_not_look_alike(one: str, other: str) -> None:
    assert looks(one) != looks(other)


def test_case_17_namesakes_of_equal_standing_imitate_nobody() -> None:
    assert look_alikes([speech("a/asr-model", 2000), speech("b/asr-model", 1500)]) == {}
    assert look_alikes([speech("a/asr-model", 5), speech("a/asr_model", 90_000)]) == {}  # one owner
    assert look_alikes([speech("asr-model", 5), speech("b/asr-model", 900)]) == {}  # no owner, or too few downloads


def test_case_17_where_nothing_is_known_the_plainer_id_is_the_original() -> None:
    assert look_alikes([speech("opena1/x-model"), speech("openai/x-model")]) == {"opena1/x-model": "openai/x-model"}
    assert look_alikes([speech("gooogle/bert"), speech("google/bert")]) == {"gooogle/bert": "google/bert"}
