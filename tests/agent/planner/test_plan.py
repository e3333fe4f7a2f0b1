"""A plan as people see it before anything is loaded: as lines, as TaskBench's graph, in a notebook."""

from __future__ import annotations

from prefrontal.agent.planner.compose.linking import File, make_plan
from prefrontal.agent.planner.compose.matching import Matcher
from prefrontal.agent.planner.plan import Plan
from prefrontal.agent.planner.plan_step import Formula, PlanStep, node

SOUND = File("audio-1", "audio", "memo.wav")
DETECT = PlanStep(
    "object-detection", {"image": ["image-1", "image-2"]}, "find coins", each="image", confidence=0.9, why="It counts."
)
COUNT = PlanStep("count", {"items": node(0), "label": "coins"}, "count", each="items", why="It counts.")
ADD = PlanStep("calculate", {"expression": Formula("+", (node(1),))}, "in all", confidence=0.55, why="It adds up.")
COINS = Plan("How many coins are in both?", (DETECT, COUNT, ADD))


def test_a_plan_shows_itself(matcher: Matcher) -> None:
    plan = make_plan("Transcribe it and translate it into French", [SOUND], matcher)
    lines = str(plan).split("\n")
    assert lines[0].startswith("1. automatic-speech-recognition(audio='audio-1')")
    assert "text=what step 1 gives" in lines[1]
    assert "<svg" in plan._repr_mimebundle_()["text/html"]


def test_taskbench_form(matcher: Matcher) -> None:
    graph = make_plan("Transcribe it and translate it into French", [SOUND], matcher).to_dict()
    assert graph["task_nodes"][1]["arguments"] == ["<node-0>", "fr"]
    assert graph["task_links"] == [{"source": "automatic-speech-recognition", "target": "translation"}]


def test_a_notebook_gets_the_picture_and_the_steps_folded_below() -> None:
    bundle = COINS._repr_mimebundle_()
    assert bundle["text/plain"] == str(COINS)
    assert bundle["text/html"].index("</svg>") < bundle["text/html"].index("<details><summary>the steps</summary>")
    assert "2. count(items=what step 1 gives" in bundle["text/html"]
    assert "<script" not in bundle["text/html"]


def test_each_step_is_a_line() -> None:
    assert str(COINS).splitlines() == [
        "1. object-detection(image=['image-1', 'image-2']), once for each image [90% sure: It counts.]",
        "2. count(items=what step 1 gives, label='coins'), once for each items [100% sure: It counts.]",
        "3. calculate(expression=+ over what step 2 gives) [55% sure: It adds up.]",
    ]


def test_the_models_stand_in_the_lines_as_far_as_they_are_known() -> None:
    known = COINS.with_models([{"id": "zoo/coins", "size": "8.1 MB"}, {"task": "count", "misfit": "No model fits."}])
    first, second, third = str(known).splitlines()
    assert first.endswith(", once for each image with zoo/coins (8.1 MB) [90% sure: It counts.]")
    assert " with " not in second + third
    assert COINS.models == (), "a plan is not changed: there is a new one"


def test_a_long_text_is_cut_in_its_line() -> None:
    plan = Plan("Summarise it", (PlanStep("summarization", {"text": "word " * 20}, "summarise"),))
    assert f"text='{('word ' * 20)[:57]}…')" in str(plan)


def test_a_graph_names_each_producer_and_each_consumer() -> None:
    graph = COINS.to_dict()
    assert [one["arguments"] for one in graph["task_nodes"]] == [
        ["image-1", "image-2"],
        ["<node-0>", "coins"],
        ["+ over <node-1>"],
    ]
    assert graph["task_links"] == [
        {"source": "object-detection", "target": "count"},
        {"source": "count", "target": "calculate"},
    ]


def test_a_plan_without_steps_says_why() -> None:
    assert str(Plan("hm", problem="I could not place 'hm'.")) == "I could not place 'hm'."
    assert str(Plan("hm")) == "nothing to do"
    html = Plan("hm", problem="I could not place '<b>'.")._repr_mimebundle_()["text/html"]
    assert html == "<p>I could not place &#x27;&lt;b&gt;&#x27;.</p>"
