"""Mine is mine: a run sees the files and results of its own conversation, and nothing of anybody else's."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import pytest
from langchain.agents import create_agent
from langchain.agents.middleware import SummarizationMiddleware
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import InjectedToolCallId, tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command
from PIL import Image

from prefrontal import Agent, ModelIndex, Run, Workspace
from prefrontal.agent.display import shown_pictures
from prefrontal.agent.middleware import FailOver, MediaByReference, RetrieveModels
from prefrontal.agent.planner.chat import EmbeddedPlanner
from prefrontal.agent.scripted import ScriptedChatModel, calling, calls
from prefrontal.agent.toolbox import Toolbox
from prefrontal.tools.model_tool import ModelTool
from prefrontal.tools.results import store_result

Photo = Callable[..., Path]
LEFT, RIGHT = {"region": "left half"}, {"region": "right half"}
NOTHING_THERE = [
    "wrong input: 'image-1' is not a handle of this workspace; there are: none",
    "wrong input: 'result-1' is not a result of this run; there are: none yet",
]
BOX = {"label": "coin", "score": 1.0, "box": {"xmin": 1, "ymin": 1, "xmax": 9, "ymax": 9}}


@pytest.fixture
def photo(tmp_path: Path) -> Photo:
    """A photo in a folder of its user, with a name and a colour."""

    def make(name: str, colour: str | None = None) -> Path:
        path = tmp_path / (colour or name) / f"{name}.png"
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (40, 20), colour or name).save(path)
        return path

    return make


def agent_of(model: Any, index: ModelIndex, workspace: Workspace, *tools: Any, **options: Any) -> Agent:
    """An agent that has `join` at hand, which takes results, whatever the goal."""
    join = ModelTool(index.get("prefrontal/join"), workspace)
    return Agent(model, index, workspace, tools=[join, *tools], **options)


def thread(name: str) -> Any:
    return {"configurable": {"thread_id": name}}


def names(run: Run) -> list[str]:
    return [media["name"] for media in run.media]


def handles(run: Run) -> list[str]:
    return [media["handle"] for media in run.media]


def told(model: ScriptedChatModel, turn: int) -> str:
    """The instructions that the model read at a turn."""
    return str(model.sent[turn].messages[0].text)


def refusals(run: Run) -> list[str]:
    return [step.observation for step in run.steps if not step.ok]


def asked(agent: Agent, given: Any, config: Any, sync: bool) -> Run:
    return agent.invoke(given, config) if sync else asyncio.run(agent.ainvoke(given, config))


# At the same time


def test_two_threads_at_once_with_a_language_model(small_index: ModelIndex, workspace: Workspace, photo: Photo) -> None:
    """Both have passed their photo before either asks what there is; each then tries the other's photo and crop."""
    together = threading.Barrier(2, timeout=60)

    def turn(messages: list[Any]) -> Any:
        done = sum(message.type == "tool" for message in messages)
        own = next(n for n in (1, 2) if f"image-{n} (" in messages[0].text)
        together.wait()
        if done == 0:
            return calling("crop", image=f"image-{own}", **LEFT)
        if done == 1:
            other = 2 if "[result-1]" in messages[-1].text else 1
            wrong = [("crop", {"image": f"image-{3 - own}", **LEFT}), ("join", {"texts": [f"result-{other}"]})]
            return calls(*wrong, ("crop", {"image": "image-3", **RIGHT}), ("crop", {"image": "image-4", **RIGHT}))
        return "Done."

    model = ScriptedChatModel(*[turn] * 6)
    agent = agent_of(model, small_index, workspace)
    with ThreadPoolExecutor(2) as pool:
        pictures = [photo("red"), photo("blue")]
        runs = list(pool.map(lambda picture: agent.run(f"crop {picture.stem}", picture), pictures))
    for run, mine, other in ((runs[0], "red", "blue"), (runs[1], "blue", "red")):
        assert run.reached
        assert names(run)[0] == f"{mine}.png"
        assert len(run.media) == len(run.pictures) + 1 == 3  # the photo, its crop, and the crop of that
        prompts = [sent.messages[0].text for sent in model.sent if sent.messages[1].text == run.goal]
        assert len(prompts) == 3
        assert all(f"{mine}.png" in prompt and f"{other}.png" not in prompt for prompt in prompts)
        assert len(refusals(run)) == 3  # the other's photo, its result and its crop
        assert f"{other}.png" not in str(run.to_dict())
        for media in run.media:
            assert workspace.open(media["handle"]).getpixel((0, 0)) == {"red": (255, 0, 0), "blue": (0, 0, 255)}[mine]


def test_two_threads_at_once_with_the_embedded_planner(
    small_index: ModelIndex, workspace: Workspace, photo: Photo
) -> None:
    agent, together = agent_of(None, small_index, workspace), threading.Barrier(2, timeout=60)

    def work(colour: str) -> Run:
        def wait(event: dict[str, Any]) -> None:
            if event["type"] == "search":
                together.wait()

        return agent.run("Crop the left half of the picture", photo(colour), on_event=wait)

    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(work, ["red", "blue"]))
    for run, colour in zip(runs, ["red", "blue"], strict=True):
        assert run.reached, run.answer
        assert names(run)[0] == f"{colour}.png"
        assert [step.action["arguments"]["image"] for step in run.steps if step.kind == "call"] == [handles(run)[0]]
        assert shown_pictures(run) == run.pictures == handles(run)[1:]
        assert len(run.pictures) == 1


# One after the other


def test_two_runs_in_a_row(small_index: ModelIndex, workspace: Workspace, photo: Photo) -> None:
    model = ScriptedChatModel(
        calling("crop", image="image-1", **LEFT),
        "Cropped.",
        calls(("crop", {"image": "image-1", **LEFT}), ("crop", {"image": "image-2", **LEFT})),
        calls(("join", {"texts": ["result-1"]}), ("crop", {"image": "image-3", "box": "result-1"})),
        "No.",
        "Nothing here.",
    )
    agent = agent_of(model, small_index, workspace)
    first = agent.run("crop the picture", photo("red"))
    assert (first.pictures, len(first.media)) == (["image-2"], 2)

    second = agent.run("crop the picture", photo("blue"))
    assert told(model, 2).endswith(
        "Files, passed to tools by their handles: image-3 (blue.png, 40 x 20 pixels). "
        "With the last message of the user came: image-3."
    )
    there = "is not a handle of this workspace; there are: image-3 (blue.png, 40 x 20 pixels)"
    result = "wrong input: 'result-1' is not a result of this run; there are: none yet"
    assert refusals(second) == [f"wrong input: 'image-1' {there}", f"wrong input: 'image-2' {there}", result, result]
    assert (names(second), second.pictures) == (["blue.png"], [])

    third = agent.run("crop the picture")
    assert "Files, passed" not in told(model, 5)
    assert third.media == ()


def test_a_plan_takes_no_files_in_for_others(small_index: ModelIndex, workspace: Workspace, photo: Photo) -> None:
    agent = agent_of(ScriptedChatModel("Nothing here."), small_index, workspace)
    assert "image-1" in str(agent.plan("crop the left half of the picture", photo("red")))
    assert agent.run("crop the picture").media == ()


@pytest.mark.parametrize("sync", [True, False])
def test_threads_of_a_checkpointer(small_index: ModelIndex, workspace: Workspace, photo: Photo, sync: bool) -> None:
    """Anna's thread goes on with her photo, what was made of it, and its results; Ben's has none of it."""
    saver = InMemorySaver()
    model = ScriptedChatModel(
        calling("crop", image="image-1", **LEFT),
        "Cropped.",
        calls(("crop", {"image": "image-2", **LEFT}), ("join", {"texts": ["result-1"]})),
        "No.",
        calls(("crop", {"image": "image-2", **LEFT}), ("join", {"texts": ["result-1"]})),
        "Yes.",
    )
    agent = agent_of(model, small_index, workspace, checkpointer=saver)
    asked(agent, {"goal": "crop the picture", "media": [photo("red")]}, thread("anna"), sync)

    ben = asked(agent, "crop and join", thread("ben"), sync)
    assert "Files, passed" not in told(model, 2)
    assert ben.media == ()
    assert refusals(ben) == [
        "wrong input: 'image-2' is not a handle of this workspace; there are: none",
        "wrong input: 'result-1' is not a result of this run; there are: none yet",
    ]

    again = agent_of(model, small_index, Workspace(workspace.folder), checkpointer=saver)  # as after a restart
    anna = asked(again, "crop and join", thread("anna"), sync)
    assert "image-1 (red.png, 40 x 20 pixels); image-2 (" in told(model, 4)
    assert refusals(anna) == []
    assert handles(anna) == ["image-1", "image-2", "image-3"]


def test_a_thread_over_another_workspace_opens_nothing_there(
    small_index: ModelIndex, photo: Photo, tmp_path: Path
) -> None:
    """After a restart with a fresh folder, image-1 and result-1 are somebody else's."""
    saver = InMemorySaver()
    call, answer = calling("crop", image="image-1", **LEFT), "Cropped."
    before = agent_of(ScriptedChatModel(call, answer), small_index, Workspace(tmp_path / "before"), checkpointer=saver)
    before.invoke({"goal": "crop the picture", "media": [photo("red")]}, thread("anna"))

    use = calls(("crop", {"image": "image-1", **LEFT}), ("join", {"texts": ["result-1"]}))
    model = ScriptedChatModel(calling("join", texts=["Ben's"]), answer, use, "No.")
    after = agent_of(model, small_index, Workspace(tmp_path / "after"), checkpointer=saver)
    after.invoke({"goal": "crop the picture", "media": [photo("blue")]}, thread("ben"))
    anna = after.invoke("crop it again", thread("anna"))
    assert anna.media == ()
    assert refusals(anna) == NOTHING_THERE
    assert "blue" not in told(model, 2) + str(anna.to_dict())


def test_messages_passed_in_are_a_conversation(small_index: ModelIndex, workspace: Workspace, photo: Photo) -> None:
    model = ScriptedChatModel(
        calling("crop", image="image-1", **LEFT), "Cropped.", calling("crop", image="image-2", **RIGHT), "Again.", "?"
    )
    agent = agent_of(model, small_index, workspace)
    first = agent.run("crop the picture", photo("red"))
    second = agent.invoke({"messages": [*first.messages, HumanMessage("crop the picture once more")]})
    assert refusals(second) == []
    assert handles(second) == ["image-1", "image-2", "image-3"]
    assert agent.invoke({"messages": [HumanMessage("and once more")]}).media == ()


def test_a_conversation_that_was_summed_up_keeps_its_files(
    small_index: ModelIndex, workspace: Workspace, photo: Photo
) -> None:
    short = SummarizationMiddleware(
        ScriptedChatModel(*["It was cropped."] * 9), trigger=("messages", 3), keep=("messages", 1)
    )
    turns = [calling("crop", image=f"image-{n}", region="top half") for n in (1, 2, 3)]
    model = ScriptedChatModel(*turns, "Cropped.", calling("crop", image="image-1", **LEFT), "Again.")
    agent = agent_of(model, small_index, workspace, middleware=[short], checkpointer=InMemorySaver())
    agent.invoke({"goal": "crop the picture", "media": [photo("red")]}, thread("anna"))
    run = agent.invoke("crop the first one again", thread("anna"))
    assert not any("red.png" in message.text for message in run.messages)
    assert refusals(run) == []
    assert handles(run) == [f"image-{n}" for n in range(1, 6)]


# What is whose


def test_what_the_user_adds_by_hand_is_for_all(small_index: ModelIndex, workspace: Workspace, photo: Photo) -> None:
    model = ScriptedChatModel(*["Seen."] * 4)
    agent = agent_of(model, small_index, workspace)
    agent.workspace.add(photo("red"))
    assert names(agent.run("look")) == ["red.png"]
    assert handles(agent.run("look", photo("red"))) == ["image-1"]  # the same file under the same name
    agent.run("look", photo("blue"))
    assert names(agent.run("look")) == ["red.png"]
    agent.workspace.add(photo("blue"))  # it came with a run before: from now on it is for all
    assert [media.name for media in Workspace(workspace.folder)] == ["red.png", "blue.png"]
    with Workspace(workspace.folder).conversation():
        assert [media.name for media in agent.workspace] == ["red.png", "blue.png"]


def test_the_same_photo_under_two_names(small_index: ModelIndex, workspace: Workspace, photo: Photo) -> None:
    """Each reads what they themselves called it; on the disk it lies once."""
    model = ScriptedChatModel(*["Seen."] * 3)
    agent = agent_of(model, small_index, workspace)
    runs = [agent.run("look", photo(name, "red")) for name in ("annas-secret", "holiday", "annas-secret")]
    assert [names(run) for run in runs] == [["annas-secret.png"], ["holiday.png"], ["annas-secret.png"]]
    assert [handles(run) for run in runs] == [["image-1"], ["image-2"], ["image-1"]]
    assert "annas-secret" not in told(model, 1)
    assert len(list(workspace.folder.glob("*.png"))) == 1


def test_the_same_result_of_two_conversations_tells_nothing_of_the_other(
    small_index: ModelIndex, workspace: Workspace, photo: Photo
) -> None:
    """Two crops are the same pixels; how the other one was made is nobody's business."""
    model = ScriptedChatModel(
        calling("crop", image="image-1", region="left half"), "Cropped.",
        calling("crop", image="image-3", region="right half"), "Cropped.",
    )  # fmt: skip
    agent = agent_of(model, small_index, workspace)
    agent.run("crop", photo("annas-secret", "red"))
    run = agent.run("crop", photo("holiday", "red"))
    assert [media["made_by"].get("inputs") for media in run.media] == [None, {"image": "image-3", **RIGHT}]


def test_a_file_may_be_passed_on_by_the_user(small_index: ModelIndex, workspace: Workspace, photo: Photo) -> None:
    """By the file itself, or by its key; its handle alone, which a stranger can guess, opens nothing."""
    model = ScriptedChatModel(calling("crop", image="image-1", **LEFT), "Cropped.", *["Seen."] * 3)
    agent = agent_of(model, small_index, workspace)
    [crop] = map(workspace.get, agent.run("crop", photo("red")).pictures)
    assert handles(agent.run("look", crop)) == ["image-2"]
    assert "With the last message of the user came: image-2." in told(model, 2)
    for keys, seen in (([], []), ([crop.key], ["image-2"])):
        passed = HumanMessage("look", additional_kwargs={"media": ["image-1", "image-2"], "file_keys": keys})
        assert handles(agent.invoke({"messages": [passed]})) == seen


def test_drawn_boxes_belong_to_the_conversation(small_index: ModelIndex, workspace: Workspace, photo: Photo) -> None:
    @tool(response_format="content_and_artifact")
    def detect(image: str) -> Any:
        """Find coins."""
        artifact = {
            "task": "object-detection", "model": {"id": "lab/coins", "revision": "1"}, "inputs": {"image": image},
            "outputs": {"boxes": [BOX]}, "result": store_result(workspace.folder, [BOX]), "seconds": 0.1,
        }  # fmt: skip
        return "1 found", artifact

    model = ScriptedChatModel(calling("detect", image="image-1"), "One.", "Seen.", "None.")
    agent = agent_of(model, small_index, workspace, detect, checkpointer=InMemorySaver())
    given = {"goal": "count", "media": [photo("red")]}
    assert shown_pictures(agent.invoke(given, thread("anna"))) == ["image-2"]
    agent.invoke("and now?", thread("anna"))
    assert "image-2 (" in told(model, 2)
    assert shown_pictures(agent.invoke("and now?", thread("ben"))) == []
    assert len(list(workspace)) == 2


def test_files_that_a_tool_of_the_user_adds_belong_to_the_conversation(
    small_index: ModelIndex, workspace: Workspace
) -> None:
    @tool
    def snap() -> str:
        """Take a picture."""
        return workspace.add(Image.new("RGB", (8, 8), "green")).handle

    @tool
    def scan(tool_call_id: Annotated[str, InjectedToolCallId]) -> Command[Any]:
        """Scan a page."""
        said = workspace.add(Image.new("RGB", (9, 9), "white")).handle
        return Command(update={"messages": [ToolMessage(said, tool_call_id=tool_call_id)]})

    model = ScriptedChatModel(calls(("snap", {}), ("scan", {})), "Taken.", "None.")
    agent = agent_of(model, small_index, workspace, snap, scan)
    assert sorted(handles(agent.run("take pictures"))) == ["image-1", "image-2"]
    assert "image-1 (image-1, " in told(model, 1)
    assert "image-2 (image-2, " in told(model, 1)
    assert agent.run("take pictures").media == ()


def test_a_handle_that_a_tool_only_writes_opens_nothing(
    small_index: ModelIndex, workspace: Workspace, photo: Photo
) -> None:
    """Text that was read off a photo may say anything, a handle as well."""

    @tool(response_format="content_and_artifact")
    def read() -> Any:
        """Read the page."""
        outputs = {"text": "image-1", "image": "image-1", "file_keys": ["image-1"]}
        model = {"id": "lab/ocr", "revision": "1"}
        return "image-1, result-1", {"task": "image-to-text", "model": model, "outputs": outputs, "result": "result-1"}

    use = calls(("crop", {"image": "image-1", **LEFT}), ("join", {"texts": ["result-1"]}))
    model = ScriptedChatModel(calling("crop", image="image-1", **LEFT), "Cropped.", calling("read"), use, "No.")
    agent = agent_of(model, small_index, workspace, read)
    agent.run("crop", photo("red"))
    run = agent.run("read and crop")
    assert refusals(run) == NOTHING_THERE
    assert run.media == ()


# In somebody's own app


def block(path: Path) -> dict[str, Any]:
    return {"type": "image", "base64": base64.b64encode(path.read_bytes()).decode(), "mime_type": "image/png"}


def ask(app: Any, content: Any, config: Any, sync: bool) -> dict[str, Any]:
    given = {"messages": [HumanMessage(content)]}
    return app.invoke(given, config) if sync else asyncio.run(app.ainvoke(given, config))


@pytest.fixture
def toolbox(small_index: ModelIndex, workspace: Workspace) -> Toolbox:
    return Toolbox(small_index, workspace)


def app_of(model: Any, toolbox: Toolbox, saver: Any = None) -> Any:
    """The middleware that the README shows."""
    own = [MediaByReference(toolbox.workspace), RetrieveModels(toolbox), FailOver(toolbox)]
    return create_agent(model, [], middleware=own, checkpointer=saver or InMemorySaver())


@pytest.mark.parametrize("sync", [True, False])
def test_two_threads_of_an_app(toolbox: Toolbox, photo: Photo, sync: bool) -> None:
    crop = calling("crop", image="image-1", region="left half")
    model = ScriptedChatModel("Seen.", crop, "No.", crop, "Yes.")
    app = app_of(model, toolbox)
    crop_it = {"type": "text", "text": "crop the left half"}
    ask(app, [crop_it, block(photo("red"))], thread("anna"), sync)
    ben = ask(app, [crop_it, block(photo("blue"))], thread("ben"), sync)
    assert told(model, 1).endswith("Files, passed to tools by their handles: image-2 (image-2, 40 x 20 pixels).")
    assert ben["messages"][-2].text == (
        "wrong input: 'image-1' is not a handle of this workspace; there are: image-2 (image-2, 40 x 20 pixels)"
    )
    anna = ask(app, "crop the left half", thread("anna"), sync)
    assert "image-1 (" in told(model, 3)
    assert "image-2 (" not in told(model, 3)
    assert anna["messages"][-2].text == "image-3 (image-3, 20 x 20 pixels) [result-1]"


@pytest.mark.parametrize("sync", [True, False])
def test_the_embedded_planner_in_an_app_takes_no_file_of_another(toolbox: Toolbox, photo: Photo, sync: bool) -> None:
    """A goal that names no file is about all there are: of its own conversation."""
    saver = InMemorySaver()
    ask(app_of(ScriptedChatModel("Seen."), toolbox, saver), [block(photo("red"))], thread("anna"), sync)
    app = app_of(EmbeddedPlanner(toolbox.index, toolbox.workspace), toolbox, saver)

    def answer(name: str) -> str:
        return ask(app, "Crop the left half of the picture", thread(name), sync)["messages"][-1].text

    assert "ready" not in answer("ben")
    assert answer("anna").startswith("The image is ready: image-2 (")


def as_tool_of(agent: Agent, *turns: Any, beside: Any = ()) -> Callable[[str], list[str]]:
    """Another agent that has this one as a tool: says a goal on a thread, gives what the tool's calls gave."""
    app = create_agent(
        ScriptedChatModel(*turns), [agent.as_tool()], middleware=list(beside), checkpointer=InMemorySaver()
    )

    def say(name: str) -> list[str]:
        state = app.invoke({"messages": "crop"}, thread(name))
        return [message.text for message in state["messages"] if message.type == "tool"]

    return say


@pytest.mark.parametrize("by_reference", [True, False], ids=["with MediaByReference", "without"])
def test_an_agent_as_a_tool_keeps_the_conversations_of_the_other_apart(
    small_index: ModelIndex, workspace: Workspace, photo: Photo, by_reference: bool
) -> None:
    """What the inner agent made can be passed to it again, in the same conversation of the outer one."""

    @tool
    def snap() -> str:
        """Take a picture."""
        return workspace.add(Image.new("RGB", (40, 20), "red")).handle

    crop, answer = calling("crop", image="image-1", **LEFT), "Cropped: image-2."
    inner = Agent(
        ScriptedChatModel(calling("snap"), crop, answer, "Seen.", "Seen."), small_index, workspace, tools=[snap]
    )
    pass_on = calling("prefrontal", goal="look", files=["image-2"])
    say = as_tool_of(
        inner, calling("prefrontal", goal="crop a picture"), pass_on, "Yes.", pass_on, "No.", pass_on, "Yes.",
        beside=[MediaByReference(workspace)] if by_reference else (),
    )  # fmt: skip
    assert say("anna") == ["Cropped: image-2.", "Seen."]
    assert say("ben") == ["wrong input: 'image-2' is not a handle of this workspace; there are: none"]
    assert say("anna")[-1] == "Seen."
