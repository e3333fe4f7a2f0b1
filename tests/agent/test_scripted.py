"""The scripted chat model, as its users need it."""

from __future__ import annotations

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.tools import tool

from prefrontal.agent.scripted import ScriptedChatModel, calling, calls
from prefrontal.errors import UsageError


@tool
def shop(item: str) -> str:
    """What an item costs."""
    return item


def test_replies_come_in_order_and_requests_are_kept() -> None:
    model = ScriptedChatModel("one", AIMessage("two"), lambda messages: f"three after {messages[-1].text}")
    bound = model.bind_tools([shop])
    assert [bound.invoke(text).text for text in ("a", "b", "c")] == ["one", "two", "three after c"]
    assert [sent.messages for sent in model.sent] == [[HumanMessage(text)] for text in ("a", "b", "c")]
    assert model.sent[0].tools["shop"]["description"] == "What an item costs."
    assert model.invoke is not bound.invoke


def test_the_script_ends_with_an_error() -> None:
    model = ScriptedChatModel("one")
    model.invoke("a")
    with pytest.raises(UsageError) as caught:
        model.invoke("b")
    assert str(caught.value) == "the script has 1 replies, and turn 2 was asked for; add one"


def test_a_reply_may_be_an_exception() -> None:
    with pytest.raises(ConnectionError, match="down"):
        ScriptedChatModel(ConnectionError("down")).invoke("a")


def test_calls_have_ids_of_their_own() -> None:
    first, second = (
        calls(("shop", {"item": "tea"}), ("shop", {"item": "rice"}), thought="I ask."),
        calling("shop", tool=1),
    )
    ids = [call["id"] for call in (*first.tool_calls, *second.tool_calls)]
    assert len(set(ids)) == 3
    assert first.text == "I ask."
    assert second.tool_calls[0]["args"] == {"tool": 1}


def test_the_same_reply_twice_gives_two_messages() -> None:
    same = AIMessage("again")
    model = ScriptedChatModel(same, same)
    first, second = model.invoke("a"), model.invoke("b")
    assert first is not second
    assert first.text == second.text == "again"
