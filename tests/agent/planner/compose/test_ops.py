"""Each op that the reader knows is planned by a row; each row plans tasks that exist."""

from __future__ import annotations

import pytest
from benches import MEMO, NOTES, PHOTO, Asked, asked, calls, planned

from prefrontal.agent.planner.compose.draft import File
from prefrontal.agent.planner.compose.ops import BUILDERS
from prefrontal.agent.planner.parse.parts import OPS
from prefrontal.tools.tasks import tasks


def test_the_rows_are_those_of_the_reader() -> None:
    assert set(BUILDERS) == set(OPS)


@pytest.mark.parametrize(
    ("wish", "files", "task", "arguments"),
    [
        (asked("make_picture", "Do", topic="a fox", source="words"), [], "text-to-image", {"prompt": "a fox"}),
        (asked("video_of", "Do", topic="a fox", source="words"), [], "text-to-video", {"prompt": "a fox"}),
        (asked("write_text", "Do", topic="a fox", source="words"), [], "text-generation", {"text": "a fox"}),
        (asked("make_speech", "Do", text="a fox", source="words"), [], "text-to-speech", {"text": "a fox"}),
        (asked("depth", "Do"), [PHOTO], "depth-estimation", {"image": "image-1"}),
        (asked("segment", "Do"), [PHOTO], "image-segmentation", {"image": "image-1"}),
        (asked("classify_sound", "Do"), [MEMO], "audio-classification", {"audio": "audio-1"}),
        (asked("separate_sound", "Do"), [MEMO], "audio-to-audio", {"audio": "audio-1"}),
        (asked("find_names", "Do"), [NOTES], "token-classification", {"text": "text-1"}),
        (asked("detect_language", "Do"), [NOTES], "text-classification", {"text": "text-1"}),
        (asked("sort_lines", "Do"), [NOTES], "sort-lines", {"text": "text-1", "how": "Do it to a fox"}),
    ],
)
def test_tasks_that_take_one_thing(wish: Asked, files: list[File], task: str, arguments: dict[str, str]) -> None:
    assert task in tasks()
    assert calls(planned("Do it to a fox", wish, files=files)) == [(task, arguments)]


def test_what_is_said_to_the_assistant_is_replied_to() -> None:
    said = {"greet": "Good day.", "which_model": ""}
    wishes = asked("greet", "Hello", source="words"), asked("count_things", "Count", thing="coins")
    plan = planned("Hello! Count the coins", *wishes, files=[PHOTO], reply=lambda op, words: said[op])
    assert (plan.replies, [step.task for step in plan.steps]) == (("Good day.",), ["object-detection", "count"])
    which = asked("which_model", "Which model", source="words", topic="coins")
    assert planned("Which model counts coins?", which, reply=lambda op, words: f"{op} for {words}").replies == (
        "which_model for Which model counts coins",
    )
    assert planned("Which model counts coins?", which, reply=lambda op, words: said[op]).problem == (
        "I cannot tell from the index what “Which model counts coins” asks for."
    )


def test_what_nothing_here_can_do() -> None:
    plan = planned("Book a flight and a room", asked("unserved", "Book a flight", "a room", source="words"))
    assert plan.problem == "Nothing here can do “Book a flight … a room”; ask what I can do for what there is."
    assert planned("Blub", asked("unclear", "Blub", source="words")).problem == (
        "I did not understand what shall be done; say it with a verb and what it is about."
    )
