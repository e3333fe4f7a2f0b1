"""The static student: rows in the space of the teacher, from the shipped file."""

from __future__ import annotations

import re

import numpy as np
import pytest
from transformers import AutoTokenizer

from prefrontal.errors import ModelUnavailableError
from prefrontal.retrieval.embedding import static_minilm as static
from prefrontal.retrieval.embedding.minilm import MiniLMEmbedder
from prefrontal.retrieval.embedding.minilm_weights import minilm_folder
from prefrontal.retrieval.embedding.static_minilm import StaticMiniLM
from prefrontal.tools.card import ModelCard
from prefrontal.tools.checkpoints import MINILM_SHA256

CARDS = {
    "birds": ("image-classification", "Names the garden bird on a photo, two hundred kinds."),
    "speech": ("automatic-speech-recognition", "Writes down what Finnish speakers say on the phone."),
    "invoices": ("document-question-answering", "Answers questions about scanned invoices and receipts."),
    "reviews": ("text-classification", "Tells angry hotel reviews from happy ones."),
    "roofs": ("image-segmentation", "Marks roofs and roads in aerial pictures."),
    "poems": ("text-generation", "Writes short rhymed poems in Portuguese."),
}
REQUESTS = {
    "birds": "which bird sits in this picture?",
    "speech": "transcribe a Finnish telephone call",
    "invoices": "what is the total on this scanned bill?",
    "reviews": "are the guests of our hotel content?",
    "roofs": "outline the roofs in a satellite image",
    "poems": "a poem in Portuguese, please",
}


@pytest.fixture(scope="module")
def texts() -> list[str]:
    cards = (ModelCard(id=f"ann/{id}", task=task, summary=does, text=does) for id, (task, does) in CARDS.items())
    return [card.search_text for card in cards]


@pytest.fixture(scope="module")
def student() -> StaticMiniLM:
    return StaticMiniLM()


@pytest.fixture(scope="module")
def teacher() -> MiniLMEmbedder:
    return MiniLMEmbedder()


def test_its_rows_lie_in_the_space_of_the_teacher(student, teacher, texts):
    cosines = (student.encode(texts) * teacher.encode(texts)).sum(axis=1)
    assert cosines.min() > 0.6
    assert cosines.mean() > 0.75


def test_the_teachers_queries_find_the_students_cards(student, teacher, texts):
    similar = teacher.encode(list(REQUESTS.values())) @ student.encode(texts).T
    assert [list(CARDS)[best] for best in similar.argmax(axis=1)] == list(REQUESTS)


def test_rows_are_unit_float32_and_the_same_whatever_stands_beside_them(student, texts):
    rows = student.encode(texts * 40)  # more than one batch
    assert rows.dtype == np.float32
    assert rows.shape == (240, 384)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.array_equal(rows, StaticMiniLM().encode(texts * 40))
    assert np.allclose(rows[:1], student.encode(texts[:1]), atol=1e-6)


def test_a_text_without_a_token_is_the_zero_vector(student, texts):
    rows = student.encode(["", texts[0], " \n\t", "\x00 \x01", texts[1], ""])
    assert [bool(row.any()) for row in rows] == [False, True, False, False, True, False]
    assert student.encode([]).shape == (0, 384)


@pytest.mark.parametrize(
    "text",
    [
        "Plain words, in a (short) row: over-fitted, isn't it?",
        "Ünïcode naïve café — “quoted” … Straße İstanbul",
        "中文字符 mixed with English日本語 한국어",
        "x\x00y z\u200bw \ufffd \U0001f917 🤗🤗 e\u0301te\u0301",
        "a" * 300 + " " + "_" * 50,
        "word " * 300,
        "1.5e-05 --- ||| `code_name` <b>x</b>",
    ],
)
def test_it_reads_the_very_tokens_of_the_teacher(student, text):
    tokenizer = AutoTokenizer.from_pretrained(minilm_folder(), local_files_only=True)
    assert student._ids.of(text).tolist() == tokenizer(text, truncation=True, max_length=128).input_ids[1:-1]


def test_remembered_words_are_forgotten_when_they_are_too_many(monkeypatch, texts):
    monkeypatch.setattr(static, "_CHUNKS_KEPT", 5)
    student = StaticMiniLM()
    assert np.array_equal(student.encode(texts), StaticMiniLM().encode(texts))
    assert len(student._ids) <= 5


def test_a_file_that_belongs_to_another_teacher_is_refused(monkeypatch, tmp_path):
    with np.load(static._FILE) as file:
        np.savez(tmp_path / "static_minilm.npz", **{**file, "teacher": np.array("0" * 64)})
    monkeypatch.setattr(static, "_FILE", tmp_path / "static_minilm.npz")
    told = (
        f"static_minilm.npz belongs to the weights 000000000000, not to {MINILM_SHA256[:12]}; "
        "train it anew with zoo/training/static_student.py"
    )
    with pytest.raises(ModelUnavailableError, match=re.escape(told)):
        StaticMiniLM().encode(["a bird"])


def test_the_file_is_small_and_holds_no_pickle():
    assert static._FILE.stat().st_size < 4_500_000
    with np.load(static._FILE, allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file.files)
