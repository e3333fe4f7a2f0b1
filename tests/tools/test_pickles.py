"""Pickled weights: converted once by a process of their own, when so said; a hostile file leaves nothing behind."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import sys
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prefrontal import ModelCard, ModelIndex, ModelTool, Workspace
from prefrontal.errors import ModelUnavailableError, UsageError
from prefrontal.tools import pickles
from prefrontal.tools.checkpoints import checkpoint, locate
from prefrontal.tools.fitness import fitness
from prefrontal.tools.residency import Residency

Tiny = Callable[[str], Path]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PREFRONTAL_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def pickled(source: Path, target: Path, legacy: bool = False) -> Path:
    """The same model with its weights as the Hub's older models have them, tied ones as one storage."""
    import torch
    from safetensors.torch import load_file
    from transformers import AutoModelForSeq2SeqLM

    shutil.copytree(source, target)
    weights: dict[str, Any] = load_file(target / "model.safetensors")
    config = json.loads((target / "config.json").read_text())
    if config.get("is_encoder_decoder"):
        weights = dict(AutoModelForSeq2SeqLM.from_pretrained(target).state_dict())
    (target / "model.safetensors").unlink()
    torch.save(OrderedDict(weights), target / "pytorch_model.bin", _use_new_zipfile_serialization=not legacy)
    return target


class Bomb:
    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return Path.touch, (self.canary,)


def files_under(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def told(folder: Path, allow: str | None = "convert") -> str:
    with pickles.allowing(allow), pytest.raises(ModelUnavailableError) as caught:
        checkpoint(ModelCard("lab/model", task="fill-mask", path=str(folder)))
    return str(caught.value)


# What is said


def test_nothing_but_convert_is_a_yes() -> None:
    assert [pickles.checked(said) for said in (None, "", "convert")] == ["", "", "convert"]
    for said in (True, "yes", "load"):
        with pytest.raises(UsageError) as caught:
            pickles.checked(said)  # pyright: ignore[reportArgumentType]
        assert str(caught.value) == (
            f'allow_pickle is {said!r}; allowed are None and "convert": pickles are never loaded as they are, '
            'allow_pickle="convert" (--allow-pickle convert) has their weights written anew'
        )


def test_unasked_a_pickle_stays_closed_and_the_way_out_is_named(tiny: Tiny, tmp_path: Path, home: Path) -> None:
    folder = pickled(tiny("fill-mask"), tmp_path / "model")
    assert told(folder, None) == (
        "lab/model is not loaded: it holds no safetensors but pickles (pytorch_model.bin), which can run code; "
        'allow_pickle="convert" (--allow-pickle convert) has the weights read once, in a process of its own, and kept '
        "as safetensors, or pick another model"
    )
    assert not home.exists()


def test_a_tool_and_an_index_are_told_in_so_many_words(tmp_path: Path, workspace: Workspace) -> None:
    card = ModelCard("lab/pickled", task="fill-mask", library="transformers", safetensors=False)
    assert fitness(card, offline=False).reason == "its weights are pickles, which are not loaded"
    with pickles.allowing("convert"):
        assert fitness(card, offline=False).ok
        with pickles.allowing(None):  # what was allowed stays so
            assert fitness(card, offline=False).ok
    with pytest.raises(UsageError, match="allow_pickle is 'load'"):
        ModelTool(card, workspace, allow_pickle="load")
    with pytest.raises(UsageError, match="allow_pickle is 'load'"):
        ModelIndex(tmp_path / "index", allow_pickle="load")


# What comes of it


@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "legacy"])
def test_a_converted_model_answers_as_its_twin(
    tiny: Tiny, tmp_path: Path, workspace: Workspace, home: Path, legacy: bool
) -> None:
    folder = pickled(tiny("fill-mask"), tmp_path / "model", legacy)
    before = files_under(folder)
    card = ModelCard.from_dir(folder, id="lab/model")
    request = {"type": "tool_call", "id": "1", "name": "x", "args": {"text": "the [MASK] cat"}}
    twin = ModelTool(ModelCard.from_dir(tiny("fill-mask")), workspace, Residency()).invoke(request)

    tool = ModelTool(card, workspace, Residency(), allow_pickle="convert")
    assert tool.invoke(request).artifact["outputs"] == twin.artifact["outputs"]

    made = locate(card)
    assert made
    assert made.parent.parent == home / "models"
    assert files_under(folder) == before  # what is the user's stays as it is
    note = json.loads((made / "conversion.json").read_text())
    (row,) = note["files"].values()
    for name, path in (("pickle", folder / "pytorch_model.bin"), ("safetensors", made / "model.safetensors")):
        assert row[f"{name}_sha256"] == pickles._sha256(path, *pickles._stamp(path))
    assert note["network"] in ("a network namespace of its own", "an audit hook in Python")
    assert note["id"] == "lab/model"

    # From then on it is used, unasked: nothing is left to allow.
    assert fitness(card).local
    assert "allow" not in ModelTool(card, workspace, Residency()).invoke(request).text


@pytest.mark.parametrize("row", ["text2text-generation", "summarization"])
def test_tied_weights_are_written_once_and_tied_again(tiny: Tiny, tmp_path: Path, row: str) -> None:
    import torch
    from transformers import AutoModelForSeq2SeqLM

    folder = pickled(tiny(row), tmp_path / "model")
    made = pickles.convert_folder(folder, "lab/model")
    ((kept, ties),) = json.loads((made / "conversion.json").read_text())["tied"].items()
    assert kept == "model.safetensors"
    assert len(ties) >= 2
    ours = AutoModelForSeq2SeqLM.from_pretrained(made, local_files_only=True).state_dict()
    theirs = AutoModelForSeq2SeqLM.from_pretrained(tiny(row), local_files_only=True).state_dict()
    assert all(torch.equal(ours[name], weight) for name, weight in theirs.items())
    assert (made / "model.safetensors").stat().st_size < (folder / "pytorch_model.bin").stat().st_size + 10_000


def test_weights_that_are_not_tied_by_the_model_are_all_written(tiny: Tiny, tmp_path: Path) -> None:
    from safetensors import safe_open

    folder = pickled(tiny("text2text-generation"), tmp_path / "model")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "tie_word_embeddings": False}))
    made = pickles.convert_folder(folder, "lab/model")
    with safe_open(made / "model.safetensors", "pt") as held:
        assert {"shared.weight", "lm_head.weight", "encoder.embed_tokens.weight"} <= set(held.keys())


def test_parts_of_one_memory_are_written_as_tensors_of_their_own(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    whole = torch.arange(12.0).reshape(3, 4)
    held = {"a": whole[0], "b": whole[1:], "t": whole.T, "step": torch.tensor(7), "half": whole.half()}
    (tmp_path / "model").mkdir()
    torch.save({"state_dict": held, "epoch": 3}, tmp_path / "model" / "pytorch_model.bin")
    made = load_file(pickles.convert_folder(tmp_path / "model", "lab/model") / "model.safetensors")
    assert made.keys() == held.keys()
    assert all(torch.equal(made[name], weight) for name, weight in held.items())


def test_shards_get_an_index(tmp_path: Path) -> None:
    import torch

    folder = tmp_path / "model"
    folder.mkdir()
    for number, name in ((1, "a"), (2, "b")):
        torch.save({name: torch.ones(2)}, folder / f"pytorch_model-0000{number}-of-00002.bin")
    (folder / "pytorch_model.bin.index.json").write_text('{"weight_map": {}}')
    made = pickles.convert_folder(folder, "lab/model")
    assert files_under(made) == ["conversion.json", "model-00001-of-00002.safetensors",
                                 "model-00002-of-00002.safetensors", "model.safetensors.index.json"]  # fmt: skip
    index = json.loads((made / "model.safetensors.index.json").read_text())
    assert index["weight_map"] == {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}


def test_another_pickle_in_the_folder_is_converted_anew(tmp_path: Path) -> None:
    import torch

    folder = tmp_path / "model"
    folder.mkdir()
    torch.save({"a": torch.ones(2)}, folder / "pytorch_model.bin")
    made = pickles.convert_folder(folder, "lab/model")
    assert pickles.converted_of(folder, "lab/model") == made
    torch.save({"a": torch.zeros(3)}, folder / "pytorch_model.bin")
    assert pickles.converted_of(folder, "lab/model") is None


def test_converted_weights_that_were_changed_are_not_loaded(tmp_path: Path) -> None:
    import torch

    folder = tmp_path / "model"
    folder.mkdir()
    torch.save({"a": torch.ones(2)}, folder / "pytorch_model.bin")
    made = pickles.convert_folder(folder, "lab/model")
    pickles.verify(made, "lab/model")
    weights = bytearray((made / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (made / "model.safetensors").write_bytes(weights)
    with pytest.raises(ModelUnavailableError) as caught:
        pickles.verify(made, "lab/model")
    assert str(caught.value) == (
        f"the converted weights of lab/model in {made} are not what was written; "
        "prefrontal models remove lab/model, and have them converted anew"
    )


# What is refused


def hostile(kind: str, canary: Path, folder: Path) -> str:
    """Write a hostile pytorch_model.bin; gives what is said of it."""
    import torch

    file = folder / "pytorch_model.bin"
    if kind == "a bare pickle":
        file.write_bytes(pickle.dumps(Bomb(canary)))
    elif kind == "inside of torch's own format":
        torch.save({"a": Bomb(canary)}, file)
    elif kind == "a word":
        torch.save({"a": "no tensor"}, file)
        return "it holds something else than plain weights under 'a'"
    elif kind == "no dictionary":
        torch.save([torch.ones(1)], file)
        return "it holds no weights by name"
    elif kind == "one number seen a billion times":
        torch.save({"a": torch.ones(1).expand(1_000_000_000)}, file)
        return "it unfolds into far more than it is large"
    elif kind == "rubbish":
        file.write_bytes(b"\x80\x04rubbish")
    elif kind == "a broken zip":
        file.write_bytes(b"PK\x03\x04" + b"\0" * 200)
    return ""


@pytest.mark.parametrize(
    "kind",
    ["a bare pickle", "inside of torch's own format", "a word", "no dictionary", "one number seen a billion times",
     "rubbish", "a broken zip"],
)  # fmt: skip
def test_a_hostile_file_is_refused_in_a_sentence_and_leaves_nothing_behind(
    kind: str, tmp_path: Path, home: Path
) -> None:
    folder, canary = tmp_path / "model", tmp_path / "canary"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    why = hostile(kind, canary, folder)
    before = files_under(tmp_path)
    message = told(folder)
    assert message.startswith(f"lab/model is not converted: {why}")
    assert message.endswith("; pick another model")
    assert "\n" not in message
    assert len(message) < 400
    assert not canary.exists()
    assert files_under(tmp_path) == before
    assert not list(home.rglob("*.safetensors"))


def test_the_call_that_a_pickle_asks_for_is_named(tmp_path: Path) -> None:
    import torch

    class Shell:
        def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
            return os.system, ("true",)

    (tmp_path / "model").mkdir()
    torch.save({"a": Shell()}, tmp_path / "model" / "pytorch_model.bin")
    assert told(tmp_path / "model") == (
        f"lab/model is not converted: it asks for {os.name}.system, which is no weight; pick another model"
    )


@pytest.mark.parametrize("name", ["modeling.py", "config.json"])
def test_code_beside_pickles_is_refused_before_they_are_read(tmp_path: Path, name: str) -> None:
    import torch

    folder = tmp_path / "model"
    folder.mkdir()
    torch.save({"a": torch.ones(1)}, folder / "pytorch_model.bin")
    (folder / name).write_text('{"auto_map": {"AutoModel": "x"}}')
    assert told(folder).startswith("lab/model is not loaded: ")


def test_a_link_to_a_pickle_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"PK")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "pytorch_model.bin").symlink_to(tmp_path / "secret")
    assert "is a link out of the model's folder" in told(tmp_path / "model")


# The child


def child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reads: str) -> str:
    """What is told when reading a file does this: in place of the unpickler, code that has broken out of it."""
    import torch

    program = tmp_path / "program.py"
    source = pickles._PROGRAM.read_text(encoding="utf-8")
    assert "held = torch.load(" in source
    program.write_text(
        source.replace("    held = torch.load(", f"    {reads}\n    held = torch.load("), encoding="utf-8"
    )
    monkeypatch.setattr(pickles, "_PROGRAM", program)
    folder = tmp_path / "model"
    folder.mkdir()
    torch.save({"a": torch.ones(1)}, folder / "pytorch_model.bin")
    return told(folder)


@pytest.mark.parametrize(
    ("reads", "why"),
    [
        ("import socket; socket.create_connection(('127.0.0.1', 9), 1)", "reading it asked for socket."),
        ("import os; os.system('true')", "reading it asked for os.system"),
        ("import subprocess; subprocess.run(['true'])", "reading it asked for "),
        ("open('/tmp/elsewhere', 'w')", "reading it wrote to 'elsewhere'"),
        ("import ctypes; ctypes.CDLL(None)", "reading it asked for ctypes.dlopen"),
        ("import os; os.kill(os.getpid(), 9)", "the process that read it ended (signal 9"),
        ("bytearray(1 << 45)", "it needs more memory than it may have"),
        ("raise ValueError(sorted(os.environ))", "it cannot be read as weights (ValueError: ['HOME', "),
    ],
)
def test_code_that_broke_out_reaches_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reads: str, why: str
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    message = child(monkeypatch, tmp_path, reads)
    assert message.startswith(f"lab/model is not converted: {why}")
    assert "TOKEN" not in message
    assert not Path("/tmp/elsewhere").exists()


def test_an_endless_file_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pickles, "_SECONDS", 20)
    message = child(monkeypatch, tmp_path, "import time; time.sleep(1000)")
    assert message == "lab/model is not converted: reading it took longer than 40 s; pick another model"


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
def test_in_a_namespace_there_is_no_network_even_without_the_hook(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The hook is taken out: what is left is the kernel's."""
    source = pickles._PROGRAM.read_text(encoding="utf-8").replace("sys.addaudithook(", "(")
    program = tmp_path / "unpickling.py"
    program.write_text(source, encoding="utf-8")
    monkeypatch.setattr(pickles, "_PROGRAM", program)
    message = child(monkeypatch, tmp_path, "import socket; socket.create_connection(('127.0.0.1', 9), 1)")
    if "Connection refused" in message:
        pytest.skip("this system gives no namespaces; the hook is what there is")
    assert "Network is unreachable" in message


def test_a_zip_bomb_meets_its_limit(tmp_path: Path) -> None:
    """Weights that were squeezed: torch writes them as they are, a stranger may not."""
    import torch

    folder = tmp_path / "model"
    folder.mkdir()
    plain = tmp_path / "plain.bin"
    torch.save({"a": torch.zeros(50_000_000)}, plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(folder / "pytorch_model.bin", "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry), compress_type=zipfile.ZIP_DEFLATED)
    assert os.path.getsize(folder / "pytorch_model.bin") < 1_000_000
    assert told(folder).startswith("lab/model is not converted: it ")
