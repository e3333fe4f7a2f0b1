"""Which library and class open a model whose documentation shows no code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# Names of libraries in prose -> as the Hub calls them, the more special first.
_NAMED = (
    (r"sentence[- ]transformers", "sentence-transformers"),
    (r"speechbrain", "speechbrain"),
    (r"\bespnet2?\b", "espnet"),
    (r"\bfairseq\b", "fairseq"),
    (r"\basteroid\b", "asteroid"),
    (r"\bnemo\b", "nemo"),
    (r"\bpyannote", "pyannote-audio"),
    (r"\bflair\b", "flair"),
    (r"\bspacy\b", "spacy"),
    (r"\bspan-?marker\b", "span-marker"),
    (r"\bsetfit\b", "setfit"),
    (r"\bdiffusers\b|stable[- ]diffusion|dreambooth", "diffusers"),
    (r"\bultralytics\w*|\byolov8", "ultralytics"),
    (r"\byolov5", "yolov5"),
    (r"\btimm\b", "timm"),
    (r"\bopenclip\b|\bopen_clip\b", "open_clip"),
    (r"\bstable-?baselines3\b|\brl[- ]zoo", "stable-baselines3"),
    (r"\bml-agents\b", "ml-agents"),
    (r"\blerobot\b", "lerobot"),
    (r"\bskops\b|\bscikit-learn\b|\bsklearn\b|\bdabl\b", "sklearn"),
    (r"\bautotrain\b(?=.{0,200}tabular)", "joblib"),
    (r"\bpaddlenlp\b", "paddlenlp"),
    (r"\bpaddleocr\b", "paddleocr"),
    (r"\bgguf\b|llama\.cpp", "gguf"),
    (r"\bctranslate2\b|faster-whisper", "ctranslate2"),
    (r"\btransformers\b", "transformers"),
    (r"\bkeras\b", "keras"),
    (r"\bfastai\b", "fastai"),
)
_USUAL = {
    "sentence-similarity": "sentence-transformers",
    "text-to-image": "diffusers",
    "image-to-image": "diffusers",
    "text-to-video": "diffusers",
    "image-to-video": "diffusers",
    "unconditional-image-generation": "diffusers",
    "tabular-classification": "sklearn",
    "tabular-regression": "sklearn",
    "reinforcement-learning": "stable-baselines3",
    "robotics": "lerobot",
    "voice-activity-detection": "pyannote-audio",
    "audio-to-audio": "",
}
_CLASSES = {
    "sentence-transformers": "SentenceTransformer",
    "diffusers": "DiffusionPipeline",
    "flair": "SequenceTagger",
    "asteroid": "BaseModel",
    "sklearn": "joblib.load",
    "joblib": "joblib.load",
    "ultralytics": "YOLO",
    "ultralyticsplus": "YOLO",
    "yolov5": "yolov5.load",
    "timm": "timm.create_model",
    "spacy": "spacy.load",
    "stable-baselines3": "load_from_hub",
    "keras": "from_pretrained_keras",
    "fastai": "from_pretrained_fastai",
    "pyannote-audio": "Pipeline",
    "fairseq": "load_model_ensemble_and_task_from_hf_hub",
    "setfit": "SetFitModel",
    "span-marker": "SpanMarkerModel",
    "ctranslate2": "WhisperModel",
    "gguf": "Llama",
    "ml-agents": "mlagents-load-from-hf",
}
_BY_TASK = {
    ("speechbrain", "audio-classification"): "EncoderClassifier",
    ("speechbrain", "automatic-speech-recognition"): "EncoderDecoderASR",
    ("speechbrain", "audio-to-audio"): "SepformerSeparation",
    ("speechbrain", "text-to-speech"): "Tacotron2",
    ("espnet", "text-to-speech"): "Text2Speech",
    ("espnet", "automatic-speech-recognition"): "Speech2Text",
    ("sentence-transformers", "text-ranking"): "CrossEncoder",
    ("diffusers", "unconditional-image-generation"): "DDPMPipeline",
    ("diffusers", "text-to-image"): "StableDiffusionPipeline",
}
# transformers has no pipeline for these any more, or never had.
_AUTO = {
    "translation": "AutoModelForSeq2SeqLM",
    "summarization": "AutoModelForSeq2SeqLM",
    "text2text-generation": "AutoModelForSeq2SeqLM",
    "question-answering": "AutoModelForQuestionAnswering",
    "visual-question-answering": "AutoModelForVisualQuestionAnswering",
    "image-to-text": "AutoModelForImageTextToText",
    "feature-extraction": "AutoModel",
    "sentence-similarity": "AutoModel",
}


def usual_library(task: str, text: str, header: Mapping[str, Any]) -> str:
    """The library that the header or the prose names, else the usual one for the task."""
    named = header.get("library_name") or header.get("library")
    if isinstance(named, str) and named.strip():
        return named.strip().lower()
    prose = text[:4000].lower()
    found = next((name for pattern, name in _NAMED if re.search(pattern, prose)), "")
    return found or _USUAL.get(task, "transformers" if task else "")


def usual_class(task: str, library: str, config: Mapping[str, Any]) -> str:
    """The class that config.json names, else the one with which the library opens a model of the task."""
    if library in ("", "transformers"):
        named = config.get("architectures")
        first = named[0] if isinstance(named, list) and named and isinstance(named[0], str) else ""
        return first or _AUTO.get(task, "pipeline" if task else "")
    return _BY_TASK.get((library, task), _CLASSES.get(library, ""))
