"""A model that did not exist before: dropped as a folder, indexed by its card, used at the next run."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image, ImageDraw

from prefrontal import Agent, ModelIndex, Workspace
from prefrontal.doors.cli import main
from prefrontal.retrieval.embedding.minilm import default_embedder

SHAPES = ("circle", "square", "triangle")
CARD = """---
license: apache-2.0
library_name: transformers
pipeline_tag: image-classification
tags: [shape]
---
# shape-teller

Tells the shape of a drawn figure: a circle, a square or a triangle.
"""


def drawn(shape, rng, size=24):
    image = Image.new("RGB", (size, size), tuple(int(v) for v in rng.integers(0, 90, 3)))
    left, top = (int(v) for v in rng.integers(2, 6, 2))
    side = int(rng.integers(13, 17))
    corners = (left, top, left + side, top + side)
    pen, ink = ImageDraw.Draw(image), tuple(int(v) for v in rng.integers(160, 255, 3))
    if shape == "circle":
        pen.ellipse(corners, fill=ink)
    elif shape == "square":
        pen.rectangle(corners, fill=ink)
    else:
        pen.polygon([(left, top + side), (left + side, top + side), (left + side // 2, top)], fill=ink)
    return image


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A real classifier, trained here and now on drawn figures, saved as a Hub repository would hold it."""
    import torch
    from transformers import ResNetConfig, ResNetForImageClassification, ViTImageProcessor

    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    names = dict(enumerate(SHAPES))
    config = ResNetConfig(
        embedding_size=8, hidden_sizes=[16, 32], depths=[1, 1], layer_type="basic",
        id2label=names, label2id={name: i for i, name in names.items()},
    )  # fmt: skip
    model = ResNetForImageClassification(config)
    processor = ViTImageProcessor(size={"height": 24, "width": 24})
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    for _ in range(60):
        labels = rng.integers(0, 3, 24)
        pixels = processor([drawn(SHAPES[i], rng) for i in labels], return_tensors="pt").pixel_values
        loss = model(pixel_values=pixels, labels=torch.tensor(labels)).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    folder = tmp_path_factory.mktemp("models") / "shape-teller"
    model.eval().save_pretrained(folder)
    processor.save_pretrained(folder)
    (folder / "README.md").write_text(CARD)
    return folder


def test_a_dropped_folder_is_used_at_the_next_run(trained, tmp_path, capsys):
    index = tmp_path / "index"
    assert main(["index", "add", str(trained), "--index", str(index), "--json"]) == 0
    assert "shape-teller" in capsys.readouterr().out
    pictures = []
    for shape in SHAPES:
        drawn(shape, np.random.default_rng(7)).resize((96, 96)).save(tmp_path / f"figure-{len(pictures)}.png")
        pictures.append(tmp_path / f"figure-{len(pictures)}.png")
    for shape, picture in zip(SHAPES, pictures, strict=True):
        code = main(["run", "Which shape is this?", "--file", str(picture), "--index", str(index), "--json"])
        run = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert code == 0, run["answer"]
        assert f"It is {shape} " in run["answer"]
        assert [model["id"] for model in run["models"]] == ["shape-teller"]


def test_a_removed_model_is_no_longer_offered(trained, tmp_path):
    index = ModelIndex(tmp_path / "index", default_embedder())
    index.add(trained)
    index.remove("shape-teller")
    picture = drawn("circle", np.random.default_rng(1))
    run = Agent(index=index, workspace=Workspace(tmp_path / "ws")).run("Which shape is this?", picture)
    assert not run.reached
