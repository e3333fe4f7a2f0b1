"""The goals that must work offline, each in several wordings, on real files; and what must fail well.

Nothing is mocked: the default index, the packaged models, the embedded planner.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from prefrontal import Agent, ModelIndex, Workspace

SPOKEN = Path(__file__).parent / "data" / "spoken"


@pytest.fixture(scope="module")
def index():
    return ModelIndex()


@pytest.fixture
def reach(index, tmp_path):
    """Reach a goal with a fresh workspace."""
    return lambda goal, *files: Agent(index=index, workspace=Workspace(tmp_path / "ws")).run(goal, *files)


@pytest.fixture(scope="module")
def coins():
    return pytest.importorskip("skimage.data").coins()


@pytest.fixture(scope="module")
def digits():
    """Handwritten digits by value, as a person would save them."""
    data = pytest.importorskip("sklearn.datasets").load_digits()
    pictures = {}
    for array, value in zip(data.images[1200:], data.target[1200:], strict=True):
        grey = Image.fromarray((array * 15.9).astype("uint8"))
        pictures.setdefault(int(value), grey.resize((64, 64), Image.Resampling.BILINEAR))
    return pictures


def printed(text, size=28):
    font = ImageFont.load_default(size)
    width = round(font.getlength(text))
    image = Image.new("L", (width + 40, round(1.9 * size)), 245)
    ImageDraw.Draw(image).text((20, round(0.4 * size)), text, font=font, fill=25)
    return image


def ids(run):
    return [model["id"] for model in run.models]


def errors(read, true):
    """Edit distance over the length of the true text."""
    row = list(range(len(true) + 1))
    for i, a in enumerate(read, start=1):
        previous, row[0] = row[0], i
        for j, b in enumerate(true, start=1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1] / len(true)


@pytest.mark.parametrize(
    "goal",
    [
        "Count the coins in this photo and say the number in French",
        "How many coins are there? Give the number in French.",
        "Tell me in French how many coins this picture shows",
        "Find out the number of coins, then translate it into French",
    ],
)
def test_1_count_and_say_in_french(reach, coins, goal):
    run = reach(goal, coins)
    assert run.reached
    assert "24" in run.answer
    assert "vingt-quatre" in run.answer
    assert ids(run) == ["prefrontal/coin-detector", "prefrontal/count", "prefrontal/numbers-en-fr"]
    assert Path(run.path(run.pictures[-1])).is_file()


@pytest.mark.parametrize(
    "goal",
    [
        "Read this line of text",
        "What does this line say?",
        "Transcribe the printed line",
        "Get the text out of this picture",
    ],
)
def test_2_read_a_line(reach, goal):
    true = "Two ships arrived at noon"
    run = reach(goal, printed(true))
    assert run.reached
    assert "prefrontal/line-ocr" in ids(run)
    read = next(step.outputs["text"] for step in run.steps if "text" in step.outputs)
    assert errors(read, true) <= 0.12


@pytest.mark.parametrize(
    "goal",
    [
        "Read this scanned page",
        "What is written on this page?",
        "Transcribe the text of the document",
        "Read all the lines of this page",
    ],
)
def test_3_read_a_page(reach, goal):
    page = pytest.importorskip("skimage.data").page()
    run = reach(goal, page)
    assert run.reached
    assert ids(run) == ["prefrontal/split-lines", "prefrontal/line-ocr", "prefrontal/join"]
    text = run.steps[-1].outputs["text"]
    assert len(text.split("\n")) == 7
    assert errors(text.split("\n")[2], "background. These markers are pixels that we can label") <= 0.15


@pytest.mark.parametrize(
    "goal",
    [
        "Which digit is this?",
        "What digit does the picture show?",
        "Recognise the handwritten digit",
        "Classify this digit",
    ],
)
@pytest.mark.parametrize("value", [3, 8])
def test_4_which_digit(reach, digits, goal, value):
    run = reach(goal, digits[value])
    assert run.reached
    assert f"It is {value} " in run.answer
    assert ids(run) == ["prefrontal/digit-classifier"]


@pytest.mark.parametrize(
    "goal",
    [
        "Read these three digits and add them up",
        "What is the sum of these three digits?",
        "Recognise each digit, then calculate the total",
        "Add up the digits in these pictures",
    ],
)
def test_5_add_digits(reach, digits, goal):
    run = reach(goal, digits[4], digits[9], digits[4])
    assert run.reached
    assert "= 17" in run.answer
    assert ids(run) == ["prefrontal/digit-classifier", "prefrontal/calculate"]


@pytest.mark.parametrize(
    "goal",
    [
        "Transcribe this recording",
        "What is said in this recording?",
        "Write down what the speaker says",
        "Turn this speech into text",
    ],
)
def test_6_transcribe(reach, goal):
    spoken = json.loads((SPOKEN / "numbers.json").read_text())[2]
    run = reach(goal, SPOKEN / spoken["file"])
    assert run.reached
    assert spoken["text"] in run.answer
    assert ids(run) == ["prefrontal/spoken-numbers"]


@pytest.mark.parametrize(
    "goal",
    [
        "Transcribe it and translate it into French",
        "Write down what is said, then put it in French",
        "What number is spoken in this recording? Say it in French.",
        "Transcribe the recording. After that translate the text to French.",
    ],
)
def test_7_transcribe_and_translate(reach, goal):
    run = reach(goal, SPOKEN / "seven_hundred.wav")
    assert run.reached
    assert "sept cent vingt-huit" in run.answer
    assert ids(run) == ["prefrontal/spoken-numbers", "prefrontal/numbers-en-fr"]


@pytest.mark.parametrize(
    "goal",
    [
        "What is 17 * 23 + 4?",
        "Calculate 17 times 23 plus 4",
        "17*23+4",
        "How much is seventeen times twenty-three plus four?",
    ],
)
def test_8_arithmetic_loads_no_model(reach, goal):
    run = reach(goal)
    assert run.reached
    assert "395" in run.answer
    assert ids(run) == ["prefrontal/calculate"]


@pytest.mark.parametrize(
    "goal",
    [
        'Which of these sentences means the same as "{0}"? "{1}", "{2}", "{3}"',
        'Find the sentence closest in meaning to "{0}" among "{1}", "{2}" and "{3}"',
        'Compare the meaning of "{1}", "{2}" and "{3}" with "{0}": which matches best?',
        'Which one is most similar to "{0}": "{1}", "{2}" or "{3}"?',
    ],
)
def test_9_same_meaning(reach, goal):
    asked = goal.format(
        "The cat is sleeping on the sofa", "It will rain tomorrow", "A kitten naps on the couch", "Stocks fell"
    )
    run = reach(asked)
    assert run.reached
    assert run.answer.startswith("“A kitten naps on the couch” is the closest in meaning")
    assert ids(run) == ["sentence-transformers/all-MiniLM-L6-v2"]


@pytest.mark.parametrize(
    "goal",
    [
        'Read the text in the picture and say how similar it is to "{0}"',
        'How similar is the text in this picture to "{0}"?',
        'Get the text of the image, then compare its meaning with "{0}"',
        'Read this line. How close in meaning is it to "{0}"?',
    ],
)
def test_10_read_and_compare(reach, goal):
    picture = printed("The children play in the garden")
    near = reach(goal.format("Kids are playing in the yard"), picture)
    far = reach(goal.format("The bank raised its rates"), picture)
    assert near.reached
    assert far.reached
    assert ids(near) == ["prefrontal/line-ocr", "sentence-transformers/all-MiniLM-L6-v2"]
    score = [float(re.findall(r"\d\.\d+", run.answer)[-1]) for run in (near, far)]
    assert score[0] > score[1] + 0.2


@pytest.mark.parametrize(
    "goal",
    [
        "How many coins are there in the left half of the photo?",
        "Count the coins in the left half",
        "Tell me the number of coins on the left half of the picture",
        "In the left half of the image, how many coins do you see?",
    ],
)
def test_11_left_half(reach, coins, goal):
    run = reach(goal, coins)
    assert run.reached
    assert ids(run) == ["prefrontal/coin-detector", "prefrontal/filter-boxes", "prefrontal/count"]
    assert "There are 12 coins." in run.answer


@pytest.mark.parametrize(
    "goal",
    [
        "Are there more coins in the first photo than in the second?",
        "Does the first picture show more coins than the second one?",
        "Which photo has more coins?",
        "Compare the two photos: are there more coins in the first than in the second?",
    ],
)
def test_12_more_coins(reach, coins, goal):
    few = coins[:150]
    run, other_way = reach(goal, coins, few), reach(goal, few, coins)
    assert run.reached
    assert ids(run) == ["prefrontal/coin-detector", "prefrontal/count", "prefrontal/compare-numbers"]
    assert run.answer.startswith(("Yes: 24", "The first (image-"))
    assert other_way.answer.startswith(("No: ", "The second (image-"))


# What must fail well


def test_a_goal_that_no_model_serves(reach):
    run = reach("Bake me a chocolate cake")
    assert not run.reached
    assert run.answer.startswith("Nothing here can do “Bake me a chocolate cake”")


def test_a_task_whose_models_are_not_here(reach):
    run = reach("Draw a picture of a red fox")
    assert not run.reached
    assert "No model that runs here can do text-to-image" in run.answer
    assert "diffusers" in run.answer


def test_a_thing_that_no_detector_here_knows(reach, coins):
    run = reach("How many dogs are in this photo?", coins)
    assert not run.reached
    assert (
        "No model that runs here can do object-detection for 'dogs': prefrontal/coin-detector knows coin" in run.answer
    )
    assert not [step for step in run.steps if step.kind == "call"]


def test_a_language_that_no_translator_here_writes(reach):
    run = reach("Say 24 in German")
    assert not run.reached
    assert "No model that runs here writes the language 'de'" in run.answer


def test_a_text_outside_of_the_translator_s_words(reach):
    run = reach('Translate "good morning, my dear friend" into French')
    assert not run.reached
    assert "does not know the words" in run.answer


def test_an_audio_file_for_a_detector_is_said_before_anything_is_loaded(reach):
    run = reach("Count the coins", SPOKEN / "seven_hundred.wav")
    assert not run.reached
    assert run.steps == ()
    assert run.answer == "“Count” needs a picture, but seven_hundred.wav is a recording; pass a picture along."
