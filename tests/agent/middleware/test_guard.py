"""Never in circles, never silent, nothing half executed: the guard alone in somebody's own agent."""

from __future__ import annotations

from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver

from prefrontal.agent.middleware import Guard
from prefrontal.agent.middleware.guard import closed
from prefrontal.agent.scripted import ScriptedChatModel, calling, calls


@tool
def double(number: int) -> str:
    """Twice a number."""
    return str(2 * number)


def app(*replies: Any, **options: Any) -> tuple[Any, ScriptedChatModel]:
    model = ScriptedChatModel(*replies)
    return create_agent(model, [double], middleware=[Guard()], **options), model


def test_a_good_run_is_left_alone() -> None:
    graph, _ = app(calling("double", number=2), "4")
    assert [m.text for m in graph.invoke({"messages": "twice 2"})["messages"]] == ["twice 2", "", "4", "4"]


def test_two_rounds_are_no_circle_and_equal_calls_in_one_turn_count_once() -> None:
    graph, _ = app(calls(("double", {"number": 2}), ("double", {"number": 2}), ("double", {"number": 2})),
                   calling("double", number=2), "4")  # fmt: skip
    assert graph.invoke({"messages": "twice 2"})["messages"][-1].text == "4"


def test_a_new_goal_starts_a_new_count() -> None:
    graph, _ = app(*[reply for _ in range(4) for reply in (calling("double", number=2), "4")],
                   checkpointer=InMemorySaver())  # fmt: skip
    thread: Any = {"configurable": {"thread_id": "1"}}
    answers = [graph.invoke({"messages": "twice 2"}, thread)["messages"][-1].text for _ in range(4)]
    assert answers == ["4"] * 4


def test_a_circle_ends_and_leaves_a_valid_history() -> None:
    graph, _ = app(*[calling("double", number=2)] * 3)
    messages = graph.invoke({"messages": "twice 2"})["messages"]
    assert messages[-1].text == "Stopped: the same call of double came 3 times. What there is so far: 4 | 4"
    assert messages[-1].additional_kwargs["prefrontal"] == {"reached": False, "reason": "repeated call"}
    assert closed(messages) == messages


def test_an_open_call_is_closed_in_what_is_sent() -> None:
    """A run that was killed leaves a call without an answer; providers refuse such a history for ever after."""
    graph, model = app("never mind")
    broken = [HumanMessage("a"), calling("double", number=2), HumanMessage("b"), AIMessage(""), HumanMessage("c")]
    graph.invoke({"messages": broken})
    sent = model.sent[0].messages
    assert [type(message) for message in sent] == [HumanMessage, AIMessage, ToolMessage, HumanMessage, HumanMessage]
    assert sent[2].text == "not run: the run was cut off"


def test_calls_without_an_id_get_one() -> None:
    bare = AIMessage("", tool_calls=[{"name": "double", "args": {"number": n}, "id": None} for n in (1, 2)])
    graph, _ = app(bare, "2 and 4")
    messages = graph.invoke({"messages": "twice"})["messages"]
    assert sorted(m.text for m in messages if m.type == "tool") == ["2", "4"]
    assert len({m.tool_call_id for m in messages if m.type == "tool"}) == 2


def test_a_model_that_breaks_breaks_as_before() -> None:
    """In somebody's own agent their retry or fallback middleware has to see the error itself."""
    graph, _ = app(ConnectionError("down"))
    with pytest.raises(ConnectionError, match="down"):
        graph.invoke({"messages": "twice 2"})


def test_the_system_message_stays() -> None:
    graph, model = app("hello", system_prompt="Be kind.")
    graph.invoke({"messages": "hi"})
    assert model.sent[0].messages[0] == SystemMessage("Be kind.")
