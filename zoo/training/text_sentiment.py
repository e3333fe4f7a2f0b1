"""Train `text-sentiment`, a small ModernBERT that tells whether an English text is pleased, displeased or neither.

It learns from texts written for it (sentiment.tsv; every fifth writer is held out) and from sentences built of words
with a known sign (text_sentiment_data.py). Its word vectors begin as those of the packaged all-MiniLM-L6-v2 and of its
static student (retrieval/embedding/static_minilm.npz), both reduced, beside what a logistic classifier on MiniLM's
layers says of each word alone (text_sentiment_teacher.py). That classifier also labels sentences out of games, a
quarter of each batch. The rest is trained from scratch.

Usage:
    python zoo/training/text_sentiment.py --sentences sentences.tsv --out zoo/models/text-sentiment
    python zoo/training/text_sentiment.py --out /tmp/sentiment --smoke

Takes about four minutes on one CPU core; `--smoke` takes a few seconds and gives an untrained model.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy
from transformers import ModernBertConfig, ModernBertForSequenceClassification, PreTrainedTokenizerFast

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from prefrontal.retrieval.embedding.minilm_weights import minilm_folder  # noqa: E402
from zoo.training.steps import save_half, temperature, train_steps  # noqa: E402
from zoo.training.text_sentiment_data import (  # noqa: E402
    BAD,
    GOOD,
    LABELS,
    THINGS,
    Labelled,
    built,
    disturbed,
    mixed,
    read_texts,
)
from zoo.training.text_sentiment_teacher import Teacher  # noqa: E402

SEED = 23
PIECES = 7600
SIZE = 96
LONGEST = 2048  # pieces
INPUT = 56  # dimensions of MiniLM's input vectors; the others are of its static student
BUILT = 0.25  # the share of a batch that is built of words
TAUGHT = 0.25  # the share that the teacher labels
TALES = ("wesnoth-1.16-data", "widelands-data", "freedroidrpg-data", "manaplus-data", "aisleriot")


def kept_pieces(texts: list[str], count: int) -> list[int]:
    """The pieces of MiniLM's vocabulary that are kept: those of the texts, then the most frequent."""
    tokenizer = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    pieces = {index: piece for piece, index in tokenizer.get_vocab().items()}
    single = {index for index, piece in pieces.items() if len(piece.removeprefix("##")) == 1 and piece.isascii()}
    special = [tokenizer.token_to_id(name) for name in ("[PAD]", "[UNK]", "[CLS]", "[SEP]")]
    used = {index for text in texts for index in tokenizer.encode(text, add_special_tokens=False).ids}
    chosen = list(dict.fromkeys([*special, *sorted(single | used)]))
    frequent = (index for index in range(1996, len(pieces)) if pieces[index].isascii() and index not in set(chosen))
    return chosen + [index for index, _ in zip(frequent, range(count - len(chosen)), strict=False)]


def make_tokenizer(kept: list[int]) -> PreTrainedTokenizerFast:
    """MiniLM's tokenizer (words in small letters, cut into pieces) with the kept pieces only."""
    described = json.loads((minilm_folder() / "tokenizer.json").read_text())
    pieces = {index: piece for piece, index in described["model"]["vocab"].items()}
    vocabulary = {pieces[index]: place for place, index in enumerate(kept)}
    described["model"]["vocab"] = vocabulary
    described["added_tokens"] = [
        {**token, "id": vocabulary[token["content"]]}
        for token in described["added_tokens"]
        if token["content"] in vocabulary
    ]
    for token in described["post_processor"].get("special_tokens", {}).values():
        token["ids"] = [vocabulary[name] for name in token["tokens"]]
    described |= {"truncation": None, "padding": None}
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(json.dumps(described)),
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_input_names=["input_ids", "attention_mask"],
        model_max_length=LONGEST,
        clean_up_tokenization_spaces=False,
    )


def make_model(pieces: int) -> ModernBertForSequenceClassification:
    """Two layers of 96 dimensions, about 0.92 million weights, of which the pieces' vectors are four fifths."""
    config = ModernBertConfig(
        vocab_size=pieces,
        hidden_size=SIZE,
        intermediate_size=160,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=LONGEST,
        global_attn_every_n_layers=1,
        classifier_pooling="mean",
        embedding_dropout=0.2,
        attention_dropout=0.1,
        mlp_dropout=0.1,
        classifier_dropout=0.2,
        pad_token_id=0,
        cls_token_id=2,
        bos_token_id=2,
        sep_token_id=3,
        eos_token_id=3,
        num_labels=len(LABELS),
        id2label=dict(enumerate(LABELS)),
        label2id={name: index for index, name in enumerate(LABELS)},
    )
    return ModernBertForSequenceClassification(config)


def reduced(rows: torch.Tensor, size: int) -> torch.Tensor:
    """The main directions of some vectors: (rows, size), of variance 1 over all."""
    rows = rows - rows.mean(0)
    rows = rows @ torch.linalg.svd(rows, full_matrices=False).Vh[:size].T
    return rows / rows.std()


def first_vectors(kept: list[int], signs: torch.Tensor) -> torch.Tensor:
    """The vectors that the pieces begin with, (pieces, SIZE): MiniLM's input vectors, what it makes of them, signs."""
    words = load_file(minilm_folder() / "model.safetensors")["embeddings.word_embeddings.weight"][kept].float()
    with np.load(ROOT / "retrieval" / "embedding" / "static_minilm.npz") as stored:
        made = torch.from_numpy(stored["table"][kept].astype(np.float32))
        made *= torch.from_numpy(stored["scale"][kept].astype(np.float32))[:, None]
    signs = signs - signs.mean(0)
    return torch.cat([reduced(words, INPUT), reduced(made, SIZE - INPUT - len(LABELS)), 2 * signs / signs.std()], 1)


def tales(path: Path, count: int) -> list[str]:
    """English sentences out of games (of the file that text_language_data.py writes), which nobody has labelled."""
    rows = (line.split("\t", 2) for line in path.read_text(encoding="utf-8").splitlines())
    found = [text for code, package, text in rows if code == "en" and package in TALES and 20 <= len(text) <= 120]
    random.Random(SEED).shuffle(found)
    return found[:count]


class Batches:
    """Batches of written texts, of built ones and of others with what the teacher says of them, drawn afresh."""

    def __init__(
        self,
        texts: list[Labelled],
        tokenizer: PreTrainedTokenizerFast,
        seed: int,
        taught: list[tuple[str, torch.Tensor]] | None = None,
    ) -> None:
        self.rng, self.tokenizer, self.texts, self.taught = random.Random(seed), tokenizer, texts, taught or []
        self.by_label: dict[str, list[str]] = defaultdict(list)
        for label, text in texts:
            self.by_label[label].append(text)

    def draw(self, size: int) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
        """Tokens of `size` texts and their target distributions, (size, labels)."""
        targets, drawn = torch.zeros(size, len(LABELS)), []
        for row in range(size):
            kind = self.rng.random()
            if kind < TAUGHT and self.taught:
                text, targets[row] = self.rng.choice(self.taught)
            else:
                if kind < TAUGHT + BUILT:
                    label, text = built(self.rng)
                else:
                    label, text = self.rng.choice(self.texts)
                    text = mixed(label, text, self.by_label, self.rng)
                targets[row, LABELS.index(label)] = 1.0
            drawn.append(disturbed(text, self.rng))
        return self.tokens(drawn), targets

    def tokens(self, texts: list[str]) -> dict[str, torch.Tensor]:
        """The tokens of some texts."""
        return dict(self.tokenizer(texts, padding=True, truncation=True, max_length=160, return_tensors="pt"))


def numbers(texts: list[Labelled]) -> torch.Tensor:
    """The labels of texts as numbers."""
    return torch.tensor([LABELS.index(label) for label, _ in texts])


@torch.no_grad()
def outputs(model: torch.nn.Module, batches: Batches, texts: list[Labelled]) -> torch.Tensor:
    """What the model makes of texts, (texts, labels), before the softmax."""
    model.eval()
    parts = [texts[start : start + 64] for start in range(0, len(texts), 64)]
    return torch.cat([model(**batches.tokens([text for _, text in part])).logits for part in parts])


def calibrate(model: ModernBertForSequenceClassification, batches: Batches, texts: list[Labelled]) -> float:
    """Divide the last layer by the temperature that fits on texts of the writers held out."""
    found = temperature(outputs(model, batches, texts), numbers(texts))
    with torch.no_grad():
        model.classifier.weight /= found
        model.classifier.bias /= found
    return found


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line, train, calibrate, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder for the checkpoint")
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--sentences", type=Path, help="what text_language_data.py writes, for the teacher to label")
    parser.add_argument("--states", type=Path, help="keeps the teacher's states from one run to the next (.npz)")
    parser.add_argument("--smoke", action="store_true", help="a run of a few seconds, for tests")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    texts, unseen = read_texts(held_out=False), read_texts(held_out=True)
    pieces = PIECES
    if options.smoke:
        texts, unseen, options.steps, options.batch, pieces = texts[:40], unseen[:8], 3, 8, 800
    kept = kept_pieces([text for _, text in texts] + GOOD + BAD + THINGS, pieces)
    tokenizer = make_tokenizer(kept)
    teacher = Teacher(len(LABELS), options.states)
    teacher.fit(teacher.of_texts([text for _, text in texts]), numbers(texts), steps=5 if options.smoke else 300)
    told = tales(options.sentences, 2500) if options.sentences else []
    chances = teacher.says(teacher.of_texts(told)).softmax(1) if told else []
    model = make_model(len(kept))
    batches = Batches(texts, tokenizer, SEED, list(zip(told, chances, strict=True)))
    with torch.no_grad():
        model.get_input_embeddings().weight.copy_(first_vectors(kept, teacher.says(teacher.of_pieces(kept))))

    def loss_of(step: int) -> torch.Tensor:
        tokens, labels = batches.draw(options.batch)
        return cross_entropy(model(**tokens).logits, labels, label_smoothing=0.05)

    train_steps(
        model,
        range(1, options.steps + 1),
        loss_of,
        rate=options.rate,
        factor=lambda step: min(1.0, (step + 1) / 100, 0.02 + 1.2 * (options.steps - step) / options.steps),
        report=100,
        save=10**9,
        out=options.out,
    )
    right = (outputs(model, batches, unseen).argmax(1) == numbers(unseen)).float().mean().item()
    print(f"writers held out: {100 * right:.1f} % right; temperature {calibrate(model, batches, unseen):.3f}")
    tokenizer.save_pretrained(options.out)
    save_half(model, options.out)
    print(f"saved {options.out}")


if __name__ == "__main__":
    main()
