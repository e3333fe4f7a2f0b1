"""Train `text-sentiment`, a low-rank adapter of the packaged all-MiniLM-L6-v2 that tells how an English text sounds.

It learns from texts written for it (sentiment.tsv; every fifth of its first writers is held out), some of them joined
and given slips. The encoder stays as it is; what is learnt is an adapter of rank 8 in each of its layers, the pooler
and a head of three labels. Of several trainings, which begin and are shown the texts differently, the mean of what they
add to each weight is kept, at rank 16 at most, in the format of the library peft, which `tools/adapters.py` reads.
Adapter: Hu et al. 2021, arXiv:2106.09685; means of weights: Wortsman et al. 2022, arXiv:2203.05482.

Usage:
    python zoo/training/text_sentiment.py --seeds 23 --out zoo/models/text-sentiment [--members DIR]
    python zoo/training/text_sentiment.py --out /tmp/sentiment --smoke

Takes six minutes a seed on one CPU core, and goes on from those that lie in `--members`; `--smoke` takes a few
seconds and gives a model of no use.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import defaultdict
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import nn
from torch.nn.functional import cross_entropy
from transformers import BertConfig, BertForSequenceClassification

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from prefrontal.retrieval.embedding.minilm_weights import minilm_folder  # noqa: E402
from prefrontal.tools.checkpoints import MINILM  # noqa: E402
from zoo.training.goal_reader import ADAPTED, SCALE, Adapted  # noqa: E402
from zoo.training.steps import temperature  # noqa: E402
from zoo.training.text_sentiment_data import LABELS, Labelled, disturbed, mixed, read_texts  # noqa: E402

SEEDS = (23,)
RANK, KEPT_RANK = 8, 16
BATCH = 32
LONGEST = 128  # pieces that are learnt from; the model reads 512
RATE, HEAD_RATE, POOLER_RATE = 8e-4, 2e-3, 2e-4
KEPT = 0.99  # of the running mean at each step
Weights = dict[str, torch.Tensor]


def make_model(rank: int = RANK) -> BertForSequenceClassification:
    """The packaged encoder, frozen, with an adapter in each of its layers; its pooler and the new head are learnt.

    The head begins the same each time: only then is the mean of several a head, too.
    """
    names = dict(enumerate(LABELS))
    config = BertConfig.from_pretrained(minilm_folder())
    config.id2label, config.label2id = names, {name: index for index, name in names.items()}
    with torch.random.fork_rng():
        torch.manual_seed(SEEDS[0])
        model = BertForSequenceClassification.from_pretrained(minilm_folder(), config=config)
    model.requires_grad_(False)
    for layer in model.bert.encoder.layer:
        for name in ADAPTED:
            owner = layer.get_submodule(name.rpartition(".")[0]) if "." in name else layer
            setattr(owner, name.rpartition(".")[2], Adapted(layer.get_submodule(name), rank))
    model.bert.pooler.requires_grad_(True)
    model.classifier.requires_grad_(True)
    return model


def learnt(model: nn.Module) -> dict[str, nn.Parameter]:
    """What training changes, by name."""
    return {name: weight for name, weight in model.named_parameters() if weight.requires_grad}


class Batches:
    """The texts of an epoch, disturbed afresh, in batches of about one length."""

    def __init__(self, texts: list[Labelled], seed: int) -> None:
        self.rng, self.texts = random.Random(seed), texts
        self.tokenizer = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(LONGEST)
        self.by_label: dict[str, list[str]] = defaultdict(list)
        for label, text in texts:
            self.by_label[label].append(text)

    def epoch(self) -> list[list[Labelled]]:
        """All texts once, in batches, in an order of their own."""
        rng = self.rng
        rows = [(label, disturbed(mixed(label, text, self.by_label, rng), rng)) for label, text in self.texts]
        rows.sort(key=lambda row: len(row[1]) + rng.random() * 20)
        batches = [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]
        rng.shuffle(batches)
        return batches

    def tokens(self, texts: list[Labelled]) -> dict[str, torch.Tensor]:
        """The pieces of some texts, (texts, pieces), and which of them are no filling."""
        rows = [self.tokenizer.encode(text).ids for _, text in texts]
        longest = max(map(len, rows))
        ids = [row + [0] * (longest - len(row)) for row in rows]
        mask = [[1] * len(row) + [0] * (longest - len(row)) for row in rows]
        return {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(mask)}


def numbers(texts: list[Labelled]) -> torch.Tensor:
    """The labels of texts as numbers."""
    return torch.tensor([LABELS.index(label) for label, _ in texts])


@torch.no_grad()
def outputs(model: nn.Module, batches: Batches, texts: list[Labelled]) -> torch.Tensor:
    """What the model makes of texts, (texts, labels), before the softmax."""
    model.eval()
    parts = [texts[start : start + 64] for start in range(0, len(texts), 64)]
    return torch.cat([model(**batches.tokens(part)).logits for part in parts])


def train(model: BertForSequenceClassification, batches: Batches, epochs: int) -> None:
    """Train, and leave the running mean of the weights in the model."""
    weights = learnt(model)
    rates = [
        HEAD_RATE if name.startswith("classifier") else POOLER_RATE if ".pooler." in name else RATE for name in weights
    ]
    groups = [{"params": [weight], "lr": rate} for weight, rate in zip(weights.values(), rates, strict=True)]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    total = epochs * -(-len(batches.texts) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rates, total_steps=total + 1, pct_start=0.1)
    mean, step = {name: weight.detach().clone() for name, weight in weights.items()}, 0
    for epoch in range(epochs):
        model.train()
        began, losses = time.time(), []
        for some in batches.epoch():
            loss = cross_entropy(model(**batches.tokens(some)).logits, numbers(some), label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(weights.values(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
            step += 1
            for name, weight in weights.items():
                mean[name].lerp_(weight.detach(), 1 - min(KEPT, step / (step + 10)))
        print(f"epoch {epoch + 1}: loss {sum(losses) / len(losses):.3f}, {time.time() - began:.0f} s", flush=True)
    with torch.no_grad():
        for name, weight in weights.items():
            weight.copy_(mean[name])


def member(batches: Batches, seed: int, epochs: int, folder: Path | None) -> Weights:
    """What one training learns; taken up from a file of the folder when it lies there."""
    file = folder / f"seed-{seed}.safetensors" if folder else None
    if file and file.is_file():
        return load_file(file)
    torch.manual_seed(seed)
    batches.rng = random.Random(seed)
    model = make_model()
    train(model, batches, epochs)
    weights = {name: weight.detach().contiguous() for name, weight in learnt(model).items()}
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        save_file(weights, file)
    return weights


def joined(members: list[Weights]) -> BertForSequenceClassification:
    """The mean of several: of heads and poolers as they are, of adapters the mean product, at the rank that is kept."""
    rank = min(KEPT_RANK, RANK * len(members))
    model = make_model(rank)
    with torch.no_grad():
        for name, weight in learnt(model).items():
            if not name.endswith((".up", ".down")):
                weight.copy_(sum(one[name] for one in members) / len(members))
        for name, module in model.named_modules():
            if isinstance(module, Adapted):
                product = sum(one[f"{name}.up"] @ one[f"{name}.down"] for one in members) / len(members)
                left, sizes, right = torch.linalg.svd(product, full_matrices=False)
                root = sizes[:rank].sqrt()
                module.up.copy_(left[:, :rank] * root)
                module.down.copy_(root[:, None] * right[:rank])
    return model


def calibrate(model: BertForSequenceClassification, batches: Batches, texts: list[Labelled]) -> float:
    """Divide the last layer by the temperature that fits on texts of the writers held out."""
    found = temperature(outputs(model, batches, texts), numbers(texts))
    with torch.no_grad():
        model.classifier.weight /= found
        model.classifier.bias /= found
    return found


def save(model: BertForSequenceClassification, out: Path, rank: int) -> None:
    """Write what was learnt in half precision, in peft's format, and a config.json with the labels."""
    out.mkdir(parents=True, exist_ok=True)
    spelled = {".down": ".lora_A.weight", ".up": ".lora_B.weight"}
    weights = {}
    for name, weight in learnt(model).items():
        ending = next((ending for ending in spelled if name.endswith(ending)), "")
        named = name.removesuffix(ending) + spelled[ending] if ending else name
        weights[f"base_model.model.{named}"] = weight.detach().half().contiguous()
    save_file(weights, out / "adapter_model.safetensors", metadata={"format": "pt"})
    told = {
        "peft_type": "LORA",
        "task_type": "SEQ_CLS",
        "base_model_name_or_path": MINILM,
        "r": rank,
        "lora_alpha": SCALE * rank,
        "target_modules": list(ADAPTED),
        "modules_to_save": ["classifier", "pooler"],
        "lora_dropout": 0.0,
        "bias": "none",
        "fan_in_fan_out": False,
        "inference_mode": True,
    }
    (out / "adapter_config.json").write_text(json.dumps(told, indent=2) + "\n")
    model.config.architectures = ["BertForSequenceClassification"]
    model.config.save_pretrained(out)


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line, train, calibrate, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder for the checkpoint")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, help="of the trainings whose mean is kept")
    parser.add_argument("--members", type=Path, help="folder that keeps each training, to go on from")
    parser.add_argument("--smoke", action="store_true", help="a run of a few seconds, for tests")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    texts, unseen = read_texts(held_out=False), read_texts(held_out=True)
    if options.smoke:
        texts, unseen, options.epochs = texts[:40], unseen[:8], 1
    batches = Batches(texts, SEEDS[0])
    seeds = (23, 24) if options.smoke else options.seeds
    model = joined([member(batches, seed, options.epochs, options.members) for seed in seeds])
    right = (outputs(model, batches, unseen).argmax(1) == numbers(unseen)).float().mean().item()
    print(f"writers held out: {100 * right:.1f} % right; temperature {calibrate(model, batches, unseen):.3f}")
    save(model, options.out, min(KEPT_RANK, RANK * len(seeds)))
    print(f"saved {options.out}")


if __name__ == "__main__":
    main()
