"""While a conversation is entered, a workspace shows what is its own, and what belongs to none."""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from prefrontal.errors import ToolInputError
from prefrontal.tools.builtin import builtin_cards
from prefrontal.tools.media import Media, Workspace
from prefrontal.tools.model_tool import ModelTool
from prefrontal.tools.results import load_result, store_result

CROP = next(card for card in builtin_cards() if card.task == "crop")


def picture(colour: str = "red") -> Image.Image:
    return Image.new("RGB", (12, 8), colour)


def taken_in(workspace: Workspace, *values: Any, keys: Any = (), **options: Any) -> tuple[list[Media], list[str]]:
    """Files that came to a conversation, and its keys afterwards."""
    with workspace.conversation(keys) as own:
        files = [workspace.add(value, **options) for value in values]
    return files, [*keys, *own.made]


def seen(workspace: Workspace, keys: Any = ()) -> list[str]:
    with workspace.conversation(keys):
        return [media.handle for media in workspace]


def test_its_own_and_what_belongs_to_none(workspace: Workspace) -> None:
    workspace.add(picture("white"))
    [red], anna = taken_in(workspace, picture("red"))
    _, ben = taken_in(workspace, picture("blue"))
    assert seen(workspace) == ["image-1"]
    assert seen(workspace, anna) == ["image-1", "image-2"]
    assert seen(workspace, ben) == ["image-1", "image-3"]
    assert [media.handle for media in workspace] == ["image-1", "image-2", "image-3"]  # code outside of any sees all
    with workspace.conversation(ben):
        assert ("image-2" in workspace, len(workspace)) == (False, 2)
        assert repr(workspace) == f"Workspace({str(workspace.folder)!r}: image-1, image-3)"
        for refused in (workspace.get, workspace.open):
            with pytest.raises(ToolInputError) as caught:
                refused("image-2")
            assert str(caught.value) == (
                "'image-2' is not a handle of this workspace; there are: "
                "image-1 (image-1, 12 x 8 pixels), image-3 (image-3, 12 x 8 pixels)"
            )
        with pytest.raises(ToolInputError) as caught:
            workspace.get("image-3", "audio")
        assert str(caught.value).endswith("there are: none (pass a file of kind audio)")
        assert workspace.add(red) is red  # who holds the file itself may pass it


def test_a_guessed_key_opens_nothing(workspace: Workspace) -> None:
    taken_in(workspace, picture())
    store_result(workspace.folder, 7)
    assert seen(workspace, ["image-1", "image-1:", "image-1:0123456789abcdef", "", ":"]) == []
    with workspace.conversation(["result-1", "result-1:"]), pytest.raises(ToolInputError):
        load_result(workspace.folder, "result-1")


def test_a_key_of_another_workspace_opens_nothing(workspace: Workspace, tmp_path: Path) -> None:
    """There image-1 is somebody else's; even when it is the same photo, its name is theirs."""
    _, anna = taken_in(workspace, picture("red"), name="mine.png")
    for folder, colour, name in (("other", "blue", "mine.png"), ("third", "red", "theirs.png")):
        other = Workspace(tmp_path / folder)
        taken_in(other, picture(colour), name=name)
        assert seen(other, anna) == []


def test_results(workspace: Workspace) -> None:
    with workspace.conversation() as anna:
        store_result(workspace.folder, "Anna's")
    with workspace.conversation() as ben:
        store_result(workspace.folder, "Ben's")
        assert load_result(workspace.folder, "result-2") == "Ben's"
        with pytest.raises(ToolInputError) as caught:
            load_result(workspace.folder, "result-1")
        assert str(caught.value) == "'result-1' is not a result of this run; there are: result-2"
    with Workspace(workspace.folder).conversation(anna.made):
        assert load_result(workspace.folder, "result-1") == "Anna's"
    assert [load_result(workspace.folder, f"result-{n}") for n in (1, 2)] == ["Anna's", "Ben's"]
    (workspace.folder / "result-2.json").write_text('"another file under the name"')
    with workspace.conversation(ben.made), pytest.raises(ToolInputError):
        load_result(workspace.folder, "result-2")


def test_ownership_is_kept_on_the_disk(workspace: Workspace) -> None:
    workspace.add(picture("white"))
    _, anna = taken_in(workspace, picture("red"))
    again = Workspace(workspace.folder)
    assert seen(again) == ["image-1"]
    assert seen(again, anna) == ["image-1", "image-2"]
    rows = json.loads((workspace.folder / "media.json").read_text())
    assert ["seen_with" in row for row in rows] == [False, True]
    assert "seen_with" not in again.get("image-2").to_dict()


def test_a_list_of_an_older_version_is_for_all(workspace: Workspace) -> None:
    """Whose its files are was not written down."""
    _, _ = taken_in(workspace, picture("red"))
    manifest = workspace.folder / "media.json"
    rows = json.loads(manifest.read_text())
    manifest.write_text(json.dumps([{k: v for k, v in row.items() if k != "seen_with"} for row in rows]))
    assert seen(Workspace(workspace.folder)) == ["image-1"]


def test_what_is_added_by_hand_is_for_all_from_then_on(workspace: Workspace) -> None:
    [red], _ = taken_in(workspace, picture("red"))
    assert workspace.add(picture("red")) == red
    assert seen(workspace) == seen(Workspace(workspace.folder)) == ["image-1"]


@pytest.mark.parametrize("by_hand", [True, False])
def test_nobody_reads_the_name_that_another_gave(workspace: Workspace, tmp_path: Path, by_hand: bool) -> None:
    for name in ("secret.png", "mine.png"):
        picture().save(tmp_path / name)
    if by_hand:
        workspace.add(tmp_path / "secret.png")
    else:
        taken_in(workspace, tmp_path / "secret.png")
    for name in ("mine.png", "mine.png", "secret.png"):
        [media], _ = taken_in(workspace, tmp_path / name)
        assert media.name == name
    assert [media.handle for media in workspace] == ["image-1", "image-2"]
    assert len({media.path for media in workspace}) == 1  # the bytes lie there once


def test_what_is_the_same_in_one_conversation(workspace: Workspace) -> None:
    """What a tool gives back unchanged is the file that it got; of another's file nothing shows."""
    [mine], anna = taken_in(workspace, picture(), name="mine.png")
    assert taken_in(workspace, picture(), keys=anna, made_by={"tool": "crop"})[0] == [mine]
    [other], _ = taken_in(workspace, picture(), made_by={"tool": "crop"})
    assert (other.handle, other.name) == ("image-2", "image-2")


def test_a_file_that_goes_with_a_result(workspace: Workspace) -> None:
    with workspace.conversation() as anna:
        store_result(workspace.folder, [])
    [result] = anna.made
    taken_in(workspace, picture(), seen_with=result)
    assert seen(workspace) == []
    assert seen(workspace, [result]) == ["image-1"]


def test_one_conversation_in_another(workspace: Workspace, tmp_path: Path) -> None:
    """As an agent that is another agent's tool: it starts with nothing, and what it makes the outer one has made."""
    other = Workspace(tmp_path / "other")
    with workspace.conversation() as outer:
        workspace.add(picture("red"))
        with workspace.conversation() as inner:
            assert len(workspace) == 0
            workspace.add(picture("blue"))
        with other.conversation():
            assert len(workspace) == 2
            assert len(other) == 0
        assert [media.handle for media in workspace] == ["image-1", "image-2"]
    assert (len(outer.made), inner.made) == (2, outer.made[1:])


def test_an_error_ends_it(workspace: Workspace) -> None:
    taken_in(workspace, picture())
    with pytest.raises(KeyError), workspace.conversation():
        raise KeyError
    assert len(workspace) == 1


@pytest.mark.parametrize("sync", [True, False])
def test_a_tool_works_within_it(workspace: Workspace, sync: bool) -> None:
    """LangChain runs a tool's code in threads and contexts of its own; the conversation goes along."""
    _, anna = taken_in(workspace, picture("red"))
    _, ben = taken_in(workspace, picture("blue"))
    tool = ModelTool(CROP, workspace)

    def call(image: str) -> str:
        request: Any = {"type": "tool_call", "id": "1", "name": tool.name}
        request["args"] = {"image": image, "region": "left half"}
        return (tool.invoke(request) if sync else asyncio.run(tool.ainvoke(request))).content

    with workspace.conversation(ben) as own:
        assert call("image-1").startswith("wrong input: 'image-1' is not a handle of this workspace")
        assert call("image-2") == "image-3 (image-3, 6 x 8 pixels) [result-1]"
    assert [key.partition(":")[0] for key in own.made] == ["image-3", "result-1"]
    assert seen(workspace, anna) == ["image-1"]


def test_sixteen_conversations_at_once(workspace: Workspace) -> None:
    together = threading.Barrier(16, timeout=60)

    def work(number: int) -> list[tuple[str, Any]]:
        with workspace.conversation() as own:
            together.wait()
            workspace.add(picture(f"#{number:02x}0000"), name=f"{number}.png")
            store_result(workspace.folder, number)
            together.wait()
            workspace.add(picture(f"#ff{number:02x}00"), name=f"{number}.png")
        with workspace.conversation(own.made):
            results = [key.partition(":")[0] for key in own.made if key.startswith("result")]
            return [(media.name, load_result(workspace.folder, results[0])) for media in workspace]

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(work, range(16))) == [[(f"{number}.png", number)] * 2 for number in range(16)]


def test_sixteen_tasks_at_once(workspace: Workspace) -> None:
    async def work(number: int) -> list[str]:
        with workspace.conversation():
            await asyncio.sleep(0)
            workspace.add(picture(f"#{number:02x}0000"), name=f"{number}.png")
            await asyncio.sleep(0)
            return [media.name for media in workspace]

    async def all_of_them() -> list[list[str]]:
        return await asyncio.gather(*map(work, range(16)))

    assert asyncio.run(all_of_them()) == [[f"{number}.png"] for number in range(16)]
