from __future__ import annotations

from collections.abc import Iterator

import pytest

from prefrontal.retrieval.ingest.commit import AddReport, Changes, Progress
from prefrontal.retrieval.ingest.progress import reporting
from prefrontal.tools.card import ModelCard


def portion(start: int, count: int, failed: int = 0) -> Changes:
    cards = {f"a/m-{n}": (ModelCard(id=f"a/m-{n}"), "") for n in range(start, start + count)}
    return Changes(cards, failed=tuple((f"line {n}", "no card") for n in range(failed)))


def in_halves(changes: Changes, progress: Progress | None) -> AddReport:
    """Writes a portion of which every card has two texts, and tells so after each half."""
    if progress:
        progress(len(changes.cards), 2 * len(changes.cards))
        progress(2 * len(changes.cards), 2 * len(changes.cards))
    return AddReport(tuple(changes.cards))


def heard(portions: list[Changes], total: int = 0) -> list[tuple[int, int]]:
    seen: list[tuple[int, int]] = []
    list(reporting(portions, in_halves, lambda *moved: seen.append(moved), total))
    return seen


def test_it_goes_on_from_portion_to_portion() -> None:
    assert heard([portion(0, 10), portion(10, 20)], total=30) == [(5, 30), (10, 30), (20, 30), (30, 30)]


def test_what_was_read_so_far_is_all_where_nobody_knows_the_total() -> None:
    assert heard([portion(0, 10), portion(10, 20)]) == [(5, 10), (10, 10), (20, 30), (30, 30)]


def test_a_total_that_was_too_small_grows() -> None:
    assert heard([portion(0, 10), portion(10, 20)], total=15) == [(5, 15), (10, 15), (20, 30), (30, 30)]


def test_what_is_set_aside_counts_as_done() -> None:
    assert heard([portion(0, 6, failed=4)], total=10) == [(5, 10), (10, 10)]
    assert heard([Changes(sources={"here": ""})]) == [], "of a portion without cards there is nothing to tell"


def test_each_portion_is_written_when_its_report_is_asked_for() -> None:
    written: list[int] = []

    def write(changes: Changes, progress: Progress | None) -> AddReport:
        assert progress is None, "nobody listens"
        written.append(len(changes.cards))
        return AddReport(tuple(changes.cards))

    reports = reporting(iter([portion(0, 1), portion(1, 2)]), write, None)
    assert written == []
    assert next(reports) == AddReport(("a/m-0",))
    assert written == [1]
    assert [report.added for report in reports] == [("a/m-1", "a/m-2")]


def test_what_was_written_before_an_error_was_told() -> None:
    def broken() -> Iterator[Changes]:
        yield portion(0, 4)
        raise ValueError("the file ends in the middle of a row")

    seen: list[tuple[int, int]] = []
    with pytest.raises(ValueError, match="in the middle of a row"):
        list(reporting(broken(), in_halves, lambda *moved: seen.append(moved), 8))
    assert seen == [(2, 8), (4, 8)]
