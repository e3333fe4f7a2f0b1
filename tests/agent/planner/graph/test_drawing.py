"""Plans as pictures: all that is read here stands in the SVG itself."""

import random
import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

from prefrontal.agent.planner.graph.drawing import svg_of
from prefrontal.agent.planner.plan import Plan
from prefrontal.agent.planner.plan_step import Formula, PlanStep, node

SVG = "{http://www.w3.org/2000/svg}"


def step(task, arguments, **more):
    return PlanStep(task, arguments, "words", **more)


ONE = Plan("Write down what is said", (step("automatic-speech-recognition", {"audio": "audio-1"}),))
COINS = Plan(
    "How many coins are in both?",
    (
        step("object-detection", {"image": ["image-1", "image-2"]}, each="image", asked=False, confidence=0.9),
        step("count", {"items": node(0), "label": "coins"}, each="items", confidence=0.9),
        step("calculate", {"expression": Formula("+", (node(1),))}, confidence=0.55),
    ),
    models=(
        {"id": "zoo/coin-detector", "task": "object-detection", "size": "8.1 MB"},
        {"id": "prefrontal/count", "task": "count", "size": "built in"},
        {"task": "calculate", "misfit": "No model that runs here can do it."},
    ),
)
LETTER = Plan(
    "Read the letter, say it in German, and draw the man in photo.jpg as it describes him",
    (
        step("split-lines", {"image": "letter.png"}, asked=False),
        step("image-to-text", {"image": node(0)}, each="image", asked=False),
        step("join", {"texts": node(1)}),
        step("translation", {"text": node(2), "target_language": "de"}),
        step("text-to-speech", {"text": node(3)}),
        step("zero-shot-image-classification", {"image": "photo.jpg", "candidate_labels": ["friendly", "hostile"]}),
        step("question-answering", {"question": "Who wrote it?", "context": node(2)}),
        step("image-to-image", {"image": "photo.jpg", "prompt": node(2)}),
    ),
)
LETTER_LINKS = [
    ("letter.png", "step 1", "image"),
    ("step 1", "step 2", "image"),
    ("step 2", "step 3", "texts"),
    ("step 3", "step 4", "text"),
    ("step 4", "step 5", "text"),
    ("photo.jpg", "step 6", "image"),
    ("friendly · hostile", "step 6", "candidate_labels"),
    ("Who wrote it?", "step 7", "question"),
    ("step 3", "step 7", "context"),
    ("photo.jpg", "step 8", "image"),
    ("step 3", "step 8", "prompt"),
]


def tangle(seed: int) -> Plan:
    """Twelve steps that take three things each from anywhere before them."""
    rng = random.Random(seed)
    steps = []
    for place in range(12):
        there = ["image-1", "image-2", "a text to read", *map(node, range(place))]
        steps.append(step("some-tool", {name: rng.choice(there) for name in ("first", "second_argument", "c")}))
    return Plan("A tangle", tuple(steps))


TANGLES = [tangle(seed) for seed in range(8)]


def picture_of(plan: Plan) -> str:
    return svg_of(plan.goal, plan.steps, plan.models, plan.problem)


def drawn(plan: Plan) -> ElementTree.Element:
    return ElementTree.fromstring(picture_of(plan))


def frames(svg: ElementTree.Element, *kinds: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of the boxes of some kinds, in the order they are drawn."""
    found = []
    for group in svg.iter(f"{SVG}g"):
        for rect in group.findall(f"{SVG}rect"):
            if rect.get("class") in kinds:
                x, y = map(float, re.findall(r"-?[\d.]+", group.get("transform", "")))
                found.append((x, y, x + float(rect.get("width", 0)), y + float(rect.get("height", 0))))
    return found


def links(svg: ElementTree.Element) -> list[ElementTree.Element]:
    return [group for group in svg.iter(f"{SVG}g") if group.get("class") == "link"]


def trace(link: ElementTree.Element) -> list[tuple[float, float]]:
    """Points along a link's line, as drawn."""
    line = link.findall(f"{SVG}path")[0].get("d", "")
    points: list[tuple[float, float]] = []
    for command, numbers in re.findall(r"([MCH])([^MCH]*)", line):
        values = [float(number) for number in numbers.split()]
        if command == "M":
            points.append((values[0], values[1]))
        elif command == "H":
            points.append((values[0], points[-1][1]))
        else:
            ends = [points[-1], *zip(values[::2], values[1::2], strict=True)]
            for t in (i / 20 for i in range(1, 21)):
                weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
                x, y = (sum(w * end[k] for w, end in zip(weights, ends, strict=True)) for k in (0, 1))
                points.append((x, y))
    return points


def texts(svg: ElementTree.Element) -> list[str]:
    """What is written, without the tooltips."""
    return ["".join([t.text or "", *(child.tail or "" for child in t)]) for t in svg.iter(f"{SVG}text")]


@pytest.mark.parametrize("plan", [ONE, COINS, LETTER])
def test_every_step_is_one_box_with_its_number_and_task(plan):
    svg = drawn(plan)
    assert len(frames(svg, "step")) == len(plan.steps)
    for number, planned in enumerate(plan.steps, start=1):
        assert texts(svg).count(planned.task) == 1
        assert texts(svg).count(str(number)) == 1


def test_each_of_several_files_has_its_link_and_one_label_names_them():
    svg = drawn(COINS)
    found = [(link.get("data-from"), link.get("data-to"), link.get("data-argument")) for link in links(svg)]
    files = [("image-1", "step 1", "image"), ("image-2", "step 1", "image")]
    assert found == [*files, ("step 1", "step 2", "items"), ("step 2", "step 3", "expression")]
    assert texts(svg).count("image") == 1


def test_every_link_is_drawn_once_and_named():
    svg = drawn(LETTER)
    found = [(link.get("data-from"), link.get("data-to"), link.get("data-argument")) for link in links(svg)]
    assert sorted(found) == sorted(LETTER_LINKS)
    written = [text.text for link in links(svg) for text in link.iter(f"{SVG}text")]
    assert sorted(map(str, written)) == sorted(name for _, _, name in LETTER_LINKS)


def test_files_and_texts_are_drawn_once_and_options_stand_in_their_step():
    svg = drawn(LETTER)
    assert len(frames(svg, "source")) == len({"letter.png", "photo.jpg", "friendly · hostile", "Who wrote it?"})
    assert {"photo.jpg", "“friendly · hostile”", "“Who wrote it?”", "target_language: de"} <= set(texts(svg))


@pytest.mark.parametrize("plan", [ONE, COINS, LETTER, *TANGLES])
def test_links_run_from_box_to_box_and_never_backward(plan):
    svg = drawn(plan)
    steps = frames(svg, "step")
    for link in links(svg):
        points = trace(link)
        assert all(a[0] <= b[0] for a, b in pairwise(points))
        left, top, _, bottom = steps[int(link.get("data-to", "").split()[1]) - 1]
        assert points[-1][0] == pytest.approx(left, abs=0.01)
        assert top < points[-1][1] < bottom
        if link.get("data-from", "").startswith("step"):
            _, top, right, bottom = steps[int(link.get("data-from", "").split()[1]) - 1]
            assert points[0] == pytest.approx((right, (top + bottom) / 2), abs=0.01)


@pytest.mark.parametrize("plan", [ONE, COINS, LETTER, *TANGLES])
def test_nothing_overlaps(plan):
    svg = drawn(plan)
    boxes = frames(svg, "step", "source")
    for a, b in combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (a, b)
    pieces = [piece for link in links(svg) for piece in pairwise(trace(link))]
    for left, top, right, bottom in boxes:
        for (x, y), (to_x, to_y) in pieces:
            beside = to_x <= left + 0.01 or x >= right - 0.01
            assert beside or max(y, to_y) < top or min(y, to_y) > bottom


@pytest.mark.parametrize("plan", [ONE, COINS, LETTER, *TANGLES])
def test_all_lies_on_the_page_and_labels_lie_between_columns(plan):
    svg = drawn(plan)
    left, top, width, height = map(float, svg.get("viewBox", "").split())
    boxes, down = frames(svg, "step", "source"), 30.0
    assert all(x >= left and right <= left + width for x, _, right, _ in boxes)
    assert all(y + down >= top and bottom + down <= top + height for _, y, _, bottom in boxes)
    for label in (text for link in links(svg) for text in link.iter(f"{SVG}text")):
        x, y = float(label.get("x", 0)), float(label.get("y", 0))
        assert not any(a < x and x - 5 * len(label.text or "") < c and b < y and y - 11 < d for a, b, c, d in boxes), (
            label.text
        )


def test_a_step_shows_its_model_its_size_and_how_sure_it_is():
    svg = drawn(COINS)
    assert {"zoo/coin-detector · 8.1 MB", "prefrontal/count · built in", "no model fits"} <= set(texts(svg))
    assert {"90% sure", "55% sure", "label: coins", "expression: + over step 2"} <= set(texts(svg))
    assert "No model that runs here can do it." in picture_of(COINS)
    room, sure = (next(r for r in svg.iter(f"{SVG}rect") if r.get("class") == kind) for kind in ("room", "sure"))
    assert float(sure.get("width", 0)) / float(room.get("width", 1)) == pytest.approx(0.9, abs=0.001)


def test_unsure_inserted_and_fanned_out_steps_look_different():
    svg = drawn(COINS)
    boxes = [rect for rect in svg.iter(f"{SVG}rect") if rect.get("class") == "step"]
    assert [bool(box.get("stroke-dasharray")) for box in boxes] == [False, False, True]
    inserted, asked, _ = (float(box.get("fill-opacity", 1)) for box in boxes)
    assert inserted < asked
    assert {"×2 each", "each"} <= set(texts(svg))
    assert len([rect for rect in svg.iter(f"{SVG}rect") if rect.get("class") == "each"]) == 2


EVIL = "<script>alert('1')</script>&\"]]>\x00\x1b\ud800"


def test_everything_is_escaped_and_nothing_can_run():
    steps = (
        step(EVIL, {EVIL: "a<b>.png", "image": EVIL}, each=EVIL, confidence=float("nan")),
        PlanStep("crop", {"image": node(0), "region": EVIL, "x": {EVIL: 1}, "y": None}, EVIL, why=EVIL),
    )
    plan = Plan(EVIL, steps, problem=EVIL, models=({"id": EVIL, "size": EVIL}, {"misfit": EVIL}))
    html = plan._repr_mimebundle_()["text/html"]
    assert "<script" not in picture_of(plan) + html
    svg = drawn(plan)
    tags = {element.tag.removeprefix(SVG) for element in svg.iter()}
    assert tags == {"svg", "g", "rect", "path", "circle", "text", "title"}
    assert not [name for element in svg.iter() for name in element.attrib if name.startswith("on") or "href" in name]
    assert "id=" not in picture_of(ONE)  # several plans share a page


def test_long_texts_are_cut_and_a_tooltip_tells_the_whole():
    question, size = "Why is it so " + "very " * 40 + "late?", "605 MB"
    model = {"id": "someone/" + "a-long-name-" * 10, "size": size}
    steps = (step("question-answering", {"question": question, "context": "Short."}),)
    svg = drawn(Plan(question * 3, steps, models=(model,)))
    room = float(svg.get("width", 0))
    assert all(len(text) * 5 < room for text in texts(svg))
    assert question * 3 not in texts(svg)
    titles = [title.text for title in svg.iter(f"{SVG}title")]
    assert {question * 3, f"“{question}”"} <= set(titles)
    assert any(model["id"] in str(title) for title in titles)
    assert any(text.startswith("someone/") and text.endswith(f"… · {size}") for text in texts(svg))


def test_many_files_are_one_box():
    pictures = [f"image-{number}" for number in range(1, 41)]
    svg = drawn(Plan("Describe them", (step("image-to-text", {"image": pictures}, each="image"),)))
    assert len(frames(svg, "source")) == len(links(svg)) == 1
    assert "×40 each" in texts(svg)
    assert any(text.startswith("40 files: image-1, image-2") for text in texts(svg))


def test_a_step_that_takes_nothing_and_one_that_names_no_earlier_step():
    svg = drawn(Plan("Odd", (step("some-tool", {}), step("some-tool", {"x": node(7)}))))
    assert len(frames(svg, "step")) == 2
    assert not links(svg)


@pytest.mark.parametrize("problem", ["I could not find anything to do in 'hm'; say what shall be done.", ""])
def test_without_steps_only_the_problem_is_drawn(problem):
    plan = Plan("hm", problem=problem)
    svg = drawn(plan)
    assert " ".join(texts(svg)) == (problem or "nothing to do")
    assert not frames(svg, "step", "source")
    assert plan._repr_mimebundle_()["text/html"].startswith("<p>")


def test_a_problem_stands_below_the_steps():
    problem = "I could not place 'send it to my landlord': there is no tool for it. " * 3
    svg = drawn(Plan(ONE.goal, ONE.steps, problem))
    whole = " ".join(texts(svg))
    assert " ".join(problem.split()) in whole
    (note,) = frames(svg, "problem")
    assert note[1] > max(bottom for _, _, _, bottom in frames(svg, "step"))
    assert note[3] <= float(svg.get("viewBox", "").split()[3])
