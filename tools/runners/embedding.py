"""Texts as vectors: sentence-similarity, feature-extraction and text-ranking with sentence-transformers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ...errors import ModelUnavailableError, ToolInputError
from ..adapters import CONFIG, MERGE
from ..card import ModelCard
from ..config_safety import ACTIVATIONS
from .loading import LOCAL, check_filled, device, dtype, loading, running
from .local import LocalRunner


class EmbeddingRunner(LocalRunner):
    """Bi-encoders (SentenceTransformer), and cross-encoders for text-ranking.

    Similarities are cosines, from -1 to 1, the closest first; a text longer than the model reads is cut there, as
    sentence-transformers does.
    """

    def load(self, card: ModelCard, folder: Path) -> Any:
        with loading(card, folder):
            if (folder / CONFIG).is_file():  # with peft installed, the library would follow it to any base
                raise ModelUnavailableError(
                    f"{card.id} is not loaded: an adapter is put into no model of sentence-transformers here; {MERGE}"
                )
            import sentence_transformers

            ranks = card.task == "text-ranking"
            make: Any = sentence_transformers.CrossEncoder if ranks else sentence_transformers.SentenceTransformer
            given = {"activation_fn": activation(folder)} if ranks else {}
            settings = {"use_safetensors": True, "dtype": dtype()}
            model = make(str(folder), device=device(), model_kwargs=settings, **given, **LOCAL)
            transformer = getattr(model[0], "auto_model", None)
            if transformer is not None:  # static embeddings have none, and a loader that demands every weight
                _check_filled(card, _transformer_folder(folder), transformer)
            if ranks and model.config.num_labels != 1:
                raise ModelUnavailableError(
                    f"{card.id} is not usable for {card.task}: it gives {model.config.num_labels} scores for each "
                    "text, not one; pick another model"
                )
            return model.eval()

    def lacks(self, folder: Path) -> str:
        return "" if (folder / "modules.json").is_file() else super().lacks(folder)

    def run(self, model: Any, card: ModelCard, inputs: dict[str, Any]) -> dict[str, Any]:
        with running(card):
            return _CALLS[card.task](model, inputs, *_prefixes(model, card))


def _prefixes(model: Any, card: ModelCard) -> tuple[str, str]:
    """What stands before what is asked, and before what is searched: as the documentation of a model says that brings
    no prompts of its own along."""
    if any((getattr(model, "prompts", None) or {}).values()):
        return "", ""
    before = card.said.get("query_prefix") or card.said.get("prefix") or ""
    return before, card.said.get("document_prefix") or before


def _compare(model: Any, inputs: dict[str, Any], before: str, behind: str) -> dict[str, Any]:
    sentences = _given("sentences", inputs)
    texts = [before + inputs["text"], *(behind + sentence for sentence in sentences)]
    vectors = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    return {"labels": _best_first(sentences, vectors[1:] @ vectors[0])}


def _embed(model: Any, inputs: dict[str, Any], before: str, behind: str) -> dict[str, Any]:
    return {"vector": model.encode(before + inputs["text"], show_progress_bar=False).tolist()}


def _rank(model: Any, inputs: dict[str, Any], before: str, behind: str) -> dict[str, Any]:
    texts = _given("texts", inputs)
    scores = model.predict([(inputs["query"], text) for text in texts], show_progress_bar=False)
    return {"labels": _best_first(texts, scores)}


_CALLS = {"sentence-similarity": _compare, "feature-extraction": _embed, "text-ranking": _rank}


def _given(name: str, inputs: dict[str, Any]) -> list[str]:
    if not inputs[name]:
        raise ToolInputError(f"{name} is empty; give at least one text")
    return [str(one.get("label", one.get("text", ""))) if isinstance(one, dict) else str(one) for one in inputs[name]]


def _best_first(texts: list[str], scores: Any) -> list[dict[str, Any]]:
    pairs = zip(texts, scores, strict=True)
    return sorted(({"label": text, "score": float(s)} for text, s in pairs), key=lambda label: -label["score"])


def activation(folder: Path) -> Any:
    """What a cross-encoder's scores go through: the activation that its configuration names, when it is on our list,
    else a sigmoid, which is the library's own choice where a text gets one score.

    A CrossEncoder that is given none imports and calls whatever below `torch.` the configuration names.
    """
    import torch

    config = _json_object(_transformer_folder(folder) / "config.json")
    ours = config.get("sentence_transformers")
    named = (
        _json_object(folder / "config_sentence_transformers.json").get("activation_fn"),
        ours.get("activation_fn") if isinstance(ours, dict) else None,
        config.get("sbert_ce_default_activation_function"),
    )
    known = (ACTIVATIONS.get(name) for name in named if isinstance(name, str))
    return getattr(torch.nn, next(filter(None, known), "Sigmoid"))()


def _json_object(config: Path) -> dict[str, Any]:
    found = json.loads(config.read_bytes()) if config.is_file() else {}
    return found if isinstance(found, dict) else {}


def _transformer_folder(folder: Path) -> Path:
    """Where the transformer lies: the first module of modules.json, or the folder itself."""
    modules = folder / "modules.json"
    path = json.loads(modules.read_bytes())[0].get("path", "") if modules.is_file() else ""
    return folder / path


def _check_filled(card: ModelCard, folder: Path, model: Any) -> None:
    """sentence-transformers does not say which weights it found: compare the names in the files with the model's.

    Names that do not match may still be known to transformers under an older spelling, so only then is the model
    loaded once more, to be told what was missing.
    """
    from safetensors import safe_open

    stored: set[str] = set()
    for file in folder.glob("*.safetensors"):
        with safe_open(file, framework="pt") as weights:
            stored.update(weights.keys())
    stored |= {name.removeprefix(f"{model.base_model_prefix}.") for name in stored}
    if not {name for name in model.state_dict() if "pooler." not in name} <= stored:
        again, info = type(model).from_pretrained(folder, use_safetensors=True, output_loading_info=True, **LOCAL)
        check_filled(card, again, info, headless=card.task != "text-ranking")
