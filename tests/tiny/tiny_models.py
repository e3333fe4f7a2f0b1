"""Tiny real models, randomly initialised: one row for each kind of model that an adapter runs.

`build("image-classification", folder)` writes a model's folder as the Hub holds it: README.md with its task,
config.json, safetensors, tokenizer and processor files. A row named "task/kind" is another kind for the same task.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import tiny_sound as sound
import tiny_text as text
import tiny_vision as vision
from tiny_parts import CHAT

ROWS: dict[str, Callable[[Path], None]] = {
    "image-classification": vision.vit("ViTForImageClassification"),
    "object-detection": vision.yolos,
    "image-segmentation": vision.segformer,
    "image-segmentation/instances": vision.maskformer,
    "depth-estimation": vision.dpt,
    "mask-generation": vision.sam,
    "image-feature-extraction": vision.vit("ViTModel"),
    "keypoint-matching": vision.superglue,
    "zero-shot-image-classification": vision.clip,
    "zero-shot-object-detection": vision.owlvit,
    "document-question-answering": vision.donut(),
    "document-question-answering/layoutlm": vision.layoutlm,
    "image-text-to-text": vision.llava,
    "image-text-to-text/no-chat": vision.git,
    "image-to-text": vision.reader,
    "image-to-text/blip": vision.blip("BlipForConditionalGeneration"),
    "image-to-text/git": vision.git,
    "image-to-text/donut": vision.donut("[CLS]"),
    "visual-question-answering": vision.vilt,
    "visual-question-answering/blip": vision.blip("BlipForQuestionAnswering"),
    "automatic-speech-recognition": sound.wav2vec2("Wav2Vec2ForCTC"),
    "automatic-speech-recognition/whisper": sound.whisper,
    "audio-classification": sound.wav2vec2("Wav2Vec2ForSequenceClassification", **text.named("bark", "song")),
    "zero-shot-audio-classification": sound.clap,
    "text-to-speech": sound.vits,
    "text-to-audio": sound.musicgen,
    "video-classification": sound.videomae,
    "text-classification": text.bert("BertForSequenceClassification", **text.named("good", "bad", "so-so")),
    "token-classification": text.bert("BertForTokenClassification", **text.named("O", "B-PER", "B-LOC")),
    "table-question-answering": text.tapas,
    "text-generation": text.gpt2(),
    "text-generation/chat": text.gpt2(CHAT),
    "fill-mask": text.bert("BertForMaskedLM"),
    "zero-shot-classification": text.bert(
        "BertForSequenceClassification", **text.named("contradiction", "neutral", "entailment")
    ),
    "feature-extraction": text.bert("BertModel"),
    "any-to-any": sound.qwen2_audio,
    "any-to-any/pictures": vision.llava,
    "decision": text.gpt2(CHAT),
    "question-answering": text.bert("BertForQuestionAnswering"),
    "summarization": text.bart,
    "text2text-generation": text.t5(),
    "translation": text.bart,
    "translation/prefixes": text.t5(
        translation_en_to_fr={"prefix": "to paris : ", "max_length": 12},
        translation_en_to_de={"prefix": "to london : ", "max_length": 12},
    ),
    "translation/marian": text.many_languages(">>fra<<", ">>deu<<"),
    "translation/nllb": text.nllb,
    "sentence-similarity": text.sentence_encoder(),
    "sentence-similarity/routed": text.sentence_encoder(text.routes),
    "text-ranking": text.bert("BertForSequenceClassification", num_labels=1),
    "text-ranking/modules": text.cross_encoder,
}
# Rows that an older transformers has no pipeline for, or only with another library: the version that runs them.
SINCE = {"decision": "5.23", "any-to-any": "5.23"}
_LIBRARIES = {"sentence-similarity": "sentence-transformers", "text-ranking": "sentence-transformers"}


def too_old(name: str) -> str:
    """Why the transformers installed here cannot run a row; "" when it can."""
    import transformers
    from packaging.version import Version

    since = SINCE.get(name, "0")
    if Version(transformers.__version__) >= Version(since):
        return ""
    return f"{name} needs transformers {since}, here is {transformers.__version__}"


def build(name: str, folder: Path) -> Path:
    """Write the model of a row into `folder`, the same one each time."""
    import torch

    task = name.partition("/")[0]
    folder.mkdir(parents=True, exist_ok=True)
    with torch.random.fork_rng():
        torch.manual_seed(20)
        ROWS[name](folder)
    library = _LIBRARIES.get(task, "transformers")
    (folder / "README.md").write_text(
        f"---\npipeline_tag: {task}\nlibrary_name: {library}\nlicense: apache-2.0\ntags: [tiny]\n---\n"
        f"# Tiny model for {task}\n\nRandom weights, for tests.\n"
    )
    return folder
