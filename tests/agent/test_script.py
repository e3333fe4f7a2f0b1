"""A run as a script: it makes the calls again, and says what came out this time, not what came out then."""

from __future__ import annotations

import ast
import json
import runpy
from pathlib import Path
from typing import Any

import pytest
from langchain_core.tools import tool

from prefrontal import Agent, ModelIndex, Run, Workspace
from prefrontal.agent.script import script_of
from prefrontal.agent.scripted import ScriptedChatModel, calling
from prefrontal.agent.step import Step


def call(result: str, task: str = "count", outputs: Any = None, **more: Any) -> Step:
    """A call of a model that worked."""
    action = more.pop("action", {"tool": "t", "arguments": more.pop("arguments", {})})
    known = {"kind": "call", "thought": "", "action": action, "observation": "", "model": {"id": "lab/m"}}
    return Step(**{**known, "result": result, "task": task, "outputs": outputs or {}, **more})


def run_over(*steps: Step, **more: Any) -> Run:
    return Run(**{"goal": "g", "answer": "", "reached": True, "steps": steps, "workspace": "/ws", **more})


def lines_of(run: Run) -> list[str]:
    return script_of(run).rpartition("\n\n\n")[2].splitlines()


def test_the_script_does_it_again_and_says_the_answer(
    seven: Run, small_index: ModelIndex, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "again.py"
    script.write_text(seven.script(), encoding="utf-8")
    runpy.run_path(str(script))
    assert [line.partition(" [")[0] for line in capsys.readouterr().out.splitlines()] == [
        "7 (1.00), 9 (0.00), 4 (0.00), 3 (0.00), 8 (0.00)",
        "sept",
        "It is a seven: sept.",
    ]
    assert f"index = ModelIndex({str(small_index.path)!r})" in seven.script()
    assert lines_of(seven) == [
        "result_1 = call('prefrontal/digit-classifier', image='image-1')",
        "result_2 = call('prefrontal/numbers-en-fr', text=result_1)",
        "print('It is a seven: {}.'.format(value(result_2)))",
    ]


def test_a_number_that_was_copied_is_reckoned_again(
    small_index: ModelIndex, workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = ScriptedChatModel(
        calling("calculate", expression="20 + 4"), calling("calculate", expression="24 * 3"), "That makes 72 in all."
    )
    run = Agent(model, small_index, workspace).run("calculate twenty and four, times 3")
    assert lines_of(run)[1:] == [
        "result_2 = call('prefrontal/calculate', expression='{} * 3'.format(value(result_1)))",
        "print('That makes {} in all.'.format(value(result_2)))",
    ]
    script = tmp_path / "again.py"
    script.write_text(run.script().replace("20 + 4", "20 + 5"), encoding="utf-8")
    runpy.run_path(str(script))
    assert capsys.readouterr().out.splitlines()[-1] == "That makes 75 in all."


def test_how_many_there_are_and_parts_of_results_are_passed_on() -> None:
    boxes = [{"label": "coin", "score": 0.9, "box": {"xmin": 7, "ymin": 1, "xmax": 9, "ymax": 5}} for _ in range(7)]
    found = call("result-1", "object-detection", {"boxes": boxes})
    named = call("result-2", "text-classification", {"labels": [{"label": "good", "score": 0.987}]})
    run = run_over(found, named, answer="There are 7 coins {so far}, which is good (0.99).")
    assert lines_of(run)[-1] == (
        "print('There are {} coins {{so far}}, which is {} ({:.2f}).'"
        ".format(len(value(result_1)), value(result_2)[0]['label'], value(result_2)[0]['score']))"
    )


@pytest.mark.parametrize(
    ("value", "answer", "written"),
    [
        (1234.5, "It is 1,234.50 euros", "'It is {:,.2f} euros'.format(value(result_1))"),
        (24, "It is 24.5, or 124", "'It is 24.5, or 124'"),
        (24, "24", "str(value(result_1))"),
        (True, "It is True", "'It is True'"),
        ("vingt", "En effet: vingt.", "'En effet: {}.'.format(value(result_1))"),
        ("image-1", "See image-1", "'See image-1'"),
    ],
)
def test_how_numbers_and_texts_stand_in_an_answer(value: Any, answer: str, written: str) -> None:
    task, name = ("text-generation", "text") if isinstance(value, str) else ("count", "number")
    assert lines_of(run_over(call("result-1", task, {name: value}), answer=answer))[-1] == f"print({written})"


def test_a_number_of_the_goal_stays() -> None:
    first = call("result-1", outputs={"number": 3})
    second = call("result-2", arguments={"number": 3, "text": "3 of them", "other": 4})
    asked = run_over(first, second, goal="take 3 of them")
    assert lines_of(asked)[1] == "result_2 = call('lab/m', number=3, text='3 of them', other=4)"
    copied = run_over(first, second, goal="take them")
    assert lines_of(copied)[1] == (
        "result_2 = call('lab/m', number=value(result_1), text='{} of them'.format(value(result_1)), other=4)"
    )


def test_the_script_of_the_default_index_names_none_and_an_answer_that_was_not_reached_is_not_said() -> None:
    script = run_over(answer="Stopped: no.", reached=False).script()
    assert "index = ModelIndex()\n" in script
    assert "Stopped" not in script


@pytest.mark.parametrize(
    "goal", ['"""; import os; os.abort() #', "ends in \\", "'''\n\nimport os\nos.abort()", '\\""" \r\n\x00 \u2028 x']
)
def test_nothing_that_was_said_writes_into_the_script(goal: str, workspace: Workspace) -> None:
    run = Run(goal=goal, answer=goal, reached=True, steps=(), workspace=str(workspace.folder))
    body = ast.parse(run.script()).body
    kinds = ["Expr", "ImportFrom", "ImportFrom", "Assign", "Assign", "Assign", "FunctionDef", "FunctionDef", "Expr"]
    assert [type(node).__name__ for node in body] == kinds
    assert ast.literal_eval(body[3].value) == goal  # pyright: ignore[reportAttributeAccessIssue]
    assert ast.literal_eval(body[-1].value.args[0]) == goal  # pyright: ignore[reportAttributeAccessIssue]


def test_what_a_model_wrote_does_not_write_into_the_script() -> None:
    evil = "'); import os; os.abort() #{0.__class__}"
    run = run_over(call("result-1", "text-generation", {"text": evil}), answer=f"It says: {evil}, {{x}}")
    assert lines_of(run)[-1] == "print('It says: {}, {{x}}'.format(value(result_1)))"


def test_results_are_passed_on_also_out_of_lists_and_failures_left_out() -> None:
    joined = {"tool": "join", "arguments": {"texts": ["result-1", "and"], "separator": " "}}
    run = run_over(
        call("result-1", arguments={"image": "image-1"}),
        call("", ok=False, observation="failed: no"),
        call("", model={}, action={"tool": "shop\nimport os", "arguments": {}}),
        call("result-2", "join", action=joined, model={"id": "prefrontal/join", "revision": "1"}),
    )
    assert lines_of(run) == [
        "result_1 = call('lab/m', image='image-1')",
        "# 'shop\\nimport os' was called here; it is no model of the index",
        "result_2 = call('prefrontal/join', texts=[result_1, 'and'], separator=' ')",
    ]


def test_the_script_of_a_run_with_a_tool_of_the_user_s(
    small_index: ModelIndex, workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    @tool
    def shop(item: str) -> str:
        """What an item costs."""
        return f"{item} costs 7 euros"

    turns = [calling("shop", item="tea"), calling("calculate", expression="7 * 6"), "42 euros."]
    run = Agent(ScriptedChatModel(*turns), small_index, workspace, tools=[shop]).run("calculate six teas")
    script = tmp_path / "again.py"
    script.write_text(run.script(), encoding="utf-8")
    runpy.run_path(str(script))
    assert capsys.readouterr().out.splitlines() == ["42 [result-2]", "42 euros."]
    assert json.loads(run.to_json())["answer"] == "42 euros."
