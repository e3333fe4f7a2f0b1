"""Ten models through a budget for three: does the memory come back, and is no model lost?

    OMP_NUM_THREADS=1 python benchmarks/residency.py [--rounds 6] [--megabytes 32]

Ten real models of one size (BERT, randomly initialised, safetensors) are called one after another, in rounds, each
round in another order, through a `Residency` for three of them. What the process takes after each round is compared
with what it took after the second one: by then every library is loaded and every pool is grown. Asked: at most three
models loaded at any time, every answer the same as the first, and after the last round at most half a model more in
memory than after the second, and no more open files or threads. Prints one JSON line; exit code 1 when it is missed.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

os.environ |= {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
MODELS, ROOM = 10, 3
WORDS = ("the", "cat", "sat", "on", "a", "mat", "and", "looked", "up")


def build(folder: Path, number: int, megabytes: int) -> None:
    """A text classifier of about this size, as the Hub holds it."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    torch.manual_seed(number)
    words = {word: i for i, word in enumerate(("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS))}
    rules = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    rules.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=rules, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        mask_token="[MASK]", model_max_length=64,
    )  # fmt: skip
    wide = 256
    layers = max(1, megabytes * 1_000_000 // (4 * 12 * wide * wide))
    config = BertConfig(
        vocab_size=len(words), hidden_size=wide, num_hidden_layers=layers, num_attention_heads=4,
        intermediate_size=4 * wide, max_position_embeddings=64,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    (folder / "README.md").write_text(
        "---\npipeline_tag: text-classification\nlibrary_name: transformers\n---\n# Model\n"
    )


def resident() -> int:
    """Bytes of memory that the process takes now, what the allocator could give back given back."""
    gc.collect()
    if sys.platform == "linux":
        import ctypes

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim:
            trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def measure(rounds: int, megabytes: int, root: Path) -> dict[str, Any]:
    from prefrontal import ModelCard, ModelTool, Workspace
    from prefrontal.tools.residency import Residency

    for number in range(MODELS):
        build(root / f"model-{number}", number, megabytes)
    cards = [ModelCard.from_dir(root / f"model-{number}", id=f"lab/model-{number}") for number in range(MODELS)]
    size = cards[0].bytes
    residency = Residency(ROOM * size + size // 2)
    workspace = Workspace(root / "workspace")
    tools = [ModelTool(card, workspace, residency) for card in cards]
    answers: dict[int, Any] = {}
    most, after, started = 0, [], time.perf_counter()
    order = random.Random(1)
    for _ in range(rounds):
        for number in order.sample(range(MODELS), MODELS):
            call = {"type": "tool_call", "id": "1", "name": tools[number].name, "args": {"text": "the cat looked up"}}
            got = tools[number].invoke(call).artifact["outputs"]["labels"]
            assert answers.setdefault(number, got) == got, "a model answers otherwise than before"
            most = max(most, len(residency))
        after.append({"bytes": resident(), "files": open_files(), "threads": threading.active_count()})
    grown = {name: after[-1][name] - after[1][name] for name in after[0]}
    residency.clear()
    reached = most <= ROOM and grown["bytes"] <= size // 2 and grown["files"] <= 0 and grown["threads"] <= 0
    return {
        "benchmark": "residency",
        "models": MODELS,
        "room_for": ROOM,
        "model_mb": round(size / 1e6, 1),
        "calls": rounds * MODELS,
        "most_loaded": most,
        "memory_mb_by_round": [round(one["bytes"] / 1e6) for one in after],
        "grown_mb": round(grown["bytes"] / 1e6, 1),
        "grown_files": grown["files"],
        "grown_threads": grown["threads"],
        "memory_mb_cleared": round(resident() / 1e6),
        "seconds": round(time.perf_counter() - started, 1),
        "asked": f"most_loaded <= {ROOM}, grown_mb <= {size / 2e6:.1f}, no more files or threads",
        "reached": reached,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--megabytes", type=int, default=32, help="the size of a model")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = measure(given.rounds, given.megabytes, Path(folder))
    print(json.dumps(report))
    return 0 if report["reached"] else 1


if __name__ == "__main__":
    sys.exit(main())
