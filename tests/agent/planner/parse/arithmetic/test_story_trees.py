"""Sums as what each two numbers have to do with each other, and back again."""

from __future__ import annotations

import re

import numpy as np
import pytest

from prefrontal.agent.planner.parse.arithmetic.story_trees import LABELS, WIDTH, Form, form_builder, pair_labels, shares

NAMES = [f"n{at}" for at in range(6)]


def scores(labels: dict[tuple[int, int], str], count: int) -> np.ndarray:
    """Log probabilities of a reader that is sure of these labels."""
    made = np.full((count, count, len(LABELS)), -9.0)
    for (i, j), label in labels.items():
        made[i, j, LABELS.index(label)] = 0.0
    return made


def best(labels: dict[tuple[int, int], str], count: int, *percents: int) -> list[Form]:
    return form_builder(scores(labels, count), frozenset(percents))(tuple(range(count)))


@pytest.mark.parametrize(
    ("expression", "percents", "text"),
    [
        ("n0 + n1", (), "n0 + n1"),
        ("n1 - n0", (), "n1 - n0"),
        ("n1 / n0", (), "n1 / n0"),
        ("n0 * n1 - n2", (), "n0 * n1 - n2"),
        ("(n0 + n1) * n2", (), "(n0 + n1) * n2"),
        ("n2 / (n0 + n1)", (), "n2 / (n0 + n1)"),
        ("n3 * n2 + n1 * n0", (), "n0 * n1 + n2 * n3"),  # the order of parts is no matter
        ("n0 - n1 - n2 * n3", (), "n0 - n1 - n2 * n3"),
        ("n0 - (n1 + n2)", (), "n0 - n1 - n2"),  # flat
        ("n0 / (n1 * n2)", (), "n0 / n1 / n2"),
        ("n0 - (n1 - n2)", (), "n0 + n2 - n1"),
        ("ceil(n0 / n1)", (), "n0 / n1"),  # what is done with the result is told elsewhere
        ("rest(n0, n1 + n2)", (), "n0 / (n1 + n2)"),
        ("pct(n0, n1)", (1,), "(n0 * n1 / 100)"),
        ("off(n1, n0)", (0,), "(n1 * (1 - n0 / 100))"),
        ("more(n0 * n1, n2)", (2,), "(n0 * n1 * (1 + n2 / 100))"),
        ("out(n0, n1) + n2", (1,), "(n0 / (1 + n1 / 100)) + n2"),
        ("n0 - off(n1, n2)", (2,), "n0 - (n1 * (1 - n2 / 100))"),
    ],
)
def test_labels_of_pairs_make_their_sum_again(expression: str, percents: tuple[int, ...], text: str) -> None:
    count = len(set(re.findall(r"n\d", expression)))
    labels = pair_labels(expression, count)
    assert len(labels) == count * (count - 1) // 2
    form = best(labels, count, *percents)[0]
    assert (form.text(NAMES), form.score) == (text, 0.0)
    assert pair_labels(expression, count) == labels


@pytest.mark.parametrize(
    ("expression", "labels"),
    [
        ("n0 - n1", ["-"]),
        ("n1 - n0", ["r-"]),
        ("n0 * n1 - n2", ["*", "-", "-"]),
        ("n2 - n0 - n1", ["+", "r-", "r-"]),  # two parts with the same sign are added
        ("n2 / (n0 + n1)", ["+", "r/", "r/"]),
        ("pct(n1, n0) + n2", ["rpct", "+", "+"]),
    ],
)
def test_what_joins_two_numbers(expression: str, labels: list[str]) -> None:
    count = len(set(re.findall(r"n\d", expression)))
    assert [label for _, label in sorted(pair_labels(expression, count).items())] == labels


def test_a_number_without_a_use_is_joined_by_nothing() -> None:
    assert pair_labels("n0 * n2", 3) == {(0, 1): "none", (0, 2): "*", (1, 2): "none"}


def test_what_is_no_sum() -> None:
    with pytest.raises(ValueError, match="no sum over n0, n1, …"):
        pair_labels("n0 if n1 else n2", 3)


def test_per_cents_are_made_of_what_has_the_sign_alone() -> None:
    off = {(0, 1): "off"}
    assert best(off, 2, 1)[0].text(["80", "15"]) == "(80 * (1 - 15 / 100))"
    assert all("100" not in form.text(["80", "15"]) for form in best(off, 2))
    # and what has the sign is added to nothing and divides nothing
    assert {form.kind for form in best({(0, 1): "+"}, 2, 1)} == {"%"}
    assert best({(0, 1): "+"}, 2, 0, 1) == []  # a per cent of a per cent


def test_a_part_that_is_wholly_taken_away_is_no_sum() -> None:
    for form in best({(0, 1): "-"}, 2):
        assert any(sign > 0 for sign, _ in form.parts)


def test_the_likeliest_come_first_and_each_once() -> None:
    forms = best(pair_labels("n0 * n1 - n2", 3), 3)
    assert len(forms) == len({form.text(NAMES) for form in forms}) == WIDTH
    assert [form.score for form in forms] == sorted((form.score for form in forms), reverse=True)
    parts = shares(forms)
    assert sum(parts) == pytest.approx(1)
    assert parts[0] > 0.9
    assert shares([]) == []
