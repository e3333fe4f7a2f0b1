"""Which call opens the model."""

from __future__ import annotations

import pytest

from prefrontal.tools.connectors.calls import calls
from prefrontal.tools.connectors.openings import chosen, openings


@pytest.mark.parametrize(
    ("code", "library", "cls", "task"),
    [
        ("from transformers import pipeline\np = pipeline('ner', model='lab/m')", "transformers", "pipeline", "token-classification"),
        ("p = pipeline('translation_en_to_fr')", "transformers", "pipeline", "translation"),
        ("m = Wav2Vec2ForSequenceClassification.from_pretrained('lab/m')", "transformers", "Wav2Vec2ForSequenceClassification", "audio-classification"),
        ("t = BertTokenizer.from_pretrained('lab/m')\nm = BertForTokenClassification.from_pretrained('lab/m')", "transformers", "BertForTokenClassification", "token-classification"),
        ("from sentence_transformers import CrossEncoder\nCrossEncoder('lab/m')", "sentence-transformers", "CrossEncoder", "text-ranking"),
        ("from faster_whisper import WhisperModel\nWhisperModel('lab/m')", "faster-whisper", "WhisperModel", "automatic-speech-recognition"),
        ("from diffusers import StableDiffusionImg2ImgPipeline as P\nP.from_pretrained('lab/m')", "diffusers", "StableDiffusionImg2ImgPipeline", "image-to-image"),
        ("import joblib\njoblib.load('m.pkl')", "joblib", "joblib.load", "tabular-classification"),
        ("from flair.models import SequenceTagger\nSequenceTagger.load('lab/m')", "flair", "SequenceTagger", "token-classification"),
        ("python -m rl_zoo3.load_from_hub --algo ppo", "stable-baselines3", "load_from_hub", "reinforcement-learning"),
        ("from newlib import GreatModel\nm = GreatModel('lab/m')", "newlib", "GreatModel", ""),
        ("from transformers import ViTForImageClassification", "transformers", "ViTForImageClassification", "image-classification"),
        ("qa_pipeline('What?')", "transformers", "pipeline", ""),
    ],
)  # fmt: skip
def test_what_opens_a_model(code: str, library: str, cls: str, task: str) -> None:
    found = chosen(openings(calls([code]), "lab/m"))
    assert found is not None
    assert (found.library, found.cls, found.task) == (library, cls, task)


def test_the_card_s_own_model_comes_before_others_and_heads_before_bare_encoders() -> None:
    code = (
        "base = AutoModelForCausalLM.from_pretrained('big/base')\n"
        "bare = AutoModel.from_pretrained('lab/m')\nmine = AutoModelForCTC.from_pretrained('lab/m')\n"
    )
    found = openings(calls([code]), "lab/m")
    assert [one.own for one in found] == [False, True, True]
    assert getattr(chosen(found), "cls", "") == "AutoModel"


@pytest.mark.parametrize("code", ["x = 1", "torch.load('a')", "ds = load_dataset('a')", "import numpy as np\nnp.load('a')",
                                  "self.model.load('x')", "open('f').read()"])  # fmt: skip
def test_what_opens_none(code: str) -> None:
    assert chosen(openings(calls([code]), "lab/m")) is None
