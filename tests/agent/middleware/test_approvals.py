"""A model that a person has to be asked for never runs unasked, also when it takes over from one that failed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from inspect import signature
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain.agents.middleware import HumanInTheLoopMiddleware
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command
from PIL import Image

from prefrontal import Agent, ModelCard, ModelIndex, Workspace
from prefrontal.agent.middleware import Budget, FailOver, RetrieveModels
from prefrontal.agent.scripted import ScriptedChatModel, calling, calls
from prefrontal.agent.toolbox import Toolbox
from prefrontal.errors import ModelUnavailableError

BROKEN, FRENCH = "lab--corrupt-en-fr", "prefrontal--numbers-en-fr"
BOTH = {BROKEN: True, FRENCH: True}
GOAL: Any = {"messages": "translation of numbers en fr"}
THREAD: Any = {"configurable": {"thread_id": "one"}}
DAMAGED = "unavailable: lab/corrupt-en-fr cannot be loaded: its weights are damaged; download or copy the model again"
REJECTED = f"User rejected the tool call for `{FRENCH}` with reason: not this one"


@pytest.fixture
def index(small_index: ModelIndex, corrupt: ModelCard) -> ModelIndex:
    """The small index with a second translator that is broken."""
    small_index.add([corrupt])
    return small_index


class App:
    """Somebody's own agent with fail-over, and the ids of the models that were about to be loaded."""

    def __init__(self, index: ModelIndex, workspace: Workspace, *turns: Any, **options: Any) -> None:
        self.loaded: list[str] = []
        toolbox = Toolbox(index, workspace, gate=lambda card: self.loaded.append(card.id))
        own = [RetrieveModels(toolbox), FailOver(toolbox)]
        before, after = options.pop("before", []), options.pop("after", [])
        self.model = ScriptedChatModel(*turns)
        middleware = [*before, *own, *after]
        self.graph = create_agent(self.model, [], middleware=middleware, checkpointer=InMemorySaver(), **options)

    def go_on(self, value: Any = GOAL, sync: bool = True) -> dict[str, Any]:
        return self.graph.invoke(value, THREAD) if sync else asyncio.run(self.graph.ainvoke(value, THREAD))


def approve(state: dict[str, Any]) -> Command[Any]:
    """A person's yes to whatever is asked, in either mode."""
    (asked,) = state["__interrupt__"]
    yes = {"type": "approve"}
    return Command(resume={asked.id: yes} if "action_requests" not in asked.value else {"decisions": [yes]})


def asked_for(state: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The calls that a person is asked about: name and arguments."""
    values = [asked.value for asked in state.get("__interrupt__", ())]
    return [(ask["name"], ask["args"]) for value in values for ask in value.get("action_requests", [value])]


def person(interrupt_on: Any, mode: Any = "batched") -> HumanInTheLoopMiddleware[Any, Any, Any]:
    if mode == "batched":
        return HumanInTheLoopMiddleware(interrupt_on)
    if "interrupt_mode" not in signature(HumanInTheLoopMiddleware).parameters:
        pytest.skip("this langchain asks once a turn only")
    return HumanInTheLoopMiddleware(interrupt_on, interrupt_mode=mode)


@pytest.mark.parametrize("sync", [True, False])
@pytest.mark.parametrize(
    ("where", "mode"), [("before", "batched"), ("after", "batched"), ("before", "per_call"), ("after", "per_call")]
)
def test_who_takes_over_is_asked_for(
    index: ModelIndex, workspace: Workspace, where: str, mode: str, sync: bool
) -> None:
    app = App(index, workspace, calling(BROKEN, text="12"), "douze", **{where: [person(BOTH, mode)]})
    state = app.go_on(sync=sync)
    assert (asked_for(state), app.loaded) == ([(BROKEN, {"text": "12"})], [])
    state = app.go_on(approve(state), sync)
    assert (asked_for(state), app.loaded) == ([(FRENCH, {"text": "12"})], ["lab/corrupt-en-fr"])
    state = app.go_on(approve(state), sync)
    assert app.loaded == ["lab/corrupt-en-fr", "prefrontal/numbers-en-fr"]
    assert [m.text for m in state["messages"][-2:]] == ["douze [result-1]", "douze"]
    assert state["messages"][-2].artifact["failed_before"] == [DAMAGED]


def test_one_that_alone_has_to_be_asked_for(index: ModelIndex, workspace: Workspace) -> None:
    app = App(index, workspace, calling(BROKEN, text="12"), "I may not.", before=[person({FRENCH: True})])
    state = app.go_on()
    assert (asked_for(state), app.loaded) == ([(FRENCH, {"text": "12"})], ["lab/corrupt-en-fr"])
    app.go_on(Command(resume={"decisions": [{"type": "reject", "message": "not this one"}]}))
    assert app.loaded == ["lab/corrupt-en-fr"]
    (answer,) = [m for m in app.model.sent[-1].messages if isinstance(m, ToolMessage)]
    assert (answer.text, answer.status) == (f"{DAMAGED} | {REJECTED}", "error")


def test_where_nobody_has_to_be_asked_nobody_is(index: ModelIndex, workspace: Workspace) -> None:
    app = App(index, workspace, calling(BROKEN, text="12"), "douze", before=[person({"calculate": True})])
    state = app.go_on()
    assert asked_for(state) == []
    assert app.loaded == ["lab/corrupt-en-fr", "prefrontal/numbers-en-fr"]
    assert state["messages"][-2].text == "douze [result-1]"


def test_a_person_who_is_asked_for_the_broken_one_alone(index: ModelIndex, workspace: Workspace) -> None:
    app = App(index, workspace, calling(BROKEN, text="12"), "douze", before=[person({BROKEN: True})])
    state = app.go_on(approve(app.go_on()))
    assert (asked_for(state), state["messages"][-2].text) == ([], "douze [result-1]")


def test_the_arguments_that_a_person_changed_are_those_that_count(index: ModelIndex, workspace: Workspace) -> None:
    app = App(index, workspace, calling(BROKEN, text="12"), "treize", before=[person(BOTH)])
    app.go_on()
    edited = {"type": "edit", "edited_action": {"name": BROKEN, "args": {"text": "13"}}}
    state = app.go_on(Command(resume={"decisions": [edited]}))
    assert asked_for(state) == [(FRENCH, {"text": "13"})]
    assert app.go_on(approve(state))["messages"][-2].text == "treize [result-1]"


def test_the_interrupt_of_a_graph_before_its_tools(index: ModelIndex, workspace: Workspace) -> None:
    app = App(index, workspace, calling(BROKEN, text="12"), "douze", interrupt_before=["tools"])
    app.go_on()
    assert app.loaded == []
    app.go_on(None)
    assert app.loaded == ["lab/corrupt-en-fr"]
    assert app.go_on(None)["messages"][-2].text == "douze [result-1]"


def test_of_several_calls_those_that_failed_are_made_again(index: ModelIndex, workspace: Workspace) -> None:
    turn = calls((BROKEN, {"text": "12"}), (FRENCH, {"text": "7"}), (BROKEN, {"text": "9"}))
    app = App(index, workspace, turn, "done", before=[person({FRENCH: True})])
    state = app.go_on()
    assert asked_for(state) == [(FRENCH, {"text": "7"})]
    state = app.go_on(approve(state))
    assert asked_for(state) == [(FRENCH, {"text": "12"}), (FRENCH, {"text": "9"})]
    app.go_on(Command(resume={"decisions": [{"type": "approve"}, {"type": "approve"}]}))
    read = {m.tool_call_id: m.text.split(" [")[0] for m in app.model.sent[-1].messages if isinstance(m, ToolMessage)}
    assert read == dict(zip([call["id"] for call in turn.tool_calls], ["douze", "sept", "neuf"], strict=True))


def test_the_chat_model_reads_only_turns_of_its_own(
    index: ModelIndex, workspace: Workspace, corrupt: ModelCard
) -> None:
    """Two take over, one after the other; providers that sign what their model said refuse what it did not say."""
    index.add([corrupt.with_(id="lab/translation-of-numbers-en-fr")])
    said = calling(BROKEN, text="12")
    app = App(index, workspace, said, "douze")
    state = app.go_on()
    tools = [call["name"] for m in state["messages"] if isinstance(m, AIMessage) for call in m.tool_calls]
    assert tools == [BROKEN, "lab--translation-of-numbers-en-fr", FRENCH]
    read = app.model.sent[-1].messages
    assert [type(message) for message in read] == [HumanMessage, AIMessage, ToolMessage]
    assert [call["id"] for call in read[1].tool_calls] == [read[2].tool_call_id] == [said.tool_calls[0]["id"]]
    assert read[2].text == "douze [result-1]"


@dataclass
class Noting(Budget):
    """A budget that notes which models were about to be loaded."""

    loaded: list[str] = field(default_factory=list)

    def gate(self, card: ModelCard) -> None:
        self.loaded.append(card.id)


def waiting_for(agent: Agent) -> list[tuple[str, dict[str, Any]]]:
    return asked_for({"__interrupt__": agent.graph.get_state(THREAD).interrupts})


YES: Command[Any] = Command(resume={"decisions": [{"type": "approve"}]})


@pytest.mark.parametrize("mode", ["batched", "per_call"])
def test_through_the_agent(index: ModelIndex, workspace: Workspace, mode: Any) -> None:
    budget = Noting()
    model = ScriptedChatModel(calling(BROKEN, thought="It shall be French.", text="12"), "douze")
    agent = Agent(model, index, workspace, budget=budget, middleware=[person(BOTH, mode)], checkpointer=InMemorySaver())
    yes: Any = YES if mode == "batched" else Command(resume={"type": "approve"})
    agent.invoke("translation of numbers en fr", THREAD)
    assert waiting_for(agent) == [(BROKEN, {"text": "12"})]
    run = agent.invoke(yes, THREAD)
    assert (run.reached, waiting_for(agent)) == (False, [(FRENCH, {"text": "12"})])
    assert budget.loaded == ["lab/corrupt-en-fr"]
    run = agent.invoke(yes, THREAD)
    assert (run.reached, run.answer) == (True, "douze")
    (step,) = [step for step in run.steps if step.kind == "call"]
    assert (step.thought, step.action["tool"], step.observation) == ("It shall be French.", FRENCH, "douze [result-1]")
    assert step.failed_before == (DAMAGED,)


def test_the_embedded_planner_plans_anew_and_asks(
    small_index: ModelIndex, workspace: Workspace, corrupt: ModelCard
) -> None:
    first = corrupt.with_(id="lab/translate-twelve-into-french")
    small_index.add([first])
    budget, name = Noting(), "lab--translate-twelve-into-french"
    asks = person({name: True, FRENCH: True})
    agent = Agent(None, small_index, workspace, budget=budget, middleware=[asks], checkpointer=InMemorySaver())
    agent.invoke("Translate “twelve” into French", THREAD)
    arguments = {"text": "twelve", "target_language": "fr"}
    assert (waiting_for(agent), budget.loaded) == ([(name, arguments)], [])
    agent.invoke(YES, THREAD)
    assert (waiting_for(agent), budget.loaded) == ([(FRENCH, arguments)], [first.id])
    run = agent.invoke(YES, THREAD)
    assert (run.reached, run.answer) == (True, "In French: douze.")
    assert budget.loaded == [first.id, "prefrontal/numbers-en-fr"]
    (note,) = run.replanned
    why = f"{first.id} cannot be loaded: its weights are damaged; download or copy the model again"
    assert note == {
        "step": 1,
        "instead_of": first.id,
        "now": "with prefrontal/numbers-en-fr",
        "why": f"{first.id} could not do it ({why})",
    }


@dataclass
class Moody(Noting):
    """The second call of the first model fails."""

    def gate(self, card: ModelCard) -> None:
        super().gate(card)
        if len(self.loaded) == 2:
            raise ModelUnavailableError("it broke")


def test_the_embedded_planner_calls_the_next_model_only_for_what_failed(
    small_index: ModelIndex, workspace: Workspace, zoo: list[ModelCard]
) -> None:
    """Who approved three calls, of which one failed, is not asked for the other two again."""
    twin = zoo[0].with_(id="lab/which-digits-are-these")
    small_index.add([twin])
    budget = Moody()
    asks = person({"lab--which-digits-are-these": True, "prefrontal--digit-classifier": True})
    agent = Agent(None, small_index, workspace, budget=budget, middleware=[asks], checkpointer=InMemorySaver())
    images = pytest.importorskip("sklearn.datasets", reason="the digits are scikit-learn's").load_digits().images
    pictures = [Image.fromarray((images[digit] * 15.9).astype("uint8")).resize((64, 64)) for digit in (7, 1, 4)]
    agent.invoke({"goal": "Which digits are these?", "media": pictures}, THREAD)
    assert [name for name, _ in waiting_for(agent)] == ["lab--which-digits-are-these"] * 3
    agent.invoke(Command(resume={"decisions": [{"type": "approve"}] * 3}), THREAD)
    assert [name for name, _ in waiting_for(agent)] == ["prefrontal--digit-classifier"]
    run = agent.invoke(YES, THREAD)
    assert budget.loaded == [twin.id] * 3 + ["prefrontal/digit-classifier"]
    assert (run.reached, run.answer) == (True, "They are 7, 1 and 4.")
    assert "lab/which-digits-are-these could not do it (it broke)" in run.replanned[0]["why"]
