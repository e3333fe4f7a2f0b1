"""Cards without a usable tag get their task, library and labels from their documentation; and tags can be hidden."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prefrontal import ModelCard
from prefrontal.tools.connectors.documented import without_tags

CARD = """# Mood of letters

Says the sentiment of a letter. LABEL_0: sad, LABEL_1: glad.

```python
from transformers import AutoModelForSequenceClassification
model = AutoModelForSequenceClassification.from_pretrained("lab/mood")
```
"""


def test_a_card_without_a_tag_is_told_by_its_documentation() -> None:
    card = ModelCard.from_readme(CARD, id="lab/mood")
    assert (card.task, card.library, card.labels) == ("text-classification", "transformers", ("sad", "glad"))
    assert card.told_by == "its code calls AutoModelForSequenceClassification"
    assert card.said["labels"] == ["sad", "glad"]
    assert card.facts()[0] == ("task", f"text-classification (no tag names it: {card.told_by})")
    assert ModelCard.from_dict(card.to_dict()) == card


@pytest.mark.parametrize("tag", ["pipeline_tag: translation", "tags: [translation]"])
def test_a_tag_comes_first(tag: str) -> None:
    card = ModelCard.from_readme(f"---\n{tag}\n---\n{CARD}", id="lab/mood")
    assert (card.task, card.told_by, card.said) == ("translation", "", {})
    assert card.connector.cls == "AutoModelForSequenceClassification"


@pytest.mark.parametrize("tag", ["other", "text-to-smell", "count"])
def test_a_tag_that_names_no_task_of_models_is_of_no_use(tag: str) -> None:
    card = ModelCard.from_row({"id": "lab/mood", "pipeline_tag": tag, "card": CARD})
    assert card.task in ("text-classification", tag)
    assert bool(card.told_by) is (card.task != tag)


def test_rows_and_folders_are_told_alike(tmp_path: Path) -> None:
    row = {"id": "lab/m", "description": "", "meta": {"widget": [{"text": "Who?", "context": "Anna."}]}}
    assert ModelCard.from_row(row).task == "question-answering"
    whole = {"id": "lab/m", "card": "---\ndatasets: [squad_v2]\n---\n# M\n"}
    assert ModelCard.from_row(whole).task == "question-answering"
    config = {"architectures": ["T5ForConditionalGeneration"], "model_type": "t5", "id2label": {"0": "LABEL_0"}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "README.md").write_text("It writes a summary of a text.")
    assert ModelCard.from_dir(tmp_path, id="lab/m").task == "summarization"
    (tmp_path / "README.md").unlink()
    assert ModelCard.from_dir(tmp_path, id="lab/m").task == "text2text-generation"


def test_what_it_was_made_from_is_kept() -> None:
    card = ModelCard.from_readme("---\nbase_model: big/one\n---\nNothing.", id="lab/m")
    assert (card.task, card.tags) == ("", ("base_model:big/one",))


def test_tags_are_hidden_with_all_that_names_the_task() -> None:
    header = {"pipeline_tag": "translation", "tags": ["translation", "nllb", "ner", 3], "license": "mit",
              "model-index": [{"results": [{"task": {"type": "translation"}}]}]}  # fmt: skip
    assert without_tags(header) == {"tags": ["nllb"], "license": "mit"}
    assert without_tags({"tags": "summarization"}) == {"tags": []}
