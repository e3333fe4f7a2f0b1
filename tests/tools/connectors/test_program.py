"""Programs that call a model without prefrontal: each is run, for every tiny model that the tests build."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny_models

from prefrontal import ModelCard
from prefrontal.errors import UsageError
from prefrontal.tools.builtin import builtin_cards
from prefrontal.tools.connectors.program import program_of
from prefrontal.tools.requirements import is_present

# What a row needs beyond what every machine with the tests has: the program says which task, and no more than that.
_NEEDS = {
    "mask-generation": "torchvision",
    "any-to-any/pictures": "torchvision",
    "video-classification": "torchvision",
    "document-question-answering/layoutlm": "tesseract",
}
_SHORTER = ("max_new_tokens=64", "max_new_tokens=4")  # random weights never end


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the programs name."""
    import numpy as np
    import soundfile
    from PIL import Image

    noise = np.random.default_rng(0)
    Image.fromarray(noise.integers(0, 255, (40, 60, 3), dtype="uint8")).save(tmp_path / "photo.png")
    Image.fromarray(noise.integers(0, 255, (60, 40, 3), dtype="uint8")).save(tmp_path / "page.png")
    soundfile.write(tmp_path / "recording.wav", np.sin(np.arange(11025) / 20).astype("float32") / 2, 11025)
    (tmp_path / "table.csv").write_text("name,number\nanna,3\nbob,4\n")
    if is_present("av"):
        import av

        with av.open(str(tmp_path / "video.mp4"), "w") as film:
            video = film.add_stream("mpeg4", rate=10)
            video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
            for _ in range(20):
                grey = np.full((48, 64, 3), 90, np.uint8)
                film.mux(video.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
            film.mux(video.encode())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", tiny_models.ROWS)
def test_the_program_of_every_tiny_model_runs(
    name: str, tiny: Callable[[str], Path], files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if missing := _NEEDS.get(name, "") if not is_present(_NEEDS.get(name, "pandas")) else tiny_models.too_old(name):
        pytest.skip(f"needs {missing}")
    card = ModelCard.from_dir(tiny(name), id="lab/tiny")
    program = program_of(card)
    assert "prefrontal" not in program.partition('"""\n')[2].replace(card.path, "")
    assert len(program.splitlines()) <= 18
    before = set(files.iterdir())
    exec(compile(program.replace(*_SHORTER), name, "exec"), {"__name__": "__main__"})  # noqa: S102  # our own text
    made = [file for file in set(files.iterdir()) - before if file.stat().st_size]
    can_be_nothing = "detection" in name or name == "image-segmentation/instances"  # random weights may find nothing
    assert capsys.readouterr().out.strip() or made or can_be_nothing


def test_a_program_runs_in_a_process_of_its_own(tiny: Callable[[str], Path], files: Path) -> None:
    program = program_of(ModelCard.from_dir(tiny("text-classification"), id="lab/tiny"))
    (files / "call.py").write_text(program, encoding="utf-8")
    done = subprocess.run([sys.executable, "call.py"], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(line.split()[0] for line in done.stdout.splitlines()) == ["bad", "good", "so-so"]


def test_what_the_documentation_says_stands_in_the_program() -> None:
    text = "```python\nids = tok(f'simplify: {x}')\nout = model.generate(ids, num_beams=3, max_length=80)\n```"
    card = ModelCard.from_row({"id": "lab/plain", "task": "text2text-generation", "card": text})
    program = program_of(card)
    assert 'tokenizer("simplify: The house is small."' in program
    assert "num_beams=3" in program
    assert "max_length=80" in program
    assert "max_new_tokens" not in program
    embedder = ModelCard.from_row({"id": "lab/e", "task": "sentence-similarity", "library": "sentence-transformers",
                                   "card": "```\nm.encode(['query: a', 'passage: b'])\n```"})  # fmt: skip
    assert '["query: Where is the cat?", "passage: The cat sits in the tree."' in program_of(embedder)


@pytest.mark.parametrize("task", ["text-to-image", "image-to-image", "text-to-video", "image-to-video",
                                  "unconditional-image-generation"])  # fmt: skip
def test_programs_that_draw_are_python(task: str) -> None:
    text = "```python\npipe('a', num_inference_steps=7, guidance_scale=2.5)\n```"
    program = program_of(ModelCard.from_row({"id": "lab/d", "task": task, "library": "diffusers", "card": text}))
    ast.parse(program)
    assert "num_inference_steps=7, guidance_scale=2.5" in program


def test_nothing_of_a_card_writes_into_a_program(tmp_path: Path) -> None:
    folder = tmp_path / 'a"); import os; os.abort() #'
    folder.mkdir()
    (folder / "config.json").write_text('{"architectures": ["BertForMaskedLM"]}')
    tree = ast.parse(program_of(ModelCard.from_dir(folder, id="lab/m")))
    assert [type(node).__name__ for node in tree.body] == ["Expr", "ImportFrom", "Assign", "For"]


def test_what_has_no_program_says_so() -> None:
    with pytest.raises(UsageError, match="is built into prefrontal and is no model"):
        program_of(next(iter(builtin_cards())))
    text = "```\nfrom asteroid.models import BaseModel\nBaseModel.from_pretrained('lab/m')\n```"
    card = ModelCard.from_row({"id": "lab/m", "task": "audio-to-audio", "library": "asteroid", "card": text})
    with pytest.raises(UsageError) as caught:
        program_of(card)
    assert str(caught.value) == (
        "no program is known for lab/m (task audio-to-audio, library asteroid); its documentation shows BaseModel of "
        "asteroid; see https://huggingface.co/lab/m"
    )
