"""Tiny real models, built once for all tests of this folder."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tiny"))


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
