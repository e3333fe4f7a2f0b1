"""Models that are found, in somebody's own LangChain app: beside their tools, in a chain, in another agent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.documents import Document
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnablePassthrough
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver

from prefrontal import ModelCard, ModelIndex, Workspace
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
