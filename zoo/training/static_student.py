"""Teach the static student of all-MiniLM-L6-v2 (retrieval/embedding/static_minilm.py), on texts that are everywhere.

Usage::

    python zoo/training/static_student.py --out retrieval/embedding/static_minilm.npz  # half an hour, one core
    python zoo/training/static_student.py --out FILE.npz --texts 200 --epochs 2  # a minute, to see it run

The student is a bag of token vectors of low rank, their mean, and a linear map with one hidden layer beside it:

1. The teacher reads the texts (static_texts.py). Its mean state over all places of a token is that token's first
   vector; a token that was seldom seen gets what a ridge regression makes of the teacher's input vectors. (model2vec
   runs each token alone through the teacher, and reduces the rank as is done here; Minish Lab, 2024.)
2. How much a token counts is the length of its vector, which is learnt, in place of a weight by frequency
   (SIF: Arora, Liang and Ma, "A simple but tough-to-beat baseline for sentence embeddings", 2017), whose removal of
   the common direction is the bias here.
3. All of it is trained to come close to the teacher's vectors and to rank a batch as the teacher does: knowledge
   distillation (Hinton, Vinyals and Dean, 2015) of in-batch similarities, half of the time in batches of neighbours.

The shipped file: 24,000 texts (970,000 tokens; 11,160 of the 30,522 tokens seen twice or more), 19 epochs in 4.5
minutes on a share of one core (`--epochs 36 --minutes 4.3`). Cosine to the teacher: 0.823 on 600 texts held out, 0.808
on 1,296 real cards. Teacher's queries against the student's rows:

=====================================  =======  =======  ================
                                       student  teacher  before training
APIBench, 466 requests, NDCG@10          0.251    0.288             0.198
... teacher's top 10 in the top 100      0.974        1             0.944
... teacher's best hit in the top 100    0.991        1
MLLM-Tool, 763 requests over 1,296
models: top 10 in the top 100            0.869        1             0.770
=====================================  =======  =======  ================

("Before training": step 1 alone, from 12,500 texts.) Half of the texts and a minute of training gave 0.242, 0.970 and
0.846, so more texts would help little by little. A core encodes 15,000 to 18,000 texts of 800 characters a second,
where the teacher encodes 11. An int8 copy of the teacher taught twice as fast, but at a cosine of 0.935 to itself: the
teacher reads in float32.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import normalize

from prefrontal.retrieval.embedding.minilm_weights import minilm_folder
from prefrontal.retrieval.embedding.static_minilm import StaticMiniLM, bags, forward
from prefrontal.tools.checkpoints import MINILM_SHA256

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from zoo.training.static_texts import texts  # noqa: E402

TOKENS = 30_522


def teach(texts: list[str], cache: Path, max_length: int = 128) -> None:
    """The teacher's vectors of the texts, and the mean of what it made of each token, into a file.

    The file holds rows (texts, 384), token (30522, 384), count (30522,) and words (30522, 384), its input vectors.
    """
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(str(minilm_folder()))
    model = AutoModel.from_pretrained(str(minilm_folder())).eval()
    ids = tokenizer(texts, truncation=True, max_length=max_length).input_ids
    rows = np.zeros((len(texts), model.config.hidden_size), np.float16)
    token, count = torch.zeros(TOKENS, rows.shape[1]), torch.zeros(TOKENS)
    for batch in batches_by_length([len(some) for some in ids]):
        filled = tokenizer.pad({"input_ids": [ids[i] for i in batch]}, return_tensors="pt")
        with torch.inference_mode():
            states = model(**filled).last_hidden_state
        mask = filled["attention_mask"]
        mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        rows[batch] = normalize(mean).half().numpy()
        token.index_add_(0, filled["input_ids"][mask.bool()], states[mask.bool()])
        count.index_add_(0, filled["input_ids"][mask.bool()], torch.ones(int(mask.sum())))
    words = model.embeddings.word_embeddings.weight.detach().numpy()
    np.savez(cache, rows=rows, token=(token / count.clamp(min=1)[:, None]).numpy(), count=count.numpy(), words=words)


def batches_by_length(lengths: list[int], tokens: int = 1500) -> list[list[int]]:
    """Indices of texts in batches of like length, `tokens` tokens at most."""
    batches: list[list[int]] = [[]]
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        if (len(batches[-1]) + 1) * lengths[i] > tokens and batches[-1]:
            batches.append([])
        batches[-1].append(i)
    return batches


def start(token: np.ndarray, count: np.ndarray, words: np.ndarray, rank: int, hidden: int) -> dict[str, torch.Tensor]:
    """Layers of which the table is the teacher's mean state of each token, in the `rank` main directions.

    A token that was seen seldom leans on what a linear map makes of the teacher's input vector for it.
    """
    seen = count >= 2
    middle = np.average(token, axis=0, weights=count)
    x = words - words[seen].mean(0)
    weight = np.sqrt(count[seen])[:, None]
    square = (x[seen] * weight).T @ (x[seen] * weight)
    ridge = square + 0.02 * np.trace(square) / len(square) * np.eye(x.shape[1])
    guess = x @ np.linalg.solve(ridge, (x[seen] * weight).T @ ((token[seen] - middle) * weight))
    share = (count / (count + 3))[:, None]
    table = share * (token - middle) + (1 - share) * guess
    often = np.sqrt(np.minimum(count, 1000) + 1)[:, None]  # directions that matter where texts are
    _, vectors = np.linalg.eigh((table * often).T @ (table * often))
    directions = vectors[:, ::-1][:, :rank]
    table = table @ directions
    size = table.std()
    generator = torch.Generator().manual_seed(0)
    return {
        "table": torch.tensor(table / size, dtype=torch.float32),
        "map": torch.tensor(directions.T * size, dtype=torch.float32),
        "middle": torch.tensor(middle, dtype=torch.float32),
        "hidden": torch.randn(rank, hidden, generator=generator) / rank**0.5 * 3,
        "bias": torch.zeros(hidden),
        "out": torch.zeros(hidden, words.shape[1]),
    }


def neighbourhoods(rows: torch.Tensor, size: int, generator: torch.Generator) -> torch.Tensor:
    """Batches of texts that the teacher holds for alike, shape (batches, size): recursive halving at random lines."""
    parts = [torch.arange(len(rows))]
    while min(map(len, parts)) >= 2 * size:
        halves: list[torch.Tensor] = []
        for part in parts:
            a, b = rows[part[torch.randint(len(part), (2,), generator=generator)]]
            halves += part[(rows[part] @ (a - b)).argsort()].tensor_split(2)
        parts = halves
    return torch.stack([part[torch.randperm(len(part), generator=generator)[:size]] for part in parts])


def train(
    ids: list[np.ndarray],
    rows: torch.Tensor,
    layers: dict[str, torch.Tensor],
    epochs: int,
    seconds: float,
    size: int = 192,
    rate: float = 2e-3,
) -> dict[str, torch.Tensor]:
    """The layers after `epochs` epochs, or after about `seconds`; the learning rate falls to 0 until then.

    Every second epoch goes over neighbourhoods, the others over random batches. A tenth of the tokens is left out at
    random, and the table is drawn back a little to where it began: most tokens are in few texts.
    """
    generator, rng = torch.Generator().manual_seed(0), np.random.default_rng(0)
    first = layers["table"].clone()
    layers = {name: values.clone().requires_grad_() for name, values in layers.items()}
    rest = [values for name, values in layers.items() if name != "table"]
    optimiser = torch.optim.Adam([{"params": [layers["table"]]}, {"params": rest}], betas=(0.9, 0.99))
    began, steps = time.time(), 0
    for epoch in range(epochs):
        order = torch.randperm(len(ids), generator=generator)[: len(ids) // size * size].view(-1, size)
        batches = neighbourhoods(rows, size, generator) if epoch % 2 else order
        losses = []
        for done, batch in enumerate(batches[torch.randperm(len(batches), generator=generator)]):
            left = 1 - max((epoch + done / len(batches)) / epochs, min(1, (time.time() - began) / seconds))
            for group, top in zip(optimiser.param_groups, (rate * 10, rate), strict=True):
                group["lr"] = top * left * min(1.0, (steps + 1) / 50)
            kept = [ids[i][rng.random(len(ids[i])) > 0.1] for i in batch.tolist()]
            near, ranking = loss(forward(layers, *bags(kept)), rows[batch])
            optimiser.zero_grad()
            (near + ranking).backward()
            optimiser.step()
            if steps % 10 == 0:
                layers["table"].data.lerp_(first, 0.02 * left)
            losses.append((float(near.detach()), float(ranking.detach())))
            steps += 1
        print(
            f"epoch {epoch}: 1 - cosine, ranking {np.mean(losses, 0).round(4)}, {time.time() - began:.0f} s", flush=True
        )
        if time.time() - began >= seconds:
            break
    return {name: values.detach() for name, values in layers.items()}


def loss(made: torch.Tensor, wanted: torch.Tensor, heat: float = 0.05) -> tuple[torch.Tensor, torch.Tensor]:
    """1 - cosine, and how far the student's ranking is from the teacher's.

    Each text of the batch is a query of the teacher's: its similarities to all of them at temperature `heat` are a
    distribution, once with the teacher's rows and once with the student's; their divergence counts. Similarities that
    all texts share cancel out in it, so what tells neighbours apart is what is learnt.
    """
    teacher, student = wanted @ wanted.T / heat, wanted @ made.T / heat
    divergence = (teacher.softmax(1) * (teacher.log_softmax(1) - student.log_softmax(1))).sum(1).mean()
    return 1 - (made * wanted).sum(1).mean(), heat * divergence


def save(layers: dict[str, torch.Tensor], file: Path) -> None:
    """The table as int8 with a scale for each token, the rest as float16."""
    table = layers["table"].numpy()
    scale = np.maximum(np.abs(table).max(1) / 127, 1e-6).astype(np.float16)
    whole = np.rint(table / scale.astype(np.float32)[:, None]).clip(-127, 127).astype(np.int8)
    rest = {name: values.numpy().astype(np.float16) for name, values in layers.items() if name != "table"}
    np.savez_compressed(file, allow_pickle=False, table=whole, scale=scale, teacher=np.array(MINILM_SHA256), **rest)


def main() -> None:
    parser = argparse.ArgumentParser(description="Teach the static student of all-MiniLM-L6-v2.")
    parser.add_argument("--out", type=Path, required=True, help="the .npz file to write")
    parser.add_argument("--cache", type=Path, help="where the teacher's vectors are kept, to go on from another time")
    parser.add_argument("--texts", type=int, default=24_000, help="how many texts the teacher reads")
    parser.add_argument("--rank", type=int, default=128)
    parser.add_argument("--hidden", type=int, default=256)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=60, help="the training ends by then")
    args = parser.parse_args()

    student = StaticMiniLM()
    vocabulary = student._ids._tokenizer.get_vocab()
    known = [text for kind in texts(sorted(vocabulary, key=vocabulary.__getitem__)).values() for text in kind]
    random.Random(1).shuffle(known)
    known = known[: args.texts]
    cache = args.cache or args.out.with_name(f"{args.out.stem}-taught.npz")
    if not cache.is_file():
        teach(known, cache)
    taught = dict(np.load(cache))
    ids, rows = [student._ids.of(text) for text in known], normalize(torch.from_numpy(taught.pop("rows")).float())
    held = [i for i in range(len(ids)) if i % 40 == 0]
    kept = [i for i in range(len(ids)) if i % 40]
    layers = start(**taught, rank=args.rank, hidden=args.hidden)
    layers = train([ids[i] for i in kept], rows[kept], layers, args.epochs, args.minutes * 60)
    made = forward(layers, *bags([ids[i] for i in held]))
    print(f"cosine to the teacher on {len(held)} texts not trained on: {(made * rows[held]).sum(1).mean():.3f}")
    save(layers, args.out)


if __name__ == "__main__":
    main()
