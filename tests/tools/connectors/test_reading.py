"""Rows of a dump, read with their tags and without."""

from __future__ import annotations

from typing import Any

import pytest

from prefrontal.errors import CardError
from prefrontal.tools.connectors.documented import code_of
from prefrontal.tools.connectors.reading import read_documentation

CARD = """# Mood of letters

Says the sentiment of a letter. LABEL_0: sad, LABEL_1: glad.

```python
from transformers import AutoModelForSequenceClassification
model = AutoModelForSequenceClassification.from_pretrained("lab/mood")
```
"""


@pytest.mark.parametrize(
    ("row", "hidden", "told"),
    [
        ({"pipeline_tag": "translation", "card": CARD}, "text-classification", "translation"),
        (
            {"task": "translation", "meta": {"pipeline_tag": "translation"}, "description": CARD},
            "text-classification",
            "translation",
        ),
        (
            {"domain": "NLP Translation", "functionality": "Translation", "description": "It is good."},
            "",
            "translation",
        ),
        (
            {"card": f"---\npipeline_tag: translation\ntags: [translation]\n---\n{CARD}"},
            "text-classification",
            "translation",
        ),
        ({"card": CARD}, "text-classification", "text-classification"),
    ],
)
def test_rows_are_read_with_and_without_tags(row: dict[str, Any], hidden: str, told: str) -> None:
    named = {"id": "lab/mood", **row}
    assert read_documentation(named, hide_tags=True).task == hidden
    assert read_documentation(named).task == told


def test_code_that_a_row_holds_apart_is_read() -> None:
    for code in ("from flair.models import SequenceTagger\nSequenceTagger.load(a)",
                 ["from flair.models import SequenceTagger", "SequenceTagger.load(a)"],
                 {"1": "from flair.models import SequenceTagger", "SequenceTagger.load(a)": ""}):  # fmt: skip
        found = read_documentation({"id": "lab/m", "description": "A model.", "example_code": code})
        assert (found.library, found.cls) == ("flair", "SequenceTagger")
    assert code_of({"example_code": None}) == ""


def test_a_row_without_an_id_is_refused() -> None:
    with pytest.raises(CardError):
        read_documentation({"description": "x"})
