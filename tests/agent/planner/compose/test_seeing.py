"""Wishes about pictures and sound become steps, or a sentence that says what cannot be done."""

from __future__ import annotations

import pytest
from benches import LINE, MEMO, PAGE, PHOTO, SECOND_MEMO, SHELF, Asked, asked, calls, planned

from prefrontal.agent.planner.compose.draft import File

COUNTED = ("count", {"items": "<node-1>", "label": "coins"})


def coins(**limits: str) -> Asked:
    return asked("count_things", "How many", thing="coins", limits=limits)


def test_things_are_found_and_counted_in_each_file() -> None:
    find, count = planned("How many coins are in these photos?", coins(), files=[PHOTO, SHELF]).steps
    assert (find.task, find.arguments) == ("object-detection", {"image": ["image-1", "image-2"]})
    assert (find.each, find.noun, find.asked) == ("image", "coins", False)
    assert (count.task, count.arguments) == ("count", {"items": "<node-0>", "label": "coins"})
    assert (count.each, count.asked) == ("items", True)


@pytest.mark.parametrize(
    ("goal", "limits", "region"),
    [
        ("How many coins are in the left half?", {"region": "left half"}, "left half"),
        ("How many coins are on the right side?", {"region": "on the right"}, "right side"),
        ("How many coins are not in the left half?", {"except": "not in the left half"}, "right half"),
        (
            "How many coins are there, without the bottom half?",
            {"except": "without", "region": "the bottom"},
            "top half",
        ),
    ],
)
def test_a_part_of_the_picture_is_kept(goal: str, limits: dict[str, str], region: str) -> None:
    plan = planned(goal, coins(**limits), files=[PHOTO])
    assert calls(plan) == [
        ("object-detection", {"image": "image-1"}),
        ("filter-boxes", {"boxes": "<node-0>", "keep": region, "image": "image-1"}),
        COUNTED,
    ]
    assert [step.asked for step in plan.steps] == [False, False, True]


def test_a_part_of_several_pictures_is_cut_out() -> None:
    goal = "How many coins are in the left half of these photos?"
    plan = planned(goal, coins(region="left half"), files=[PHOTO, SHELF])
    assert calls(plan) == [
        ("crop", {"image": ["image-1", "image-2"], "region": "left half"}),
        ("object-detection", {"image": "<node-0>"}),
        COUNTED,
    ]
    assert [step.each for step in plan.steps] == ["image", "image", "items"]


@pytest.mark.parametrize(
    ("goal", "limits", "keep"),
    [
        ("How many coins are in the top row?", {"region": "top row"}, "top row"),
        ("How many coins are not in the top row?", {"except": "not in the top row"}, "not top row"),
        ("How many coins are there, without the top row?", {"except": "without", "region": "the top"}, "not top row"),
        ("How many coins are in the second column?", {"nth": "second column"}, "second column"),
    ],
)
def test_a_row_is_kept_or_left_out(goal: str, limits: dict[str, str], keep: str) -> None:
    plan = planned(goal, coins(**limits), files=[PHOTO])
    assert calls(plan)[1:] == [("filter-boxes", {"boxes": "<node-0>", "keep": keep}), COUNTED]
    assert {step.covers for step in plan.steps} == {" ".join(limits.values())}


@pytest.mark.parametrize(
    ("goal", "limits", "files", "sentence"),
    [
        (
            "How many coins are there, except the copper ones?",
            {"except": "except the copper ones"},
            [PHOTO],
            "I cannot leave out or keep to “except the copper ones”; say it by rows, columns or halves of the picture.",
        ),
        (
            "How many coins are larger than the pen?",
            {"larger": "larger than the pen"},
            [PHOTO],
            "I cannot tell which of them are meant by “larger than the pen”; say it without that.",
        ),
        (
            "How many coins are in the top row?",
            {"region": "top row"},
            [PHOTO, SHELF],
            "I can keep to top row in one picture at a time; pass one picture.",
        ),
    ],
)
def test_a_limit_that_cannot_be_kept(goal: str, limits: dict[str, str], files: list[File], sentence: str) -> None:
    assert planned(goal, coins(**limits), files=files).problem == sentence


def test_opposite_halves_are_no_part_of_each_other() -> None:
    both = asked("count_things", "How many", thing="coins", limits={"region": ["left half", "right half"]})
    plan = planned("How many coins are in the left half or the right half?", both, files=[PHOTO])
    assert plan.problem == "I look at one part of a picture at a time; ask for the right half by itself."


def test_a_share_in_per_cent() -> None:
    share = asked("percent_of", "What per cent", thing="coins", limits={"region": "left half"})
    plan = planned("What per cent of the coins are in the left half?", share, files=[PHOTO])
    assert calls(plan) == [
        ("object-detection", {"image": "image-1"}),
        ("filter-boxes", {"boxes": "<node-0>", "keep": "left half", "image": "image-1"}),
        COUNTED,
        ("count", {"items": "<node-0>", "label": "coins"}),
        ("calculate", {"expression": "<node-2> / <node-3> * 100"}),
    ]
    assert plan.steps[-1].told == "percent"


def test_things_are_found_once() -> None:
    goal = "Find the coins, then say how many coins there are"
    wishes = (
        asked("find_things", "Find", thing="coins"),
        asked("count_things", "how many", thing="coins", source="wish"),
    )
    plan = planned(goal, *wishes, files=[PHOTO])
    assert [(step.task, step.asked) for step in plan.steps] == [("object-detection", True), ("count", True)]


def test_digits_and_kinds() -> None:
    digits = planned("Which digits are these?", asked("read_digit", "Which digits"), files=[PHOTO, SHELF]).steps
    assert [(s.task, s.each, s.noun) for s in digits] == [("image-classification", "image", "digit")]
    pet = asked("classify_picture", "Is it", labels=["cat", "dog"])
    assert calls(planned("Is it a cat or a dog?", pet, files=[PHOTO])) == [
        ("zero-shot-image-classification", {"image": "image-1", "candidate_labels": ["cat", "dog"]})
    ]
    assert planned("What flower is this?", asked("classify_picture", "What"), files=[PHOTO]).steps[0].noun == "flower"


def test_a_page_is_read_line_by_line_and_a_line_at_once() -> None:
    read = asked("read_text", "Read")
    assert calls(planned("Read it", read, files=[PAGE])) == [
        ("split-lines", {"image": "image-1"}),
        ("image-to-text", {"image": "<node-0>"}),
        ("join", {"texts": "<node-1>"}),
    ]
    assert calls(planned("Read it", read, files=[LINE])) == [("image-to-text", {"image": "image-1"})]


def test_recordings_are_written_down_or_told_in_figures() -> None:
    (step,) = planned("Transcribe both", asked("transcribe", "Transcribe"), files=[MEMO, SECOND_MEMO]).steps
    assert (step.task, step.each) == ("automatic-speech-recognition", "audio")
    heard, figures = planned("Write the number in figures", asked("transcribe", "Write"), files=[MEMO]).steps
    assert (heard.asked, figures.arguments, figures.told) == (False, {"expression": "(<node-0>)"}, "figures")


def test_a_part_is_cut_out_only_where_that_is_said() -> None:
    edit = {word: asked("edit_picture", word) for word in ("Crop", "Blur", "Make")}
    assert calls(planned("Crop the left half", edit["Crop"], files=[PHOTO])) == [
        ("crop", {"image": "image-1", "region": "left half"})
    ]
    assert planned("Blur the left half", edit["Blur"], files=[PHOTO]).problem == (
        "I do not know what to do with the left half; say “crop the left half”."
    )
    assert calls(planned("Make it look like winter", edit["Make"], files=[PHOTO])) == [
        ("image-to-image", {"image": "image-1", "prompt": "Make it look like winter"})
    ]


def test_what_is_to_be_counted_is_said() -> None:
    plan = planned("How many are there?", asked("count_things", "How many"), files=[PHOTO])
    assert plan.problem == "Say what shall be counted in the picture, such as “how many coins are there?”."


@pytest.mark.parametrize(
    ("goal", "places"),
    [
        ("How many coins are in the left half? The right half is Eva's part.", ["left half", "right half"]),
        ("Don't count the right half. How many coins are in the left half?", ["right half", "left half"]),
        ("The right half isn't mine, How many coins are in the left half?", ["right half", "left half"]),
    ],
)
def test_a_half_that_is_not_meant(goal: str, places: list[str]) -> None:
    plan = planned(goal, asked("count_things", "How many", thing="coins", limits={"region": places}), files=[PHOTO])
    assert [arguments.get("keep") for _, arguments in calls(plan)] == [None, "left half", None]


@pytest.mark.parametrize(
    ("goal", "file", "labels", "task"),
    [
        ("Iva says how many planks there are", MEMO, ("coin",), "automatic-speech-recognition"),
        ("Iva scribbled how many planks there are", PHOTO, ("coin",), "image-classification"),
        ("See how many planks there are", PHOTO, ("coin",), "object-detection"),  # nothing is told
        ("Iva scribbled how many planks there are", PHOTO, ("plank",), "object-detection"),  # planks are found
    ],
)
def test_a_number_that_is_told_and_not_to_be_counted(goal: str, file: File, labels: tuple[str, ...], task: str) -> None:
    planks = asked("count_things", "how many", thing="planks")
    assert calls(planned(goal, planks, files=[file], labels=lambda: labels))[0][0] == task
