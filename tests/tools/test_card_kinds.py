"""The card of a data set or of a Space is no model's."""

from __future__ import annotations

from pathlib import Path

import pytest

from prefrontal.errors import CardError
from prefrontal.tools.card import ModelCard

DATA_SET = "---\nlicense: mit\ntask_categories: [text-classification]\nsize_categories: [1K<n<10K]\n---\n# Reviews\n"
SPACE = "---\ntitle: Demo\nemoji: x\nsdk: gradio\nsdk_version: 4.0\napp_file: app.py\n---\n# Demo\n"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (DATA_SET, "data set"),
        ("---\nconfigs:\n- config_name: default\n  data_files: [{split: train, path: a.csv}]\n---\n", "data set"),
        ("---\ndataset_info: {features: [{name: a, dtype: string}]}\n---\n", "data set"),
        (SPACE, "Space"),
    ],
)
def test_set_aside_with_the_reason(text: str, kind: str) -> None:
    said = f"it is the card of a {kind}, not of a model; models have a pipeline_tag or weights beside it"
    for make in (
        lambda: ModelCard.from_readme(text, id="a/b"),
        lambda: ModelCard.from_row({"id": "a/b", "card": text}),
    ):
        with pytest.raises(CardError) as caught:
            make()
        assert str(caught.value) == said


def test_what_says_that_it_is_a_model_is_one(tmp_path: Path) -> None:
    """Authors copy headers: two models in 673 have a Space's, and one a data set's."""
    tagged = SPACE.replace("sdk: gradio", "sdk: gradio\npipeline_tag: text-to-video")
    assert ModelCard.from_readme(tagged, id="a/b").task == "text-to-video"
    assert ModelCard.from_row({"id": "a/b", "pipeline_tag": "text-classification", "card": DATA_SET}).license == "mit"
    (tmp_path / "README.md").write_text(DATA_SET)
    with pytest.raises(CardError, match="data set"):
        ModelCard.from_dir(tmp_path, id="a/b")
    (tmp_path / "model.gguf").write_bytes(b"GGUF")
    assert ModelCard.from_dir(tmp_path, id="a/b").formats == ("GGUF",)
