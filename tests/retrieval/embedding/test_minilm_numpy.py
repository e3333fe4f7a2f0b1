from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from prefrontal.retrieval.embedding.minilm import MiniLMEmbedder
from prefrontal.retrieval.embedding.minilm_numpy import NumpyMiniLM
from prefrontal.retrieval.embedding.minilm_weights import minilm_folder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.tools.card import ModelCard


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "Count the coins in this photo.",
        "Zähl die Münzen, 数一数硬币 — ¿cuántas?",
        "very long " * 300,
        "[MASK] it",
    ],
)
def test_one_text_gets_what_sentence_transformers_gives(minilm: MiniLMEmbedder, text: str) -> None:
    row = NumpyMiniLM(minilm_folder()).embed(text)
    assert row.shape == (384,)
    assert row.dtype == np.float32
    assert np.abs(row - minilm.encode([text])[0]).max() < 1e-6


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
