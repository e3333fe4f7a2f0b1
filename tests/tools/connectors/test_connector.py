"""Connectors: the task, library, class and arguments of models whose cards carry no tag."""

from __future__ import annotations

from typing import Any

import pytest

from prefrontal.tools.connectors.connector import read_connector

TEMPLATE = """# Model Card for Model ID

<!-- Provide a quick summary of what the model is/does. -->

This is the model card of a 🤗 transformers model that has been pushed on the Hub.

- **Developed by:** [More Information Needed]
- **Language(s) (NLP):** [More Information Needed]

Users (both direct and downstream) should be made aware of the risks, biases and limitations of the model.
Carbon emissions can be estimated using the [Machine Learning Impact calculator](https://mlco2.github.io/impact#compute)
"""


@pytest.mark.parametrize(
    ("id", "text", "header", "config", "task"),
    [
        ("a/x", "```python\nfrom transformers import pipeline\npipeline('summarization', model='a/x')\n```", {}, {}, "summarization"),
        ("a/opus-en-fi", "source languages: en, target languages: fi", {}, {}, "translation"),
        ("a/m", "Fine-tuned for named entity recognition in letters.", {}, {}, "token-classification"),
        ("a/m", "It removes the noise: speech enhancement at 16 kHz.", {}, {}, "audio-to-audio"),
        ("a/m", "", {"widget": [{"text": "Paris is the [MASK] of France."}]}, {}, "fill-mask"),
        ("a/m", "", {"widget": [{"source_sentence": "a", "sentences": ["b"]}]}, {}, "sentence-similarity"),
        ("a/m", "", {"widget": [{"text": "Who?", "context": "Anna."}]}, {}, "question-answering"),
        ("a/m", "", {"widget": [{"structuredData": {"x": [1]}}]}, {}, "tabular-classification"),
        ("a/m", "", {"datasets": ["squad_v2"]}, {}, "question-answering"),
        ("a/m", "", {"metrics": [{"name": "wer"}], "datasets": ["common_voice"]}, {}, "automatic-speech-recognition"),
        ("a/m", "", {}, {"architectures": ["SegformerForSemanticSegmentation"]}, "image-segmentation"),
        ("a/m", "", {}, {"architectures": ["HubertForSequenceClassification"]}, "audio-classification"),
        ("a/tiny-random-LayoutLMv3ForQuestionAnswering", "", {}, {}, "document-question-answering"),
        ("a/m", "Please use `BertForQuestionAnswering` to load it.", {}, {}, "question-answering"),
        ("a/wav2vec2-sentiment", "A fine-tuned version of facebook/wav2vec2-base that knows the sentiment.", {}, {}, "audio-classification"),
        ("a/m", "从图像中生成：这是一个语音识别模型。", {}, {}, "automatic-speech-recognition"),
        ("a/m", TEMPLATE, {}, {}, ""),
        ("a/m", "Nothing to see here.", {}, {}, ""),
        ("a/m", "", {}, {}, ""),
    ],
)  # fmt: skip
def test_the_task_is_told_by_the_documentation(id: str, text: str, header: Any, config: Any, task: str) -> None:
    found = read_connector(id, text, header, config)
    assert (found.task, bool(found.why)) == (task, bool(task))


def test_the_task_of_its_base_counts_unless_that_is_made_to_be_trained() -> None:
    tasks = {"big/whisper": "automatic-speech-recognition", "big/bert": "fill-mask"}
    for base, task in (("big/whisper", tasks["big/whisper"]), ("big/bert", ""), ("no/such", "")):
        found = read_connector("a/m", "", {"base_model": base}, base_task=lambda id: tasks.get(id, ""))
        assert found.task == task
    adapter = read_connector("a/m", "", {"tags": ["base_model:adapter:big/whisper"]}, base_task=tasks.get)
    assert adapter.why == ("it was made from big/whisper",)


def test_a_tag_stands_and_the_rest_is_read_all_the_same() -> None:
    text = "```\nm = AutoModelForSeq2SeqLM.from_pretrained('a/m')\nm.generate(x, num_beams=4)\n```\nIt is about depth estimation."
    found = read_connector("a/m", text, task="summarization")
    assert found.to_dict() == {
        "library": "transformers", "class": "AutoModelForSeq2SeqLM", "task": "summarization",
        "arguments": {"num_beams": 4}, "why": ["its tag"], "shown": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "header", "config", "library", "cls"),
    [
        ("A sentence-transformers model for semantic search.", {}, {}, "sentence-transformers", "SentenceTransformer"),
        ("Trained with SpeechBrain for speech enhancement.", {}, {}, "speechbrain", "SepformerSeparation"),
        ("Classifies images of birds.", {}, {}, "transformers", "pipeline"),
        ("Summarizes news.", {}, {"architectures": ["BartForConditionalGeneration"]}, "transformers", "BartForConditionalGeneration"),
        ("Depth estimation.", {"library_name": "Keras"}, {}, "keras", "from_pretrained_keras"),
        ("Nothing.", {}, {}, "", ""),
    ],
)  # fmt: skip
def test_without_code_the_usual_class_stands_in(text: str, header: Any, config: Any, library: str, cls: str) -> None:
    found = read_connector("a/m", text, header, config)
    assert (found.library, found.cls, found.shown) == (library, cls, False)


@pytest.mark.parametrize("odd", [{"widget": [1, None]}, {"widget": "x"}, {"datasets": {"a": 1}}, {"tags": [1, {"a": 2}]},
                                 {"base_model": 7}, {"metrics": [None]}, {"library_name": ["a"]}])  # fmt: skip
def test_odd_headers_are_no_error(odd: Any) -> None:
    assert read_connector("a/m", "Image classification.", odd).task == "image-classification"


def test_odd_configs_are_no_error() -> None:
    config = {"architectures": "x", "id2label": [], "image_size": "7", "task_specific_params": {"summarization": 1}}
    assert read_connector("a/m", "", config=config).task in ("", "summarization")
