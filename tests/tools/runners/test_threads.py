"""One loaded model, many callers."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tiny_compare import assert_same

from prefrontal.tools.card import ModelCard
from prefrontal.tools.residency import Residency
from prefrontal.tools.runners import get_runner

TEXTS = ["the cat is small", "hello world", "anna works in paris .", "a big red bird sits on the house ."] * 8


@pytest.mark.parametrize("name", ["text-classification", "summarization", "feature-extraction", "text-to-speech"])
def test_eight_threads_get_what_one_gets(name: str, tiny: Any, load: Any):
    folder = tiny(name)
    card = ModelCard.from_dir(folder)
    runner, residency, loads = get_runner(card), Residency(), []

    def loaded() -> Any:
        loads.append(name)
        return runner.load(card, folder)

    def call(text: str) -> dict[str, Any]:
        with residency.use(card.id, loaded, card.bytes) as model:
            return runner.run(model, card, {"text": text})

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(call, TEXTS))

    assert_same(together, [load(name).run(text=text) for text in TEXTS])
    assert loads == [name]


def test_a_call_costs_what_the_bare_pipeline_costs(load: Any):
    """The thread's own time, the least of many calls in turn: a busy machine must not decide this."""
    loaded = load("text-classification")
    text = "the cat is small"
    spent: dict[str, list[float]] = {"bare": [], "ours": []}

    for _ in range(60):
        for name, call in (("bare", loaded.model), ("ours", lambda text: loaded.run(text=text))):
            started = time.thread_time()
            call(text)
            spent[name].append(time.thread_time() - started)

    bare, ours = min(spent["bare"]), min(spent["ours"])
    assert ours < max(1.05 * bare, bare + 0.002)
