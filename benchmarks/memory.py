"""What a loaded model takes of the memory beyond its weights: the figures of `tools/placing.py` come from here.

    OMP_NUM_THREADS=1 python benchmarks/memory.py [FOLDER ...]

Each model is opened and called in a process of its own, after a small one of its kind, so that libraries and their
buffers are there already. Told are the weights (by their safetensors headers, in the dtype that is loaded), what the
process holds more once the model is open, the most it held while opening, and the most while it was called with a long
input. Models: the zoo, the packaged all-MiniLM-L6-v2, published architectures with random weights, and the FOLDERs
that are named. Prints one JSON line a model, and last whether what `placing.needed_bytes` says was enough for each.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

os.environ |= {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
ZOO = Path(__file__).resolve().parents[1] / "zoo" / "models"
PACKAGED = ("text-sentiment", "digit-classifier", "coin-detector", "line-ocr", "numbers-en-fr", "spoken-numbers")
MADE = ("bert-base", "gpt2", "vit-base", "bart-base", "bert-base in bfloat16")


def _made(name: str, folder: Path) -> Path:
    """A published architecture in its real size, with random weights and a packaged model's tokenizer."""
    import shutil

    import transformers

    kinds: dict[str, tuple[str, str, Any]] = {
        "bert-base": ("text-classification", "BertForSequenceClassification", transformers.BertConfig()),
        "gpt2": ("text-generation", "GPT2LMHeadModel", transformers.GPT2Config()),
        "vit-base": ("image-classification", "ViTForImageClassification", transformers.ViTConfig()),
        "bart-base": ("summarization", "BartForConditionalGeneration", transformers.BartConfig(
            encoder_layers=6, decoder_layers=6, d_model=768, encoder_ffn_dim=3072, decoder_ffn_dim=3072)),
    }  # fmt: skip
    task, head, config = kinds[name.partition(" ")[0]]
    model = getattr(transformers, head)(config)
    if "bfloat16" in name:
        model = model.bfloat16()
    model.save_pretrained(folder)
    source = ZOO / ("digit-classifier" if task == "image-classification" else "text-sentiment")
    for file in source.glob("*"):
        if file.name.startswith(("tokenizer", "preprocessor", "vocab")):
            shutil.copy(file, folder)
    if task == "image-classification":
        transformers.ViTImageProcessor().save_pretrained(folder)
    (folder / "README.md").write_text(f"---\npipeline_tag: {task}\nlibrary_name: transformers\n---\n# {name}\n")
    return folder


def _inputs(task: str) -> dict[str, Any]:
    """A long input of a task's kind."""
    import numpy as np
    from PIL import Image

    words = "the film was good and the end of it was bad " * 40
    picture = Image.fromarray(np.random.default_rng(1).integers(0, 255, (768, 1024, 3)).astype(np.uint8))
    return {
        "text-classification": {"text": words[:900]},
        "text-generation": {"prompt": words[:400], "max_new_tokens": 64},
        "summarization": {"text": words[:900], "max_new_tokens": 64},
        "image-classification": {"image": picture},
        "object-detection": {"image": picture},
        "image-to-text": {"image": picture.resize((512, 32))},
        "translation": {"text": "twenty one thousand three hundred and four"},
        "automatic-speech-recognition": {
            "audio": {"array": np.zeros(16_000 * 20, np.float32), "sampling_rate": 16_000}
        },
        "sentence-similarity": {"text": words, "sentences": [words] * 32},
        "feature-extraction": {"text": words},
    }[task]


def _resident(name: str) -> int:
    rows = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(row for row in rows if row.startswith(name)).split()[1])


def _peak_from_here() -> None:
    Path("/proc/self/clear_refs").write_text("5")  # VmHWM begins anew


def _child(folder: str) -> None:
    """Measure one model; prints its line."""
    import gc
    from contextlib import suppress

    import torch

    from prefrontal.errors import PrefrontalError
    from prefrontal.tools.card import ModelCard
    from prefrontal.tools.placing import aimed, needed_bytes, place, weight_bytes, weights_of
    from prefrontal.tools.runners import get_runner

    torch.set_num_threads(1)
    card = ModelCard.from_dir(folder, id=f"measured/{Path(folder).name.replace(' ', '-')}")
    if card.library == "sentence-transformers":
        import sentence_transformers  # noqa: F401
    sees = any(slot.kind == "image" for slot in card.row.inputs) if card.row else False
    small = ModelCard.from_dir(ZOO / ("digit-classifier" if sees else "text-sentiment"))
    get_runner(small).open(small).run(_inputs(small.task))
    gc.collect()
    before = _resident("VmRSS")
    _peak_from_here()
    placed = place(card)
    with aimed(placed.target):
        session = get_runner(card).open(card)
    gc.collect()
    opened, opening = _resident("VmRSS") - before, _resident("VmHWM") - before
    _peak_from_here()
    with suppress(PrefrontalError):  # random weights may write what their tokenizer does not know
        session.run(_inputs(card.task))
    calling = _resident("VmHWM") - before
    weights = weight_bytes(weights_of(card), placed.dtype)
    row = {"weights": weights, "opened": opened, "opening": opening, "calling": calling, "told": needed_bytes(weights)}
    shown = {name: round(size / 1e6, 1) for name, size in row.items()}
    print(json.dumps({"model": Path(folder).name, "loaded": placed.dtype, "unit": "MB", **shown}), flush=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", help="folders of further models")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.child:
        _child(given.child)
        return 0
    from prefrontal.tools.checkpoints import packaged_minilm

    enough = True
    with tempfile.TemporaryDirectory() as scratch:
        folders = [str(ZOO / name) for name in PACKAGED] + [str(path) for path in [packaged_minilm()] if path]
        folders += [*given.folders, *MADE]
        for name in folders:
            folder = str(_made(name, Path(scratch) / name)) if name in MADE else name
            command = [sys.executable, __file__, "--child", folder]
            line = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
            print(line, flush=True)
            row = json.loads(line.splitlines()[-1])
            enough = enough and max(row["opening"], row["calling"]) <= row["told"]
    print(json.dumps({"benchmark": "memory", "models": len(folders), "what is told is enough": enough}))
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
