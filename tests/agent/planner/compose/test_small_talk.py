"""Words to the assistant itself are answered out of the index; a wish behind a greeting is not lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from prefrontal import Agent, ModelIndex
from prefrontal.agent.planner.compose.small_talk import reply


@pytest.fixture(scope="module")
def index() -> ModelIndex:
    return ModelIndex()


@pytest.mark.parametrize("goal", ["Hello!", "hi there", "Good morning.", "hey"])
def test_greetings_are_returned(goal: str, index: ModelIndex) -> None:
    assert reply(goal, index).startswith("Hello! Tell me a goal")


@pytest.mark.parametrize("goal", ["Thanks!", "thank you so much", "ok thanks", "Thank you for your help."])
def test_thanks_are_taken(goal: str, index: ModelIndex) -> None:
    assert reply(goal, index) == "You are welcome."


@pytest.mark.parametrize(
    "goal",
    ["What can you do?", "hi, what sorts of things can you do for me?", "what kind of stuff can i ask you", "help"],
)
def test_what_can_be_done_comes_from_the_index(goal: str, index: ModelIndex) -> None:
    said = reply(goal, index)
    assert "(prefrontal/numbers-en-fr; for en, fr, numbers)" in said
    assert "prefrontal/line-ocr" in said
    assert "text-to-video" not in said  # nothing on this machine runs it


def test_who_is_it(index: ModelIndex) -> None:
    assert "a program" in reply("Are you a human or a robot?", index)


@pytest.mark.parametrize(
    "goal",
    ["Hello, count the coins", "What can you do with 4 + 5", "Thanks, and now in French", "help me count the coins", "",
     "What are you waiting for", "what do you see here"],
)  # fmt: skip
def test_a_wish_is_none_of_these(goal: str, index: ModelIndex) -> None:
    assert reply(goal, index) == ""


def test_an_empty_index_says_so(tmp_path: Path) -> None:
    index = ModelIndex(tmp_path / "index")
    index.remove(*[card.id for card in index.list()])
    assert "No model of this index can run here" in reply("what can you do?", index)


def test_an_agent_answers_without_a_step() -> None:
    run = Agent().run("Hello!")
    assert run.reached
    assert not run.steps
