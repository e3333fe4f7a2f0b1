"""The loop that our scripts train with: AdamW, gradients cut to length 1, a learning rate with a course of its own."""

from __future__ import annotations

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
