"""Of a repository's files only those are fetched that loading takes, in the form that comes first."""

from __future__ import annotations

from pathlib import Path

import pytest
from hub_server import commit_of, pull_request, reach, serve

from prefrontal.tools.hub_files import HubFile, Listing, conversion, listing, needed, safetensors_name

PLAIN = ["README.md", "config.json", "model.safetensors", "tokenizer.json", "spiece.model", "chat_template.jinja"]


@pytest.mark.parametrize(
    ("spare", "kept"),
    [
        (["pytorch_model.bin", "flax_model.msgpack", "model.onnx", "modeling.py", "training_args.bin"], []),
        (["onnx/model.safetensors", "onnx/config.json", "openvino/config.json", "coreml/x.json"], []),
        (["checkpoint-500/model.safetensors", "checkpoint-500/config.json", "runs/a.json"], []),
        (["model.fp16.safetensors", "consolidated.safetensors", "consolidated.00.safetensors"], []),
        (["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"], []),
        ([], ["1_Pooling/config.json", "2_Dense/model.safetensors", "modules.json", "adapter_model.safetensors"]),
    ],
)
def test_what_is_needed(spare: list[str], kept: list[str]) -> None:
    assert needed([*PLAIN, *spare, *kept]) == [*PLAIN, *kept]


def test_shards_alone_are_needed_and_a_variant_where_there_is_no_other() -> None:
    shards = ["config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
              "model.safetensors.index.json"]  # fmt: skip
    assert needed([*shards, "model.fp16-00001-of-00002.safetensors", "model.fp16.safetensors"]) == shards
    assert needed(["model.fp16.safetensors", "config.json"]) == ["model.fp16.safetensors", "config.json"]


def test_of_a_pipeline_its_parts_are_needed_and_not_the_one_big_file_beside_them() -> None:
    parts = ["model_index.json", "unet/config.json", "unet/diffusion_pytorch_model.safetensors",
             "vae/diffusion_pytorch_model.safetensors", "tokenizer/vocab.json"]  # fmt: skip
    spare = ["v1-5-pruned.safetensors", "unet/diffusion_pytorch_model.fp16.safetensors"]
    assert needed([*parts, *spare]) == parts


def test_weights_where_they_usually_do_not_lie_are_taken_as_they_are() -> None:
    assert needed(["original/model.safetensors", "config.json"]) == ["original/model.safetensors", "config.json"]


def test_other_weights_by_their_endings() -> None:
    names = ["config.json", "model.safetensors", "q4.gguf", "onnx/model.onnx"]
    assert needed(names, (".gguf",)) == ["config.json", "q4.gguf"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("pytorch_model.bin", "model.safetensors"),
        ("2_Dense/pytorch_model.bin", "2_Dense/model.safetensors"),
        ("pytorch_model-00001-of-00003.bin", "model-00001-of-00003.safetensors"),
        ("unet/diffusion_pytorch_model.bin", "unet/diffusion_pytorch_model.safetensors"),
        ("adapter_model.bin", "adapter_model.safetensors"),
        ("training_args.bin", ""),
        ("model.pkl", ""),
        ("pytorch_model.bin.index.json", ""),
    ],
)
def test_what_pickles_are_called_as_safetensors(name: str, safe: str) -> None:
    assert safetensors_name(name) == safe


def test_a_listing_has_sizes_and_hashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"config.json": b"{}", "model.safetensors": b"x" * 50, "run.sh": b"x"}
    with serve({"lab/model": files}) as url:
        reach(url, tmp_path, monkeypatch)
        found = listing("lab/model").needed()
    assert (found.revision, found.bytes, found.pickles) == (commit_of(files), 52, ())
    assert [(file.name, file.size, len(file.sha256)) for file in found.files] == [
        ("config.json", 2, 0),
        ("model.safetensors", 50, 64),
    ]


def test_a_text_of_gigabytes_is_none() -> None:
    files = (HubFile("config.json", 10**9), HubFile("model.safetensors", 10**10))
    assert [file.name for file in Listing("a/b", "c", files).needed().files] == ["model.safetensors"]


def test_the_hub_s_own_conversion_is_the_bot_s_and_of_that_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = {"config.json": b"{}", "pytorch_model.bin": b"x"}
    new = {"config.json": b"{}", "model.safetensors": b"y"}
    models = {"lab/old": old, "lab/old@refs/pr/7": new, "lab/old@refs/pr/8": {"model.safetensors": b"mallory's"}}
    said: dict[str, dict] = {"lab/old": {}}
    with serve(models, said) as url:
        reach(url, tmp_path, monkeypatch)
        assert conversion("lab/old", commit_of(old)) is None
        said["lab/old"]["discussions"] = [
            pull_request(8, "mallory"),
            pull_request(8, title="Something else"),
            pull_request(8, status="closed"),
            pull_request(8, isPullRequest=False),
            pull_request(7),
        ]
        found = conversion("lab/old", commit_of(old))
        assert found
        assert (found.revision, found.reference) == (commit_of(new), "refs/pr/7")
        assert conversion("lab/old", "f" * 40) is None  # it was made of another commit
