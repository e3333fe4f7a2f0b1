"""What the packaged all-MiniLM-L6-v2 says of words and texts: the teacher of `text-sentiment`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy
from transformers import AutoModel

from prefrontal.retrieval.embedding.minilm_weights import minilm_folder

BEGIN, END = 101, 102  # the marks around a text


class Teacher:
    """The mean states of MiniLM's later layers, and a logistic classifier on them.

    Args:
        labels: how many labels there are.
        cache: where the states of texts are kept from one run to the next (.npz), if anywhere.
    """

    def __init__(self, labels: int, cache: Path | None = None) -> None:
        self.labels, self.cache = labels, cache
        self.model: Any = AutoModel.from_pretrained(str(minilm_folder())).eval()
        self.tokenizer = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.known: dict[tuple[int, ...], np.ndarray] = {}
        if cache and cache.is_file():
            stored = np.load(cache)
            ends = stored["lengths"].cumsum()[:-1]
            rows = (tuple(row.tolist()) for row in np.split(stored["ids"], ends))
            self.known = dict(zip(rows, stored["states"], strict=True))

    @torch.inference_mode()
    def states(self, rows: list[list[int]], batch: int = 64) -> torch.Tensor:
        """Mean states of layers 3 to 6, (rows, 1536), of rows of piece ids with their marks."""
        new = sorted({tuple(row) for row in rows} - set(self.known), key=len)
        for start in range(0, len(new), batch):
            chosen = new[start : start + batch]
            width = max(map(len, chosen))
            ids = torch.tensor([[*row, *[0] * (width - len(row))] for row in chosen])
            mask = (ids > 0).long()
            layers = self.model(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states[3:]
            means = [(layer * mask[..., None]).sum(1) / mask.sum(1, keepdim=True) for layer in layers]
            self.known.update(zip(chosen, torch.cat(means, 1).half().numpy(), strict=True))
        if new and self.cache:
            flat = np.array([index for row in self.known for index in row])
            kept = {"ids": flat, "lengths": np.array([len(row) for row in self.known])}
            np.savez(self.cache, states=np.stack(list(self.known.values())), **kept)
        return torch.from_numpy(np.stack([self.known[tuple(row)] for row in rows])).float()

    def of_texts(self, texts: list[str]) -> torch.Tensor:
        """Mean states of texts, read to 128 pieces."""
        return self.states([self.tokenizer.encode(text).ids[:128] for text in texts])

    def of_pieces(self, pieces: list[int]) -> torch.Tensor:
        """Mean states of single pieces of the vocabulary."""
        return self.states([[BEGIN, piece, END] for piece in pieces], batch=256)

    def fit(self, states: torch.Tensor, labels: torch.Tensor, steps: int = 300) -> None:
        """Fit the logistic classifier, its weights held small."""
        self.mean, self.scale = states.mean(0), states.std(0) + 1e-4
        self.head = torch.nn.Linear(states.shape[1], self.labels)
        torch.nn.init.zeros_(self.head.weight)
        optimizer = torch.optim.LBFGS(self.head.parameters(), max_iter=steps)
        scaled = (states - self.mean) / self.scale

        def closure() -> torch.Tensor:
            optimizer.zero_grad()
            loss = cross_entropy(self.head(scaled), labels)
            loss = loss + 0.5 * self.head.weight.square().sum() / (0.003 * len(scaled))
            loss.backward()
            return loss

        optimizer.step(closure)  # type: ignore[arg-type]

    @torch.no_grad()
    def says(self, states: torch.Tensor) -> torch.Tensor:
        """What the classifier makes of states, (rows, labels), before the softmax."""
        return self.head((states - self.mean) / self.scale)
