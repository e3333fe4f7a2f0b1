"""Tiny real models, built once for all tests of this folder; and what a machine lacks is set up, not hoped for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from prefrontal.tools import requirements

# The tiny models, how results are compared, and the table that several tests look into.
sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "tiny")]


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a tiny model, by its row's name."""
    root = tmp_path_factory.mktemp("tiny")

    @cache
    def folder(name: str) -> Path:
        import tiny_models  # at first use: it brings torch

        from prefrontal.tools.runners.quiet import quiet

        with quiet():
            return tiny_models.build(name, root / name.replace("/", "-"))

    return folder


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Takes requirements away, by name, for one test; everything else is taken for installed."""

    def lack(*names: str) -> None:
        for name, row in requirements.REQUIREMENTS.items():
            here = name not in names
            monkeypatch.setitem(requirements.REQUIREMENTS, name, replace(row, present=lambda here=here: here))
        requirements.is_present.cache_clear()

    yield lack
    requirements.is_present.cache_clear()
