"""Comparing results on whatever machine the tests run: numbers are the same up to what the device rounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from prefrontal.tools.runners.loading import device


def rounding() -> float:
    """How far two runs of one model may lie apart: a GPU adds in another order from call to call."""
    return 1e-6 if device() == "cpu" else 1e-4


def close(expected: Any) -> Any:
    """For `==`: a number, or a flat list of them, up to the device's rounding."""
    return pytest.approx(expected, rel=rounding(), abs=rounding())


def assert_same(got: Any, expected: Any, where: str = "result") -> None:
    """The same lists, dicts, texts, pictures and arrays; floats and arrays of them up to the device's rounding."""
    if isinstance(expected, dict):
        assert set(got) == set(expected), where
        for key, value in expected.items():
            assert_same(got[key], value, f"{where}[{key!r}]")
    elif isinstance(expected, list | tuple):
        assert len(got) == len(expected), where
        for place, value in enumerate(expected):
            assert_same(got[place], value, f"{where}[{place}]")
    elif isinstance(expected, Image.Image):
        assert (got.size, got.mode) == (expected.size, expected.mode), where
        _assert_same_pixels(got, expected, where)
    elif isinstance(expected, float | np.floating | np.ndarray):
        np.testing.assert_allclose(got, expected, rtol=rounding(), atol=rounding(), err_msg=where)
    else:
        assert got == expected, where


def _assert_same_pixels(got: Image.Image, expected: Image.Image, where: str) -> None:
    """Whole numbers that were rounded from floats: on a GPU, one in a hundred may have fallen to the other side."""
    others = np.asarray(got) != np.asarray(expected)
    assert others.mean() <= (0 if device() == "cpu" else 0.01), where
