"""A receipt beside its total: what one article cost, also in a later turn, and the change."""

from __future__ import annotations

import pytest
from benches import TABLE, bench

from prefrontal.agent.planner.compose.bench import Before
from prefrontal.agent.planner.compose.draft import File
from prefrontal.agent.planner.compose.receipts import receipt_asked, receipt_of
from prefrontal.agent.planner.plan import Plan

RECEIPT = File("image-1", "image", "receipt.png", 0.6)
SNAP = File("image-1", "image", "snap.png", 0.6)
EARLIER = Before(files=(SNAP,), goal="What is the total on the receipt?")


def last(plan: Plan | None) -> tuple[str, object]:
    assert plan is not None
    step = plan.steps[-1]
    return step.task, step.arguments.get("about") or step.arguments.get("expression")


@pytest.mark.parametrize(
    ("goal", "about"),
    [
        ("and how much was the soup?", "soup"),
        ("how much were the eggs", "eggs"),
        ("What did the brown bread cost?", "brown bread"),
        ("price of the tea bags", "tea bags"),
    ],
)
def test_an_article_of_the_receipt_of_the_turn_before(goal: str, about: str) -> None:
    assert last(receipt_asked(bench(goal, before=EARLIER))) == ("find-amount", about)


@pytest.mark.parametrize(
    ("goal", "note"),
    [
        ("pay with a 20, what do I get back", "20"),
        ("paid with a 50 euro note, how much change?", "50"),
        ("I gave €20, what change do I get", "20"),
    ],
)
def test_the_change(goal: str, note: str) -> None:
    plan = receipt_asked(bench(goal, before=EARLIER))
    assert last(plan) == ("calculate", f"{note} - (<node-3>)")
    assert plan is not None
    assert plan.steps[-2].arguments["about"] == "total"
    assert receipt_asked(bench(goal, files=(RECEIPT,))) is not None


@pytest.mark.parametrize(
    "goal",
    [
        "how much was it",  # which article?
        "paid with a 20 and a 10, what change",  # two notes
        "I have 20, is it enough",
        "how much was the soup and the bread and the butter we had",
        "how much are 3 of the soups",
    ],
)
def test_what_is_not_told(goal: str) -> None:
    assert receipt_asked(bench(goal, before=EARLIER)) is None


def test_what_is_a_receipt() -> None:
    assert receipt_of(bench("how much was the soup?", files=(RECEIPT,))) == RECEIPT
    assert receipt_of(bench("how much was the soup?", files=(SNAP,))) is None
    assert receipt_of(bench("how much was the soup on my bill?", files=(SNAP,))) == SNAP
    assert receipt_of(bench("how much was the soup on my bill?", files=(SNAP, TABLE))) is None
    assert receipt_of(bench("how much was the soup?")) is None
