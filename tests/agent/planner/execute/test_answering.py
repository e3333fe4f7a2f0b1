"""From results to an answer: the sentences that a user reads."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image

from prefrontal import Workspace
from prefrontal.agent.planner.execute.answering import compose
from prefrontal.agent.planner.plan import Plan
from prefrontal.agent.planner.plan_step import PlanStep, node

COIN = {"label": "coin", "score": 0.9, "box": {"xmin": 1, "ymin": 2, "xmax": 3, "ymax": 4}}
LABELS = [{"label": "7", "score": 0.93}, {"label": "1", "score": 0.07}]


def step(task: str, words: str = "", **arguments: Any) -> PlanStep:
    return PlanStep(task, arguments, words)


@pytest.mark.parametrize(
    ("asked", "given", "answer"),
    [
        (step("count", label="coins"), [24], "There are 24 coins."),
        (step("count", label="coins"), [1], "There is 1 coin."),
        (step("count"), [0], "There are 0 things."),
        (step("count", label="coins"), [24, 10], "First: 24 coins; second: 10 coins."),
        (step("calculate", expression="17 * 23 + 4"), [395], "17 * 23 + 4 = 395."),
        (step("calculate", "are there more", expression="24 > 10"), [True], "Yes: 24 in the first, 10 in the second."),
        (step("calculate", "are there more", expression="9 > 10"), [False], "No: 9 in the first, 10 in the second."),
        (step("calculate", "Which has more", expression="24 > 10"), [True],
         "The first: 24 in the first, 10 in the second."),
        (step("calculate", "Which has more", expression="9 > 10"), [False],
         "The second: 9 in the first, 10 in the second."),
        (step("calculate", "Which has more", expression="9 > 9"), [False],
         "Neither: 9 in the first, 9 in the second."),
        (step("translation", target_language="fr"), ["douze", "sept"], "In French: douze; sept."),
        (step("translation"), ["douze"], "Translated: douze."),
        (step("automatic-speech-recognition"), ["seven"], "The recording says: “seven” (7)."),
        (step("automatic-speech-recognition"), [" "], "Nothing could be understood in the recording."),
        (step("automatic-speech-recognition"), ["one", "two"], "First: “one” (1); second: “two” (2)."),
        (step("image-to-text"), ["Two ships"], "The text reads: “Two ships”."),
        (step("image-to-text"), ["Two ships!"], "The text reads: “Two ships!”"),
        (step("join"), ["Two\nships"], "The text reads:\nTwo\nships"),
        (step("image-to-text"), [""], "Nothing could be read in the picture."),
        (step("image-classification"), [LABELS], "It is 7 (93% sure)."),
        (step("image-classification"), [LABELS, LABELS[1:], LABELS], "They are 7, 1 and 7."),
        (step("image-classification"), [[]], "No label fits."),
        (step("sentence-similarity", text="It rains"), [[{"label": "Rain falls", "score": 0.871}, LABELS[1]]],
         "“Rain falls” is the closest in meaning to “It rains” (similarity 0.87)."),
        (step("sentence-similarity", text="It rains"), [[{"label": "Rain falls", "score": 0.871}]],
         "The similarity is 0.87 (1 means the same, 0 nothing in common)."),
        (step("summarization"), ["It rained."], "It rained."),
        (step("summarization"), ["It rained"], "It rained."),
    ],
)  # fmt: skip
def test_the_sentence_of_a_step(workspace: Workspace, asked: PlanStep, given: list[Any], answer: str) -> None:
    assert compose(Plan("g", (asked,)), [given], workspace) == answer


def test_what_was_found_in_each_picture(workspace: Workspace) -> None:
    told = compose(Plan("g", (step("object-detection"),)), [[[COIN], []]], workspace)
    assert told.startswith("First: 1 ")
    assert "; second: " in told


def test_a_file_is_named_with_its_place(workspace: Workspace) -> None:
    media = workspace.add(Image.new("RGB", (4, 4)))
    assert (
        compose(Plan("g", (step("crop"),)), [["image-1"]], workspace) == f"The image is ready: image-1 ({media.path})."
    )


def test_only_what_was_asked_for_is_told_and_nothing_twice(workspace: Workspace) -> None:
    detect = PlanStep("object-detection", {"image": "image-1"}, "find them", asked=False)
    count = step("count", items=node(0), label="coins")
    say = step("translation", text=node(1), target_language="fr")
    told = compose(Plan("g", (detect, count, count, say)), [[[COIN]], [24], [24], ["vingt-quatre"]], workspace)
    assert told == "There are 24 coins. In French: vingt-quatre."


def test_answers_of_several_lines_stand_below_each_other(workspace: Workspace) -> None:
    plan = Plan("g", (step("join"), step("translation", target_language="fr")))
    assert compose(plan, [["a\nb"], ["c"]], workspace) == "The text reads:\na\nb\nIn French: c."


def test_what_the_reader_of_print_doubts_is_said(workspace: Workspace) -> None:
    lines = PlanStep("image-to-text", {}, "", asked=False)
    page, total = PlanStep("join", {}, ""), PlanStep("calculate", {"expression": "2 + 3"}, "")
    read = ["GREEN GROCER LTD", "Apples 2.4O [?]"]

    told = compose(Plan("g", (lines, page)), [read, ["\n".join(read)]], workspace)
    assert told == "The text reads:\nGREEN GROCER LTD\nApples 2.4O [?]\nThe words before “[?]” may be read wrong."
    told = compose(Plan("g", (lines, total)), [read, [5]], workspace)
    assert told == "2 + 3 = 5. This was read on the way and may be read wrong: Apples 2.4O [?]"
    assert compose(Plan("g", (lines, page)), [["Open"], ["Open"]], workspace) == "The text reads: “Open”."
