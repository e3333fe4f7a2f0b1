"""Goals become typed steps: the right tasks, the right arguments, and no step more."""

import pytest

from prefrontal.agent.planner.compose.linking import File, make_plan
from prefrontal.agent.planner.plan_step import Formula

PHOTO = File("image-1", "image", "photo.png", 1.3)
SECOND = File("image-2", "image", "other.png", 1.3)
LINE = File("image-1", "image", "line.png", 14.0)
SOUND = File("audio-1", "audio", "memo.wav")


def tasks(plan):
    return [step.task for step in plan.steps]


@pytest.mark.parametrize(
    ("goal", "files", "expected"),
    [
        ("Count the coins and say the number in French", [PHOTO], ["object-detection", "count", "translation"]),
        ("Read this line of text", [LINE], ["image-to-text"]),
        ("Read this scanned page", [PHOTO], ["split-lines", "image-to-text", "join"]),
        ("Which digit is this?", [PHOTO], ["image-classification"]),
        ("Transcribe this recording", [SOUND], ["automatic-speech-recognition"]),
        ("Transcribe it and translate it into French", [SOUND], ["automatic-speech-recognition", "translation"]),
        ("What is 17 * 23 + 4?", [], ["calculate"]),
        ("Draw a picture of a red fox", [], ["text-to-image"]),
        ("Make a video of a sunrise", [], ["text-to-video"]),
        ("How many coins are in the left half?", [PHOTO], ["crop", "object-detection", "count"]),
        ("Read the page aloud", [PHOTO], ["split-lines", "image-to-text", "join", "text-to-speech"]),
        ("Is the review “I loved it” positive or negative?", [], ["text-classification"]),
        ("Summarise “a long text”", [], ["summarization"]),
        ("Estimate the depth of this photo", [PHOTO], ["depth-estimation"]),
        ("What colour is the car in the photo?", [PHOTO], ["visual-question-answering"]),
    ],
)
def test_the_tasks_of_a_plan(matcher, goal, files, expected):
    assert tasks(make_plan(goal, files, matcher)) == expected


def test_values_flow_from_step_to_step(matcher):
    plan = make_plan("Count the coins and say the number in French", [PHOTO], matcher)
    detect, count, translate = plan.steps
    assert detect.arguments == {"image": "image-1"}
    assert detect.noun == "coins"
    assert count.arguments == {"items": "<node-0>", "label": "coins"}
    assert translate.arguments == {"text": "<node-1>", "target_language": "fr"}
    assert [step.asked for step in plan.steps] == [False, True, True]


def test_several_files_fan_out_and_are_added_up(matcher):
    plan = make_plan("Read these three digits and add them up", [PHOTO, SECOND, PHOTO], matcher)
    classify, add = plan.steps
    assert classify.each == "image"
    assert classify.arguments["image"] == ["image-1", "image-2", "image-1"]  # the same picture twice counts twice
    assert add.arguments["expression"] == Formula("+", ("<node-0>",))


def test_two_photos_are_compared(matcher):
    goal = "Are there more coins in the first photo than in the second?"
    plan = make_plan(goal, [PHOTO, SECOND], matcher)
    assert tasks(plan) == ["object-detection", "count", "calculate"]
    assert plan.steps[-1].arguments["expression"].sign == ">"


def test_quotes_become_the_sentences_to_compare(matcher):
    goal = 'Which of these sentences means the same as "The cat sleeps"? "It rains", "A cat is napping"'
    step = make_plan(goal, [], matcher).steps[0]
    assert step.arguments == {"text": "The cat sleeps", "sentences": ["It rains", "A cat is napping"]}


def test_a_file_is_meant_by_its_name(matcher):
    plan = make_plan("Count the coins in other.png", [PHOTO, SECOND], matcher)
    assert plan.steps[0].arguments == {"image": "image-2"}


def test_a_plain_word_does_not_mean_the_file_of_that_name(matcher):
    files = [File("image-1", "image", "coins.png", 1.3), File("image-2", "image", "few.png", 1.3)]
    plan = make_plan("Are there more coins in the first photo than in the second?", files, matcher)
    assert plan.steps[0].arguments == {"image": ["image-1", "image-2"]}


def test_what_cannot_be_placed_is_said_with_the_nearest_tasks(matcher):
    plan = make_plan("Bake me a chocolate cake", [], matcher)
    assert plan.steps == ()
    assert plan.problem.startswith("I could not place 'Bake me a chocolate cake': no task fits it well enough.")


def test_the_wrong_kind_of_file_is_said_before_anything_runs(matcher):
    plan = make_plan("Count the coins", [SOUND], matcher)
    assert plan.problem == "I read 'Count the coins' as count, but a file of kind image is missing; pass it along."
