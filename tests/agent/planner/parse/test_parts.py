"""The parts that words of a goal can have, as the training and the reader share them."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.parse.parts import ARGUMENTS, LIMITS, OPS, SOURCES, argument_of, prefix


def test_every_name_stands_once() -> None:
    for names in (OPS, SOURCES, ARGUMENTS, LIMITS):
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("target", "language"), ("numbers", "number"), ("from", "unit"), ("dates", "date"), ("question", "topic")],
)
def test_many_arguments_are_of_few_kinds(name: str, kind: str) -> None:
    assert argument_of(name) == kind
    assert kind in ARGUMENTS


def test_the_reader_is_told_of_the_files() -> None:
    assert prefix(["image", "audio"]) == "image audio : "
    assert prefix([]) == ": "
