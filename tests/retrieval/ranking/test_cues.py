"""What the words of a request say about the task, for searches."""

from __future__ import annotations

import pytest

from prefrontal.retrieval.ranking.cues import CUES, cued_tasks
from prefrontal.tools.tasks import find_task


@pytest.mark.parametrize(
    ("query", "task"),
    [
        ("We need every interview written out, so please transcribe them", "automatic-speech-recognition"),
        ("Could you translate our menu into Portuguese?", "translation"),
        ("a picture of a lighthouse in a storm, draw me one", "text-to-image"),
        ("fill in the blank: the [MASK] barked", "fill-mask"),
    ],
)
def test_a_cue_names_the_task(query: str, task: str) -> None:
    cued = cued_tasks(query)
    assert max(cued, key=lambda name: cued[name]) == task
    assert all(find_task(name) and 0 < sure <= 1 for name, sure in cued.items())


def test_the_kind_of_file_decides_where_a_cue_has_several_tasks() -> None:
    unknown, heard = cued_tasks("classify it"), cued_tasks("classify it", "audio")
    assert 0 < unknown["audio-classification"] < heard["audio-classification"]
    assert "video-classification" in unknown
    assert "video-classification" not in heard


def test_words_without_a_cue_name_nothing() -> None:
    assert cued_tasks("good morning from the harbour") == {}
    assert len(CUES) > 100
