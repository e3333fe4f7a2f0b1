"""Amounts on a receipt: a model that sees is asked, and where none is here, what is printed is read."""

from __future__ import annotations

import pytest
from benches import LINE, PAGE, SHELF, Asked, asked, calls, planned

ASK = asked("ask_picture", "What")
READ = ["split-lines", "image-to-text", "join"]


def sees_nothing(task: str) -> bool:
    return False


@pytest.mark.parametrize("task", ["visual-question-answering", "document-question-answering", "image-text-to-text"])
def test_a_model_that_sees_is_asked(task: str) -> None:
    plan = planned("What is the total on the receipt?", ASK, files=[PAGE], has=lambda named: named == task)
    question = {"image": "image-1", "question": "What is the total on the receipt?"}
    assert calls(plan) == [("document-question-answering", question)]
    seen = planned("What is the total on the board?", ASK, files=[PAGE], has=lambda named: named == task)
    assert calls(seen) == [("visual-question-answering", {**question, "question": "What is the total on the board?"})]


@pytest.mark.parametrize(
    ("goal", "about"),
    [
        ("What is the total on the receipt?", "total"),
        ("What tax did I pay?", "tax"),
        ("What was the subtotal before the tip?", "subtotal"),
        ("What does the coffee cost?", "coffee"),
        ("What does it cost in all?", "total"),
    ],
)
def test_an_amount_is_read(goal: str, about: str) -> None:
    plan = planned(goal, ASK, files=[PAGE], has=sees_nothing)
    assert [step.task for step in plan.steps] == [*READ, "find-amount"]
    assert plan.steps[-1].arguments == {"text": "<node-2>", "about": about}
    assert plan.steps[-1].covers == goal
    assert [step.asked for step in plan.steps] == [False, False, False, True]


def test_a_line_about_something_else() -> None:
    ask = asked("ask_picture", "Who", topic="the owner")
    assert calls(planned("Who is the owner?", ask, files=[LINE], has=sees_nothing)) == [
        ("image-to-text", {"image": "image-1"}),
        ("find-lines", {"text": "<node-0>", "about": "the owner"}),
    ]


def test_reading_the_total_and_reading_it_all() -> None:
    total = planned("Read the total", asked("read_text", "Read", about="the total"), files=[PAGE])
    assert calls(total)[-1] == ("find-amount", {"text": "<node-2>", "about": "total"})
    assert [step.task for step in planned("Read it", asked("read_text", "Read"), files=[PAGE]).steps] == READ


def test_one_receipt_at_a_time() -> None:
    plan = planned("What is the total on the receipts?", ASK, files=[PAGE, SHELF], has=sees_nothing)
    assert plan.problem == "I answer from what is printed in one picture at a time; pass one."


@pytest.mark.parametrize("wish", [ASK, asked("read_text", "What")])
def test_the_dearest_article_of_a_receipt(wish: Asked) -> None:
    plan = planned("What is the dearest thing on it, but not the total?", wish, files=[PAGE], has=sees_nothing)
    assert [step.task for step in plan.steps] == [*READ, "find-amount"]
    assert plan.steps[-1].arguments == {"text": "<node-2>", "about": "dearest article"}
