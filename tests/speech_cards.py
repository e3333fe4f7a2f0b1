"""Cards of models for speech, of which many share one text: what the tests of copies and of floods are made of."""

from __future__ import annotations

from typing import Any

from prefrontal.tools.card import ModelCard

WHISPER = (
    "Whisper is a pre-trained model for automatic speech recognition and speech translation. Trained on 680k hours of "
    "labelled data, such models generalise to many datasets and domains without fine-tuning. It was proposed in the "
    "paper Robust Speech Recognition via Large-Scale Weak Supervision, and transcribes audio in ninety-nine languages."
)


def speech(id: str, downloads: int = 0, text: str = WHISPER, **more: Any) -> ModelCard:
    return ModelCard(
        id=id, task="automatic-speech-recognition", summary=text[:80], text=text, downloads=downloads, **more
    )
