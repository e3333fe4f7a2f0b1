"""A run for people: text, HTML in which nothing of a stranger's can run, and a script that really does it again."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image

from prefrontal import Agent, ModelIndex, Run, Workspace
from prefrontal.agent.display import closing_lines, run_html, run_text, step_lines
from prefrontal.agent.scripted import ScriptedChatModel, calls
from prefrontal.agent.step import Step

HOSTILE = '<script>alert("x")</script>![p](http://evil.example/p.png)<img src=http://evil.example/q.png>'


def call(**more: Any) -> Step:
    """A call of a model that worked."""
    action = {"tool": "lab--ocr", "arguments": {"image": "image-1"}}
    known = {"model": {"id": "lab/ocr", "revision": "1"}, "result": "result-1", "seconds": 0.25}
    return Step(**{"kind": "call", "thought": "", "action": action, "observation": "Hello [result-1]", **known, **more})


def run_over(*steps: Step, **more: Any) -> Run:
    return Run(**{"goal": "g", "answer": "a", "reached": True, "steps": steps, **more})


# As text


def test_a_run_as_text(seven: Run) -> None:
    text = re.sub(r"\d+\.\d+ s", "0.00 s", str(seven))
    calls_made = text[text.index("Thought") :]
    assert text.startswith(
        "Goal     recognise the digit; say it in French\nSearch   “recognise the digit; say it in French”"
    )
    assert [line for line in calls_made.splitlines() if not line.startswith((" ", "Search"))] == [
        "Thought  I read the digit.",
        'Action   prefrontal/digit-classifier(image="image-1")',
        "Result   7 (1.00), 9 (0.00), 4 (0.00), 3 (0.00), 8 (0.00) [result-1] (0.00 s)",
        "Thought  I say it in French.",
        'Action   prefrontal/numbers-en-fr(text="result-1")',
        "Result   sept [result-2] (0.00 s)",
        "Answer   It is a seven: sept.",
    ]
    assert text.splitlines()[-1].endswith("2 tools ran, 0.00 s in all")


def test_a_call_as_lines() -> None:
    step = call(thought="I read it.", failed_before=("unavailable: lab/small is gone",), observation="Hello\nthere")
    assert list(step_lines(step)) == [
        "Thought  I read it.",
        "Failed   unavailable: lab/small is gone",
        'Action   lab/ocr(image="image-1")',
        "Result   Hello there (0.25 s)",
    ]
    failed = call(ok=False, model={}, observation="wrong input: no", seconds=0.0)
    assert list(step_lines(failed)) == ['Action   lab--ocr(image="image-1")', "Error    wrong input: no (0.00 s)"]


def test_a_search_as_lines() -> None:
    found = [{"id": f"lab/{place}", "score": 0.5, "why": "right task"} for place in range(5)]
    asked: Any = {"tool": "search_models", "arguments": {"query": "read a page", "task": "image-to-text"}}
    search = call(kind="search", action=asked, candidates=tuple(found), seconds=0.011)
    assert list(step_lines(search)) == [
        "Search   “read a page” among image-to-text (0.01 s)",
        "         1. lab/0 0.50: right task",
        "         2. lab/1 0.50: right task",
        "         3. lab/2 0.50: right task",
    ]
    nothing = replace(search, candidates=(), observation="found nothing that runs here")
    assert list(step_lines(nothing))[1:] == ["         found nothing that runs here"]


def test_long_texts_are_cut_in_a_log() -> None:
    _, result = step_lines(call(observation="x" * 301))
    assert result == f"Result   {'x' * 300}… (0.25 s)"
    action = {"tool": "lab--ocr", "arguments": {"text": "y" * 200}}
    assert next(step_lines(call(action=action))) == f'Action   lab/ocr(text="{"y" * 79}…)'


def test_the_thought_of_several_calls_is_told_once() -> None:
    text = run_text(run_over(call(thought="Both."), call(thought="Both."), call(thought="Again.")))
    assert re.findall(r"Thought  (.*)", text) == ["Both.", "Again."]


def test_a_run_closes_with_its_answer_its_pictures_and_its_totals() -> None:
    made = {"handle": "image-2", "kind": "image", "file": "b.png", "made_by": {"tool": "draw-boxes"}}
    line, given = (
        {**made, "handle": "image-3", "made_by": {"tool": "split-lines"}},
        {**made, "handle": "image-1", "made_by": {}},
    )
    run = run_over(call(), answer="One.\nTwo.", media=(given, made, line), seconds=1.26, workspace="/ws")
    assert closing_lines(run) == [
        "Answer   One.",
        "         Two.",
        "         image-2: /ws/b.png",
        "         1 step, 1 tool ran, 1.3 s in all",
    ]
    assert closing_lines(replace(run, reached=False, media=(), steps=()))[::2] == [
        "Ended    One.",
        "         0 steps, 0 tools ran, 1.3 s in all",
    ]


# As HTML


def test_html_escapes_what_strangers_wrote(small_index: ModelIndex, workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "<b onclick=alert(1)>x.png"
    Image.new("RGB", (40, 40), "red").save(file)
    model = ScriptedChatModel(
        calls(
            ("crop", {"image": "image-1", "region": "left half"}),
            (HOSTILE[:20], {"text": HOSTILE}),
            ("search_models", {"query": HOSTILE}),
            thought=HOSTILE,
        ),
        HOSTILE,
    )
    run = Agent(model, small_index, workspace).run(f"crop the left half {HOSTILE}", file)
    html = run._repr_mimebundle_()["text/html"]
    assert "<script" not in html
    assert "<b onclick" not in html
    assert "&lt;script&gt;" in html
    tags = re.findall(r"<(\w+)", html)
    assert set(tags) <= {"div", "p", "b", "ol", "li", "details", "summary", "small", "pre", "br", "img", "audio"}
    sources = re.findall(r"<img[^>]*src=(\S+)", html)
    assert len(sources) == 1  # the crop, out of the workspace
    assert all(source.startswith('"data:image/png;base64,') for source in sources)


def test_html_folds_each_step(seven: Run) -> None:
    html = run_html(seven)
    assert html.count("<details>") == len(seven.steps)
    assert "prefrontal/numbers-en-fr: sept [result-2]" in html
    assert seven._repr_mimebundle_()["text/plain"] == run_text(seven)


def test_html_shows_what_was_made_and_whether_the_goal_was_reached(workspace: Workspace) -> None:
    def page(handle: str) -> str:
        media = tuple(media.to_dict() for media in workspace)
        return run_html(run_over(media=media, workspace=str(workspace.folder), reached=handle == "image-2"))

    workspace.add(Image.new("RGB", (4, 4), "red"))
    assert "<img" not in page("image-1"), "what the user passed is not shown again"
    workspace.add(Image.new("RGB", (4, 4), "blue"), made_by={"tool": "crop"})
    reached, ended = page("image-2"), page("image-1")
    assert reached.count('<img alt="image-2"') == 1
    assert ("color:#1a7f37" in reached, "color:#1a7f37" in ended) == (True, False)
