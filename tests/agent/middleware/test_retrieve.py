"""Models that are found, in somebody's own LangChain app: beside their tools, in a chain, in another agent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.documents import Document
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver

from prefrontal import Agent, ModelCard, ModelIndex, Workspace
from prefrontal.agent.middleware import FailOver, MediaByReference, RetrieveModels
from prefrontal.agent.middleware.retrieve import MAX_FOUND, merge_found
from prefrontal.agent.scripted import ScriptedChatModel, calling
from prefrontal.agent.toolbox import Toolbox

DIGITS, FRENCH = "prefrontal--digit-classifier", "prefrontal--numbers-en-fr"


@tool
def shop(item: str) -> str:
    """What an item costs."""
    return f"{item} costs 7 euros"


@pytest.fixture
def toolbox(small_index: ModelIndex, workspace: Workspace) -> Toolbox:
    return Toolbox(small_index, workspace)


def test_beside_the_tools_of_an_app(toolbox: Toolbox) -> None:
    model = ScriptedChatModel(
        calling("shop", item="tea"),
        calling("search_models", query="number into French", task="translation"),
        calling(FRENCH, text="7"),
        "Le thé coûte sept euros.",
    )
    own = [MediaByReference(toolbox.workspace), RetrieveModels(toolbox, preload=0), FailOver(toolbox)]
    app = create_agent(model, [shop], middleware=own)
    state = app.invoke({"messages": "What is the tea, in French words?"})
    assert [m.text for m in state["messages"] if m.type == "tool"][::2] == ["tea costs 7 euros", "sept [result-1]"]
    assert [set(sent.tools) for sent in model.sent] == [
        {"shop", "search_models"},
        {"shop", "search_models"},
        {"shop", "search_models", FRENCH},
        {"shop", "search_models", FRENCH},
    ]
    assert state["found"] == ["prefrontal/numbers-en-fr"]
    json.dumps(state.get("searches", []))


def test_candidates_are_bound_without_being_asked(toolbox: Toolbox) -> None:
    model = ScriptedChatModel("Nothing to do.")
    create_agent(model, [], middleware=[RetrieveModels(toolbox, preload=2)]).invoke({"messages": "numbers en fr"})
    assert set(model.sent[0].tools) > {"search_models", FRENCH}
    assert len(model.sent[0].tools) == 3


def test_a_tool_of_the_app_with_the_same_name_stays(toolbox: Toolbox) -> None:
    @tool("count")
    def own_count(words: str) -> str:
        """Count words."""
        return str(len(words.split()))

    model = ScriptedChatModel(calling("count", words="a b c"), "3")
    app = create_agent(model, [own_count], middleware=[RetrieveModels(toolbox, preload=5)])
    state = app.invoke({"messages": "count the words"})
    assert state["messages"][-2].text == "3"


def test_found_models_stay_over_turns_with_a_checkpointer(toolbox: Toolbox) -> None:
    model = ScriptedChatModel(
        calling("search_models", query="French", task="translation"), "Found.", calling(FRENCH, text="8"), "huit",
        "nobody knows",
    )  # fmt: skip
    app = create_agent(model, [], middleware=[RetrieveModels(toolbox, preload=0)], checkpointer=InMemorySaver())
    thread = {"configurable": {"thread_id": "1"}}
    app.invoke({"messages": "Find a translator"}, thread)
    state = app.invoke({"messages": "Now use it on 8"}, thread)
    assert state["messages"][-2].text == "huit [result-1]"
    app.invoke({"messages": "Is it there?"}, {"configurable": {"thread_id": "2"}})
    assert set(model.sent[-1].tools) == {"search_models"}


def test_a_model_that_left_the_index_is_no_longer_bound(toolbox: Toolbox) -> None:
    def leave(messages: Any) -> str:
        toolbox.index.remove("prefrontal/numbers-en-fr")
        return "gone"

    model = ScriptedChatModel(calling("search_models", query="French", task="translation"), leave, "bye")
    app = create_agent(model, [], middleware=[RetrieveModels(toolbox, preload=0)], checkpointer=InMemorySaver())
    thread = {"configurable": {"thread_id": "1"}}
    app.invoke({"messages": "Find"}, thread)
    app.invoke({"messages": "Again"}, thread)
    assert set(model.sent[1].tools) == {"search_models", FRENCH}
    toolbox = Toolbox(toolbox.index, toolbox.workspace)
    assert toolbox.bound(["prefrontal/numbers-en-fr", "prefrontal/count"])[0].name == "count"


def test_a_search_that_finds_nothing_says_what_to_try(workspace: Workspace, tmp_path: Any) -> None:
    from prefrontal.retrieval.embedding.hashing import HashEmbedder

    index = ModelIndex(tmp_path / "few", HashEmbedder())
    index.add([ModelCard(id="lab/gone", task="translation", path=str(tmp_path / "gone"))])
    model = ScriptedChatModel(
        calling("search_models", query="translate", task="translation"),
        calling("search_models", query="smell", task="image-to-smell"),
        "No.",
    )
    app = create_agent(model, [], middleware=[RetrieveModels(Toolbox(index, workspace), preload=0)])
    nothing, unknown = [m.text for m in app.invoke({"messages": "Translate"})["messages"] if m.type == "tool"]
    assert nothing.startswith(
        "Nothing of the task translation that runs here fits. The nearest that do not run here: "
        "lab/gone (translation): its folder …/gone is gone. Try other words, or one of the tasks: "
    )
    assert unknown.startswith("wrong input: 'image-to-smell' is not a known task; closest: ")


def test_found_ids_are_kept_once_newest_last_and_capped() -> None:
    assert merge_found(None, None) == []
    assert merge_found(["a", "b"], ["a"]) == ["b", "a"]
    many = [f"m{i}" for i in range(50)]
    assert merge_found(many, ["new"]) == [*many[50 - MAX_FOUND + 1 :], "new"]
    assert merge_found(merge_found(many, []), many) == many[-MAX_FOUND:]


def test_the_retriever_in_a_chain(small_index: ModelIndex) -> None:
    def listed(documents: list[Document]) -> str:
        return "\n".join(f"{document.id}: {document.page_content}" for document in documents)

    model = ScriptedChatModel("Take the translator.")
    prompt = ChatPromptTemplate.from_template("Which of these?\n{models}\nFor: {goal}")
    chain = {"models": small_index.as_retriever(k=2) | listed, "goal": RunnablePassthrough()} | prompt | model
    assert chain.invoke("numbers en fr").text == "Take the translator."
    assert "prefrontal/numbers-en-fr: Writes a text in another language." in model.sent[0].messages[0].text


def test_the_agent_in_a_chain(small_index: ModelIndex, workspace: Workspace) -> None:
    """The next link gets the run, also when the chain streams, and 12 turns are not too many for it."""

    def agent() -> Agent:
        turns = [calling("calculate", expression=f"1 + {i}") for i in range(12)]
        return Agent(ScriptedChatModel(*turns, "done"), small_index, workspace)

    def answer(run: Any) -> str:
        return f"{run.answer} in {len([s for s in run.steps if s.kind == 'call'])}"

    assert (RunnableLambda(str.strip) | agent() | RunnableLambda(answer)).invoke(" calculate ") == "done in 12"
    assert list((agent() | RunnableLambda(answer)).stream("calculate")) == ["done in 12"]


def test_the_agent_as_a_tool_of_another(small_index: ModelIndex, workspace: Workspace, digit_seven: Any) -> None:
    workspace.add(digit_seven, name="seven.png")
    inner = Agent(ScriptedChatModel(calling(DIGITS, image="image-1"), "It is a 7."), small_index, workspace)
    outer = ScriptedChatModel(
        calling("prefrontal", goal="Read the digit", files=["image-9"]),
        calling("prefrontal", goal=" "),
        calling("prefrontal", goal="Read the digit", files=["image-1"]),
        "Seven.",
    )
    app = create_agent(outer, [inner.as_tool()], checkpointer=InMemorySaver())
    state = app.invoke({"messages": "What digit?"}, {"configurable": {"thread_id": "1"}})
    results = [m for m in state["messages"] if m.type == "tool"]
    assert results[0].text == (
        "wrong input: 'image-9' is not a handle of this workspace; there are: image-1 (seven.png, 64 x 64 pixels)"
    )
    assert results[1].text == (
        'wrong input: the goal is empty; say what shall be done, such as "Count the coins in this photo"'
    )
    assert results[2].text == "It is a 7."
    assert results[2].artifact["steps"][-1]["model"]["id"] == "prefrontal/digit-classifier"
    json.dumps(results[2].artifact)


def test_tools_of_the_user_beside_the_agents_own(small_index: ModelIndex, workspace: Workspace) -> None:
    @tool(response_format="content_and_artifact")
    def odd() -> tuple[str, Any]:
        """A tool with an artifact of its own kind."""
        return "odd", {"outputs": ["x"], "model": "mine", "boxes": [1]}

    @tool
    def broken() -> str:
        """A tool that breaks."""
        raise RuntimeError("no disk at /var/lib/secret/place, token hf_abcdefghijklmnop")

    model = ScriptedChatModel(calling("odd"), calling("broken"), "Well.")
    run = Agent(model, small_index, workspace, tools=[odd, broken]).run("Do odd things")
    assert run.reached
    calls = [step for step in run.steps if step.kind == "call"]
    assert [(step.ok, step.observation) for step in calls] == [
        (True, "odd"),
        (False, "failed: RuntimeError: no disk at …/place, token (a secret)"),
    ]
    assert calls[0].model == {}
    str(run), run.to_json(), run._repr_mimebundle_(), run.script()
