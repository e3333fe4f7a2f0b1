from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from prefrontal.errors import IndexDamagedError
from prefrontal.retrieval.embedding.encoder import Encoder
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.ingest import commit as module
from prefrontal.retrieval.ingest.commit import (
    AddReport,
    Changes,
    commit,
    recover,
    task_rows,
    tasks_fingerprint,
)
from prefrontal.retrieval.storage.backend import FaissBackend
from prefrontal.retrieval.storage.generations import CATALOG, Generation, Generations
from prefrontal.tools.card import ModelCard
from prefrontal.tools.tasks import task_phrases


class Folder:
    """An index as `commit` sees it: its generations, and where its vectors are."""

    def __init__(self, path: Path, embedder: Any) -> None:
        self.generations = Generations(path)
        self.backend = FaissBackend(Encoder(embedder))

    def commit(self, changes: Changes, **more: Any) -> AddReport:
        return commit(self.generations, self.backend, changes, **more)

    def add(self, *cards: ModelCard, source: str = "", **more: Any) -> AddReport:
        return self.commit(Changes({card.id: (card, source) for card in cards}, **more))

    @property
    def now(self) -> Generation:
        generation = self.generations.open()
        assert generation
        return generation


@pytest.fixture
def folder(tmp_path: Path, embedder: Any) -> Folder:
    return Folder(tmp_path / "index", embedder)


def test_a_report_counts_what_came_of_it() -> None:
    assert str(AddReport()) == "0 added"
    assert str(AddReport(("a/b",), ("a/c", "a/d"), removed=("a/e",))) == "1 added, 2 changed, 1 removed"
    many = AddReport(failed=tuple((f"line {n}", "no JSON") for n in range(23)))
    assert str(many).splitlines()[1] == "set aside line 0: no JSON"
    assert str(many).splitlines()[20:] == ["set aside line 19: no JSON", "and 3 more set aside"]


def test_cards_come_change_and_go_in_one_step(folder: Folder, cards: list[ModelCard]) -> None:
    assert folder.add(*cards).added == tuple(card.id for card in cards)
    changed = cards[1].with_(downloads=7)
    new = ModelCard(id="new/one")
    report = folder.commit(
        Changes(
            {card.id: (card, "") for card in (cards[0], changed, new)},
            remove=frozenset({cards[2].id, cards[1].id, "no/such"}),
            failed=(("line 3", "no JSON"),),
        )
    )
    assert report == AddReport(
        added=(new.id,),
        changed=(changed.id,),
        unchanged=(cards[0].id,),
        removed=(cards[2].id,),
        failed=(("line 3", "no JSON"),),
    ), "what comes and shall go, comes"
    assert folder.now.manifest.generation == 2
    assert {card.id: card for _, card in folder.now.segments.each()} == {
        card.id: card for card in (cards[0], changed, *cards[3:], new)
    }


def test_nothing_is_written_when_nothing_changes(folder: Folder, cards: list[ModelCard], embedder: Any) -> None:
    assert folder.commit(Changes()) == AddReport()
    assert not folder.generations.path.exists()
    folder.add(*cards, sources={"here": "mark 1"})
    embedded = embedder.embedded
    assert folder.add(*cards, sources={"here": "mark 1"}).unchanged == tuple(card.id for card in cards)
    assert folder.commit(Changes(remove=frozenset({"no/such"}))) == AddReport()
    assert (folder.generations.number(), embedder.embedded) == (1, embedded)


@pytest.mark.parametrize(
    "changes", [{"sources": {"here": "mark 2"}}, {"packaged": "another"}, {"finished": frozenset({"dump"})}]
)
def test_what_is_remembered_of_sources_is_a_change_too(
    folder: Folder, cards: list[ModelCard], changes: dict[str, Any]
) -> None:
    folder.add(*cards, sources={"here": "mark 1"}, packaged="this", reading={"dump": ("mark", 5)})
    assert folder.commit(Changes(**changes)) == AddReport()
    assert folder.generations.number() == 2
    manifest = folder.now.manifest
    assert manifest.sources == {"here": "mark 1"} | changes.get("sources", {})
    assert manifest.packaged == changes.get("packaged", "this")
    assert list(manifest.reading) == ([] if "finished" in changes else ["dump"])
    folder.commit(Changes(**changes))
    assert folder.generations.number() == 2, "it is known now"


def test_equal_texts_share_a_vector_that_is_embedded_once(
    folder: Folder, cards: list[ModelCard], embedder: Any
) -> None:
    task_rows(folder.backend.encoder)  # else they are embedded in between
    embedder.embedded = 0
    twins = [ModelCard(id=f"{owner}/twin", task="translation", summary="The same.") for owner in "abc"]
    folder.add(*twins)
    assert embedder.embedded == 1
    folder.add(ModelCard.from_dict(twins[0].to_dict() | {"id": "d/twin"}), twins[1].with_(downloads=3))
    assert embedder.embedded == 1
    rows = folder.now.segments.vectors.get([rowid for rowid, _ in folder.now.segments.each()])
    assert len(rows) == 4
    assert np.allclose(rows, HashEmbedder().encode([twins[0].search_text]))


def test_another_table_of_tasks_is_written_anew(
    folder: Folder, cards: list[ModelCard], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.add(*cards)
    assert np.allclose(folder.now.task_rows, task_rows(folder.backend.encoder))
    before = tasks_fingerprint()
    phrases = (
        ("translation", "say it in other words"),
        ("translation", "say it in other words"),
        ("count", "how many"),
    )
    monkeypatch.setattr(module, "task_phrases", lambda: phrases)
    assert tasks_fingerprint() != before
    assert folder.commit(Changes()) == AddReport()
    assert folder.now.manifest.tasks == tasks_fingerprint()
    assert np.allclose(folder.now.task_rows, HashEmbedder().encode([phrase for _, phrase in phrases]))


def test_the_phrases_of_tasks_are_embedded_once_for_the_process(embedder: Any) -> None:
    embedder.signature = "an embedder that nobody has seen"
    first = task_rows(Encoder(embedder))
    embedded = embedder.embedded
    assert embedded == len({phrase for _, phrase in task_phrases()})
    assert task_rows(Encoder(embedder)) is first
    assert embedder.embedded == embedded
    assert first.shape == (len(task_phrases()), 256)


def test_a_fresh_start_forgets_what_was_there(folder: Folder, cards: list[ModelCard]) -> None:
    folder.add(*cards, sources={"old": "mark"})
    report = folder.commit(Changes({cards[0].id: (cards[0], "new")}, sources={"new": "mark"}), fresh=True)
    assert report.added == (cards[0].id,)
    assert folder.now.manifest.sources == {"new": "mark"}
    assert (folder.now.manifest.generation, folder.now.segments.ids()) == (2, [cards[0].id])


def test_progress_counts_the_texts_that_are_embedded(
    folder: Folder, cards: list[ModelCard], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BATCH", 4)
    seen: list[tuple[int, int]] = []
    changes = Changes({card.id: (card, "") for card in cards})
    folder.commit(changes, progress=lambda *moved: seen.append(moved))
    assert seen == [(4, 6), (6, 6)]
    folder.commit(changes, progress=lambda *moved: seen.append(moved), fresh=True)
    assert seen[2:] == [(4, 6), (6, 6)], "from nothing, no vector is at hand"


def test_another_writer_may_come_first(folder: Folder, cards: list[ModelCard]) -> None:
    folder.add(cards[0])

    class Slow(HashEmbedder):
        """While it embeds, another writer brings a card, and changes one that was as it should be."""

        def encode(self, texts: list[str]) -> np.ndarray:
            if cards[1].search_text in texts:
                folder.add(cards[0].with_(summary="Finds buttons."), cards[2], cards[3])
            return super().encode(texts)

    slow = Folder(folder.generations.path, Slow())
    report = slow.add(*cards[:3])
    assert report == AddReport(added=(cards[1].id,), changed=(cards[0].id,), unchanged=(cards[2].id,))
    assert folder.now.manifest.generation == 3
    found = dict(folder.now.segments.each())
    assert {card.id: card for card in found.values()} == {card.id: card for card in cards[:4]}
    rows = folder.now.segments.vectors.get(list(found))
    assert np.allclose(rows, HashEmbedder().encode([card.search_text for card in found.values()]))


def test_the_newest_whole_catalogue_is_what_a_rebuild_starts_from(folder: Folder, cards: list[ModelCard]) -> None:
    folder.add(*cards[:3], source="here", sources={"here": "mark"}, packaged="this")
    folder.add(cards[3], source="there")
    (folder.now.folder / CATALOG).write_bytes(b"damaged")
    portions, sources = recover(folder.generations)
    assert portions
    (found,) = portions
    assert found == Changes(
        {card.id: (card, "here") for card in sorted(cards[:3], key=lambda card: card.id)},
        sources={"here": "mark"},
        packaged="this",
    )
    assert list(sources) == []


def test_without_a_catalogue_the_sources_are_read_again(folder: Folder, cards: list[ModelCard]) -> None:
    folder.add(*cards, source="here", sources={"here": "mark"})
    (folder.now.folder / CATALOG).write_bytes(b"damaged")
    portions, sources = recover(folder.generations)
    assert portions is None
    assert list(sources) == ["here"]


def test_nothing_to_rebuild_from_says_so(folder: Folder, cards: list[ModelCard]) -> None:
    folder.add(*cards)
    (folder.now.folder / CATALOG).write_bytes(b"damaged")
    with pytest.raises(IndexDamagedError) as caught:
        recover(folder.generations)
    assert str(caught.value) == (
        f"nothing is left to rebuild {folder.generations.path} from; "
        f"add its sources again: prefrontal index add SOURCE… --index {folder.generations.path}"
    )


def test_an_index_that_was_emptied_is_rebuilt_empty(folder: Folder, cards: list[ModelCard]) -> None:
    folder.add(cards[0], sources={"here": "mark"})
    folder.commit(Changes(remove=frozenset({cards[0].id})))
    portions, _ = recover(folder.generations)
    assert portions
    assert list(portions) == [Changes(sources={"here": "mark"}, packaged="")]
