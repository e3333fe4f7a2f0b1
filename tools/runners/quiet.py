"""Keeps the libraries below from writing to the terminal while a model loads or runs."""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LIBRARIES = ("transformers", "sentence_transformers", "diffusers", "huggingface_hub")
_lock = threading.Lock()
_depth = 0
_restore: Callable[[], None] | None = None


@contextmanager
def quiet() -> Iterator[None]:
    """Silence within this block, in all threads: the first one in turns it on, the last one out turns it off.

    Levels and warning filters belong to the process, so blocks that overlap in two threads share one silence:
    each restoring what it had found would leave the other one's state behind.
    """
    global _depth, _restore
    with _lock:
        _depth += 1
        if _depth == 1:
            _restore = _silence()
    try:
        yield
    finally:
        with _lock:
            _depth -= 1
            if _depth == 0 and _restore:
                _restore()


def _silence() -> Callable[[], None]:
    from transformers.utils import logging as bars

    levels = [(target, target.level) for target in _targets()]
    for target, _ in levels:
        target.setLevel(logging.CRITICAL + 1)
    had_bars = bars.is_progress_bar_enabled()
    if had_bars:
        bars.disable_progress_bar()
    caught = warnings.catch_warnings()
    caught.__enter__()
    warnings.simplefilter("ignore")

    def restore() -> None:
        caught.__exit__(None, None, None)
        if had_bars:
            bars.enable_progress_bar()
        for target, level in levels:
            target.setLevel(level)

    return restore


def _targets() -> Iterator[logging.Handler | logging.Logger]:
    """What writes: a library's handlers where it has some, for a logger's own level is slow to change (0.1 ms)."""
    for name in _LIBRARIES:
        if name in sys.modules:
            logger = logging.getLogger(name)
            yield from logger.handlers or [logger]
