"""Texts as vectors: sentence-similarity, feature-extraction and text-ranking with sentence-transformers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ...errors import ModelUnavailableError, ToolInputError
from ..card import ModelCard
from .loading import LOCAL, device, load_model, loading, running


class EmbeddingRunner:
    """Bi-encoders (SentenceTransformer), and cross-encoders for text-ranking.

    Similarities are cosines, from -1 to 1, the closest first; a text longer than the model reads is cut there, as
    sentence-transformers does.
    """

    def load(self, card: ModelCard, folder: Path) -> Any:
        with loading(card, folder):
            import sentence_transformers
            import transformers

            ranks = card.task == "text-ranking"
            auto = transformers.AutoModelForSequenceClassification if ranks else transformers.AutoModel
            _check_filled(card, _transformer_folder(folder), auto)
            make = sentence_transformers.CrossEncoder if ranks else sentence_transformers.SentenceTransformer
            model = make(str(folder), device=device(), model_kwargs={"use_safetensors": True}, **LOCAL)
            if ranks and model.config.num_labels != 1:
                raise ModelUnavailableError(
                    f"{card.id} is not usable for {card.task}: it gives {model.config.num_labels} scores for each "
                    "text, not one; pick another model"
                )
            return model.eval()

    def run(self, model: Any, card: ModelCard, inputs: dict[str, Any]) -> dict[str, Any]:
        with running(card):
            return _CALLS[card.task](model, inputs)


def _compare(model: Any, inputs: dict[str, Any]) -> dict[str, Any]:
    sentences = _given("sentences", inputs)
    vectors = model.encode([inputs["text"], *sentences], normalize_embeddings=True, show_progress_bar=False)
    return {"labels": _best_first(sentences, vectors[1:] @ vectors[0])}


def _embed(model: Any, inputs: dict[str, Any]) -> dict[str, Any]:
    return {"vector": model.encode(inputs["text"], show_progress_bar=False).tolist()}


def _rank(model: Any, inputs: dict[str, Any]) -> dict[str, Any]:
    texts = _given("texts", inputs)
    scores = model.predict([(inputs["query"], text) for text in texts], show_progress_bar=False)
    return {"labels": _best_first(texts, scores)}


_CALLS = {"sentence-similarity": _compare, "feature-extraction": _embed, "text-ranking": _rank}


def _given(name: str, inputs: dict[str, Any]) -> list[str]:
    if not inputs[name]:
        raise ToolInputError(f"{name} is empty; give at least one text")
    return list(inputs[name])


def _best_first(texts: list[str], scores: Any) -> list[dict[str, Any]]:
    pairs = zip(texts, scores, strict=True)
    return sorted(({"label": text, "score": float(s)} for text, s in pairs), key=lambda label: -label["score"])


def _transformer_folder(folder: Path) -> Path:
    """Where the transformer lies: the first module of modules.json, or the folder itself."""
    modules = folder / "modules.json"
    path = json.loads(modules.read_bytes())[0].get("path", "") if modules.is_file() else ""
    return folder / path


def _check_filled(card: ModelCard, folder: Path, auto: Any) -> None:
    """sentence-transformers does not say which weights it found: compare the names in the files with the model's.

    Names that do not match may still be known to transformers under an older spelling, so only then is the model
    loaded once more, with the check of `load_model`.
    """
    import torch
    import transformers
    from safetensors import safe_open

    files = sorted(folder.glob("*.safetensors"))
    if not (folder / "config.json").is_file() or not files:
        return  # static embeddings and the like: no transformer, and a loader that demands every weight
    config = transformers.AutoConfig.from_pretrained(folder, **LOCAL)
    stored: set[str] = set()
    for file in files:
        with safe_open(file, framework="pt") as weights:
            stored.update(weights.keys())
    with torch.device("meta"):
        model = auto.from_config(config)
    prefix = f"{model.base_model_prefix}."
    stored |= {name.removeprefix(prefix) for name in stored}
    if not {name for name in model.state_dict() if "pooler." not in name} <= stored:
        load_model(card, folder, [auto])
