"""The slots that rows of the task table share, and short ways to write one."""

from __future__ import annotations

from .task import Slot


def one(name: str, kind: str, about: str) -> Slot:
    return Slot(name, kind, about)


def maybe(name: str, kind: str, about: str, many: bool = False) -> Slot:
    return Slot(name, kind, about, required=False, many=many)


def several(name: str, kind: str, about: str) -> Slot:
    return Slot(name, kind, about, many=True)


IMAGE = one("image", "image", "The picture to look at")
AUDIO = one("audio", "audio", "The recording to listen to")
VIDEO = one("video", "video", "The video to watch")
TABLE = one("table", "table", "The table to read")
TEXT = one("text", "text", "The text to work on")
QUESTION = one("question", "text", "The question to answer")
PROMPT = one("prompt", "text", "What to make, in words")
CANDIDATES = several("candidate_labels", "text", "The labels to choose from")
TOP_K = maybe("top_k", "number", "How many answers to give, best first")
THRESHOLD = maybe("threshold", "number", "The lowest score that counts, from 0 to 1")
LENGTH = maybe("max_new_tokens", "number", "The most tokens to write")
NEGATIVE = maybe("negative_prompt", "text", "What must not be in it")
STEPS = maybe("num_inference_steps", "number", "How many denoising steps: more is finer and slower")
SEED = maybe("seed", "number", "The same seed gives the same result")

OUT_TEXT = one("text", "text", "The text written")
OUT_LABELS = one("labels", "labels", "The labels with their scores, best first")
OUT_BOXES = one("boxes", "boxes", "The things found, with label, score and box in pixels")
OUT_MASKS = one("masks", "masks", "The regions found, each with a mask picture")
OUT_SPANS = one("spans", "spans", "The pieces of text found, with their places")
OUT_IMAGE = one("image", "image", "The picture made")
OUT_AUDIO = one("audio", "audio", "The sound made")
OUT_VIDEO = one("video", "video", "The video made")
OUT_VECTOR = one("vector", "vector", "The numbers that stand for the meaning")
OUT_JSON = one("result", "json", "What came out")
