"""From tagged words to wishes: what is asked for, with what, how, and out of what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from prefrontal.agent.planner.parse.parts import ARGUMENTS, LIMITS, OPS, SOURCES
from prefrontal.agent.planner.parse.reader import Tagged
from prefrontal.agent.planner.parse.wishes import Piece, wishes_of


def tagged(
    goal: str,
    wishes: Sequence[tuple[str, str, str]] = (),
    arguments: Mapping[str, str] | None = None,
    limits: Mapping[str, str] | None = None,
    chance: float = 1.0,
) -> Tagged:
    """A goal whose words have parts: wishes as (words, op, source), arguments and limits as words by their kind."""
    spans = [found.span() for found in re.finditer(r"\w+|[^\w\s]", goal)]

    def inside(text: str) -> list[int]:
        start = goal.index(text)
        return [i for i, (a, b) in enumerate(spans) if start <= a and b <= start + len(text)]

    def empty(classes: int) -> np.ndarray:
        rows = np.zeros((len(spans), classes), np.float32)
        rows[:, 0] = 1
        return rows

    tags = {"wish": empty(3), "op": empty(len(OPS)), "new": empty(2), "source": empty(len(SOURCES))}
    for words, op, source in wishes:
        for number, at in enumerate(inside(words)):
            tags["wish"][at] = [1 - chance, *((chance, 0) if number == 0 else (0, chance))]
            tags["op"][at] = np.eye(len(OPS))[OPS.index(op)]
            tags["source"][at] = np.eye(len(SOURCES))[SOURCES.index(source)]
    for head, kinds, said in (("argument", ARGUMENTS, arguments), ("limit", LIMITS, limits)):
        tags[head] = empty(2 * len(kinds) + 1)
        for kind, words in (said or {}).items():
            for number, at in enumerate(inside(words)):
                label = 2 * list(kinds).index(kind) + (1 if number == 0 else 2)
                tags[head][at] = np.eye(2 * len(kinds) + 1)[label]
    ops = np.zeros(len(OPS), np.float32)
    ops[[OPS.index(op) for _, op, _ in wishes]] = 0.9
    return Tagged(spans, tags, ops)


def test_a_wish_with_its_thing() -> None:
    goal = "How many coins are in this photo?"
    said = wishes_of(goal, tagged(goal, [("How many", "count_things", "file")], {"thing": "coins"}))
    (wish,) = said.wishes
    assert (wish.op, wish.source, wish.sure) == ("count_things", "file", 1.0)
    assert wish.words == (Piece("How many", 0, 8),)
    assert (wish.argument("thing"), wish.argument("text")) == ("coins", "")
    assert said.sure == pytest.approx(0.9)
    assert said.doubtful == said.negated == ()


def test_two_wishes_each_with_its_own() -> None:
    goal = "Count the coins and write it in French"
    asks = [("Count", "count_things", "file"), ("write it", "number_in_words", "wish")]
    said = wishes_of(goal, tagged(goal, asks, {"thing": "coins", "language": "French"}))
    assert [(w.op, w.source, w.argument("thing", "language")) for w in said.wishes] == [
        ("count_things", "file", "coins"),
        ("number_in_words", "wish", "French"),
    ]
    assert [said.segment(0), said.segment(1)] == ["Count the coins and", "and write it in French"]
    assert [piece.text for piece in said.pieces] == ["Count", "coins", "write it", "French"]


def test_pieces_of_one_op_are_one_wish() -> None:
    goal = "How many coins are there, in all?"
    asks = [("How many", "count_things", "file"), ("are there", "count_things", "file")]
    (wish,) = wishes_of(goal, tagged(goal, asks)).wishes
    assert [piece.text for piece in wish.words] == ["How many", "are there"]
    assert (wish.start, wish.end) == (0, 24)


def test_a_limit_goes_to_the_wish_of_its_sentence() -> None:
    goal = "Read the page. Count the coins in the top row."
    asks = [("Read", "read_text", "file"), ("Count", "count_things", "file")]
    read, count = wishes_of(goal, tagged(goal, asks, limits={"region": "top row"})).wishes
    assert (read.limit("region"), count.limit("region", "nth")) == ("", "top row")


def test_what_is_not_wanted_belongs_to_no_wish() -> None:
    goal = "Count the coins but do not translate it"
    said = wishes_of(goal, tagged(goal, [("Count", "count_things", "file")], limits={"negated": "not translate it"}))
    assert said.negated == (Piece("not translate it", 23, 39, "negated"),)
    assert said.wishes[0].limits == ()


def test_words_that_are_only_half_sure_are_doubtful() -> None:
    goal = "Count the coins"
    said = wishes_of(goal, tagged(goal, [("Count", "count_things", "file")], chance=0.4))
    assert said.wishes == ()
    assert said.doubtful == (Piece("Count", 0, 5),)
    assert said.sure == 0.0


def test_whole_words_and_signs_belong_to_a_piece() -> None:
    goal = "Add -12 to it"
    said = wishes_of(goal, tagged(goal, [("Add", "calculate", "before")], {"number": "12"}))
    assert said.wishes[0].argument("number") == "-12"
    parted = "Transcribe it"
    cut = tagged(parted, [("Transcribe", "transcribe", "file")])
    tags = {name: np.insert(rows, 0, rows[0], axis=0) for name, rows in cut.tags.items()}
    halves = Tagged([(0, 5), (5, 10), (11, 13)], tags, cut.ops)  # two tokens of one word
    assert [piece.text for piece in wishes_of(parted, halves).wishes[0].words] == ["Transcribe"]


def test_an_op_that_the_whole_goal_has_and_no_word_asks_for_makes_it_less_sure() -> None:
    goal = "Count the coins"
    said = tagged(goal, [("Count", "count_things", "file")])
    said.ops[OPS.index("translate")] = 0.7
    assert wishes_of(goal, said).sure == pytest.approx(0.3)


def test_words_without_a_part_are_idle() -> None:
    goal = "Dear Robot, count the “Coins” by the top row, I beg you"
    tags = tagged(goal, [("count", "count_things", "file")], {"thing": "Coins"}, {"region": "top row"})
    assert wishes_of(goal, tags).idle == {"dear", "robot", "the", "by", "i", "beg", "you"}


def test_a_word_is_idle_when_that_is_sure_wherever_it_stands() -> None:
    goal = "Hm, count the hm coins"
    said = tagged(goal, [("count", "count_things", "file")])
    assert "hm" in wishes_of(goal, said).idle
    said.tags["limit"][0] = 0.2 / (said.tags["limit"].shape[1] - 1)
    said.tags["limit"][0][0] = 0.8  # the first one may be a limit
    assert wishes_of(goal, said).idle == {"the", "coins"}
