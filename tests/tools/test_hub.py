"""The Hub: is it there, what does it say of a model, and fetching one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from hub_server import commit_of, serve
from huggingface_hub.errors import HfHubHTTPError
from readmes import COIN_FINDER

from prefrontal.errors import CardError
from prefrontal.tools import hub
from prefrontal.tools.card import ModelCard


def safetensors(shape: list[int]) -> bytes:
    header = json.dumps({"__metadata__": {}, "w": {"dtype": "F32", "shape": shape, "data_offsets": [0, 4]}}).encode()
    return len(header).to_bytes(8, "little") + header + b"\0\0\0\0"


# Is it there


@pytest.mark.parametrize("name", ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_told_offline(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.delenv("TRANSFORMERS_OFFLINE")
    assert not hub.told_offline()
    monkeypatch.setenv(name, "1")
    assert hub.told_offline()
    assert hub.is_offline()


def test_an_address_where_nothing_answers_is_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setenv("TRANSFORMERS_OFFLINE", "off")
    with serve({}) as url:
        with serve({}) as closed:
            pass  # closed again when this block ends
        monkeypatch.setenv("HF_ENDPOINT", url)
        assert not hub.is_offline()
        monkeypatch.setenv("HF_ENDPOINT", closed)
        assert hub.is_offline()


def test_a_token_is_set_or_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(tmp_path / "token"))
    assert not hub.has_token()
    (tmp_path / "token").write_text("hf_kept")
    assert hub.has_token()
    (tmp_path / "token").unlink()
    monkeypatch.setenv("HF_TOKEN", "hf_set")
    assert hub.has_token()


# A Hub that is busy


def answer(status: int, **headers: str) -> HfHubHTTPError:
    """The error that huggingface_hub raises for an answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HfHubHTTPError(
        "no", response=httpx.Response(status, headers=named, request=httpx.Request("GET", "http://h"))
    )


def asked_until_done(monkeypatch: pytest.MonkeyPatch, *errors: Exception) -> tuple[list[float], Exception | None]:
    """The seconds that were waited for a Hub that answers with these errors, then well; and what was raised."""
    left, waits = list(errors), []
    monkeypatch.setattr("time.sleep", waits.append)

    def ask() -> str:
        if left:
            raise left.pop(0)
        return "done"

    try:
        assert hub.patiently(ask) == "done"
    except Exception as error:
        return waits, error
    return waits, None


def test_a_busy_hub_is_asked_again_at_the_time_that_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    errors = answer(429, Retry_After="7"), answer(503, ratelimit='"api";r=0;t=55'), answer(429, retry_after=" 0 ")
    assert asked_until_done(monkeypatch, *errors) == ([7.0, 55.0, 0.0], None)


def test_else_after_1_2_and_4_seconds_and_then_its_error_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    errors = [answer(503, retry_after="soon"), answer(429, ratelimit='"api";r=3;t=55'), answer(503), answer(429)]
    waits, error = asked_until_done(monkeypatch, *errors)
    assert [low <= wait <= 1.25 * low for low, wait in zip((1, 2, 4), waits, strict=True)] == [True] * 3
    assert error is errors[-1]


def test_what_waiting_does_not_mend_is_raised_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for error in (answer(404), answer(429, retry_after="331"), OSError("no route"), KeyError("a bug")):
        assert asked_until_done(monkeypatch, error) == ([], error)


def test_a_cause_that_is_busy_counts() -> None:
    error = OSError("cannot be had")
    assert not hub.is_busy(error)
    assert not hub.is_busy(None)
    error.__cause__ = answer(503)
    assert hub.is_busy(error)


# A card


def in_a_fresh_process(script: str, url: str, home: Path, *ids: str) -> list[Any]:
    """The lines of JSON that a script prints, for the Hub's address is read at import."""
    env = {**os.environ, "HF_ENDPOINT": url, "HF_HUB_OFFLINE": "0", "TRANSFORMERS_OFFLINE": "0", "HF_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", script, *ids], env=env, capture_output=True, text=True, timeout=60, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


CARDS = """
import json, sys
from prefrontal.errors import CardError
from prefrontal.tools.card import ModelCard
for id in sys.argv[1:]:
    try: print(json.dumps(ModelCard.from_hub(id).to_dict()))
    except CardError as error: print(json.dumps(str(error)))
"""


def test_a_card_from_the_hub(tmp_path: Path) -> None:
    files = {"README.md": COIN_FINDER.encode(), "config.json": b"{}", "model.safetensors": safetensors([3, 4])}
    info = {
        "pipeline_tag": "object-detection",
        "library_name": "transformers",
        "tags": ["coins", "license:mit"],
        "downloads": 12,
        "likes": 3,
        "gated": False,
        "lastModified": "2025-01-02T03:04:05.000Z",
        "config": {"model_type": "yolos"},
        "safetensors": {"parameters": {"F32": 12}, "total": 12},
    }
    models = {"lab/finder": files, "lab/locked": files, "lab/bare": {"model.bin": b"x"}, "lab/off": files}
    said = {"lab/finder": info, "lab/locked": {"gated": "manual"}, "lab/off": {"disabled": True}}
    with serve(models, said) as url:
        found, locked, bare, off, absent = in_a_fresh_process(CARDS, url, tmp_path, *models, "lab/none")
    card = ModelCard.from_dict(found)
    assert card.with_(text="") == ModelCard(
        "lab/finder", commit_of(files), "object-detection", card.summary, "transformers", "mit", ("en", "fr"),
        ("coins", "license:mit"), ("lab/coins",), (), "yolos", 12, len(files["model.safetensors"]), 12, 3, False, True,
        dtypes=("F32:12",), source="hub", last_modified="2025-01-02 03:04:05+00:00",
    )  # fmt: skip
    assert card.text.startswith("# Coin finder")
    assert (bare["safetensors"], bare["text"]) == (False, "")
    advice = "check the id, and HF_TOKEN for private models"
    assert [locked, off, absent] == [
        f"lab/locked cannot be read from the Hub (it is gated: its terms must be accepted there first); {advice}",
        f"lab/off cannot be read from the Hub (it is disabled there); {advice}",
        f"lab/none cannot be read from the Hub (it is private, or there is no such model); {advice}",
    ]


def test_a_hub_that_does_not_answer(tmp_path: Path) -> None:
    with serve({}) as url:
        closed = url  # closed again when this block ends
    assert in_a_fresh_process(CARDS, closed, tmp_path, "lab/finder") == [
        "lab/finder cannot be looked up: the Hub is out of reach; pass a local folder, or connect and try again"
    ]


def test_offline_nothing_is_asked() -> None:
    with pytest.raises(CardError, match="the Hub is out of reach"):
        ModelCard.from_hub("lab/finder")
    with pytest.raises(CardError, match="is not a model id"):
        ModelCard.from_hub("../finder")


# Its files


@pytest.mark.parametrize("id", ["owner/with--two", "owner/ends-", "a/b/c", "x" * 200])
def test_an_id_that_the_hub_would_not_give_is_nowhere_in_the_cache(id: str) -> None:
    assert hub.cached(id) is None


FETCH = """
import json, sys
from prefrontal.errors import ModelUnavailableError
from prefrontal.tools import hub
for id in sys.argv[1:]:
    try:
        folder = hub.fetch(id)
        assert hub.cached(id) == folder
        print(json.dumps(sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))))
    except ModelUnavailableError as error: print(json.dumps(str(error)))
"""


def test_only_what_is_safe_is_fetched(tmp_path: Path) -> None:
    safe = {"config.json": b"{}", "model.safetensors": safetensors([3, 4]), "1_Pooling/config.json": b"{}"}
    unsafe = {"pytorch_model.bin": b"x", "modeling.py": b"x", "sub/model.pkl": b"x", "run.sh": b"x"}
    models = {"lab/model": {**safe, **unsafe}, "lab/locked": safe}
    with serve(models, {"lab/locked": {"gated": "manual"}}) as url:
        found, *refused = in_a_fresh_process(FETCH, url, tmp_path, *models, "lab/none")
    assert found == sorted(safe)
    assert refused == [
        f"{id} could not be downloaded ({why}); gated models need their terms accepted and HF_TOKEN set"
        for id, why in (
            ("lab/locked", "it is gated: its terms must be accepted there first"),
            ("lab/none", "it is private, or there is no such model"),
        )
    ]
