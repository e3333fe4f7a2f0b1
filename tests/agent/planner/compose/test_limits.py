"""Limits on the model of a step: a model that is named, its size, its licence."""

from __future__ import annotations

import pytest
from benches import PHOTO, asked, bench, planned

from prefrontal.agent.planner.compose.limits import limits_of, named_model

COUNT = asked("count_things", "Count", thing="coins")


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("Count the coins with facebook/detr-resnet-50", "facebook/detr-resnet-50"),
        ("Count them using the model lab/coins.", "lab/coins"),
        ("Count the coins and/or the pens", ""),
        ("Convert 5 m/s to km/h", ""),
        ("Do it with pens and/or coins", ""),
        ("Read https://example.org/a-1 with care", ""),
    ],
)
def test_a_model_that_is_named(text: str, model: str) -> None:
    assert named_model(text) == model


@pytest.mark.parametrize(
    ("goal", "said", "limits"),
    [
        ("Count the coins", "", {}),
        ("Count the coins with a model under 50 MB", "", {"max_bytes": 50_000_000}),
        ("Count the coins with a model of at most 1.5 GB", "", {"max_bytes": 1_500_000_000}),
        ("Count the coins with an MIT model", "MIT", {"licences": ("mit",)}),
        (
            "Count the coins with lab/coin-2 under 900 kB",
            "",
            {"model": "lab/coin-2", "max_bytes": 900_000},
        ),
    ],
)
def test_limits(goal: str, said: str, limits: dict[str, object]) -> None:
    made = bench(goal, asked("count_things", "Count", limits={"license": said} if said else None))
    assert limits_of(made, made.understanding.wishes[0]) == limits


def test_every_step_keeps_to_them() -> None:
    plan = planned("Count the coins with a model under 50 MB", COUNT, files=[PHOTO])
    assert [step.limits for step in plan.steps] == [{"max_bytes": 50_000_000}] * 2


def test_a_licence_that_is_not_known() -> None:
    count = asked("count_things", "Count", thing="coins", limits={"license": "a GPL licence"})
    assert planned("Count the coins under a GPL licence", count, files=[PHOTO]).problem == (
        "Which licences does “a GPL licence” allow? I know mit, apache, apache-2.0, bsd, permissive, commercial, "
        "open source."
    )
