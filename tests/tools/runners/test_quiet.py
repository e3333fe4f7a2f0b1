"""The libraries below write nothing to the terminal, and speak again afterwards."""

from __future__ import annotations

import logging
import threading
import warnings
from typing import Any

import pytest
import tiny_models
from transformers.utils import logging as bars

from prefrontal.tools.card import ModelCard
from prefrontal.tools.runners import get_runner
from prefrontal.tools.runners.quiet import quiet


def test_nothing_is_written_to_the_terminal(tiny: Any, inputs_for: Any, capfd: pytest.CaptureFixture[str]):
    names = ("image-classification", "text-generation", "summarization", "sentence-similarity", "decision")
    for name in (name for name in names if not tiny_models.too_old(name)):
        folder = tiny(name)
        card = ModelCard.from_dir(folder)
        capfd.readouterr()

        model = get_runner(card).load(card, folder)
        get_runner(card).run(model, card, inputs_for(card))

        assert capfd.readouterr() == ("", "")


def test_the_libraries_speak_again_afterwards():
    handler = logging.getLogger("transformers").handlers[0]
    before = handler.level, bars.is_progress_bar_enabled(), list(warnings.filters)
    inside = threading.Barrier(2)

    def overlap() -> None:
        with quiet():
            inside.wait()
        inside.wait()

    other = threading.Thread(target=overlap)
    other.start()
    with quiet():
        inside.wait()
        inside.wait()  # the other one has left: it stays silent in here
        assert handler.level > logging.CRITICAL
        assert not bars.is_progress_bar_enabled()
    other.join()

    assert (handler.level, bars.is_progress_bar_enabled(), list(warnings.filters)) == before
