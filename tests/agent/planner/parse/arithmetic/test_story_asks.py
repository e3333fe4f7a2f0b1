"""A story in which several things are asked becomes one for each of them."""

import pytest

from prefrontal.agent.planner.parse.arithmetic.story_asks import told_apart

APART = {
    "6 pens at 2 each. what is the bill and how much is left of 20?": (
        ["what is the bill", "how much is left of 20"],
        ["6 pens at 2 each. what is the bill", "6 pens at 2 each. how much is left of 20?"],
    ),
    "How much is the lot? 6 pens at 2 each. She gives me 20, what's her change?": (
        ["How much is the lot", "what's her change"],
        [
            "How much is the lot? 6 pens at 2 each. She gives me 20",
            "6 pens at 2 each. She gives me 20, what's her change?",
        ],
    ),
    "Rent was 650, now it is 700. State the rise and the percentage.": (
        ["State the rise", "the percentage"],
        ["Rent was 650, now it is 700. State the rise", "Rent was 650, now it is 700. the percentage."],
    ),
    "6 crates of 24 so how many is that. sold 37, whats left": (
        ["so how many is that", "whats left"],
        ["6 crates of 24 so how many is that. sold 37", "6 crates of 24 sold 37, whats left"],
    ),
    "6 pens at 2 each, what do I pay?": (["what do I pay"], ["6 pens at 2 each, what do I pay?"]),
}


@pytest.mark.parametrize("text", APART)
def test_each_ask_keeps_the_story_and_loses_the_others(text: str) -> None:
    asks, apart = APART[text]
    assert told_apart(text, [(text.index(ask), text.index(ask) + len(ask)) for ask in asks]) == apart
