"""From what a reader makes of each pair of numbers to the sum of a story, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from prefrontal.agent.planner.parse.arithmetic.quantities import Number, numbers_of
from prefrontal.agent.planner.parse.arithmetic.story_reader import (
    FILE,
    StoryReader,
    StoryReading,
    read_story,
    reading_of,
    token_rows,
)
from prefrontal.agent.planner.parse.arithmetic.story_trees import AFTER, LABELS, pair_labels

PEGS = "There are 7 bags with 9 pegs in each and 4 are lost, how many are left?"


class Sure:
    """In place of a learnt reader: it knows the sum."""

    def __init__(self, expression: str, after: str = "plain", chance: float = 0.98) -> None:
        self._expression, self._after, self._chance = expression, after, chance

    def scores(self, text: str, numbers: Sequence[Number]) -> tuple[np.ndarray, np.ndarray]:
        other = (1 - self._chance) / (len(LABELS) - 1)
        pairs = np.full((len(numbers), len(numbers), len(LABELS)), np.log(other))
        for (i, j), label in pair_labels(self._expression, len(numbers)).items():
            pairs[i, j, LABELS.index(label)] = np.log(self._chance)
        after = np.full(len(AFTER), 0.005)
        after[AFTER.index(self._after)] = 0.98
        return pairs, after


def read(text: str, *sure: Any) -> StoryReading:
    reading = reading_of(Sure(*sure), text)  # type: ignore[arg-type]
    assert reading is not None
    return reading


@pytest.mark.parametrize(
    ("expression", "after", "whole", "value"),
    [
        ("50 / 6", "plain", "50 / 6", 50 / 6),
        ("50 / 6", "ceil", "ceil(50 / 6)", 9),
        ("50 / 6", "floor", "floor(50 / 6)", 8),
        ("50 / 6", "rest", "(50) % 6", 2),
        ("(20 + 30) / (2 * 3)", "rest", "((20 + 30)) % (2 * 3)", 2),
        ("50 / 0", "plain", "50 / 0", None),
    ],
)
def test_what_is_done_with_the_result(expression: str, after: str, whole: str, value: float | None) -> None:
    reading = StoryReading(expression, after, 1.0)
    assert reading.whole == whole
    assert reading.value() == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("text", "expression", "after", "whole"),
    [
        (PEGS, "n0 * n1 - n2", "plain", "7 * 9 - 4"),
        ("A rug of 80 euros, 15% off", "off(n0, n1)", "plain", "(80 * (1 - 15 / 100))"),
        ("50 buttons into bags of 6, how many bags", "n0 / n1", "ceil", "ceil(50 / 6)"),
        ("48 buttons into bags of 6, how many bags", "n0 / n1", "ceil", "48 / 6"),  # nothing to round
        ("50 buttons into bags of 6, how many are over", "n0 / n1", "rest", "(50) % 6"),
        ("50 buttons and 6 more", "n0 + n1", "floor", "50 + 6"),
        ("Half of the 18 plums", "n0 * n1", "plain", "(1/2) * 18"),
    ],
)
def test_the_likeliest_sum(text: str, expression: str, after: str, whole: str) -> None:
    reading = read(text, expression, after)
    assert reading.whole == whole
    assert reading.sure > 0.8


def test_sums_of_the_same_value_are_one_answer() -> None:
    """2 and 2 make 4 whether they are added or multiplied, 2 and 5 do not."""
    assert (
        read("2 cats and 2 dogs", "n0 + n1", "plain", 0.5).sure
        > read("2 cats and 5 dogs", "n0 + n1", "plain", 0.5).sure
    )


@pytest.mark.parametrize(
    ("text", "expression", "after"),
    [
        ("Jo is 31 and buys 7 bags of 9 pegs", "n1 * n2", "plain"),  # a figure that is of no use
        (PEGS, "n0 * n1 - n2", "none"),  # a story without a sum
        ("50 buttons and 6 more", "n0 + n1", "rest"),  # nothing is divided
    ],
)
def test_what_is_not_read(text: str, expression: str, after: str) -> None:
    assert read(text, expression, after).sure == 0.0


def test_a_word_for_a_number_may_count_nothing() -> None:
    reading = read("One summer Jo buys 7 bags of 9 pegs", "n1 * n2")
    assert (reading.expression, reading.sure > 0.8) == ("7 * 9", True)


@pytest.mark.parametrize("text", ["", "Nothing is counted here", "There are 7 bags", "1 2 3 4 5 6 7 bags"])
def test_too_few_or_too_many_numbers(text: str) -> None:
    assert read_story(text) is None
    assert reading_of(Sure("n0"), text) is None  # type: ignore[arg-type]


def test_the_packaged_reader_tells_probabilities() -> None:
    numbers = numbers_of(PEGS)
    scored = StoryReader().scores(PEGS, numbers)
    assert scored is not None
    pairs, after = scored
    assert (pairs.shape, after.shape) == ((3, 3, len(LABELS)), (len(AFTER),))
    assert np.exp(pairs[np.triu_indices(3, 1)]).sum(axis=-1) == pytest.approx(1, abs=1e-4)
    assert after.sum() == pytest.approx(1, abs=1e-4)
    reading = read_story(PEGS)
    assert reading is not None
    assert 0 <= reading.sure <= 1


def test_a_text_that_is_too_long_is_not_read() -> None:
    long = f"There are 7 bags. {'And they are heavy. ' * 100}Each has 9 pegs."
    assert StoryReader().scores(long, numbers_of(long)) is None
    assert read_story(long) is None


def test_weights_for_other_sums_are_refused(tmp_path: Any) -> None:
    from safetensors.numpy import save_file

    file = tmp_path / "old.safetensors"
    save_file({"after.bias": np.zeros(2, np.float32)}, file, metadata={"labels": '["+"]', "after": '["plain"]'})
    with pytest.raises(
        ValueError, match=r"^old\.safetensors was trained for other sums than story_trees\.py names; train it again$"
    ):
        StoryReader(file)


def test_the_weights_are_small() -> None:
    assert FILE.stat().st_size < 5_000_000


def test_the_tokens_of_each_number() -> None:
    class Encoded:
        ids = (2, 5, 6, 7, 3)
        offsets = ((0, 0), (0, 2), (2, 4), (5, 9), (0, 0))

    numbers = [Number("1234", 0, 4), Number("9", 5, 6)]
    assert token_rows(Encoded(), numbers) == ([2, 5, 6, 7, 3], [[1, 2], [3]])
    assert token_rows(Encoded(), [*numbers, Number("8", 20, 21)])[1] is None
