"""What counts among models that fit about equally, and that nothing else moves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from model_folders import with_weights

from prefrontal.errors import UsageError
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ranking.preferences import PREFERENCES, preferred
from prefrontal.retrieval.ranking.signals import SIGNALS
from prefrontal.tools.card import ModelCard

WRONG = "prefer is 'cheap'; allowed are fast, balanced, best"


@pytest.fixture
def sizes(tmp_path: Path) -> ModelIndex:
    """Taggers that differ in size and use alone, one that fits much worse, and a tiny model of another task."""
    index = ModelIndex(tmp_path / "sizes", HashEmbedder())
    index.add(
        ModelCard(id="a/alpha", task="text-classification", summary="Tags texts.", bytes=10**8, downloads=10**5),
        ModelCard(id="b/bravo", task="text-classification", summary="Tags texts.", bytes=2 * 10**6),
        ModelCard(id="c/carol", task="text-classification", summary="Tags texts.", bytes=3 * 10**9, downloads=10**7),
        ModelCard(id="d/unlike", task="text-classification", summary="Sorts parcels by colour.", bytes=10**6),
        ModelCard(id="e/echo", task="translation", summary="Tags texts.", bytes=10**5),
    )
    return index


def ids(index: ModelIndex, prefer: str, **more: object) -> list[str]:
    return [hit.id for hit in index.search("tags texts", prefer=prefer, offline=False, **more)]  # type: ignore[arg-type]  (any filter)


def test_the_table_names_signals() -> None:
    assert {name for row in PREFERENCES.values() for name in row.weights} <= {signal.name for signal in SIGNALS}
    assert list(PREFERENCES) == ["fast", "balanced", "best"]
    assert not PREFERENCES["balanced"].weights


def test_near_equals_change_places(sizes: ModelIndex) -> None:
    plain, fast, best = (ids(sizes, prefer) for prefer in ("balanced", "fast", "best"))
    taggers = {"a/alpha", "b/bravo", "c/carol"}
    assert [id for id in fast if id in taggers] == ["b/bravo", "a/alpha", "c/carol"]
    assert [id for id in best if id in taggers] == ["c/carol", "a/alpha", "b/bravo"]
    assert next(id for id in plain if id in taggers) == "c/carol"
    # Each place keeps its task, and what fits much worse stays where it was.
    for order in (fast, best):
        assert [id in taggers for id in order] == [id in taggers for id in plain]
        assert order.index("d/unlike") == plain.index("d/unlike")
        assert order.index("e/echo") == plain.index("e/echo")


def test_balanced_is_what_a_search_gives_anyway(sizes: ModelIndex) -> None:
    plain, balanced = sizes.search("tags texts"), sizes.search("tags texts", prefer="balanced")
    assert [(hit.id, hit.score, hit.reasons) for hit in plain] == [(h.id, h.score, h.reasons) for h in balanced]


def test_the_score_still_says_how_well_a_model_fits(sizes: ModelIndex) -> None:
    scores = {hit.id: hit.score for hit in sizes.search("tags texts", offline=False)}
    fast = sizes.search("tags texts", prefer="fast", offline=False)
    assert {hit.id: hit.score for hit in fast} == scores
    first = next(hit for hit in fast if hit.id == "b/bravo")
    assert first.reasons[0] == "costs less than others that fit as well"
    assert not any("costs less" in reason for hit in fast if hit.id == "c/carol" for reason in hit.reasons)


def test_what_is_here_already_counts_for_fast(tmp_path: Path, make_card: Callable[..., ModelCard]) -> None:
    index = ModelIndex(tmp_path / "here", HashEmbedder())
    far = make_card("a/far", "text-classification", "Tags texts.", library="transformers", bytes=10**7, downloads=10**7)
    near = make_card("b/near", "text-classification", "Tags texts.", library="transformers", bytes=10**7)
    index.add(far, near.with_(path=with_weights(tmp_path / "weights")))
    assert ids(index, "balanced") == ["a/far", "b/near"]
    assert ids(index, "fast") == ["b/near", "a/far"]


def test_it_can_be_laid_over_an_index_and_a_retriever(sizes: ModelIndex) -> None:
    fast = ids(sizes, "fast")
    view = sizes.filtered(prefer="fast")
    assert [hit.id for hit in view.search("tags texts", offline=False)] == fast
    assert [hit.id for hit in view.search("tags texts", offline=False, prefer="best")] == ids(sizes, "best")
    assert [d.id for d in sizes.as_retriever(prefer="fast", offline=False).invoke("tags texts")] == fast
    assert [d.id for d in view.as_retriever(offline=False).invoke("tags texts")] == fast
    assert str(view.search("x", task="depth-estimation")).endswith("passes task=depth-estimation; try fewer filters")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda index: index.search("x", prefer="cheap"),
        lambda index: index.filtered(prefer="cheap"),
        lambda index: index.filtered().search("x", prefer="cheap"),
        lambda index: index.as_retriever(prefer="cheap"),
        lambda index: index.filtered().as_retriever(prefer="cheap"),
    ],
)
def test_a_wrong_preference_is_named(sizes: ModelIndex, wrong: Callable[[ModelIndex], object]) -> None:
    with pytest.raises(UsageError) as caught:
        wrong(sizes)
    assert str(caught.value) == WRONG


def test_only_near_equals_of_one_group_pass_each_other() -> None:
    found = [("x", 0.90, 0), ("y", 0.89, 9), ("x", 0.86, 5), ("x", 0.84, 9), ("", 0.5, 0), ("", 0.5, 1)]
    order = preferred(found, lambda f: f[1], lambda f: f[2], lambda f: f[0])
    # 0.84 is too far from 0.90, which waits until it has a place.
    assert order == [("x", 0.86, 5), ("y", 0.89, 9), ("x", 0.90, 0), ("x", 0.84, 9), ("", 0.5, 0), ("", 0.5, 1)]
