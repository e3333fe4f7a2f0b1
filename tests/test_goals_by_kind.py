"""Goals as people type them, a few of each kind, with the packaged models, offline: right, or refused with a reason.

Each row stands for a kind of goal that was once told wrong or refused.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from prefrontal import Agent, ModelIndex, Workspace

SPOKEN = Path(__file__).parent / "data" / "spoken"
HOURS = "name;region;hours\nAnna;North;7,5\nBen;South;6,25\nCleo;North;8,0\nTotal;;21,75\n"
NOTE = "Dear Ruth,\nthe rent is due on Friday.\nThe cat is fed.\n\nThe keys are under the flower pot.\n"


@pytest.fixture(scope="module")
def index():
    return ModelIndex()


@pytest.fixture
def agent(index, tmp_path):
    return Agent(index=index, workspace=Workspace(tmp_path / "ws"))


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Real files by name: a photo of 24 coins in four rows, its upper half, a table, a note."""
    folder = tmp_path_factory.mktemp("files")
    photo = Image.fromarray(pytest.importorskip("skimage.data").coins())
    photo.save(folder / "tray.png")
    photo.crop((0, 0, photo.width, photo.height // 2)).save(folder / "upper.png")
    (folder / "hours.csv").write_text(HOURS, encoding="utf-8")
    (folder / "note.txt").write_text(NOTE, encoding="utf-8")
    return folder


RIGHT = [
    # arithmetic with words
    ("percent off", "What is 15% off 80 euros?", (), r"\b68\b"),
    ("tip and split", "the bill is 60 plus 10% tip, split between 3", (), r"\b22\b"),
    ("mean and median", "mean and median of 4, 8, 9 and 15", (), r"\b9\b.*\b8\.5\b"),
    ("which is bigger", "Which one is bigger, 5/8 or 0.6?", (), r"5/8"),
    ("a story", "I had 4 boxes with 12 pens in each and gave away 7 pens. How many pens are left?", (), r"\b41\b"),
    # dates and units
    ("weekday", "Which weekday is 14 February 2027?", (), r"Sunday"),
    ("days between", "How many days are there from 3 May 2027 to 10 June 2027?", (), r"\b38\b"),
    ("date plus", "What date is 45 days after 1 March 2027?", (), r"15 April 2027|2027-04-15"),
    ("units", "How many kilometres are 10 miles?", (), r"16\.09"),
    ("temperature", "Convert 104 F to Celsius", (), r"\b40\b"),
    # tables and text files
    ("table sum", "What is the sum of the hours?", ("hours.csv",), r"21[.,]75"),
    ("table by group", "total hours per region", ("hours.csv",), r"(?s)North.*15[.,]5.*South.*6[.,]25"),
    ("table maximum", "Who has the most hours?", ("hours.csv",), r"Cleo"),
    ("words in a file", "How many words are in this file?", ("note.txt",), r"\b19\b"),
    ("a line by place", "What is the second line of the note?", ("note.txt",), r"rent is due"),
    ("a line about something", "Find the line about the keys", ("note.txt",), r"flower pot"),
    # pictures, their parts, and what is reckoned with their numbers
    ("count", "How many coins do you see in the picture?", ("tray.png",), r"\b24\b"),
    ("count in a part", "Count the coins in the left half only", ("tray.png",), r"\b12\b"),
    ("all but a row", "Count the coins, but leave out the top row", ("tray.png",), r"\b18\b"),
    ("count and reckon", "Count the coins and multiply the number by 2", ("tray.png",), r"\b48\b"),
    ("a bound", "Are there more than 20 coins in the picture?", ("tray.png",), r"\bYes\b"),
    ("two pictures", "Which picture has more coins?", ("upper.png", "tray.png"), r"(?i)second"),
    # texts beside each other
    ("ranking", "Rank these by how close they are in meaning to 'dog': car, puppy, hound", (), r"(?s)puppy.*car"),
    ("options", "Which is closest in meaning to 'I am ill'? a) I feel sick b) I like trains", (), r"I feel sick"),
    # how a text sounds, by an adapter of the packaged encoder
    ("praise", "Is this review positive or negative? 'Lovely staff, I will come again.'", (), r"(?i)positive"),
    ("blame", "Rate the sentiment of 'I have asked four times now and nobody answers.'", (), r"(?i)negative"),
    # the assistant itself
    ("help", "what can you do?", (), r"coin"),
    ("which model", "which model would you use to count coins in a photo?", (), r"coin-detector"),
]
REFUSED = [
    ("a thing that nothing here knows", "How many cars are in the picture?", ("tray.png",), r"car"),
    ("no file", "Count the coins in the photo", (), r"picture"),
    ("another kind of file", "Transcribe this recording", ("tray.png",), r"recording"),
    ("a column that is not there", "sum of the salary column", ("hours.csv",), r"hours"),
    ("a date that is not there", "Which weekday is 30 February 2027?", (), r"February"),
    ("units that do not fit", "Convert 5 kg to metres", (), r"."),
    ("something to buy", "Order me two pizzas, please", (), r"."),
    ("a model that is not here", "Count the coins with some-one/coin-counter", ("tray.png",), r"some-one/coin-counter"),
    ("nothing before it", "And in French?", (), r"."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "goal", "names", "answer"), RIGHT, ids=[row[0] for row in RIGHT])
def test_right(agent, files, kind, goal, names, answer):
    run = agent.run(goal, *(files / name for name in names))
    assert run.reached, run.answer
    assert re.search(answer, run.answer), run.answer


@pytest.mark.parametrize(("kind", "goal", "names", "reason"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused(agent, files, kind, goal, names, reason):
    run = agent.run(goal, *(files / name for name in names))
    assert not run.reached, run.answer
    assert re.search(reason, run.answer), run.answer


def test_a_chat_remembers(agent, files):
    chat = agent.chat()
    assert "24" in chat.run("How many coins are in the photo?", files / "tray.png").answer
    assert "vingt-quatre" in chat.run("And in French?").answer
    assert "12" in chat.run("half of that number").answer
    assert "coins" in chat.run("and this one?", files / "upper.png").answer
    assert len(chat.history) == 4


def test_what_is_not_wanted_stays_undone(agent, files):
    run = agent.run("count the coins, but do not translate the number", files / "tray.png")
    assert run.reached
    assert [step.task for step in run.steps if getattr(step, "task", "")] == ["object-detection", "count"]


def test_what_cannot_be_done_is_told_beside_what_can(agent, files):
    run = agent.run("Count the coins and email the number to my boss", files / "tray.png")
    assert not run.reached
    assert "24" in run.answer
