"""Runs the tasks that have a pipeline in transformers; what differs from task to task is a row of `ROWS`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from ...errors import ModelUnavailableError, ToolInputError
from ..card import ModelCard
from .detecting import detect
from .hearing import TAG, number_heard
from .inputs import check_length, options, waveform
from .loading import device, load_model, load_part, loading, running
from .local import LocalRunner

_PARTS = {
    "tokenizer": "AutoTokenizer",
    "image_processor": "AutoImageProcessor",
    "feature_extractor": "AutoFeatureExtractor",
    "video_processor": "AutoVideoProcessor",
    "processor": "AutoProcessor",
}
# Auto classes beside the pipeline's own table: it finds these models by the class name in their config.json.
_ALSO = {
    "image-segmentation": ("AutoModelForUniversalSegmentation", "AutoModelForInstanceSegmentation"),
    "table-question-answering": ("AutoModelForSeq2SeqLM",),
    "document-question-answering": ("AutoModelForImageTextToText",),
}
# SpeechT5 alone: its pipeline would fetch a vocoder from the Hub, and it needs a speaker's vector besides.
_NOT = ("AutoModelForTextToSpectrogram",)
_MASKS = re.compile(r"\[MASK\]|<mask>|_{2,}")
LONG_AUDIO = 30  # seconds: beyond this, recordings are transcribed in pieces


class PipelineRunner(LocalRunner):
    """`transformers.pipeline`, called with opened values only: never a path or URL that it would fetch itself.

    The parts are loaded here and handed over, so that weights which do not fill the model are noticed, and nothing
    is looked up on the Hub. Scores are None where a model gives none (semantic segmentation, Donut).
    """

    def load(self, card: ModelCard, folder: Path) -> Any:
        with loading(card, folder):
            import transformers

            task, spec = _registered(card)
            auto = [cls for cls in spec["pt"] if cls.__name__ not in _NOT]
            auto += [getattr(transformers, name) for name in _ALSO.get(task, ())]
            model = load_model(card, folder, auto)
            parts = {part: _part(part, card, folder, must) for part, must in _wanted(spec["impl"]).items()}
            given = {part: value for part, value in parts.items() if value is not None}
            make: Any = transformers.pipeline  # its overloads know the task's name, not that it is one of them
            return make(task, model=model, device=device(), trust_remote_code=False, **given)

    def run(self, model: Any, card: ModelCard, inputs: dict[str, Any]) -> dict[str, Any]:
        row = ROWS[card.task]
        with running(card, int(inputs.get("seed", 0))):
            raw = row.call(Call(model, card, inputs, options(inputs)))
            return {
                row.output: _named(row.shape(raw, inputs), card) if row.output == "labels" else row.shape(raw, inputs)
            }


_UNNAMED = re.compile(r"LABEL_(\d{1,3})")


def _named(labels: list[dict[str, Any]], card: ModelCard) -> list[dict[str, Any]]:
    """Labels by the names that the documentation gives, where config.json left them as LABEL_0, LABEL_1."""
    names = card.said.get("labels") or ()
    found = [_UNNAMED.fullmatch(str(one.get("label"))) for one in labels] if names else []
    return [
        {**one, "label": names[int(match[1])]} if match and int(match[1]) < len(names) else one
        for one, match in zip(labels, found or [None] * len(labels), strict=True)
    ]


def _registered(card: ModelCard) -> tuple[str, dict[str, Any]]:
    """The pipeline's name in transformers for the card's task, and how it is registered there.

    Raises:
        ModelUnavailableError: the transformers installed here is older than the task.
    """
    import transformers

    try:
        task, spec, _ = transformers.pipelines.PIPELINE_REGISTRY.check_task(card.task)
    except KeyError as error:
        raise ModelUnavailableError(
            f"{card.id} cannot be loaded: transformers {transformers.__version__} has no pipeline for {card.task}; "
            "pip install --upgrade transformers"
        ) from error
    return task, spec


def _wanted(pipeline: Any) -> dict[str, bool | None]:
    """The parts that a pipeline takes, and whether it must have them (None: it takes them where there are any).

    `pipeline` is its class; newer versions register the dotted name of one, so that it is imported at first use. The
    flags are what a pipeline of one's own sets, too; a version that lacks one knows no such part.
    """
    if isinstance(pipeline, str):
        module, _, name = pipeline.rpartition(".")
        pipeline = getattr(import_module(module), name)
    flags = {part: getattr(pipeline, f"_load_{part}", False) for part in _PARTS}
    return {part: must for part, must in flags.items() if must is not False}


def _part(part: str, card: ModelCard, folder: Path, must: bool | None) -> Any:
    """A tokenizer or processor; one that the pipeline can do without may be missing."""
    try:
        return load_part(_PARTS[part], folder, card.id)
    except Exception:
        if must:
            raise
        return None


@dataclass(frozen=True)
class Call:
    """One call: the pipeline, the card, the opened inputs, and those of them that are settings, converted."""

    pipe: Any
    card: ModelCard
    inputs: dict[str, Any]
    options: dict[str, Any]


@dataclass(frozen=True)
class Row:
    """How a task is called, the name of its output, and how the pipeline's result becomes it."""

    call: Callable[[Call], Any]
    output: str
    shape: Callable[[Any, dict[str, Any]], Any]


# Inputs -> call


def _on(slot: str) -> Callable[[Call], Any]:
    return lambda c: c.pipe(c.inputs[slot], **c.options)


def _detect(c: Call) -> Any:
    return detect(c.pipe, c.inputs["image"], c.options)


def _on_text(**fixed: Any) -> Callable[[Call], Any]:
    def call(c: Call) -> Any:
        check_length(c.card, c.pipe.tokenizer, c.pipe.model.config, c.inputs["text"])
        return c.pipe(c.inputs["text"], **fixed, **c.options)

    return call


def _recording(c: Call) -> Any:
    return waveform(c.inputs["audio"], c.pipe.feature_extractor.sampling_rate)


def _classify_audio(c: Call) -> Any:
    return c.pipe(_recording(c), **c.options)


def _transcribe(c: Call) -> Any:
    rate = c.pipe.feature_extractor.sampling_rate
    array = _recording(c)
    extra: dict[str, Any] = {}
    if len(array) > LONG_AUDIO * rate:
        # Whisper reads long recordings piece by piece when it may write times; CTC models get overlapping pieces.
        extra = {"ctc": {"chunk_length_s": LONG_AUDIO}, "seq2seq_whisper": {"return_timestamps": True}}.get(
            c.pipe.type, {}
        )
    if TAG in c.card.tags and c.pipe.type == "ctc" and not extra:
        return {"text": number_heard(c.pipe, array)}
    return c.pipe({"raw": array, "sampling_rate": rate}, **extra)


def _unmask(c: Call) -> Any:
    mask = c.pipe.tokenizer.mask_token
    text, count = _MASKS.subn(lambda _: mask, c.inputs["text"])
    if count != 1:
        raise ToolInputError(f"the text holds {count} masked words; write [MASK] once, where the word is missing")
    return c.pipe(text, **c.options)


def _ask_table(c: Call) -> Any:
    table = c.inputs["table"].astype(str).reset_index(drop=True)
    return c.pipe(table=table, query=c.inputs["question"])


def _ask_document(c: Call) -> Any:
    return c.pipe(c.inputs["image"], c.inputs["question"], **c.options)


def _match(c: Call) -> Any:
    return c.pipe([c.inputs["image"], c.inputs["other"]])


def _watch(c: Call) -> Any:
    return c.pipe(str(c.inputs["video"]), **c.options)


def _write(c: Call) -> Any:
    prompt = c.inputs["prompt"]
    check_length(c.card, c.pipe.tokenizer, c.pipe.model.config, prompt, "prompt")
    chat = [{"role": "user", "content": prompt}] if c.pipe.tokenizer.chat_template else prompt
    return c.pipe(chat, return_full_text=False, **c.options)


def _see_and_write(c: Call) -> Any:
    """Media and a prompt, as a chat where the model has a template for one."""
    media = {kind: c.inputs[kind] for kind in ("image", "audio") if kind in c.inputs}
    if "audio" in media:
        media["audio"] = waveform(media["audio"], c.pipe.processor.feature_extractor.sampling_rate)
    settings = {"return_full_text": False, **c.options}
    if getattr(c.pipe.processor, "chat_template", None):
        content = [{"type": kind, kind: value} for kind, value in media.items()]
        chat = [{"role": "user", "content": [*content, {"type": "text", "text": c.inputs["prompt"]}]}]
        return c.pipe(text=chat, **settings)
    named = {"images" if kind == "image" else kind: value for kind, value in media.items()}
    return c.pipe(**named, text=c.inputs["prompt"], **settings)


def _decide(c: Call) -> Any:
    return c.pipe({"state": c.inputs["state"], "questions": c.inputs["questions"]})


# Result -> output


def _as_is(raw: Any, inputs: dict[str, Any]) -> Any:
    return raw


def _key(name: str) -> Callable[[Any, dict[str, Any]], Any]:
    return lambda raw, inputs: (raw[0] if isinstance(raw, list) else raw)[name]


def _labelled(key: str) -> Callable[[Any, dict[str, Any]], list[dict[str, Any]]]:
    return lambda raw, inputs: [
        {"label": item[key].strip(), "score": item.get("score")} for item in raw if item[key] is not None
    ]


def _ranked(raw: Any, inputs: dict[str, Any]) -> list[dict[str, Any]]:
    pairs = zip(raw["labels"], raw["scores"], strict=True)
    return [{"label": label, "score": score} for label, score in pairs]


def _spans(raw: Any, inputs: dict[str, Any]) -> list[dict[str, Any]]:
    text = inputs["text"]
    return [
        {
            "text": text[item["start"] : item["end"]] if item["start"] is not None else item["word"],
            "label": item["entity_group"],
            "score": item["score"],
            "start": item["start"],
            "end": item["end"],
        }
        for item in raw
    ]


def _outlines(raw: Any, inputs: dict[str, Any]) -> list[dict[str, Any]]:
    import numpy as np
    from PIL import Image

    pairs = zip(raw["masks"], raw["scores"], strict=True)
    return [
        {
            "label": "thing",
            "score": float(score),
            "mask": Image.fromarray(np.asarray(_at_hand(mask)).astype("uint8") * 255),
        }
        for mask, score in pairs
    ]


def _at_hand(mask: Any) -> Any:
    """An array, or a tensor that is not left on a GPU: numpy cannot reach it there."""
    return mask.cpu() if hasattr(mask, "cpu") else mask


def _pooled(raw: Any, inputs: dict[str, Any]) -> list[float]:
    """The mean over tokens (1, n, d), or over places (1, d, h, w)."""
    dims = {3: 1, 4: (2, 3)}.get(raw.ndim)
    return (raw if dims is None else raw.float().mean(dim=dims))[0].tolist()


def _sound(raw: Any, inputs: dict[str, Any]) -> dict[str, Any]:
    array = raw["audio"]
    return {"array": array.mean(axis=0) if array.ndim > 1 else array, "sampling_rate": int(raw["sampling_rate"])}


ROWS: dict[str, Row] = {
    "image-classification": Row(_on("image"), "labels", _as_is),
    "object-detection": Row(_detect, "boxes", _as_is),
    "image-segmentation": Row(_on("image"), "masks", _as_is),
    "depth-estimation": Row(_on("image"), "image", _key("depth")),
    "mask-generation": Row(_on("image"), "masks", _outlines),
    "image-feature-extraction": Row(lambda c: c.pipe(c.inputs["image"], return_tensors=True), "vector", _pooled),
    "keypoint-matching": Row(_match, "result", _as_is),
    "zero-shot-image-classification": Row(_on("image"), "labels", _as_is),
    "zero-shot-object-detection": Row(_detect, "boxes", _as_is),
    "document-question-answering": Row(_ask_document, "labels", _labelled("answer")),
    "image-text-to-text": Row(_see_and_write, "text", _key("generated_text")),
    "automatic-speech-recognition": Row(_transcribe, "text", _key("text")),
    "audio-classification": Row(_classify_audio, "labels", _as_is),
    "zero-shot-audio-classification": Row(_classify_audio, "labels", _as_is),
    "text-to-speech": Row(lambda c: c.pipe(c.inputs["text"]), "audio", _sound),
    "text-to-audio": Row(lambda c: c.pipe(c.inputs["text"]), "audio", _sound),
    "video-classification": Row(_watch, "labels", _as_is),
    "text-classification": Row(_on_text(), "labels", _as_is),
    "token-classification": Row(_on_text(aggregation_strategy="simple"), "spans", _spans),
    "table-question-answering": Row(_ask_table, "text", _key("answer")),
    "text-generation": Row(_write, "text", _key("generated_text")),
    "fill-mask": Row(_unmask, "labels", _labelled("token_str")),
    "zero-shot-classification": Row(_on("text"), "labels", _ranked),
    "feature-extraction": Row(_on_text(return_tensors=True), "vector", _pooled),
    "any-to-any": Row(_see_and_write, "text", _key("generated_text")),
    "decision": Row(_decide, "result", _as_is),
}
