"""What goes into transformers' pipelines, and what comes out of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from tiny_compare import assert_same
from tiny_media import tone

from prefrontal.errors import ToolInputError
from prefrontal.tools.boxes import distinct
from prefrontal.tools.runners.loading import device
from prefrontal.tools.runners.pipeline import ROWS
from prefrontal.tools.runners.quiet import quiet
from prefrontal.tools.tasks import get_task, rows

# The same request written for the bare pipeline, and what the row's output must equal.
BARE: dict[str, Callable[[Any, dict[str, Any]], Any]] = {
    "image-classification": lambda pipe, v: pipe(v["image"]),
    "object-detection": lambda pipe, v: distinct(pipe(v["image"], threshold=0.0)),
    "image-segmentation": lambda pipe, v: pipe(v["image"], threshold=0.0),
    "depth-estimation": lambda pipe, v: pipe(v["image"])["depth"],
    "image-feature-extraction": lambda pipe, v: np.mean(pipe(v["image"])[0], axis=0),
    "keypoint-matching": lambda pipe, v: pipe([v["image"], v["other"]]),
    "zero-shot-image-classification": lambda pipe, v: pipe(v["image"], candidate_labels=["cat", "dog"]),
    "zero-shot-object-detection": lambda pipe, v: distinct(
        pipe(v["image"], candidate_labels=["cat", "dog"], threshold=0.0)
    ),
    "document-question-answering": lambda pipe, v: [r for r in pipe(v["image"], v["question"]) if r["answer"]],
    "automatic-speech-recognition": lambda pipe, v: pipe(v["audio"]["array"])["text"],
    "automatic-speech-recognition/whisper": lambda pipe, v: pipe(v["audio"]["array"])["text"],
    "audio-classification": lambda pipe, v: pipe(v["audio"]["array"]),
    "zero-shot-audio-classification": lambda pipe, v: pipe(v["audio"]["array"], candidate_labels=["cat", "dog"]),
    "text-to-speech": lambda pipe, v: pipe(v["text"])["audio"],
    "text-to-audio": lambda pipe, v: pipe(v["text"])["audio"],
    "text-classification": lambda pipe, v: pipe(v["text"], top_k=1),
    "token-classification": lambda pipe, v: [s["score"] for s in pipe(v["text"], aggregation_strategy="simple")],
    "table-question-answering": lambda pipe, v: pipe(table=v["table"].astype(str), query=v["question"])["answer"],
    "text-generation": lambda pipe, v: pipe(v["prompt"], max_new_tokens=5, return_full_text=False)[0]["generated_text"],
    "fill-mask": lambda pipe, v: [r["token_str"] for r in pipe("the [MASK] is small")],
    "zero-shot-classification": lambda pipe, v: pipe(v["text"], candidate_labels=["cat", "dog"])["scores"],
    "feature-extraction": lambda pipe, v: np.mean(pipe(v["text"])[0], axis=0),
    "decision": lambda pipe, v: pipe({"state": v["state"], "questions": v["questions"]}),
}
# Rows of which the bare result holds one part only.
PART: dict[str, Callable[[Any], Any]] = {
    "text-to-speech": lambda out: out["array"],
    "text-to-audio": lambda out: out["array"],
    "token-classification": lambda out: [span["score"] for span in out],
    "fill-mask": lambda out: [label["label"] for label in out],
    "zero-shot-classification": lambda out: [label["score"] for label in out],
}


def test_every_pipeline_task_of_the_table_has_a_row():
    tasks = {row.id for row in rows() if row.runner == "pipeline"} | {"feature-extraction"}

    assert set(ROWS) == tasks
    assert {task: get_task(task).output.name for task in ROWS} == {task: row.output for task, row in ROWS.items()}


@pytest.mark.parametrize("name", BARE)
def test_it_gives_what_the_bare_pipeline_gives(name: str, load: Any, inputs_for: Any, values: dict[str, Any]):
    from transformers import __version__, pipeline

    if name == "document-question-answering" and __version__.startswith("5.22."):
        pytest.skip("the bare pipeline of transformers 5.22 cannot load this model; ours can")
    loaded = load(name)
    task = loaded.card.task.replace("text-to-speech", "text-to-audio")
    with quiet():
        bare = pipeline(task, model=str(loaded.folder), device=device())
        torch.manual_seed(0)
        expected = BARE[name](bare, values)

    outputs = loaded.run(**inputs_for(loaded.card))

    got = PART.get(name, lambda out: out)(outputs[loaded.card.row.output.name])
    assert_same(got, expected)


@pytest.mark.parametrize("name", ["image-classification", "audio-classification", "text-classification", "fill-mask"])
def test_top_k_may_come_as_a_float(name: str, load: Any, inputs_for: Any):
    loaded = load(name)

    assert len(loaded.run(**inputs_for(loaded.card), top_k=2.0)["labels"]) == 2


@pytest.mark.parametrize(
    ("name", "wrong", "sentence"),
    [
        (
            "image-classification",
            {"top_k": 0},
            "top_k is 0; allowed is 1 or more: leave it out for the model's own default",
        ),
        ("object-detection", {"threshold": 1.5}, "threshold is 1.5; allowed is a number from 0 to 1"),
        (
            "zero-shot-classification",
            {"candidate_labels": []},
            "candidate_labels is []; give at least one label, and none that is empty",
        ),
        (
            "fill-mask",
            {"text": "no gap"},
            "the text holds 0 masked words; write [MASK] once, where the word is missing",
        ),
        (
            "text-classification",
            {"text": "cat " * 70},
            "text has 72 tokens, text-classification reads 64 at most; shorten it, or call once for each part",
        ),
        ("audio-classification", {"audio": tone(0)}, "the recording is empty; pass one with sound in it"),
    ],
)
def test_wrong_inputs_are_refused_in_one_sentence(
    name: str, wrong: dict[str, Any], sentence: str, load: Any, inputs_for: Any
):
    loaded = load(name)

    with pytest.raises(ToolInputError) as caught:
        loaded.run(**(inputs_for(loaded.card) | wrong))
    assert str(caught.value) == sentence


@pytest.mark.parametrize("gap", ["[MASK]", "<mask>", "___"])
def test_a_gap_may_be_written_in_several_ways(gap: str, load: Any):
    loaded = load("fill-mask")

    assert_same(loaded.run(text=f"the {gap} is small"), loaded.run(text="the [MASK] is small"))


def test_the_callers_recording_stays_as_it_is(load: Any, values: dict[str, Any]):
    audio = values["audio"]
    before = audio["array"].copy()

    load("automatic-speech-recognition").run(audio=audio)

    assert set(audio) == {"array", "sampling_rate"}
    assert np.array_equal(audio["array"], before)


def test_a_recording_at_another_rate_is_resampled(load: Any):
    loaded = load("audio-classification")

    fine, coarse = (loaded.run(audio=tone(0.5, rate))["labels"] for rate in (48_000, 16_000))

    assert [label["label"] for label in fine] == [label["label"] for label in coarse]
    assert fine[0]["score"] == pytest.approx(coarse[0]["score"], abs=1e-3)


def test_two_channels_become_one(load: Any):
    loaded, mono = load("audio-classification"), tone()
    stereo = np.stack([mono["array"], mono["array"]])

    for array in (stereo, stereo.T):
        assert_same(loaded.run(audio={**mono, "array": array}), loaded.run(audio=mono))


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("automatic-speech-recognition", {"chunk_length_s": 30}),
        ("automatic-speech-recognition/whisper", {"return_timestamps": True}),  # without it, an error
    ],
)
def test_a_long_recording_is_read_in_pieces(name: str, setting: dict[str, Any], load: Any):
    loaded, audio = load(name), tone(31)
    seen = []
    own = loaded.model._sanitize_parameters
    loaded.model._sanitize_parameters = lambda **given: seen.append(given) or own(**given)
    try:
        text = loaded.run(audio=audio)["text"]
    finally:
        del loaded.model._sanitize_parameters

    assert seen == [setting]
    assert text


def test_a_model_with_a_chat_template_is_asked_as_a_chat(load: Any, values: dict[str, Any]):
    loaded = load("text-generation/chat")
    chat = [{"role": "user", "content": values["prompt"]}]

    written = loaded.run(prompt=values["prompt"], max_new_tokens=5)["text"]

    def bare(prompt: Any) -> str:
        torch.manual_seed(0)  # pipelines of some versions sample where a model does not say how it writes
        return loaded.model(prompt, max_new_tokens=5, return_full_text=False)[0]["generated_text"]

    assert written == bare(chat)
    assert written != bare(values["prompt"])


def test_spans_hold_the_words_as_written(load: Any):
    text = "Anna works in Paris"

    for span in load("token-classification").run(text=text)["spans"]:
        assert span["text"] == text[span["start"] : span["end"]]


def test_a_table_of_numbers_is_read_as_text(load: Any):
    table = pd.DataFrame({"name": ["anna", "bird"], "stars": [1.5, 2]}, index=[7, 9])

    assert isinstance(load("table-question-answering").run(table=table, question="how many stars ?")["text"], str)


def test_a_seed_chooses_the_voice_and_leaves_the_callers_numbers_alone(load: Any):
    loaded = load("text-to-speech")
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)

    one, again, other = (loaded.run(text="hello world", seed=s)["audio"]["array"] for s in (1, 1, 2))

    assert torch.equal(torch.rand(3), expected)
    assert_same(again, one)
    assert not (one.shape == other.shape and np.allclose(one, other, atol=1e-3))
