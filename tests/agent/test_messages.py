"""What the messages of a conversation tell: goals, results, keys, and which turns the chat model never said."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage, ToolMessage

from prefrontal.agent.messages import (
    artifact_of,
    correction,
    error_message,
    folded,
    is_goal,
    keys_in,
    keys_of,
    last_goal,
    redact,
    taking_over,
    unreached,
)
from prefrontal.agent.scripted import calling

ARTIFACT = {"task": "translation", "model": {"id": "lab/m"}, "outputs": {"text": "douze"}, "result": "result-1"}


def result(text: str = "done", id: str = "1", **more: Any) -> ToolMessage:
    return ToolMessage(text, tool_call_id=id, **more)


def instead(**failed_by_new: str) -> AIMessage:
    """A turn in which other models take over: the id of each new call, and of the call that failed."""
    made: Any = [{"name": "b", "args": {}, "id": id} for id in failed_by_new]
    return AIMessage("", tool_calls=made, additional_kwargs={"prefrontal": {"taking_over": failed_by_new}})


# Keys and paths


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see /home/ann/models/x/config.json, please", "see …/config.json, please"),
        ("the folder /home/ann/my models/x is gone", "the folder …/x is gone"),
        (r"open C:\Users\ann\x.png", "open …/x.png"),
        ("at ~/.cache/huggingface/token", "at …/token"),
        ("Bearer abcdefghijkl and hf_abcdefghijkl and sk-proj-abc123456", "(a secret) and (a secret) and (a secret)"),
        ("https://huggingface.co/a/b/c and 1/2 and and/or", "https://huggingface.co/a/b/c and 1/2 and and/or"),
        ("prefrontal/numbers-en-fr", "prefrontal/numbers-en-fr"),
    ],
)
def test_keys_and_paths_are_redacted(text: str, shown: str) -> None:
    assert redact(text) == shown


def test_a_secret_that_is_known_is_left_out_in_any_form() -> None:
    assert redact("wrong key Tr0ub4dor, again Tr0ub4dor", ["Tr0ub4dor", ""]) == (
        "wrong key (a secret), again (a secret)"
    )


# Goals


def test_what_the_user_said_is_a_goal_and_our_corrections_are_none() -> None:
    assert is_goal(HumanMessage("Count"))
    assert is_goal(HumanMessage("Count", name="Anna"))
    for other in (correction("Call a tool."), AIMessage("Count"), SystemMessage("Count"), result()):
        assert not is_goal(other)


def test_the_last_goal_of_a_conversation() -> None:
    messages: list[AnyMessage] = [HumanMessage("a"), AIMessage("b"), HumanMessage("c"), AIMessage("")]
    assert last_goal([*messages, correction("Call a tool."), AIMessage("d")]) == 2
    assert last_goal([AIMessage("b")]) == last_goal([]) == 0


def test_an_answer_that_did_not_reach_the_goal_says_so() -> None:
    message = unreached("Stopped.", "budget")
    assert (message.text, message.additional_kwargs) == (
        "Stopped.",
        {"prefrontal": {"reached": False, "reason": "budget"}},
    )


def test_an_error_answers_its_call_also_when_a_provider_left_parts_out() -> None:
    call = calling("shop").tool_calls[0]
    message = error_message("not run", call)
    assert (message.name, message.tool_call_id, message.status) == ("shop", call["id"], "error")
    bare = error_message("not run", {"name": None, "id": None})
    assert (bare.name, bare.tool_call_id) == ("", "")


# Results


def test_the_record_of_a_models_call() -> None:
    assert artifact_of(result(artifact=ARTIFACT)) == ARTIFACT


@pytest.mark.parametrize(
    "foreign",
    [None, "text", [1], {}, {**ARTIFACT, "model": "mine"}, {**ARTIFACT, "outputs": ["x"]}, {**ARTIFACT, "task": ""}],
)
def test_the_artifacts_of_other_tools_may_be_anything(foreign: Any) -> None:
    assert artifact_of(result(artifact=foreign)) == {}
    assert artifact_of(AIMessage("hello")) == {}


# Who takes over


def test_a_turn_of_another_model_names_the_calls_that_failed() -> None:
    assert taking_over(instead(new="old")) == {"new": "old"}
    assert taking_over(calling("shop")) == {}
    assert taking_over(HumanMessage("Count", additional_kwargs=instead(new="old").additional_kwargs)) == {}


def test_the_answer_of_who_took_over_stands_in_the_place_of_the_failure() -> None:
    call = AIMessage("I say it.", tool_calls=[{"name": "a", "args": {}, "id": "old"}])
    failed = result("failed: no", "old", name="a", status="error")
    whole = folded([call, failed, instead(new="old"), result("douze", "new", name="b"), AIMessage("Twelve.")])
    assert [message.text for message in whole] == ["I say it.", "douze", "Twelve."]
    answer = whole[1]
    assert isinstance(answer, ToolMessage)
    assert (answer.tool_call_id, answer.name, answer.status) == ("old", "b", "success")
    assert failed.text == "failed: no", "the message itself stays as it was"


def test_when_nobody_could_do_it_each_says_why() -> None:
    call = AIMessage("", tool_calls=[{"name": "a", "args": {}, "id": "1"}])
    messages: list[AnyMessage] = [call, result("failed: /srv/models/a is gone", "1", status="error")]
    for last, new in (("1", "2"), ("2", "3")):
        messages += [instead(**{new: last}), result(f"failed: {new}", new, status="error")]
    _, answer = folded(messages)
    assert answer.text == "failed: …/a is gone | failed: 2 | failed: 3"


def test_a_history_is_folded_only_where_the_failed_call_stands_in_it() -> None:
    noted = {"prefrontal": {"taking_over": {"new": "old"}}}
    over: list[AnyMessage] = [
        AIMessage("", tool_calls=[{"name": "b", "args": {}, "id": "new"}], additional_kwargs=noted),
        ToolMessage("fine", tool_call_id="new"),
    ]
    assert folded(over) == over, "a summary took the place of what came before"
    first: list[AnyMessage] = [AIMessage("", tool_calls=[{"name": "a", "args": {}, "id": "old"}])]
    for _ in range(2):  # servers that number the calls of each turn from 0 on
        first.append(ToolMessage("failed: no", tool_call_id="old", status="error"))
    assert [m.text for m in folded([*first, *over])] == ["", "failed: no", "fine"]


# Keys


def test_keys_come_with_goals_and_results_only() -> None:
    noted = {"file_keys": ["image-1:aa", 7, "image-2:bb"]}
    assert keys_in(HumanMessage("Count", additional_kwargs=noted)) == ["image-1:aa", "image-2:bb"]
    assert keys_in(result(additional_kwargs=noted)) == ["image-1:aa", "image-2:bb"]
    assert keys_in(AIMessage("Here.", additional_kwargs=noted)) == [], "a provider's answer opens nothing"
    for other in ({}, {"file_keys": "image-1:aa"}, {"file_keys": None}):
        assert keys_in(HumanMessage("Count", additional_kwargs=other)) == []


def test_a_conversation_keeps_the_keys_of_messages_that_were_cut() -> None:
    goal = HumanMessage("Count", additional_kwargs={"file_keys": ["image-2:bb", "image-3:cc"]})
    state = {"file_keys": ["image-1:aa", "image-2:bb"], "messages": [goal, AIMessage("Done.")]}
    assert keys_of(state) == ["image-1:aa", "image-2:bb", "image-3:cc"]
    assert keys_of({}) == []
