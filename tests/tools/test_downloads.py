"""Downloads from a Hub on loopback: resumed, compared, counted, pinned; pickles converted on the way."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hub_server
import pytest

from prefrontal import ModelCard, ModelTool, Workspace
from prefrontal.errors import ModelUnavailableError, UsageError
from prefrontal.tools import downloads, hub, model_store, pickles, pins
from prefrontal.tools.allowance import Allowance
from prefrontal.tools.checkpoints import checkpoint, locate
from prefrontal.tools.pulling import pull_model
from prefrontal.tools.residency import Residency

BIG = os.urandom(90_000)
FILES = {"config.json": b"{}", "model.safetensors": BIG, "README.md": b"# A model"}


class Hub:
    """A Hub on loopback that this process asks, with an empty cache and home."""

    def __init__(self, root: Path) -> None:
        self.models: dict[str, dict[str, bytes]] = {"lab/model": dict(FILES)}
        self.info: dict[str, dict[str, Any]] = {"lab/model": {}}
        self.log: list[str] = []
        self.cache, self.home = root / "cache", root / "home"

    def gets(self, name: str) -> int:
        return sum(line.startswith("GET") and line.endswith(f"/{name}") for line in self.log)

    def files(self, ending: str = "") -> list[str]:
        there = [path for root in (self.cache, self.home) for path in root.rglob("*") if path.is_file()]
        return sorted(path.name for path in there if path.name.endswith(ending))


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    found = Hub(tmp_path)
    monkeypatch.setenv("PREFRONTAL_HOME", str(found.home))
    monkeypatch.setattr(downloads, "_BIG", 1000)
    with hub_server.serve(found.models, found.info, log=found.log) as url:
        hub_server.reach(url, found.cache, monkeypatch)
        yield found


# Files


def test_progress_is_told_and_only_what_is_needed_comes(there: Hub) -> None:
    there.models["lab/model"] |= {"model.fp16.safetensors": BIG, "onnx/model.onnx": BIG, "pytorch_model.bin": BIG}
    seen: list[tuple[str, int, int]] = []
    with downloads.watched(lambda *moved: seen.append(moved)):
        folder = hub.fetch("lab/model")
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
    assert (folder / "model.safetensors").read_bytes() == BIG
    total = sum(map(len, FILES.values()))
    assert {(id, of) for id, _, of in seen} == {("lab/model", total)}
    done = [count for _, count, _ in seen]
    assert done == sorted(done)
    assert done[-1] == total
    assert not there.files(downloads.PARTIAL)

    seen.clear()
    assert hub.fetch("lab/model") == folder
    assert hub.download_bytes("lab/model") == 0
    assert there.gets("model.safetensors") == 1


def test_a_line_that_breaks_is_taken_up_again(there: Hub) -> None:
    there.info["lab/model"]["cut"] = 40_000
    folder = hub.fetch("lab/model")
    assert (folder / "model.safetensors").read_bytes() == BIG
    assert there.gets("model.safetensors") == 3


def test_what_came_before_an_end_is_gone_on_with_later(there: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    there.info["lab/model"]["cut"] = 40_000
    with monkeypatch.context() as patch:
        patch.setattr(downloads, "_TRIES", 1)
        with pytest.raises(ModelUnavailableError, match="lab/model could not be downloaded"):
            hub.fetch("lab/model")
    (part,) = downloads.partials()
    assert part.stat().st_size == 40_000
    assert hub.cached("lab/model") is None
    assert [(kept.id, kept.where, kept.bytes) for kept in model_store.kept_models()] == [
        ("lab/model", "cut off", 40_000)
    ]

    del there.info["lab/model"]["cut"]
    seen: list[int] = []
    with downloads.watched(lambda id, done, total: seen.append(done)):
        folder = hub.fetch("lab/model")
    assert (folder / "model.safetensors").read_bytes() == BIG
    assert seen[0] == 40_000
    assert not part.exists()


def test_a_file_that_is_not_what_the_hub_says_is_thrown_away(there: Hub) -> None:
    other = {**FILES, "model.safetensors": BIG[::-1]}
    siblings = [{"rfilename": name, "blobId": "x", "size": len(data)} for name, data in other.items()]
    siblings[1]["lfs"] = {"sha256": hub_server._sha(other["model.safetensors"]), "size": len(BIG), "pointerSize": 130}
    there.info["lab/model"]["siblings"] = siblings
    with pytest.raises(ModelUnavailableError) as caught:
        hub.fetch("lab/model")
    assert str(caught.value) == (
        "model.safetensors of lab/model arrived damaged: its SHA-256 is not the one that the Hub names; try again"
    )
    assert not there.files(downloads.PARTIAL)
    assert hub.cached("lab/model") is None


def test_a_full_disk_is_said_before_it_is_full(there: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 200_050_000})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    with pytest.raises(ModelUnavailableError) as caught:
        hub.fetch("lab/model")
    assert str(caught.value) == (
        "lab/model has to be downloaded (90.0 kB), and the disk has 200 MB left; make room (prefrontal models disk; "
        "prefrontal models remove ID) or take a smaller model"
    )
    assert there.gets("model.safetensors") == 0


# Revisions


def test_what_was_fetched_stays_what_it_was_until_it_is_pulled(there: Hub) -> None:
    before = hub.fetch("lab/model")
    first = hub_server.commit_of(there.models["lab/model"])
    there.models["lab/model"]["model.safetensors"] = BIG[::-1]
    second = hub_server.commit_of(there.models["lab/model"])
    card = ModelCard("lab/model", task="fill-mask")
    (before.parents[1] / "refs" / "main").write_text(second)  # another program has seen what is new
    assert locate(card) == before
    assert pins.revision_of("lab/model") == first

    pulled = pull_model("lab/model")
    assert (pulled.revision, pulled.downloaded > 0) == (second, True)
    assert locate(card) == pulled.path != before
    assert locate(card.with_(revision=first)) == before


def test_a_record_says_what_and_when(there: Hub) -> None:
    hub.fetch("lab/model")
    (pin,) = pins.pins()
    assert (pin.id, pin.revision, pin.bytes) == (
        "lab/model", hub_server.commit_of(FILES), sum(map(len, FILES.values())),
    )  # fmt: skip
    assert pin.fetched.startswith("20")
    (there.home / "models" / "lab--model" / "pins.json").write_text("{damaged")
    assert pins.pin_of("lab/model") is None


# A budget


def test_beyond_the_allowance_somebody_is_asked_or_it_is_refused(there: Hub) -> None:
    card = ModelCard("lab/model", task="fill-mask", bytes=0)  # a dump says nothing of sizes; the Hub does
    wants = "lab/model has to be downloaded (90.0 kB), allowed are 0.0 GB in all"
    with pytest.raises(ModelUnavailableError) as caught:
        Allowance(50_000).gate(card)
    assert str(caught.value).startswith(f"{wants}; pass a gate of your own, ")
    asked: list[str] = []
    with pytest.raises(ModelUnavailableError, match="allowed are"):
        Allowance(50_000, ask=lambda question: bool(asked.append(question))).gate(card)
    Allowance(50_000, ask=lambda question: not asked.append(question)).gate(card)
    assert asked == [f"{wants}. Download it all the same?"] * 2
    Allowance(100_000).gate(card)
    hub.fetch("lab/model")
    Allowance(0).gate(card)  # it is here


def test_a_tool_without_a_gate_has_the_process_s_own(there: Hub, workspace: Workspace, monkeypatch: Any) -> None:
    monkeypatch.setattr("prefrontal.tools.allowance.standard.bytes", 1000)
    tool = ModelTool(ModelCard("lab/model", task="fill-mask"), workspace, Residency())
    assert "unavailable: lab/model has to be downloaded (90.0 kB)" in tool.invoke({"text": "a [MASK]"})


# Pickles on the Hub


def pickled(folder: Path) -> dict[str, bytes]:
    import io

    import torch
    from safetensors.torch import load_file

    held = io.BytesIO()
    torch.save(load_file(folder / "model.safetensors"), held)
    texts = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".json", ".md", ".txt")}
    return {**texts, "pytorch_model.bin": held.getvalue()}


def answer(workspace: Workspace, card: ModelCard, **options: Any) -> Any:
    request = {"type": "tool_call", "id": "1", "name": "x", "args": {"text": "the [MASK] cat"}}
    return ModelTool(card, workspace, Residency(), **options).invoke(request)


def test_the_hub_s_own_conversion_comes_first(there: Hub, tiny: Callable[[str], Path], workspace: Workspace) -> None:
    old = pickled(tiny("fill-mask"))
    new = {**old, "model.safetensors": (tiny("fill-mask") / "model.safetensors").read_bytes()}
    there.models |= {"lab/old": old, "lab/old@refs/pr/1": new}
    there.info["lab/old"] = {"discussions": [hub_server.pull_request(1)], "pipeline_tag": "fill-mask"}
    card = ModelCard.from_hub("lab/old")
    assert (card.safetensors, card.bytes) == (True, len(new["model.safetensors"]))

    said = answer(workspace, card)
    assert said.artifact["outputs"] == answer(workspace, ModelCard.from_dir(tiny("fill-mask"))).artifact["outputs"]
    assert said.artifact["model"] == {"id": "lab/old", "revision": hub_server.commit_of(new)}
    assert there.gets("pytorch_model.bin") == 0
    pin = pins.pin_of("lab/old", card.revision)
    assert pin
    assert (pin.reference, pin.made_from) == ("refs/pr/1", hub_server.commit_of(old))
    assert locate(card.with_(revision="")) is None  # what is the newest one was not asked for


def test_without_one_weights_are_converted_here_when_so_said(
    there: Hub, tiny: Callable[[str], Path], workspace: Workspace
) -> None:
    there.models["lab/old"] = pickled(tiny("fill-mask"))
    card = ModelCard("lab/old", task="fill-mask", library="transformers")
    refused = answer(workspace, card).text
    assert "it holds no safetensors but pickles (pytorch_model.bin), which can run code; allow_pickle=" in refused
    assert there.gets("pytorch_model.bin") == 0

    said = answer(workspace, card, allow_pickle="convert")
    assert said.artifact["outputs"] == answer(workspace, ModelCard.from_dir(tiny("fill-mask"))).artifact["outputs"]
    commit = hub_server.commit_of(there.models["lab/old"])
    assert said.artifact["model"]["revision"] == commit
    folder = locate(card)
    assert folder
    note = json.loads((folder / "conversion.json").read_text())
    assert note["revision"] == commit
    assert note["files"]["pytorch_model.bin"]["pickle_sha256"] == hub_server._sha(
        there.models["lab/old"]["pytorch_model.bin"]
    )
    data = there.models["lab/old"]["pytorch_model.bin"]
    held = [path for root in (there.cache, there.home) for path in root.rglob("*") if path.is_file()]
    assert not [path for path in held if path.stat().st_size == len(data)]  # the pickle is gone
    answer(workspace, card)
    assert there.gets("pytorch_model.bin") == 1
    assert [(kept.id, kept.where) for kept in model_store.kept_models()] == [("lab/old", "converted")]


def test_a_hostile_pickle_of_the_hub_leaves_nothing(there: Hub, tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> Any:
            return Path.touch, (tmp_path / "canary",)

    there.models["lab/evil"] = {"config.json": b"{}", "pytorch_model.bin": pickle.dumps(Bomb())}
    with pickles.allowing("convert"), pytest.raises(ModelUnavailableError, match="lab/evil is not converted: "):
        checkpoint(ModelCard("lab/evil", task="fill-mask"))
    assert not (tmp_path / "canary").exists()
    assert not there.files(".bin")
    assert not list(there.home.rglob("*"))[1:]  # the folder of models alone, empty
    assert locate(ModelCard("lab/evil")) is None


# What is kept


def test_what_is_kept_and_what_is_left_of_it(there: Hub) -> None:
    there.models["lab/other"] = dict(FILES)
    hub.fetch("lab/model")
    hub.fetch("lab/other")
    kept = model_store.kept_models()
    assert [(one.id, one.where, one.pinned) for one in kept] == [
        (id, "Hugging Face cache", True) for id in ("lab/model", "lab/other")
    ]
    assert model_store.disk()["bytes"] == {"Hugging Face cache": sum(one.bytes for one in kept), "converted": 0,
                                           "cut off": 0}  # fmt: skip
    assert model_store.remove("lab/model") == kept[0].bytes
    assert model_store.remove("lab/model") == 0
    assert [one.id for one in model_store.kept_models()] == ["lab/other"]
    assert locate(ModelCard("lab/model")) is None
    assert pins.pin_of("lab/model") is None


@pytest.mark.parametrize("id", ["model", "../x/y", "https://huggingface.co/lab/model"])
def test_only_ids_are_pulled(id: str) -> None:
    with pytest.raises(UsageError):
        pull_model(id)


def test_pulling_beyond_what_is_allowed(there: Hub) -> None:
    with pytest.raises(ModelUnavailableError) as caught:
        pull_model("lab/model", most=1000)
    assert str(caught.value) == (
        "lab/model takes 90.0 kB to download, allowed are 1.0 kB; pass --max-bytes 90011 or --yes, "
        "or take a smaller model"
    )
    assert pull_model("lab/model", most=1000, ask=lambda question: question.endswith("all the same?")).downloaded
