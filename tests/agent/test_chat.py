"""`Agent.chat()`: turns that speak of the files and results of the turns before them."""

from __future__ import annotations

from pathlib import Path

import pytest

from prefrontal import Agent, ModelIndex, Workspace
from prefrontal.agent.chat import Chat


@pytest.fixture
def chat(small_index: ModelIndex, workspace: Workspace) -> Chat:
    """With the packaged detector of coins, translator and classifier of digits."""
    from prefrontal.zoo import zoo_cards

    small_index.add([card for card in zoo_cards() if card.id == "prefrontal/coin-detector"])
    return Agent(index=small_index, workspace=workspace).chat()


@pytest.fixture
def half(coins_png: Path, tmp_path: Path) -> Path:
    from PIL import Image

    photo = Image.open(coins_png)
    photo.crop((0, 0, photo.width // 2, photo.height)).save(tmp_path / "half.png")
    return tmp_path / "half.png"


def test_a_number_is_spoken_of_and_reckoned_with(chat: Chat, coins_png: Path) -> None:
    assert chat.run("How many coins are in this photo?", coins_png).answer == "There are 24 coins."
    assert chat.run("And in French?").answer == "In French: vingt-quatre."
    assert chat.run("half of that").answer == "1 / 2 * 24 = 12."
    assert [run.reached for run in chat.history] == [True] * 3


def test_the_same_is_done_with_another_file(chat: Chat, coins_png: Path, half: Path) -> None:
    chat.run("How many coins are in this photo?", coins_png)
    again = chat.run("Do the same for this one", half)
    assert (again.reached, again.answer) == (True, "There are 12 coins.")
    assert "half.png" in [media["name"] for media in again.media]


def test_a_reference_to_nothing_is_refused_in_a_sentence(chat: Chat) -> None:
    run = chat.run("half of that")
    assert (run.reached, run.models) == (False, [])
    assert run.answer.startswith("I could not read “half of that” as a sum")
    assert not chat.run("And in French?").reached


def test_a_turn_streams_and_is_remembered(chat: Chat) -> None:
    *_, last = chat.stream("What is 17 * 23 + 4?")
    assert chat.history == [last["run"]]
    assert chat.messages == last["run"].messages
    seen: list[dict[str, object]] = []
    chat.run("half of that", on_event=seen.append)
    assert seen[-1] == {**seen[-1], "run": chat.history[-1]}
    assert chat.history[-1].answer == "1 / 2 * 395 = 197.5."


def test_how_a_chat_is_shown(chat: Chat) -> None:
    assert (str(chat), len(chat), repr(chat)) == ("nothing was said yet", 0, "Chat(0 turns)")
    assert chat._repr_mimebundle_()["text/html"] == "<p>nothing was said yet</p>"
    chat.run("What is 6 * 7?")
    assert str(chat) == "> What is 6 * 7?\n6 * 7 = 42."
    assert (len(chat), repr(chat)) == (1, "Chat(1 turns)")
    assert "<b>What is 6 * 7?</b>" in chat._repr_mimebundle_()["text/html"]
