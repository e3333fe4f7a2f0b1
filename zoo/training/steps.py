"""The loop that our scripts train with: AdamW, gradients cut to length 1, a learning rate with a course of its own."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch


def train_steps(
    model: Any,
    steps: range,
    loss_of: Callable[[int], torch.Tensor],
    *,
    rate: float,
    factor: Callable[[int], float],
    report: int,
    save: int,
    out: Path,
) -> None:
    """Train a model, and leave it ready for use.

    Args:
        steps: the numbers of the steps, from 1 on; a continued run begins later.
        loss_of: the loss of a step.
        rate: the learning rate, of which `factor` says for each step (from 0 on) how much.
        report: every so many steps the mean loss is printed.
        save: every so many steps the checkpoint is written to `out`.
    """
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: factor(step + steps.start - 1))
    model.train()
    started, total = time.time(), 0.0
    for step in steps:
        loss = loss_of(step)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        total += loss.item()
        if step % report == 0:
            print(f"step {step} loss {total / report:.5f} after {time.time() - started:.0f} s", flush=True)
            total = 0.0
        if step % save == 0:
            model.save_pretrained(out)
    model.eval()


def save_half(model: Any, out: Path) -> None:
    """Write a checkpoint whose weights lie in half the room (float16) and are float32 again once they are loaded."""
    model.config.dtype = torch.float32
    half = {name: weights.to(torch.float16).contiguous() for name, weights in model.state_dict().items()}
    model.save_pretrained(out, state_dict=half)
    config = json.loads((out / "config.json").read_text())
    (out / "config.json").write_text(json.dumps({**config, "dtype": "float32"}, indent=2) + "\n")


def temperature(logits: torch.Tensor, targets: torch.Tensor) -> float:
    """By what the logits (n, classes) are best divided, so that a score is the share of answers that are right."""
    log_t = torch.zeros((), requires_grad=True)
    optimizer = torch.optim.LBFGS([log_t], max_iter=50)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(logits / log_t.exp(), targets)
        loss.backward()
        return loss

    optimizer.step(closure)
    return float(log_t.detach().exp())
