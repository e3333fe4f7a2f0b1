"""Where a clause speaks of a task: as a thing to do, or as a thing done before."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.parse.mentions import kinds_near, mentions
from prefrontal.agent.planner.parse.reading import read
from prefrontal.retrieval.ranking.cues import CUES
from prefrontal.tools.tasks import find_task


def names(words: str) -> list[str]:
    return [mention.tasks[0][1] for mention in mentions(read(words).clauses[-1])]


def test_every_cue_names_tasks_that_there_are() -> None:
    for cue in CUES:
        assert 0 < cue.weight < 1
        assert all(find_task(name) for _, name in cue.tasks), cue.tasks


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Generate a caption and segment the image", ["image-segmentation"]),  # of the last clause
        ("Give me an audio version of the summary", ["summarization", "text-to-speech"]),  # what it is made of first
        (
            "I want an enhanced audio version of it",
            ["text-to-speech", "audio-to-audio"],
        ),  # the thing, then what is done
        ("Tell me in French how many coins there are", ["translation", "table-question-answering"]),
        ("Please don't translate it, only transcribe the call", ["automatic-speech-recognition"]),
        ("Have a nice day", []),
    ],
)
def test_what_a_clause_speaks_of(words: str, expected: list[str]) -> None:
    assert [name.replace("image-captioning", "image-to-text") for name in names(words)][
        -len(expected) or None :
    ] == expected


@pytest.mark.parametrize(
    ("words", "refers"),
    [
        ("Use the edited image", True),
        ("Edit the image", False),
        ("Get the image edited", False),
        ("Work with an edited image", False),
        ("After editing the image", True),
        ("Translate the summary", True),
        ("Write a summary", False),
    ],
)
def test_what_may_speak_of_an_earlier_step(words: str, refers: bool) -> None:
    clause = read(words).clauses[-1]
    found = [m for m in mentions(clause) if m.tasks[0][1] in ("image-editing", "summarization")]
    assert [mention.refers for mention in found] == [refers]


def test_the_kind_that_is_named_behind_comes_first_then_quotes_then_what_stands_before() -> None:
    clause = read("For my song answer “What is in the picture?” about the table").clauses[0]
    place = clause.seen.index("answer")
    assert kinds_near(clause, place + 6, len(clause.seen), before=place) == ["table", "image", "audio"]
