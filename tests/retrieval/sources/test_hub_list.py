from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hub_server import serve

from prefrontal.errors import UsageError
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ingest import portions as reading
from prefrontal.retrieval.sources import hub_list
from prefrontal.tools.card import ModelCard

# In a process of its own, for huggingface_hub reads the Hub's address when it is imported.
SCRIPT = """
import json, sys
from dataclasses import asdict
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.index import ModelIndex
index = ModelIndex(sys.argv[1], HashEmbedder())
report = index.add(*sys.argv[3:], source=sys.argv[2]) if sys.argv[3:] else index.sync()
print(json.dumps({"cards": sorted(card.id for card in index), **asdict(report)}))
"""


def ask(url: str, home: Path, *sources: str, source: str = "") -> dict[str, Any]:
    """`index.add` of these sources, or `index.sync` without any."""
    env = {**os.environ, "HF_ENDPOINT": url, "HF_HUB_OFFLINE": "0", "TRANSFORMERS_OFFLINE": "0", "HF_HOME": str(home)}
    command = [sys.executable, "-c", SCRIPT, str(home / "index"), source, *sources]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def readme(words: str) -> dict[str, bytes]:
    return {"README.md": f"---\nlicense: mit\n---\n# Model\n\n{words}\n".encode()}


def day(number: int, **more: Any) -> dict[str, Any]:
    return {
        "pipeline_tag": "translation",
        "lastModified": f"2025-01-{number:02}T00:00:00.000Z",
        "downloads": number,
        **more,
    }


def test_a_filter_is_listed_page_by_page_and_followed(tmp_path: Path) -> None:
    models = {f"lab/m{n}": readme(f"Model number {n} translates.") for n in range(1, 6)} | {"other/m": readme("Other.")}
    info = {id: day(number) for number, id in enumerate(models, 1)}
    calls: list[str] = []
    with serve(models, info, log=calls) as url:
        added = ask(url, tmp_path, "hub:author=lab")
        assert (added["added"], added["failed"]) == ([f"lab/m{n}" for n in range(1, 6)], [])
        assert [call for call in calls if call.startswith("GET /api/models?") and "cursor" in call]
        calls.clear()

        assert ask(url, tmp_path)["cards"] == [f"lab/m{n}" for n in range(1, 6)]
        assert not [call for call in calls if "lab/m" in call], "what is unchanged is not read"

        models["lab/m2"] = readme("Model number 2 translates better.")
        info["lab/m2"] = day(20)
        info["lab/m3"] = day(3, downloads=99)  # no change of the model
        models["lab/m6"], info["lab/m6"] = readme("A new one."), day(21)
        del models["lab/m5"]
        calls.clear()
        synced = ask(url, tmp_path)
        assert (synced["added"], synced["changed"], synced["removed"]) == (["lab/m6"], ["lab/m2"], ["lab/m5"])
        assert {call.split("?")[0] for call in calls if call.startswith("GET /api/models/")} == {
            "GET /api/models/lab/m2", "GET /api/models/lab/m6",
        }  # fmt: skip


def test_after_a_dump_only_what_was_modified_since_is_read(tmp_path: Path) -> None:
    """The whole Hub comes as one file; a call for each of its models would take weeks."""
    dump = tmp_path / "dump.jsonl"
    rows = [
        {"modelId": f"lab/m{n}", "last_modified": f"2025-01-{n:02} 00:00:00+00:00", "card": f"Model number {n}."}
        for n in range(1, 7)
    ]
    dump.write_text("\n".join(map(json.dumps, rows)))
    models = {f"lab/m{n}": readme(f"Model number {n} on the Hub.") for n in range(1, 8)}
    info = {id: day(number) for number, id in enumerate(models, 1)}
    info["lab/m3"] = day(20)
    calls: list[str] = []

    def asked() -> set[str]:
        found = {call.split("?")[0] for call in calls if "/api/models/" in call}
        calls.clear()
        return found

    with serve(models, info, log=calls, page=3) as url:
        assert len(ask(url, tmp_path, str(dump))["added"]) == 6
        assert asked() == set()
        added = ask(url, tmp_path, "hub:author=lab")
        assert (added["added"], added["changed"], added["failed"]) == (["lab/m7"], ["lab/m3"], [])
        assert asked() == {"GET /api/models/lab/m3", "GET /api/models/lab/m7"}
        info["lab/m5"] = day(21)
        del models["lab/m3"], models["lab/m7"]
        synced = ask(url, tmp_path)
        assert (synced["changed"], synced["removed"]) == (["lab/m5"], ["lab/m3", "lab/m7"])
        assert asked() == {"GET /api/models/lab/m5"}
        models["lab/m1"] = readme("Other words.")  # what the Hub says of it is the same: the list does not show it
        assert ask(url, tmp_path)["changed"] == []
        assert asked() == set()


def test_a_dump_that_belongs_to_the_hub_is_kept_up_by_the_hub(tmp_path: Path) -> None:
    dump = tmp_path / "dump.jsonl"
    rows = [{"modelId": f"lab/m{n}", "last_modified": f"2025-01-{n:02} 00:00:00+00:00"} for n in range(1, 7)]
    dump.write_text("\n".join(map(json.dumps, rows)))
    models = {f"lab/m{n}": readme(f"Model number {n} on the Hub.") for n in (1, 2, 3, 7)}
    info = {id: day(int(id[-1])) for id in models}
    info["lab/m3"] = day(20)
    with serve(models, info) as url:
        assert len(ask(url, tmp_path, str(dump), source="hub:author=lab")["added"]) == 6
        assert ModelIndex(tmp_path / "index", HashEmbedder()).stats()["sources"] == ["hub:author=lab"]
        dump.unlink()
        synced = ask(url, tmp_path)
        assert (synced["added"], synced["changed"]) == (["lab/m7"], ["lab/m3"])
        assert synced["removed"] == ["lab/m4", "lab/m5", "lab/m6"], "what came with the dump and is gone from the Hub"


def test_cards_belong_to_a_source_that_there_is(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no source of cards"):
        ModelIndex(tmp_path / "index", HashEmbedder()).add(ModelCard("a/b"), source="nowhere!")
    assert not (tmp_path / "index").exists()


def test_a_download_that_breaks_off_is_not_catalogued(tmp_path: Path) -> None:
    models = {f"lab/{name}": readme("It is long. " * 500) for name in ("whole", "cut")}
    info = {id: day(1) for id in models}
    info["lab/cut"]["cut"] = 900
    with serve(models, info) as url:
        added = ask(url, tmp_path, "hub:author=lab")
        assert added["cards"] == ["lab/whole"]
        ((what, reason),) = added["failed"]
        assert what == "lab/cut"
        assert reason.startswith("lab/cut cannot be read from the Hub (")
        del info["lab/cut"]["cut"]
        assert ask(url, tmp_path)["added"] == ["lab/cut"]


def test_what_may_not_be_read_is_set_aside_and_the_rest_goes_on(tmp_path: Path) -> None:
    models = {
        f"lab/{name}": readme(f"It is {name}.") for name in ("open", "gated", "disabled", "deleted", "last", "cut")
    }
    info = {id: day(number) for number, id in zip(range(9, 0, -1), models, strict=False)}
    for name, value in {"gated": "manual", "disabled": True, "deleted": True}.items():
        info[f"lab/{name}"][name] = value
    source = "hub:pipeline_tag=translation&sort=downloads&limit=5"
    with serve(models, info) as url:
        added = ask(url, tmp_path, source)
        assert added["cards"] == ["lab/last", "lab/open"]
        advice = "check the id, and HF_TOKEN for private models"
        assert dict(added["failed"]) == {
            "lab/gated": "lab/gated cannot be read from the Hub (it is gated: its terms must be accepted there first); "
            f"{advice}",
            "lab/disabled": f"lab/disabled cannot be read from the Hub (it is disabled there); {advice}",
            "lab/deleted": "lab/deleted cannot be read from the Hub (it is private, or there is no such model); "
            f"{advice}",
        }
        # One that was open and is gated now is kept as it was; one that is listed no more goes.
        info["lab/open"] = day(9, gated="auto", lastModified="2025-02-02T00:00:00.000Z")
        del models["lab/last"]
        synced = ask(url, tmp_path)
        assert synced["removed"] == ["lab/last"]
        assert synced["cards"] == ["lab/cut", "lab/open"]


def test_a_busy_hub_is_waited_for(tmp_path: Path) -> None:
    models = {f"lab/m{n}": readme("Translates.") for n in range(3)}
    info = {id: day(1) for id in models}
    now = {"Retry-After": "0"}
    refuse = [
        ("api/models/lab/m1", 503, now),
        ("api/models/lab/m1", 429, {"ratelimit": '"api";r=0;t=0'}),
        ("lab/m2/resolve", 429, now),
        ("api/models", 429, now),
    ]
    with serve(models, info, refuse) as url:
        added = ask(url, tmp_path, "hub:author=lab")
        assert (added["added"], added["failed"], refuse) == (list(models), [], [])

        # It stays busy: what was read is kept, nothing is taken for gone, and a sync takes it up again.
        del models["lab/m0"]
        info["lab/m1"] = info["lab/m2"] = day(2)
        refuse += [("api/models/lab/m1", 429, {"Retry-After": "100000"})]
        synced = ask(url, tmp_path)
        said = "the Hub is busy, 0 models were looked at; sync later for the rest"
        assert synced["failed"] == [["hub:author=lab", said]]
        assert synced["cards"] == ["lab/m0", "lab/m1", "lab/m2"]
        refuse += [("api/models", 503, now)] * 4
        synced = ask(url, tmp_path)
        assert synced["failed"][0][1].startswith("the list breaks off after 0 models (")
        assert refuse == [], "the first try and three more"
        synced = ask(url, tmp_path)
        assert (synced["changed"], synced["removed"]) == (["lab/m1", "lab/m2"], ["lab/m0"])


def test_a_hub_that_does_not_speak_its_language(tmp_path: Path) -> None:
    with serve({"lab/m": readme("Translates.")}, {"lab/m": {"lastModified": "yesterday"}}) as url:
        added = ask(url, tmp_path, "hub:author=lab")
        ((what, reason),) = added["failed"]
        assert what == "hub:author=lab"
        assert reason.startswith("the list breaks off after 0 models (")
        closed = url
    added = ask(closed, tmp_path, "hub:author=lab")
    assert added["failed"] == [["hub:author=lab", "the Hub is out of reach; connect and try again"]]


def test_without_a_limit_a_thousand_are_read_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub.hf_api import ModelInfo

    asked: dict[str, Any] = {}

    def listed(query: dict[str, Any]) -> Any:
        asked.update(query)
        return (ModelInfo(id=f"lab/m{n}", lastModified="2025-01-01T00:00:00.000Z") for n in range(query["limit"]))

    monkeypatch.setattr(hub_list, "is_offline", lambda: False)
    monkeypatch.setattr(hub_list, "_listed", listed)
    modified = {f"lab/m{n}": "2025-01-01 00:00:00+00:00" for n in range(1000)}
    *models, said = hub_list.reread("hub:filter=keras&filter=fr", modified.__getitem__)
    assert (len(models), asked) == (1000, {"limit": 1000, "filter": ["keras", "fr"]})
    assert (said.reason, said.hides) == ("only the first 1000 models were read; set another &limit=", False)
    assert len(list(hub_list.reread("hub:author=lab&limit=1000", modified.__getitem__))) == 1000


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("hub:", "'hub:' names no filter; write for example hub:pipeline_tag=translation&limit=20"),
        ("hub:author=", "'hub:author=' names no filter; write for example hub:pipeline_tag=translation&limit=20"),
        ("hub:limit=many", "limit is 'many' in 'hub:limit=many'; expected a number from 1"),
        (
            "hub:author=x&sort=size",
            "sort is 'size' in 'hub:author=x&sort=size'; "
            "expected one of downloads, likes, last_modified, created_at, trending_score",
        ),
        (
            "hub:token=secret",
            "'token' in 'hub:token=secret' is no filter; allowed are author, pipeline_tag, filter, search, "
            "trained_dataset, num_parameters, inference_provider, gated, sort, limit",
        ),
    ],
)
def test_a_wrong_filter_is_refused_before_anything_is_read(index: ModelIndex, value: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        index.add(ModelCard(id="new/one"), value)
    assert str(caught.value) == said
    assert "new/one" not in index


def test_many_cards_come_in_portions(index: ModelIndex, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reading, "_PORTION", 10_000)
    lines = [json.dumps({"id": f"a/m{n % 30}", "text": f"Card {n} of the dump."}) for n in range(31)]
    path = tmp_path / "dump.jsonl"
    path.write_text("\n".join(lines))
    before = index.stats()["generation"]
    report = index.add(path)
    assert report.added == tuple(f"a/m{n}" for n in range(30))
    assert (report.changed, report.unchanged) == ((), ()), "a card that came twice is told once"
    assert index.get("a/m0").text == "Card 30 of the dump."
    assert index.stats()["generation"] - before == 7
    path.write_text("\n".join(lines[:20]))
    report = index.sync()
    assert (len(report.removed), len(report.unchanged)) == (10, 19)
    assert report.changed == ("a/m0",)
    assert len(index.rebuild().added) == len(index) == 26
