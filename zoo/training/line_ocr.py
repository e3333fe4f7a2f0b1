"""Train `line-ocr`, a small vision encoder-decoder that reads one line of printed text.

The text lines are drawn with the fonts found on the machine (see line_ocr_data.py) and worn like photos and scans.
Because we draw them, we know where each character stands: auxiliary heads (dropped in the checkpoint) name the
character under each column of the picture, and a decoder head is taught to look at the character it is to read.

Usage:
    python zoo/training/line_ocr.py --out zoo/models/line-ocr [--fonts /usr/share/fonts MORE]
    python zoo/training/line_ocr.py --out /tmp/line-ocr --smoke

Takes about 20 minutes on one CPU core (a second core draws the lines); `--smoke` takes a few seconds.
Fonts used: the Debian packages fonts-dejavu, -liberation, -freefont-ttf, -noto-core, -texgyre, -urw-base35, -lmodern,
-crosextra-caladea, -open-sans, -roboto-unhinted, -firacode, -linuxlibertine, -cantarell, -junicode, -oldstandard,
-sil-gentium-basic, -sil-charis, -sil-andika, -stix, -jetbrains-mono, -anonymous-pro, -comic-neue, -quicksand,
-adf-accanthis, -adf-gillius, -adf-universalis, -adf-baskervald, -croscore, -fantasque-sans, -vollkorn,
-league-spartan, -dosis, -gfs-didot, -tlwg-typo-ttf. Any other set of fonts works too.
"""

from __future__ import annotations

import argparse
import copy
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader

sys.path.insert(0, str(Path(__file__).resolve().parent))

from line_ocr_batches import IGNORE, SEED, Batch, LineStream, to_input
from line_ocr_data import Line, common_families, draw_line, training_families
from line_ocr_model import (
    FIRST_CHARACTER,
    FREQUENCIES,
    MODEL_WIDTH,
    PATCH,
    build_model,
    build_tokenizer,
    encode,
    initialise,
    load_checkpoint,
    place_code,
    save_checkpoint,
)
from line_ocr_text import CHARACTERS

VOCABULARY = FIRST_CHARACTER + len(CHARACTERS)


class Muon(torch.optim.Optimizer):
    """Momentum with orthogonalised updates for weight matrices (Jordan 2024), in float32 and batched by shape."""

    def __init__(self, weights: list[nn.Parameter], lr: float, momentum: float = 0.95, decay: float = 0.02):
        super().__init__(weights, {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self) -> None:
        """Updates all weights that have a gradient."""
        for group in self.param_groups:
            shapes: dict[tuple[int, int], list[nn.Parameter]] = {}
            for weight in group["params"]:
                if weight.grad is not None:
                    tall = weight.shape[0] > weight.shape[1]
                    shapes.setdefault((min(weight.shape), max(weight.shape)), []).append(weight)
                    state = self.state[weight]
                    state.setdefault("momentum", torch.zeros_like(weight)).lerp_(weight.grad, 1 - group["momentum"])
                    update = weight.grad.lerp(state["momentum"], group["momentum"])
                    state["update"] = update.T if tall else update
            for weights in shapes.values():
                updates = orthogonal(torch.stack([self.state[weight].pop("update") for weight in weights]))
                for weight, update in zip(weights, updates, strict=True):
                    rows, columns = weight.shape
                    weight.mul_(1 - group["lr"] * group["decay"])
                    step = update.T if rows > columns else update
                    weight.add_(step, alpha=-group["lr"] * math.sqrt(max(1.0, rows / columns)))


def orthogonal(matrices: torch.Tensor) -> torch.Tensor:
    """The nearest orthogonal matrices, roughly (five Newton-Schulz steps)."""
    x = matrices / (matrices.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(5):
        square = x @ x.mT
        x = 3.4445 * x + (-4.775 * square + 2.0315 * square @ square) @ x
    return x


class Auxiliary(nn.Module):
    """Heads on the encoder that only training needs: the characters at each column and their index in the line."""

    def __init__(self) -> None:
        super().__init__()
        self.characters = nn.Linear(MODEL_WIDTH, 3 * VOCABULARY)
        self.index = nn.Linear(MODEL_WIDTH, 2 * len(FREQUENCIES))

    def forward(self, states: torch.Tensor, batch: Batch) -> tuple[torch.Tensor, torch.Tensor, float]:
        """Character loss, index loss and the share of columns whose character is right."""
        states = states[:, 1:][batch["matters"]]
        logits = self.characters(states).view(-1, 3, VOCABULARY)
        targets = batch["frames"].transpose(1, 2)[batch["matters"]]
        parts = [functional.cross_entropy(logits[:, i], targets[:, i]) for i in range(3)]
        index = functional.mse_loss(self.index(states), place_code(batch["index"][batch["matters"]]))
        right = (logits[:, 0].argmax(-1) == targets[:, 0]).float().mean().item()
        return parts[0] + 0.3 * parts[1] + 0.3 * parts[2], index, right


def reading_loss(model: nn.Module, states: torch.Tensor, batch: Batch) -> tuple[torch.Tensor, torch.Tensor, float]:
    """Loss of the read characters, loss of the first cross-attention head's aim, and the share read right."""
    output = model.decoder(
        input_ids=batch["given"], encoder_hidden_states=states, output_attentions=True, use_cache=False
    )
    wanted = batch["wanted"]
    loss = functional.cross_entropy(output.logits.flatten(0, 1), wanted.flatten(), ignore_index=IGNORE)
    known = wanted != IGNORE
    distance = ((torch.arange(states.shape[1] - 1) + 0.5) * PATCH - batch["places"][..., None]).abs()
    near = (distance < PATCH).float()
    aim = torch.zeros(())
    for attention in output.cross_attentions:
        hit = (attention[:, 0, :, 1:] * near).sum(-1)
        aim = aim - (hit[known] + 1e-4).log().mean()
    right = (output.logits.argmax(-1) == wanted)[known].float().mean().item()
    return loss, aim / len(output.cross_attentions), right


def optimisers(model: nn.Module, auxiliary: nn.Module, muon_rate: float, adam_rate: float) -> list:
    """Muon for the matrices inside the layers, Adam for all else."""
    matrices, rest = [], list(auxiliary.parameters())
    for name, weight in model.named_parameters():
        (matrices if weight.ndim == 2 and "layers." in name else rest).append(weight)
    return [Muon(matrices, muon_rate), torch.optim.AdamW(rest, adam_rate, betas=(0.9, 0.98), weight_decay=0.0)]


def character_errors(truth: str, read: str) -> int:
    """Edit distance."""
    row = list(range(len(read) + 1))
    for i, wanted in enumerate(truth, 1):
        previous, row[0] = row[0], i
        for j, got in enumerate(read, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (wanted != got))
    return row[-1]


@torch.no_grad()
def validate(model: nn.Module, lines: list[Line]) -> float:
    """Character error rate of greedy reading."""
    tokenizer = build_tokenizer()
    model.eval()
    ids = model.generate(to_input(torch.from_numpy(np.stack([line.pixels for line in lines]))))
    model.train()
    read = tokenizer.batch_decode(ids, skip_special_tokens=True)
    errors = sum(character_errors(line.text, text) for line, text in zip(lines, read, strict=True))
    for line, text in list(zip(lines, read, strict=True))[:3]:
        print(f"    {line.text}\n    {text}")
    return errors / sum(len(line.text) for line in lines)


def train(options: argparse.Namespace) -> None:
    """Trains from scratch or from a checkpoint, or goes on where the state file ends."""
    torch.manual_seed(SEED)
    model, auxiliary = build_model(), Auxiliary()
    initialise(model)
    if options.start:
        load_checkpoint(model, options.start)
    optimizers = optimisers(model, auxiliary, options.muon_rate, options.adam_rate)
    rates = [optimizer.param_groups[0]["lr"] for optimizer in optimizers]
    first = 0
    if options.state and options.state.exists():
        state = torch.load(options.state)
        model.load_state_dict(state["model"])
        auxiliary.load_state_dict(state["auxiliary"])
        for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        first = state["step"]
    average = copy.deepcopy(model)
    if first and "average" in state:
        average.load_state_dict(state["average"])
    fonts = tuple(options.fonts)
    families, common = training_families(fonts), common_families(fonts)
    validation = [
        draw_line(seed, families, signs=options.signs, common=common) for seed in range(options.validation_lines)
    ]
    lines = LineStream(fonts, options.batch, first, options.signs)
    stream = DataLoader(lines, batch_size=None, num_workers=options.workers)
    model.train()
    averages: dict[str, float] = {}
    start = time.time()
    for step, batch in zip(range(first, min(options.steps, options.stop_at)), stream, strict=False):
        progress = step / options.steps
        scale = min(1.0, (step + 1) / options.warm_up) * min(1.0, 1.02 - progress) ** 0.5
        scale *= min(1.0, (1.0 - progress) / 0.35)
        for optimizer, rate in zip(optimizers, rates, strict=True):
            optimizer.param_groups[0]["lr"] = rate * scale
        states = encode(model, to_input(batch["pixels"]), int(batch["first"]))
        new = options.start is not None and step < options.warm_up  # heads that know nothing yet must not spoil states
        frame, index, frame_right = auxiliary(states.detach() if new else states, batch)
        loss = (1.0 - 0.7 * progress) * frame + 0.5 * index
        figures = {"frame": frame.item(), "index": index.item(), "frame_right": frame_right}
        if step >= options.encoder_steps:
            reading, aim, right = reading_loss(model, states, batch)
            loss = loss + reading + (0.5 - 0.3 * progress) * aim
            figures |= {"reading": reading.item(), "aim": aim.item(), "right": right}
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        with torch.no_grad():
            for mean, weight in zip(average.parameters(), model.parameters(), strict=True):
                mean.lerp_(weight, options.averaging)
        for name, value in figures.items():
            averages[name] = 0.95 * averages.get(name, value) + 0.05 * value
        if (step + 1) % options.report == 0:
            shown = " ".join(f"{name} {value:.3f}" for name, value in averages.items())
            print(f"{step + 1} {time.time() - start:.0f}s {shown}", flush=True)
        if (step + 1) % options.check == 0 and step > options.encoder_steps:
            print(f"{step + 1} character error rate {validate(average, validation):.4f}", flush=True)
            save_checkpoint(average, options.out)
        if options.state and (step + 1) % 100 == 0:
            state = {"step": step + 1, "model": model, "average": average, "auxiliary": auxiliary}
            state = {name: part if name == "step" else part.state_dict() for name, part in state.items()}
            torch.save(state | {"optimizers": [optimizer.state_dict() for optimizer in optimizers]}, options.state)
    save_checkpoint(average, options.out)


def main(arguments: list[str] | None = None) -> None:
    """Reads the options and trains."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fonts", nargs="+", default=["/usr/share/fonts"], help="folders to search for fonts")
    parser.add_argument("--state", type=Path, help="file to save progress to and to resume from")
    parser.add_argument(
        "--start", type=Path, help="checkpoint to go on from (with --encoder-steps 0), else from scratch"
    )
    parser.add_argument("--signs", type=float, default=0.0, help="share of lines worded as signs and receipts are")
    parser.add_argument("--steps", type=int, default=2400, help="the learning rate's schedule")
    parser.add_argument("--stop-at", type=int, default=1100, help="end here; averaged weights need no slow last steps")
    parser.add_argument("--encoder-steps", type=int, default=250, help="first steps, without the decoder")
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--warm-up", type=int, default=40)
    parser.add_argument("--muon-rate", type=float, default=0.012)
    parser.add_argument("--adam-rate", type=float, default=2e-3)
    parser.add_argument("--averaging", type=float, default=0.015, help="step towards the new weights of their mean")
    parser.add_argument("--report", type=int, default=20)
    parser.add_argument("--check", type=int, default=100)
    parser.add_argument("--validation-lines", type=int, default=32)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--smoke", action="store_true", help="a few steps on few lines")
    options = parser.parse_args(arguments)
    if options.smoke:
        options.steps, options.encoder_steps, options.batch, options.check = 2, 1, 2, 2
        options.report, options.validation_lines, options.workers = 1, 2, 0
    torch.set_num_threads(1)
    train(options)


if __name__ == "__main__":
    main()
