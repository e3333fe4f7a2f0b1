"""What a machine lacks is set up, not hoped for: these tests say the same where everything is installed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from prefrontal.tools import requirements

sys.path.insert(0, str(Path(__file__).parents[1] / "tiny"))  # the tiny models, and how results are compared


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
