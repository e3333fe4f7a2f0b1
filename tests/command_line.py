"""What tests of the command line share: the shape of a call, and reading what it prints."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Cli = Callable[..., tuple[int, str, str]]  # the fixture `cli`: exit code, standard output, standard error


def lines_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]
