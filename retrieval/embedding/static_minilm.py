"""A static student of all-MiniLM-L6-v2: rows for millions of cards, in the very space of the teacher.

A query is embedded by the teacher, the long tail of cards by the student: no layer of attention, only a table of token
vectors, their mean, and a small network behind it. How it was taught: zoo/training/static_student.py.
"""

from __future__ import annotations

import re
from array import array
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...errors import ModelUnavailableError
from ...tools.checkpoints import MINILM, MINILM_SHA256
from .minilm_weights import minilm_folder

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

_FILE = Path(__file__).with_name("static_minilm.npz")
# Where the teacher's tokenizer splits a chunk in any case, around ASCII punctuation; it sees to the rest.
_PARTS = re.compile(r"[^!-/:-@\[-`{-~]+|[!-/:-@\[-`{-~]")
_CHARACTERS = 1_000  # 126 tokens seldom reach farther
_TOKENS = 126  # the teacher reads 128, its two marks among them
_CHUNKS_KEPT = 300_000  # chunks whose ids are remembered: some 60 MB
_BATCH = 128  # texts whose token vectors lie in the processor's cache together


class StaticMiniLM:
    """Texts to unit rows that stand for those of all-MiniLM-L6-v2, a thousand times as fast.

    The rows belong to the teacher whose weights have the SHA-256 `StaticMiniLM.teacher` (`MINILM_SHA256`:
    53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db, read to 128 tokens), and to no other: compare
    them with its query vectors only. Queries are the teacher's work; a student's row for a query finds less.

    Of the teacher's first ten for a request, 97 % are among the first hundred by the student's rows on APIBench's 936
    models and 87 % among MLLM-Tool's 1,296: search wide, and have the teacher embed what is found. One core encodes
    15,000 texts of 800 characters a second, more when they are shorter; no threads but torch's.

    Raises:
        ModelUnavailableError: at the first text, when the file was made for other weights than the teacher's.
    """

    dimension = 384
    teacher = MINILM_SHA256
    signature = f"static-1 of {MINILM}@{MINILM_SHA256[:12]}/384/128"

    @cached_property
    def _ids(self) -> _Ids:
        return _Ids(minilm_folder() / "tokenizer.json")

    @cached_property
    def _layers(self) -> dict[str, torch.Tensor]:
        """The arrays of the file as float32: table (tokens, rank); hidden, bias and out of the network; map; middle."""
        import torch

        with np.load(_FILE, allow_pickle=False) as file:
            if str(file["teacher"]) != self.teacher:
                raise ModelUnavailableError(
                    f"{_FILE.name} belongs to the weights {str(file['teacher'])[:12]}, not to {self.teacher[:12]}; "
                    "train it anew with zoo/training/static_student.py"
                )
            layers = {name: torch.from_numpy(file[name].astype(np.float32)) for name in file.files if name != "teacher"}
        layers["table"] *= layers.pop("scale")[:, None]
        return layers

    def encode(self, texts: list[str]) -> np.ndarray:
        """Unit vectors, shape (texts, 384), float32; a text without a token is the zero vector."""
        import torch

        layers = self._layers
        rows = torch.zeros(len(texts), self.dimension)
        with torch.inference_mode():
            for start in range(0, len(texts), _BATCH):
                ids = [self._ids.of(text) for text in texts[start : start + _BATCH]]
                rows[start : start + _BATCH] = forward(layers, *bags(ids))
        return rows.numpy()

    def __repr__(self) -> str:
        return f"StaticMiniLM({self.signature!r})"


def bags(ids: list[np.ndarray]) -> tuple[torch.Tensor, torch.Tensor]:
    """The ids of all texts one after another, and where each text begins."""
    import torch

    lengths = np.fromiter(map(len, ids), np.int64, len(ids))
    flat = np.concatenate(ids).astype(np.int64)
    return torch.from_numpy(flat), torch.from_numpy(lengths.cumsum() - lengths)


def forward(layers: dict[str, torch.Tensor], flat: torch.Tensor, starts: torch.Tensor) -> torch.Tensor:
    """Mean of the token vectors, a linear map, and what one hidden layer sees in the company that the tokens keep."""
    from torch.nn.functional import embedding_bag, normalize

    means = embedding_bag(flat, layers["table"], starts, mode="mean")
    hidden = (means @ layers["hidden"] + layers["bias"]).relu()
    rows = normalize(means @ layers["map"] + hidden @ layers["out"] + layers["middle"])
    empty = starts.diff(append=starts.new_tensor([len(flat)])) == 0
    return rows.masked_fill(empty[:, None], 0.0)


class _Ids(dict[str, bytes]):
    """Chunk of text -> its token ids as packed 16-bit numbers (joining bytes is three times as fast as joining tuples),
    filled as chunks turn up: cards share their words, so few are tokenized twice."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._path))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def of(self, text: str) -> np.ndarray:
        """The first 126 ids of a text, uint16, the same that the teacher reads between its two marks."""
        # A chunk without an id is nearly unheard of (a lone control character): more chunks than ids need no reading.
        chunks = text[:_CHARACTERS].split(None, _TOKENS)[:_TOKENS]
        return np.frombuffer(b"".join(map(self.__getitem__, chunks)), np.uint16)[:_TOKENS]

    def __missing__(self, chunk: str) -> bytes:
        parts = _PARTS.findall(chunk)
        if len(parts) > 1:  # its words were seen before, most likely
            ids = b"".join(map(self.__getitem__, parts))
        else:
            ids = array("H", self._tokenizer.encode(chunk, add_special_tokens=False).ids).tobytes()
        if len(self) >= _CHUNKS_KEPT:
            self.clear()
        self[chunk] = ids
        return ids
