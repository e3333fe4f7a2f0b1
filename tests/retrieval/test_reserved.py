"""What bears the package's own ids comes from the package: a stranger's card never stands for a built-in or the zoo."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_core.vectorstores import InMemoryVectorStore

from prefrontal.errors import CardNotFoundError
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ingest.commit import Changes
from prefrontal.retrieval.ingest.portions import _admitted
from prefrontal.retrieval.reserved import is_reserved
from prefrontal.retrieval.sources import Read
from prefrontal.retrieval.stores.store_index import StoreIndex
from prefrontal.tools.builtin import builtin_cards
from prefrontal.tools.card import ModelCard
from prefrontal.zoo import zoo_cards

BUILTIN, ZOO = "prefrontal/calculate", "prefrontal/coin-detector"
OWN = {card.id: card for card in (*builtin_cards(), *zoo_cards())}


def reserved(id: str) -> tuple[str, str]:
    return id, f"{id!r} is reserved for what comes with prefrontal; give the model another owner"


def jsonl(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def readme(folder: Path, id: str = "", config: bool = False) -> Path:
    folder.mkdir(parents=True)
    declared = f"model_id: {id}\n" if id else ""
    (folder / "README.md").write_text(f"---\npipeline_tag: translation\n{declared}---\n# A stranger's\n")
    if config:
        (folder / "config.json").write_text('{"model_type": "marian"}')
    return folder


def parquet(path: Path, *ids: str) -> Path:
    pyarrow = pytest.importorskip("pyarrow")
    pytest.importorskip("pyarrow.parquet").write_table(pyarrow.table({"modelId": ids}), path)
    return path


# From each kind of source a card that claims to be ours.
STRANGERS: dict[str, Callable[[Path], Any]] = {
    "a row": lambda at: jsonl(at / "rows.jsonl", {"id": BUILTIN, "task": "translation"}),
    "a row that says that it is ours": lambda at: jsonl(
        at / "rows.jsonl", {**OWN[BUILTIN].to_dict(), "text": "calculate everything", "path": "/here"}
    ),
    "a table": lambda at: parquet(at / "rows.parquet", BUILTIN),
    "a README": lambda at: readme(at / "one", BUILTIN) / "README.md",
    "a model's folder": lambda at: readme(at / "one", BUILTIN, config=True),
    "a folder's name": lambda at: readme(at / "models" / "prefrontal--calculate").parent,
    "folders in each other": lambda at: readme(at / "models" / "prefrontal" / "calculate").parents[1],
    "a card": lambda at: ModelCard(id=BUILTIN, task="translation", path=str(at), source="builtin"),
    "cards": lambda at: iter([OWN[BUILTIN].with_(summary="Reckons wrongly.")]),
    "the Hub": lambda at: BUILTIN,
}


@pytest.mark.parametrize("kind", STRANGERS)
def test_a_strangers_card_is_set_aside(tmp_path: Path, embedder: Any, kind: str) -> None:
    index = ModelIndex(tmp_path / "index", embedder)
    index.add(builtin_cards())
    report = index.add(STRANGERS[kind](tmp_path), ModelCard(id="lab/other"))
    assert (report.added, report.changed, report.failed) == (("lab/other",), (), (reserved(BUILTIN),))
    assert [card for card in index if card.id == BUILTIN] == [index.get(BUILTIN)] == [OWN[BUILTIN]]


@pytest.mark.parametrize(
    "changes", [{"task": "translation"}, {"path": ""}, {"path": "/elsewhere"}, {"library": "peft"}]
)
def test_a_card_that_would_run_otherwise_is_not_ours(tmp_path: Path, embedder: Any, changes: dict[str, Any]) -> None:
    index = ModelIndex(tmp_path / "index", embedder)
    assert index.add(OWN[ZOO].with_(**changes)).failed == (reserved(ZOO),)
    assert ZOO not in index


def test_the_packages_own_come_in(tmp_path: Path, embedder: Any) -> None:
    index = ModelIndex(tmp_path / "index", embedder)
    report = index.add(builtin_cards(), zoo_cards())
    assert (set(report.added), report.failed) == (set(OWN), ())
    folder = Path(OWN[ZOO].path)
    assert index.add(ModelCard.from_dir(folder, id=ZOO)).unchanged == (ZOO,)
    assert index.add(OWN[ZOO].with_(text="It finds coins, and the prose of a card is free.")).changed == (ZOO,)
    assert index.add(folder.parent).added == tuple(sorted(card.name for card in zoo_cards())), "as any other folder"
    assert index.rebuild().failed == ()
    assert set(OWN) < {card.id for card in index}


@pytest.mark.parametrize("id", ["Prefrontal/calculate", "PREFRONTAL/new", "prefrontal/new"])
def test_in_any_case(tmp_path: Path, embedder: Any, id: str) -> None:
    assert ModelIndex(tmp_path / "index", embedder).add(ModelCard(id=id)).failed == (reserved(id),)


def test_what_looks_like_ours(tmp_path: Path, embedder: Any) -> None:
    report = ModelIndex(tmp_path / "index", embedder).add(ModelCard(id="prefr0ntal/calculate"))
    assert report.failed == (
        (
            "prefr0ntal/calculate",
            "'prefr0ntal/calculate' looks like prefrontal/…, which is reserved for what comes with prefrontal; "
            "give the model another owner",
        ),
    )
    assert [is_reserved(id) for id in ("prefrontal", "lab/prefrontal", "prefrontals/x", "pre-frontal/x")] == [False] * 4


def test_vectors_elsewhere_are_no_way_in(tmp_path: Path, embedder: Any) -> None:
    index = StoreIndex(tmp_path / "index", InMemoryVectorStore(embedder))
    assert index.add(ModelCard(id=ZOO, task="translation")).failed == (reserved(ZOO),)
    assert len(index) == 0


def plant(index: ModelIndex, *cards: ModelCard, source: str = "old.jsonl") -> ModelIndex:
    """What an index may hold that was written before these ids were kept."""
    index._commit(Changes({card.id: (card, source) for card in cards}, sources={source: "old"}), None)
    return ModelIndex(index.path, index._encoder.embedder)


STRANGE = ModelCard(id=BUILTIN, task="translation", summary="Translates sums.", downloads=9_000_000)
POSING = OWN[ZOO].with_(path="", summary="Finds coins, elsewhere.", source="jsonl")
NEW = ModelCard(id="prefrontal/new", task="translation")


def test_in_an_old_index_ours_stand(tmp_path: Path, embedder: Any) -> None:
    index = plant(ModelIndex(tmp_path / "index", embedder), STRANGE, POSING)
    assert (index.get(BUILTIN), index.get(ZOO)) == (OWN[BUILTIN], OWN[ZOO])
    assert [hit.card for hit in index.search("find coins", k=9)] == [OWN[ZOO]]
    assert [hit.card for hit in index.search("translate sums", k=9, task="translation")] == []
    assert list(index) == [OWN[ZOO]]


def test_a_rebuild_clears_an_old_index(tmp_path: Path, embedder: Any) -> None:
    index = plant(ModelIndex(tmp_path / "index", embedder), STRANGE, POSING, NEW, ModelCard(id="lab/other"))
    took = "is reserved for what comes with prefrontal, and that took its place"
    report = index.rebuild()
    assert report.failed == ((BUILTIN, f"{BUILTIN!r} {took}"), (ZOO, f"{ZOO!r} {took}"), reserved(NEW.id))
    assert [card.id for card in index] == ["lab/other", BUILTIN, ZOO]
    assert [index.get(id) for id in (BUILTIN, ZOO)] == [OWN[BUILTIN], OWN[ZOO]]
    with pytest.raises(CardNotFoundError, match="'prefrontal/new' is not among the 3 models of the index"):
        index.get("prefrontal/new")


def test_a_rebuild_from_sources_sets_aside(tmp_path: Path, embedder: Any) -> None:
    rows = jsonl(tmp_path / "rows.jsonl", {"id": ZOO, "task": "translation"}, {"id": "lab/other"})
    index = plant(ModelIndex(tmp_path / "index", embedder), STRANGE, source=str(rows))
    (index.path / "gen-000001" / "catalog.sqlite").write_bytes(b"")
    report = ModelIndex(index.path, embedder).rebuild()
    assert (report.added, report.failed) == (("lab/other",), (reserved(ZOO),))


def test_a_sync_takes_a_strangers_card_out(tmp_path: Path, embedder: Any) -> None:
    rows = jsonl(tmp_path / "rows.jsonl", {"id": NEW.id, "task": "translation"}, {"id": "lab/other"})
    index = plant(ModelIndex(tmp_path / "index", embedder), NEW, source=str(rows))
    report = index.sync()
    assert (report.added, report.removed, report.failed) == (("lab/other",), (NEW.id,), (reserved(NEW.id),))


def test_in_the_default_index_ours_come_back(tmp_path: Path, embedder: Any) -> None:
    rows = jsonl(tmp_path / "rows.jsonl", {"id": ZOO, "task": "translation"})
    index = ModelIndex(embedder=embedder)
    count = len(index)
    assert (index.add(rows).failed, len(index)) == ((reserved(ZOO),), count)
    plant(index, ModelCard(id=ZOO, task="translation"), source=str(rows))
    index = ModelIndex(embedder=embedder)
    assert index.sync().removed == (ZOO,)
    assert (list(index).count(OWN[ZOO]), len(index)) == (1, count)


def test_what_is_not_read_again_may_be_no_card_of_ours() -> None:
    """A list of the Hub leaves out what was not modified: it is in an old index."""
    assert _admitted(Read("prefrontal/new")) == Read(
        *reserved("prefrontal/new")[:1], reason=reserved("prefrontal/new")[1], hides=False
    )
    assert _admitted(Read("lab/new")) == Read("lab/new")
