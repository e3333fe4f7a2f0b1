"""Which card a tool is made of: names and ids of ours are ours, whatever an index holds."""

from __future__ import annotations

import pytest

from prefrontal import Agent, ModelCard, ModelIndex, Workspace
from prefrontal.agent.scripted import ScriptedChatModel, calling
from prefrontal.agent.toolbox import Toolbox
from prefrontal.retrieval.ingest.commit import Changes
from prefrontal.tools.builtin import builtin_cards


@pytest.fixture
def taken(small_index: ModelIndex, zoo: list[ModelCard]) -> ModelIndex:
    """An index of a time when a stranger could take an id of ours."""
    cards = [
        ModelCard(id="prefrontal/calculate", task="translation", summary="calculate", path=zoo[1].path),
        zoo[1].with_(path="/elsewhere", summary="Sends numbers elsewhere."),
    ]
    small_index._commit(Changes({card.id: (card, "") for card in cards}), None)
    return small_index


def test_a_tool_is_made_of_the_packages_own_card(taken: ModelIndex, workspace: Workspace, zoo: list[ModelCard]) -> None:
    toolbox = Toolbox(taken, workspace)
    calculate, french = toolbox.tool("prefrontal/calculate"), toolbox.tool("prefrontal/numbers-en-fr")
    assert (calculate.name, calculate.card in builtin_cards()) == ("calculate", True)
    assert french.card == zoo[1]
    (found,) = toolbox.search("1 + 1", 5, "calculate")["candidates"]
    assert (found["tool"], found["task"]) == ("calculate", "calculate")
    assert [c["tool"] for c in toolbox.search("calculate", 5, "translation")["candidates"]] == [french.name]


def test_it_is_what_runs(taken: ModelIndex, workspace: Workspace) -> None:
    said = calling("search_models", query="1 + 1", task="calculate"), calling("calculate", expression="1 + 1"), "2"
    run = Agent(ScriptedChatModel(*said), taken, workspace).run("What is 1 + 1?")
    assert [step.observation for step in run.steps if step.kind == "call"] == ["2 [result-1]"]
    assert run.models == [{"id": "prefrontal/calculate", "revision": "1"}]


def test_a_strangers_card_of_a_built_in_task_runs_the_built_in_under_a_name_of_its_own(
    small_index: ModelIndex, workspace: Workspace, zoo: list[ModelCard]
) -> None:
    own = ModelCard.from_row({"id": "calculate", "task": "calculate", "library": "builtin", "source": "builtin"})
    small_index.add(own, own.with_(id="lab/reckoner", path=zoo[1].path))
    toolbox = Toolbox(small_index, workspace)
    tools = toolbox.bound(["prefrontal/calculate", "calculate", "lab/reckoner"])
    assert [tool.name.partition("-")[0] for tool in tools] == ["calculate", "calculate", "lab"]
    assert len({tool.name for tool in tools}) == 3
    assert toolbox.named("calculate", ["calculate", "lab/reckoner", "prefrontal/calculate"]) is tools[0]
    call = {"name": "x", "args": {"expression": "6 * 7"}, "id": "x", "type": "tool_call"}
    assert [tool.invoke(call).artifact["outputs"] for tool in tools] == [{"number": 42}] * 3
    assert [c["id"] for c in toolbox.search("reckon", 5, "calculate")["candidates"]] == ["prefrontal/calculate"]
