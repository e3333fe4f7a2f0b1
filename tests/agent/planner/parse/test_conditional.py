"""What shall be said of a number by a rule of the goal, and what is asked without the rule."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.parse.conditional import Conditional, conditional


@pytest.mark.parametrize(
    ("goal", "rule"),
    [
        (
            "How many buttons are there? If there are more than 20 buttons say too many, otherwise say fine.",
            Conditional("How many buttons are there?", "> 20", "too many", "fine", "buttons"),
        ),
        (
            'Count the eggs and if it is at least 12 write "a box is full".',
            Conditional("Count the eggs.", ">= 12", "a box is full"),
        ),
        (
            "How many hours did Jo row? If it exceeds 40 answer 'overtime' else 'all right'",
            Conditional("How many hours did Jo row?", "> 40", "overtime", "all right"),
        ),
        (
            "Count the stools, if fewer than six say bring more",
            Conditional("Count the stools.", "< 6", "bring more"),
        ),
        (
            "Count the cups; if there are no more than 4, then just say: wash up, if not say leave it.",
            Conditional("Count the cups.", "<= 4", "wash up", "leave it"),
        ),
        (
            "How many knots are there? if it is exactly 10 say well tied",
            Conditional("How many knots are there?", "== 10", "well tied"),
        ),
    ],
)
def test_a_rule_and_what_is_asked_without_it(goal: str, rule: Conditional) -> None:
    assert conditional(goal) == rule


def test_a_bound_that_is_the_number_before() -> None:
    goal = "I need 15 pegs. How many pegs are in the picture? If it is less than that say buy pegs."
    rest = "How many pegs are in the picture?"  # without the bound, which no sum needs
    assert conditional(goal) == Conditional(rest, "< 15", "buy pegs", noun="pegs")


def test_a_bound_for_all_of_them_asks_for_the_total() -> None:
    rule = conditional("Count the shells in both pictures. If there are more than 30 together say rich.")
    assert rule is not None
    assert rule.goal == "Count the shells in both pictures. How much is that together?"
    assert (rule.how, rule.then) == ("> 30", "rich")


def test_otherwise_the_number_is_a_wish_and_no_text() -> None:
    rule = conditional("How many beads are there? If not more than 9 say they fit, otherwise tell me how many.")
    assert rule == Conditional("How many beads are there?", "<= 9", "they fit")


@pytest.mark.parametrize(
    "goal",
    [
        "If it rains on more than 3 days say umbrella.",  # nothing else is asked
        "How many kites are there? If the wind drops say so.",  # no number
        "How many kites are there? If there are between 3 and 5 say few.",  # two
        "How many kites are there? If it is more than half say many.",  # a part of what is not said
        "How many kites are there? If there are over 3 say how many.",  # a wish, and no text
        "How many kites are there? Tell me if there are more than 20.",
        "What is 3 plus 4?",
        "",
    ],
)
def test_where_there_is_no_rule(goal: str) -> None:
    assert conditional(goal) is None


@pytest.mark.parametrize(
    ("goal", "rest", "how"),
    [
        # what tells the bound before the rule is no part of what is asked
        ("The bus takes only 30 bags. Count the bags. If it is over 30 say full", "Count the bags.", "> 30"),
        (
            "She empties it above 20 pegs. Look at peg_tin. If it is more than 20 say full",
            "Look at peg_tin. How many pegs are there?",
            "> 20",
        ),
        # the rule alone says what is asked
        (
            "I had 4 boxes of 6 pegs, gave 3 away. If I have more than 20 pegs left say stop",
            "I had 4 boxes of 6 pegs, gave 3 away. How many pegs are left?",
            "> 20",
        ),
        ("I sold 9 pegs at 6. If that passes 50 say good", "I sold 9 pegs at 6. How much is that?", "> 50"),
        # numbers of a story stay
        (
            "I have 15 pegs. I lost 3. If I have less than 15 say so",
            "I have 15 pegs. I lost 3. How much is that?",
            "< 15",
        ),
    ],
)
def test_what_is_asked_beside_the_rule(goal: str, rest: str, how: str) -> None:
    rule = conditional(goal)
    assert rule is not None
    assert (rule.goal, rule.how) == (rest, how)


def test_what_is_said_where_it_did_not() -> None:
    rule = conditional('We sold 9 at 6. If that came to more than 50, say "dance", and if it did not, say "sit".')
    assert rule is not None
    assert (rule.then, rule.otherwise) == ("dance", "sit")


def test_it_is_ok_keeps_to_the_bound_that_was_told() -> None:
    rule = conditional("How many words is it? They told me to keep under 150, if it's ok say ok.")
    assert rule is not None
    assert (rule.how, rule.then) == ("< 150", "ok")


@pytest.mark.parametrize(
    ("goal", "asked", "how"),
    [
        ("If 17 times 23 is more than 300 say too many, otherwise say fine.", "What is 17 times 23?", "> 300"),
        (
            "if the total in bar.csv is over 40 say busy",
            "What is the total in bar.csv? How much is that together?",
            "> 40",
        ),
        ("If there are more than 9 pegs in the photo say many", "How many pegs are there in the photo?", "> 9"),
        ("box the pegs. if theres more than 8 say lots", "box the pegs. How many pegs are there?", "> 8"),
    ],
)
def test_what_is_tested_is_what_is_asked(goal: str, asked: str, how: str) -> None:
    rule = conditional(goal)
    assert rule is not None
    assert (rule.goal, rule.how) == (asked, how)


def test_a_test_of_it_alone_asks_for_nothing() -> None:
    assert conditional("If it is more than 300 say too many.") is None
