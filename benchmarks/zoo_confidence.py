"""How often the zoo's models are right at each bound of the confidence that they give: the curves behind their bounds.

Usage: python benchmarks/zoo_confidence.py [--only line-ocr spoken-numbers …] [--fonts DIR …]

Each model is asked what its own benchmark asks, on what training did not see: lines drawn in the unseen fonts,
numbers of 0 to 99 and longer by the held-out variants of espeak-ng with noise, sentiment by held-out writers, everyday
sentences in all languages, handwritten digits. Prints one JSON line a model: at each bound the share of all answers
that are told, and how many of these are right, in percent. Of the coin-detector a box is no answer; its bounds stand on
its card.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from prefrontal.tools.card import ModelCard  # noqa: E402
from prefrontal.tools.model_tool import ModelTool  # noqa: E402

ZOO = ROOT / "zoo" / "models"
BOUNDS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98)
Answer = tuple[float, bool]  # how sure, and whether it is right


def curve(answers: Iterable[Answer]) -> list[dict[str, float]]:
    """At each bound: the share of answers at least so sure, and of these the share that is right, in percent."""
    rows = list(answers)
    points = []
    for bound in BOUNDS:
        told = [right for sure, right in rows if sure >= bound]
        if told:
            share, right = len(told) / len(rows), sum(told) / len(told)
            points.append({"sure": bound, "told": round(100 * share, 1), "right": round(100 * right, 1)})
    return points


def lines(fonts: Sequence[str]) -> Iterable[Answer]:
    """Lines in families of fonts that training did not see, read twice: the least sure character of what both say
    together, 0 where they do not agree. (The runner asks for more: see `agreed`.)"""
    from benchmarks.zoo_line_ocr import TEXT, Reader, draw
    from prefrontal.tools.page_lines import trimmed_line, with_margin
    from prefrontal.tools.runners.line_reading import together
    from zoo.training.line_ocr_data import HELD_OUT, font_files

    rng, reader = random.Random(5), Reader(str(ZOO / "line-ocr"))
    families = [files for family, files in sorted(font_files(tuple(fonts)).items()) if family.startswith(HELD_OUT)]
    for files in families:
        for text in rng.sample(TEXT, 12):
            image = trimmed_line(draw(text, rng.choice(files), rng.randint(14, 40)))
            (first,), (second,) = reader.once([image]), reader.once([with_margin(image)])
            read, least, settled = together(first, second)
            yield least if settled else 0.0, read == text


def spoken(_: Sequence[str]) -> Iterable[Answer]:
    """Short and long numbers by voices that training did not hear, every other one with noise."""
    from transformers import pipeline

    from benchmarks.zoo_spoken_numbers import add_noise, short_utterances, unseen_utterances
    from prefrontal.tools.runners.hearing import likeliest

    pipe = pipeline("automatic-speech-recognition", model=str(ZOO / "spoken-numbers"))
    rng = random.Random(6)
    said = [*rng.sample(short_utterances(None), 150), *unseen_utterances(100)]
    for at, (_, text, samples) in enumerate(said):
        heard, chance = likeliest(pipe, add_noise(samples, 12, at) if at % 2 else samples)
        yield chance, heard == text


def digits(_: Sequence[str]) -> Iterable[Answer]:
    """Digits of the third that training did not see, as they are and enlarged with a little turn."""
    from transformers import pipeline

    from zoo.training.digit_classifier import split_digits, to_picture

    _, images, _, labels = split_digits()
    classify, rng = pipeline("image-classification", model=str(ZOO / "digit-classifier")), random.Random(7)
    for image, label in zip(images, labels, strict=True):
        plain = to_picture(image)
        for picture in (plain, plain.resize((96, 96)).rotate(rng.uniform(-20, 20))):
            best = classify(picture, top_k=1)[0]
            yield best["score"], best["label"] == str(label)


def language(_: Sequence[str]) -> Iterable[Answer]:
    """Everyday sentences in all languages."""
    from benchmarks.zoo_text_language import everyday

    for label, score, wanted in _labelled("text-language", everyday()):
        yield score, label == wanted


def sentiment(_: Sequence[str]) -> Iterable[Answer]:
    """Texts by the writers who are held out."""
    from zoo.training.text_sentiment_data import read_texts

    for label, score, wanted in _labelled("text-sentiment", read_texts(held_out=True)):
        yield score, label == wanted


def _labelled(name: str, texts: Iterable[tuple[str, str]]) -> Iterable[tuple[str, float, str]]:
    tool = ModelTool(ModelCard.from_dir(ZOO / name, id=f"prefrontal/{name}"))
    for wanted, text in texts:
        request = {"type": "tool_call", "id": "1", "name": tool.name, "args": {"text": text}}
        best = tool.invoke(request).artifact["outputs"]["labels"][0]
        yield best["label"], best["score"], wanted


MODELS: dict[str, Callable[[Sequence[str]], Iterable[Answer]]] = {
    "digit-classifier": digits,
    "line-ocr": lines,
    "spoken-numbers": spoken,
    "text-language": language,
    "text-sentiment": sentiment,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=list(MODELS), default=list(MODELS))
    parser.add_argument("--fonts", nargs="+", default=["/usr/share/fonts"])
    given = parser.parse_args()
    torch.set_num_threads(1)
    with torch.inference_mode():
        for name in given.only:
            answers = list(MODELS[name](given.fonts))
            print(
                json.dumps(
                    {"benchmark": "zoo_confidence", "model": name, "answers": len(answers), "curve": curve(answers)}
                ),
                flush=True,
            )


if __name__ == "__main__":
    main()
