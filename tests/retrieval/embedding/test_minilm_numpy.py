from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from prefrontal.retrieval.embedding.minilm import MiniLMEmbedder
from prefrontal.retrieval.embedding.minilm_numpy import NumpyMiniLM
from prefrontal.retrieval.embedding.minilm_weights import minilm_folder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.tools.card import ModelCard
from prefrontal.tools.runners.loading import LOADS
from prefrontal.tools.runners.quiet import quiet

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


TEXTS = [
    "",
    "a",
    "Count the coins in this photo.",
    "Zähl die Münzen, 数一数硬币 — ¿cuántas?",
    "very long " * 300,
    "[MASK] it",
]


@pytest.fixture(scope="module")
def reference() -> SentenceTransformer:
    """The same weights through sentence-transformers."""
    from sentence_transformers import SentenceTransformer

    with LOADS, quiet():
        model = SentenceTransformer(str(minilm_folder()), device="cpu", local_files_only=True)
    model.max_seq_length = 128
    return model


@pytest.mark.parametrize("text", TEXTS)
def test_one_text_gets_what_sentence_transformers_gives(reference: SentenceTransformer, text: str) -> None:
    row = NumpyMiniLM(minilm_folder()).embed(text)
    assert row.shape == (384,)
    assert row.dtype == np.float32
    assert np.abs(row - reference.encode([text], normalize_embeddings=True)[0]).max() < 1e-6


@pytest.mark.parametrize("workers", [1, 3])
def test_many_texts_get_what_sentence_transformers_gives(
    reference: SentenceTransformer, minilm: MiniLMEmbedder, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    """In whatever order and portions they go through the layers."""
    model = NumpyMiniLM(minilm_folder())
    monkeypatch.setattr(model, "_workers", workers)
    monkeypatch.setattr("prefrontal.retrieval.embedding.minilm_numpy._TOKENS", 150)
    texts = [*TEXTS, *(f"{'card ' * (i % 7)}of model {i}" for i in range(40))]
    rows = model.embed_many(texts)
    assert (rows.shape, rows.dtype) == ((46, 384), np.float32)
    assert np.abs(rows - reference.encode(texts, normalize_embeddings=True)).max() < 1e-6
    assert np.abs(rows - np.array([minilm.one(text) for text in texts])).max() < 1e-6
    assert model.embed_many([]).shape == (0, 384)


def test_fewer_tokens_are_read_when_so_asked() -> None:
    short = NumpyMiniLM(minilm_folder(), max_tokens=6)
    assert np.array_equal(short.embed("one two three four five six"), short.embed("one two three four"))


def test_a_search_needs_no_torch(tmp_path: Path, minilm: MiniLMEmbedder) -> None:
    ModelIndex(tmp_path / "index", minilm).add(ModelCard(id="owner/model", summary="Counts coins."))
    code = (
        "import sys; from prefrontal.retrieval.index import ModelIndex; "
        f"print(ModelIndex({str(tmp_path / 'index')!r}).search('count coins', offline=True)[0].id); "
        "print([name for name in ('torch', 'transformers', 'sentence_transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["owner/model", "[]"]


def test_a_card_is_indexed_without_torch(tmp_path: Path) -> None:
    code = (
        "import sys; from prefrontal.retrieval.index import ModelIndex; from prefrontal.tools.card import ModelCard; "
        f"report = ModelIndex({str(tmp_path / 'index')!r}).add(ModelCard(id='owner/model', summary='Counts coins.')); "
        "print(*report.added, [name for name in ('torch', 'transformers', 'sentence_transformers') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "owner/model []\n"
