"""Only plain safetensors are loaded: what could run code, or lead outside, is refused before any library sees it."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prefrontal.errors import ModelUnavailableError
from prefrontal.tools.card import ModelCard
from prefrontal.tools.checkpoints import MINILM, check_safe, checkpoint, locate, packaged_minilm
from prefrontal.tools.media import Workspace
from prefrontal.tools.model_tool import ModelTool
from prefrontal.tools.residency import Residency

REFUSAL = (
    "allowed are plain safetensors models without code; "
    "pick another model or convert this one with its author's consent"
)


class Bomb:
    """A pickle that makes a file when it is opened."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return Path.touch, (self.canary,)


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    return tmp_path / "canary"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text('{"model_type": "bert"}')
    header = b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    (folder / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + b"\0\0\0\0")
    return folder


def refusal(folder: Path) -> str:
    started = time.perf_counter()
    with pytest.raises(ModelUnavailableError) as caught:
        check_safe(folder, "lab/model")
    assert time.perf_counter() - started < 5
    return str(caught.value)


def test_a_plain_model_passes(folder: Path) -> None:
    (folder / "training_args.bin").write_bytes(b"a pickle beside safetensors is never opened")
    check_safe(folder, "lab/model")


@pytest.mark.parametrize(
    "name", ["pytorch_model.bin", "model.pt", "weights.pth", "model.ckpt", "model.pkl", "odd.name"]
)
def test_pickles_alone_are_refused_unopened(folder: Path, canary: Path, name: str) -> None:
    (folder / "model.safetensors").unlink()
    (folder / name).write_bytes(pickle.dumps(Bomb(canary)))
    held = "" if name == "odd.name" else f" but pickles ({name})"
    assert refusal(folder) == f"lab/model is not loaded: it holds no safetensors{held}; {REFUSAL}"
    assert not canary.exists()


def test_a_pickle_named_safetensors_is_never_unpickled(folder: Path, canary: Path) -> None:
    from prefrontal.tools.runners import get_runner

    (folder / "model.safetensors").write_bytes(pickle.dumps(Bomb(canary)))
    config = {"model_type": "bert", "architectures": ["BertForMaskedLM"], "hidden_size": 8, "num_attention_heads": 1}
    (folder / "config.json").write_text(json.dumps(config))
    card = ModelCard("lab/model", task="fill-mask", path=str(folder))
    with pytest.raises(ModelUnavailableError, match=r"lab/model cannot be loaded: "):
        get_runner(card).load(card, checkpoint(card))
    assert not canary.exists()


def test_the_bomb_does_go_off_when_opened(canary: Path) -> None:
    pickle.loads(pickle.dumps(Bomb(canary)))  # noqa: S301 - our own, to prove that the canary works
    assert canary.exists()


@pytest.mark.parametrize("name", ["modeling.py", "sub/custom.py", "__init__.py"])
def test_python_files_are_refused(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("raise SystemExit")
    assert refusal(folder) == f"lab/model is not loaded: it carries Python code ({Path(name).name}); {REFUSAL}"


@pytest.mark.parametrize(
    ("file", "config", "field"),
    [
        ("config.json", {"auto_map": {"AutoModel": "evil--x.Model"}}, "auto_map"),
        ("config.json", {"text_config": {"auto_map": {"AutoModel": "x"}}}, "auto_map"),
        ("config.json", {"parts": [{"deep": [{"auto_map": {"AutoModel": "x"}}]}]}, "auto_map"),
        ("config.json", {"trust_remote_code": True}, "trust_remote_code"),
        ("generation_config.json", {"custom_generate": "evil/generate"}, "custom_generate"),
        ("tokenizer_config.json", {"auto_map": {"AutoTokenizer": ["x", None]}}, "auto_map"),
        ("preprocessor_config.json", {"auto_map": {"AutoProcessor": "x"}}, "auto_map"),
        ("video_preprocessor_config.json", {"auto_map": {"AutoProcessor": "x"}}, "auto_map"),
        ("sentence_bert_config.json", {"model_args": {"trust_remote_code": True}}, "trust_remote_code"),
        ("adapter_config.json", {"auto_mapping": {"parent_library": "evil"}}, "auto_mapping"),
        ("model_index.json", {"custom_pipeline": "evil/pipeline"}, "custom_pipeline"),
        ("unet/config.json", {"auto_map": {"AutoModel": "x"}}, "auto_map"),
    ],
)
def test_configurations_that_ask_for_code_are_refused(folder: Path, file: str, config: dict, field: str) -> None:
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text(json.dumps(config))
    assert refusal(folder) == (
        f"lab/model is not loaded: {Path(file).name} asks for code of its own ({field}); {REFUSAL}"
    )


@pytest.mark.parametrize("field", ["attn_implementation", "_attn_implementation", "_attn_implementation_internal"])
@pytest.mark.parametrize("value", ["evil/kernel", "evil/kernel:run", {"text_config": "evil/kernel"}])
def test_kernels_from_elsewhere_are_refused(folder: Path, field: str, value: Any) -> None:
    (folder / "config.json").write_text(json.dumps({"text_config": {field: value}}))
    assert refusal(folder).startswith(
        f"lab/model is not loaded: config.json asks for a kernel from elsewhere ({field}: "
    )


def test_kernels_of_transformers_pass(folder: Path) -> None:
    (folder / "config.json").write_text(
        '{"_attn_implementation": "sdpa", "auto_map": null, "trust_remote_code": false}'
    )
    check_safe(folder, "lab/model")


def test_classes_of_strangers_in_modules_json_are_refused(folder: Path) -> None:
    (folder / "modules.json").write_text('[{"idx": 0, "path": "", "type": "os.system"}]')
    message = refusal(folder)
    assert message.startswith("lab/model is not loaded: modules.json names 'os.system' (type), which is none of the ")
    assert message.endswith(f"; {REFUSAL}")


def test_a_pickle_in_a_module_is_refused_unopened(folder: Path, canary: Path) -> None:
    dense = folder / "2_Dense"
    dense.mkdir()
    (dense / "pytorch_model.bin").write_bytes(pickle.dumps(Bomb(canary)))
    modules = [{"path": "", "type": "sentence_transformers.models.Transformer"},
               {"path": "2_Dense", "type": "sentence_transformers.models.Dense"}]  # fmt: skip
    (folder / "modules.json").write_text(json.dumps(modules))
    assert (
        refusal(folder) == f"lab/model is not loaded: its module 2_Dense holds pickles (pytorch_model.bin); {REFUSAL}"
    )
    assert not canary.exists()
    modules[1]["path"] = "../elsewhere"
    (folder / "modules.json").write_text(json.dumps(modules))
    assert "modules.json names the folder '../elsewhere'" in refusal(folder)


def test_a_pickle_in_a_module_of_a_module_is_refused_unopened(
    tiny: Callable[[str], Path], tmp_path: Path, canary: Path, workspace: Workspace
) -> None:
    """A router's modules lie in folders of its own, and each opens its pickle where model.safetensors is not."""
    folder = Path(shutil.copytree(tiny("sentence-similarity/routed"), tmp_path / "model"))
    inner = folder / "2_Router" / "query_0_Dense"
    (inner / "pytorch_model.bin").write_bytes(pickle.dumps(Bomb(canary)))
    check_safe(folder, "lab/model")  # the pickle beside safetensors is never opened

    (inner / "model.safetensors").rename(inner / "other.safetensors")
    assert refusal(folder) == (
        "lab/model is not loaded: its module 2_Router/query_0_Dense holds pickles (pytorch_model.bin) "
        f"and no model.safetensors; {REFUSAL}"
    )
    tool = ModelTool(ModelCard.from_dir(folder), workspace, Residency())
    assert "holds pickles" in tool.invoke({"text": "the cat", "sentences": ["hello world"]})
    assert not canary.exists()


@pytest.mark.parametrize("name", ["Config.json", "sub/CONFIG.JSON"])
def test_a_configuration_is_checked_however_its_name_is_spelled(folder: Path, name: str) -> None:
    """Where a file system tells no capitals apart, a library opens it all the same."""
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text('{"auto_map": {"AutoModel": "x"}}')
    assert "config.json asks for code of its own (auto_map)" in refusal(folder)


@pytest.mark.parametrize(
    "shard", ["../secret.safetensors", "/etc/passwd", "a/b.safetensors", "x.bin", "", 7, None, ["x"]]
)
def test_shards_named_elsewhere_are_refused(folder: Path, shard: Any) -> None:
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"w": shard}}))
    assert refusal(folder) == f"lab/model is not loaded: {index.name} names the shard {str(shard)[:80]!r}; {REFUSAL}"


def test_a_missing_shard_is_said(folder: Path) -> None:
    index = {"weight_map": {"w": "model-00002-of-00002.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    assert refusal(folder) == (
        "lab/model is not complete: model-00002-of-00002.safetensors is missing; download or copy it again"
    )


@pytest.mark.parametrize("content", ["[]", "7", '{"weight_map": []}'])
def test_an_odd_index_names_no_shard(folder: Path, content: str) -> None:
    (folder / "model.safetensors.index.json").write_text(content)
    check_safe(folder, "lab/model")


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 200_000], ids=["cut", "bytes", "nested"])
def test_damaged_configurations_are_said(folder: Path, content: bytes) -> None:
    (folder / "config.json").write_bytes(content)
    message = refusal(folder)
    assert message.startswith("config.json of lab/model is damaged (")
    assert message.endswith("); download or copy the model again")


def test_links_out_of_the_folder_are_refused(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text("{}")
    for target in (secret, Path("../secret.json"), Path("nowhere"), Path("vocab.json")):  # the last leads in a circle
        link = folder / "vocab.json"
        link.symlink_to(target)
        assert refusal(folder) == f"model is not loaded: vocab.json is a link out of the model's folder; {REFUSAL}"
        link.unlink()
    (folder / "vocab.json").symlink_to("config.json")
    check_safe(folder, "lab/model")


def test_a_linked_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder / "unet").symlink_to(tmp_path / "elsewhere")
    assert "unet is a link out of the model's folder" in refusal(folder)


def test_links_into_the_cache_s_blobs_pass(tmp_path: Path, folder: Path) -> None:
    """The Hugging Face cache keeps files once, and links to them out of each snapshot."""
    snapshot, blobs = tmp_path / "models--lab--model" / "snapshots" / "abc", tmp_path / "models--lab--model" / "blobs"
    snapshot.mkdir(parents=True)
    blobs.mkdir()
    for file in folder.iterdir():
        file.rename(blobs / file.name)
        (snapshot / file.name).symlink_to(blobs / file.name)
    check_safe(snapshot, "lab/model")


def test_pipes_are_refused_and_nothing_hangs(folder: Path) -> None:
    os.mkfifo(folder / "vocab.json")
    assert refusal(folder) == f"lab/model is not loaded: vocab.json is no regular file; {REFUSAL}"


# Where weights lie


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    card = ModelCard("lab/model", path=str(tmp_path / "gone"))
    assert locate(card) is None
    with pytest.raises(ModelUnavailableError) as caught:
        checkpoint(card)
    assert str(caught.value) == (
        f"the folder of lab/model, {tmp_path / 'gone'}, is gone; index it again where it lies now"
    )


def test_a_folder_is_found_and_checked(folder: Path) -> None:
    assert checkpoint(ModelCard("lab/model", path=str(folder))) == folder


def test_offline_what_is_not_here_cannot_be_had() -> None:
    assert locate(ModelCard("lab/none")) is None
    assert locate(ModelCard("none")) is None
    with pytest.raises(ModelUnavailableError) as caught:
        checkpoint(ModelCard("lab/none"))
    assert str(caught.value) == (
        "lab/none is not on this machine and the Hub is out of reach; connect once so that it is downloaded, "
        "or use a model that is here (prefrontal search --runnable)"
    )


def test_the_packaged_minilm_is_the_hub_s() -> None:
    folder = packaged_minilm()
    assert folder
    assert locate(ModelCard(MINILM)) == folder
    check_safe(folder, MINILM)
