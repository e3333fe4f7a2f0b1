from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from prefrontal.errors import CardNotFoundError, IndexDamagedError
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ingest.commit import AddReport
from prefrontal.tools.card import ModelCard


def readme(root: Path, name: str, task: str = "translation", words: str = "Translates slowly but surely.") -> Path:
    (root / name).mkdir(parents=True, exist_ok=True)
    (root / name / "README.md").write_text(f"---\npipeline_tag: {task}\n---\n# {name}\n\n{words}\n")
    return root / name


def test_adding_reports_what_came_of_it(index: ModelIndex, cards: list[ModelCard]) -> None:
    report = index.add(cards[:2], cards[2].with_(downloads=5), ModelCard(id="new/one"), "owner/name")
    assert report == AddReport(
        added=("new/one",),
        changed=("lab/opus-en-fr",),
        unchanged=("shop/coin-finder", "lab/detr-big"),
        failed=(
            (
                "owner/name",
                "owner/name cannot be looked up: the Hub is out of reach; "
                "pass a local folder, or connect and try again",
            ),
        ),
    )
    assert str(report).splitlines()[0] == "1 added, 1 changed, 2 unchanged"
    assert str(report).splitlines()[1].startswith("set aside owner/name: owner/name cannot be looked up")
    assert index.get("lab/opus-en-fr").downloads == 5


def test_what_is_unchanged_is_neither_embedded_nor_written(
    index: ModelIndex, cards: list[ModelCard], embedder: Any
) -> None:
    embedded, generation = embedder.embedded, index.stats()["generation"]
    assert index.add(cards).unchanged == tuple(card.id for card in cards)
    assert (embedder.embedded, index.stats()["generation"]) == (embedded, generation)
    index.add(cards[0].with_(downloads=99))  # the text is the same, so is its vector
    assert embedder.embedded == embedded
    assert index.search(cards[0].id, k=1)[0].card.downloads == 99
    index.add(ModelCard.from_dict(cards[0].to_dict() | {"id": "other/coin-finder"}))  # as is a twin's
    assert embedder.embedded == embedded + 1, "only the query was embedded"
    index.add(cards[0].with_(summary="Finds buttons."))
    assert embedder.embedded == embedded + 2


def test_progress_counts_the_cards(tmp_path: Path, embedder: Any) -> None:
    seen: list[tuple[int, int]] = []
    index = ModelIndex(tmp_path / "new", embedder)
    index.add([ModelCard(id=f"a/m-{i}") for i in range(300)], progress=lambda done, total: seen.append((done, total)))
    assert seen == [(256, 300), (300, 300)]


def test_progress_goes_on_from_portion_to_portion(
    tmp_path: Path, embedder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prefrontal.retrieval.ingest.portions._PORTION", 200_000)  # about 100 cards
    monkeypatch.setattr("prefrontal.retrieval.ingest.commit._BATCH", 60)
    cards = [ModelCard(id=f"a/m-{i}") for i in range(250)]

    def seen(*sources: Any) -> list[tuple[int, int]]:
        told: list[tuple[int, int]] = []
        ModelIndex(tmp_path / "new", embedder).add(*sources, progress=lambda *moved: told.append(moved))
        return told

    assert seen(cards, ModelCard(id="a/last")) == [(60, 251), (100, 251), (160, 251), (200, 251), (251, 251)]
    assert seen(iter(cards)) == [(100, 100), (200, 200), (250, 250)], (
        "they are there already; nobody knows how many an iterator has"
    )


def test_of_two_cards_with_one_id_the_last_counts(index: ModelIndex, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": "a/b", "text": "first"}\n{"id": "a/b", "text": "second"}\n')
    assert index.add(path).added == ("a/b",)
    assert index.add(path).unchanged == ("a/b",)
    assert index.get("a/b").text == "second"


def test_removed_cards_are_found_no_more(index: ModelIndex) -> None:
    report = index.remove("shop/coin-finder", "no/such")
    assert report == AddReport(removed=("shop/coin-finder",), failed=(("no/such", "it is not in the index"),))
    assert "shop/coin-finder" not in index
    assert len(index) == 5
    assert "shop/coin-finder" not in {hit.id for hit in index.search("coin finder", k=9)}
    assert index.verify()["cards"] == 5


def test_an_unknown_id_is_a_friendly_miss(index: ModelIndex) -> None:
    with pytest.raises(CardNotFoundError) as caught:
        index.get("shop/coinfinder")
    assert str(caught.value) == (
        "'shop/coinfinder' is not among the 6 models of the index; closest: shop/coin-finder; "
        "search for it in words, or add it with prefrontal index add"
    )
    with pytest.raises(CardNotFoundError, match=r"'opus-en' is not among .* closest: lab/opus-en-fr, lab/opus-de-en; "):
        index.get("opus-en")


def test_it_looks_like_a_collection(index: ModelIndex, cards: list[ModelCard]) -> None:
    assert len(index) == 6
    assert {card.id for card in index} == {card.id for card in cards}
    assert index.list() == tuple(sorted(cards, key=lambda card: card.id))
    assert index.tasks() == ["object-detection", "translation", "automatic-speech-recognition"]
    assert str(index).startswith(f"6 models in {index.path} (")
    assert repr(index) == f"ModelIndex({str(index.path)!r})"
    assert 7 not in index


def test_an_index_that_is_not_there_is_empty(tmp_path: Path, embedder: Any) -> None:
    index = ModelIndex(tmp_path / "nowhere", embedder)
    assert (len(index), index.list(), index.tasks(), list(index.search("coins"))) == (0, (), [], [])
    assert index.stats() == index.verify() == {"path": str(index.path), "generation": 0, "cards": 0}
    assert not index.path.exists(), "looking must not write"
    assert index.sync() == AddReport()


def test_a_sync_follows_the_folder(tmp_path: Path, embedder: Any) -> None:
    root = tmp_path / "models"
    for name in ("one", "two", "three"):
        readme(root, name)
    index = ModelIndex(tmp_path / "index", embedder)
    index.add(root)
    assert index.stats()["sources"] == [str(root)]
    embedded = embedder.embedded
    assert index.sync() == AddReport()
    readme(root, "one", words="Translates quickly, and that is all there is to say.")
    readme(root, "four", "object-detection")
    shutil.rmtree(root / "three")
    report = index.sync()
    assert (report.added, report.changed, report.unchanged, report.removed) == (
        ("four",),
        ("one",),
        ("two",),
        ("three",),
    )
    assert embedder.embedded == embedded + 2
    assert sorted(card.id for card in index) == ["four", "one", "two"]
    assert index.sync() == AddReport()


def test_a_sync_keeps_what_it_cannot_read(tmp_path: Path, embedder: Any) -> None:
    root = tmp_path / "models"
    readme(root, "one"), readme(root, "two")
    index = ModelIndex(tmp_path / "index", embedder)
    index.add(root)
    (root / "two" / "README.md").write_text("---\na: &x 1\nb: *x\n---\n# two")
    report = index.sync()
    assert report.removed == ()
    assert "the card's header uses YAML anchors and aliases" in report.failed[0][1]
    shutil.rmtree(root)
    assert index.sync().failed[0][0] == str(root)
    assert len(index) == 2


def test_a_rebuild_goes_back_to_the_sources_when_the_catalogue_is_lost(tmp_path: Path, embedder: Any) -> None:
    root = tmp_path / "models"
    readme(root, "one"), readme(root, "two")
    index = ModelIndex(tmp_path / "index", embedder)
    index.add(root)
    (index.path / "gen-000001" / "catalog.sqlite").write_bytes(b"")
    report = ModelIndex(index.path, embedder).rebuild()
    assert report.added == ("one", "two")
    assert ModelIndex(index.path, embedder).verify()["cards"] == 2
    (tmp_path / "other").mkdir()
    with pytest.raises(IndexDamagedError) as caught:
        ModelIndex(tmp_path / "other", embedder).rebuild()
    assert str(caught.value) == (
        f"nothing is left to rebuild {tmp_path / 'other'} from; "
        f"add its sources again: prefrontal index add SOURCE… --index {tmp_path / 'other'}"
    )


def test_the_default_index_carries_what_the_package_does(tmp_path: Path, embedder: Any) -> None:
    index = ModelIndex(embedder=embedder)
    assert index.path == tmp_path / "home" / "index"
    ids = {card.id for card in index}
    assert {"prefrontal/calculate", "prefrontal/digit-classifier", "sentence-transformers/all-MiniLM-L6-v2"} <= ids
    assert len(ids) > 400
    assert index.get("prefrontal/digit-classifier").path
    embedded, generation = embedder.embedded, index.stats()["generation"]
    again = ModelIndex(embedder=embedder)
    assert len(again) == len(ids)
    assert (embedder.embedded, again.stats()["generation"]) == (embedded, generation)


def test_the_default_index_follows_the_package(embedder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    few = [ModelCard(id="prefrontal/old", task="count"), ModelCard(id="prefrontal/stays", task="join")]
    for name, value in {
        "packaged_cards": lambda: iter(few),
        "packaged_fingerprint": lambda: "an older version",
    }.items():
        monkeypatch.setattr(f"prefrontal.retrieval.index.{name}", value)
    index = ModelIndex(embedder=embedder)
    index.add(ModelCard(id="my/own"))
    assert len(index) == 3
    few[0] = ModelCard(id="prefrontal/new", task="count")
    monkeypatch.setattr("prefrontal.retrieval.index.packaged_fingerprint", lambda: "a newer version")
    assert sorted(card.id for card in ModelIndex(embedder=embedder)) == ["my/own", "prefrontal/new", "prefrontal/stays"]
