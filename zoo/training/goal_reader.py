"""Train the reader of goals (agent/planner/parse/reader.py): a low-rank adapter of all-MiniLM-L6-v2 and small heads.

    python zoo/training/goal_reader.py               # an hour on two cores
    python zoo/training/goal_reader.py --hold e f    # without the writers of e.jsonl and f.jsonl, and measured on them
    python zoo/training/goal_reader.py --start FILE --epochs 5    # goes on from weights, at half the pace
    python zoo/training/goal_reader.py --smoke       # seconds, to see that it runs

For each token the heads tell whether it belongs to a wish and starts a piece of one (wish), which (op), where it takes
its input from (source), and whether the token is an argument or a limit; one more head tells the ops of the whole goal.
Adapter: Hu et al. 2021, arXiv:2106.09685. Data: goals/ beside this file, multiplied by goal_reader_data.py.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from prefrontal.agent.planner.parse.parts import ARGUMENTS, LIMITS, OPS, SOURCES, TOKENS
from prefrontal.retrieval.embedding.minilm_weights import minilm_folder
from zoo.training.goal_reader_data import Marked, fillers_of, goals_of, marked, tokens_of, varied

WIDTH, RANK, SCALE = 384, 12, 2.0
SIZES = {
    "wish": 3, "op": len(OPS), "source": len(SOURCES),
    "argument": 1 + 2 * len(ARGUMENTS), "limit": 1 + 2 * len(LIMITS),
}  # fmt: skip
WEIGHTS = {"wish": 1.0, "op": 1.0, "source": 0.4, "argument": 0.6, "limit": 0.6}
ADAPTED = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
           "intermediate.dense", "output.dense")  # fmt: skip
OUT = Path(__file__).parents[2] / "agent/planner/parse/reader.safetensors"


class Adapted(nn.Module):
    """A layer that stays as it is, and what is added to it."""

    def __init__(self, layer: nn.Linear, rank: int = 0) -> None:
        super().__init__()
        self.layer = layer
        self.down = nn.Parameter(torch.randn(rank or RANK, layer.in_features) / layer.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(layer.out_features, rank or RANK))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x) + F.linear(F.linear(x, self.down), self.up) * SCALE


def adapted_encoder() -> nn.Module:
    """The packaged encoder, frozen, with an adapter of `RANK` in each of its layers."""
    from transformers import AutoModel

    encoder = AutoModel.from_pretrained(minilm_folder(), add_pooling_layer=False)
    encoder.requires_grad_(False)
    for layer in encoder.encoder.layer:
        for name in ADAPTED:
            owner = layer.get_submodule(name.rpartition(".")[0]) if "." in name else layer
            setattr(owner, name.rpartition(".")[2], Adapted(layer.get_submodule(name)))
    return encoder


class Reader(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = adapted_encoder()
        self.drop = nn.Dropout(0.1)
        self.heads = nn.ModuleDict({name: nn.Linear(WIDTH, size) for name, size in SIZES.items()})
        self.goal = nn.Linear(WIDTH, len(OPS))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
        x = self.drop(self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state)
        mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return {name: head(x) for name, head in self.heads.items()}, self.goal(mean)


def batch_of(rows: Sequence[dict[str, list[int]]], ops: Sequence[Sequence[str]]) -> dict[str, torch.Tensor]:
    longest = max(len(row["ids"]) for row in rows)
    made = {
        name: torch.tensor([row[name] + [0 if name == "ids" else -100] * (longest - len(row["ids"])) for row in rows])
        for name in ("ids", *SIZES)
    }
    made["mask"] = torch.tensor([[1] * len(row["ids"]) + [0] * (longest - len(row["ids"])) for row in rows])
    goal = torch.zeros(len(rows), len(OPS))
    for i, some in enumerate(ops):
        goal[i, [OPS.index(op) for op in some]] = 1.0
    made["goal"] = goal
    return made


def loss_of(model: Reader, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    scores, goal = model(batch["ids"], batch["mask"])
    loss = F.binary_cross_entropy_with_logits(goal, batch["goal"]) * 8.0
    for name, weight in WEIGHTS.items():
        wanted = batch[name].flatten()
        if (wanted >= 0).any():
            loss = loss + weight * F.cross_entropy(scores[name].flatten(0, 1), wanted, ignore_index=-100)
    return loss


def train(
    goals: Sequence[Marked], tokenizer: Any, epochs: int, seed: int, held: Sequence[Marked], start: Path | None = None
) -> Reader:
    torch.manual_seed(seed)
    chance = random.Random(seed)
    model = Reader()
    if start is not None:
        from safetensors.torch import load_file

        own = {name for name, _ in model.named_parameters()}
        model.load_state_dict({k: v.float() for k, v in load_file(start).items() if k in own}, strict=False)
    pace = 0.5 if start is not None else 1.0
    learnt = [p for p in model.parameters() if p.requires_grad]
    heads = [p for name, p in model.named_parameters() if p.requires_grad and not name.startswith("encoder")]
    rest = [p for name, p in model.named_parameters() if p.requires_grad and name.startswith("encoder")]
    optimizer = torch.optim.AdamW([{"params": heads, "lr": 2e-3}, {"params": rest, "lr": 1e-3}], weight_decay=0.01)
    steps = epochs * (len(goals) // 32 + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [2e-3 * pace, 1e-3 * pace], total_steps=steps + 1, pct_start=0.1
    )
    fillers = fillers_of(goals)
    for epoch in range(epochs):
        began, total = time.perf_counter(), 0.0
        model.train()
        made = [varied(goal, goals, chance, fillers) if chance.random() < 0.8 else goal for goal in goals]
        rows = [(tokens_of(goal, tokenizer, TOKENS), goal.ops) for goal in made]
        rows.sort(key=lambda row: len(row[0]["ids"]) + chance.random() * 6)
        batches = [rows[i : i + 32] for i in range(0, len(rows), 32)]
        chance.shuffle(batches)
        for some in batches:
            loss = loss_of(model, batch_of([row for row, _ in some], [ops for _, ops in some]))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learnt, 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        said = f"epoch {epoch + 1}: loss {total / len(batches):.3f}, {time.perf_counter() - began:.0f} s"
        if held and (epoch % 4 == 3 or epoch == epochs - 1):
            said += f", held {measure(model, held, tokenizer)}"
        print(said, flush=True)
    return model


@torch.no_grad()
def measure(model: Reader, goals: Sequence[Marked], tokenizer: Any) -> dict[str, float]:
    """Shares of what is right on goals that were not learnt from: tokens' classes, and the ops of whole goals."""
    model.eval()
    right: dict[str, list[bool]] = {}
    for i in range(0, len(goals), 32):
        some = goals[i : i + 32]
        batch = batch_of([tokens_of(goal, tokenizer, TOKENS) for goal in some], [goal.ops for goal in some])
        scores, goal = model(batch["ids"], batch["mask"])
        for name in SIZES:
            wanted = batch[name]
            there = wanted > 0 if name in ("argument", "limit", "wish") else wanted >= 0
            right.setdefault(name, []).extend((scores[name].argmax(-1) == wanted)[there].tolist())
        right.setdefault("goal", []).extend(((goal > 0) == (batch["goal"] > 0)).all(-1).tolist())
    return {name: round(float(np.mean(each)), 3) for name, each in right.items()}


def save(model: Reader, path: Path) -> None:
    """Half precision is enough: what is added to the encoder is small, and the file stays below 5 MB."""
    from safetensors.torch import save_file

    kept = {name: p.detach().half().contiguous() for name, p in model.named_parameters() if p.requires_grad}
    save_file(kept, path, metadata={"ops": json.dumps(OPS), "scale": str(SCALE)})
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")


def main(arguments: Sequence[str] | None = None) -> None:
    from tokenizers import Tokenizer

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--hold", nargs="*", default=[], help="files of goals/ that are measured on and not learnt from"
    )
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--smoke", action="store_true")
    given = parser.parse_args(arguments)
    tokenizer = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    goals = [marked(goal) for goal in goals_of()]
    held = [goal for goal in goals if goal.writer[0] in given.hold]
    kept = [goal for goal in goals if goal.writer[0] not in given.hold]
    if given.smoke:
        kept, given.epochs = kept[:64], 1
    model = train(kept, tokenizer, given.epochs, given.seed, held, given.start)
    save(model, given.out)


if __name__ == "__main__":
    main()
