"""Texts to teach the static student with (static_student.py): what lies in the installed packages and in this package.

Passages of docstrings, requests out of the asks table, the starter cards, made-up cards in the very format that is
embedded (`ModelCard.search_text`), and short phrases that show every plain word of the vocabulary in some company.
No card, query or description of a benchmark is among them.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

from prefrontal.retrieval.ingest.bundled import packaged_cards
from prefrontal.tools.card import ModelCard
from prefrontal.tools.domains import DOMAIN_WORDS, LIBRARIES
from prefrontal.tools.task import Task
from prefrontal.tools.tasks import rows, task_phrases

PACKAGES = (
    "transformers sentence_transformers huggingface_hub langchain langchain_core langgraph torch sklearn skimage scipy"
    " sympy networkx numpy pandas PIL matplotlib openai pyarrow tokenizers jedi parso pygments nbclient IPython"
).split()

_QUOTED = re.compile(r'"""(.{40,4000}?)"""', re.S)
_SIZES = "tiny small base large xl xxl mini medium nano 7b 13b 1.5b 350m 125m 0.5b 3b 70b".split()
_ENDS = "finetuned v1 v2 v3 gguf 4bit awq gptq onnx lora instruct chat cased uncased en multilingual distilled".split()
_DATASETS = (
    "ImageNet COCO SQuAD MNLI GLUE SST-2 CoNLL-2003 LibriSpeech CommonVoice WikiText CNN/DailyMail XSum VQAv2 "
    "ADE20K Cityscapes IMDB Amazon-reviews Yelp tweets Wikipedia BookCorpus C4 LAION CIFAR-10 MNIST Food-101 "
    "SQuAD-v2 NLI MS-MARCO AudioSet VoxCeleb LJSpeech Kinetics-400 titanic iris housing PubMed arXiv "
    "OpenAssistant Alpaca UltraChat xnli FLORES OPUS WMT19"
).split()
_LANGUAGES = (
    "English French German Spanish Italian Portuguese Dutch Polish Russian Ukrainian Czech Swedish Danish "
    "Norwegian Finnish Greek Turkish Arabic Hebrew Persian Hindi Bengali Urdu Tamil Thai Vietnamese Indonesian "
    "Malay Chinese Japanese Korean Swahili Yoruba Hausa Romanian Hungarian Bulgarian Serbian Croatian Catalan "
    "Basque Welsh Irish Icelandic Estonian Latvian"
).split()
# What cards say, over and over, in words of our own. {a} and {b} are architectures, {d} and {e} domains, {l} and {m}
# languages, {t} a task, {s} a data set, {n} a number, {z} a size, {q} a request, {f} a library.
_SENTENCES = """
A {t} model trained on {s} for {d}.
This model is a fine-tuned version of {a}-{z} on the {s} dataset.
It achieves the following results on the evaluation set: Loss: 0.{n}, Accuracy: 0.9{n}, F1: 0.8{n}.
More information needed about intended uses and limitations, training and evaluation data.
The following hyperparameters were used during training: learning rate 5e-05, batch size {n}, seed 42, num epochs 3.
{a} is a transformer model pretrained on {l} text in a self-supervised fashion.
{a} model pre-trained on {s} at resolution 224x224. It was introduced in a paper and first released in a repository.
You can use the raw model for {t}. See the model hub to look for fine-tuned versions on a task that interests you.
This is a {f} model: it maps sentences and paragraphs to a 768 dimensional space for clustering or semantic search.
The model was trained on {n} hours of {l} speech and transcribes {d} recordings.
{l} to {m} translation model based on {a}, trained on {s}.
These are LoRA adaption weights for {a}. The weights were trained on pictures of {d} {e} with DreamBooth.
GGUF quantized files of {a} {z}: 4-bit and 8-bit weights for running on a CPU with llama.cpp.
A large language model with {n} billion parameters, instruction tuned to follow requests and to chat in {l}.
This is a merge of pre-trained language models created using a linear interpolation method of {a} and {b}.
The network has {n} layers, {n} hidden dimensions and {n}M parameters.
It predicts the sentiment of {d} {e} as positive, negative or neutral.
It detects {d} and {e} in photos and draws a box around each of them.
The {a} model classifies pictures of {d} into {n} classes such as {e}.
A {l} model for named entity recognition: persons, organisations, locations and {d}.
Trained for question answering on {s}: given a context and a question it extracts the answer.
It writes short summaries of {d} articles and {e} reports.
It creates images of {d} from a text prompt with a latent diffusion process.
A reinforcement learning agent playing a game environment, trained with {f}; mean reward {n}.
It separates speakers and removes noise from {d} audio.
Text to speech in {l} with a natural {d} voice, from the {f} library.
A tabular model that predicts {d} from {e} features, trained with scikit-learn on {s}.
It estimates the depth of every pixel of a single image of an {d} scene.
Segments {d} and {e} in images, pixel by pixel, trained on {s}.
Answers questions about {d} pictures and scanned documents: visual question answering with {a}.
It generates captions that describe {d} images, built of an {a} encoder and a {b} decoder.
Classifies short videos of {d} actions; a video transformer with {a} backbone fine-tuned on {s}.
Zero-shot classification: candidate labels such as {d} and {e} are scored without training.
{a} is a small and fast distilled version of {b}, 60% faster, with 97% of its performance.
A cross-encoder that reranks passages for {d} search queries, trained on {s}.
Code model: completes and writes functions in Python, Java and JavaScript.
It extracts features from {d} data that can be used for downstream tasks.
Fills in masked words of {l} text from the {d} domain.
Licensed for research use only; biases and risks of the training data about {d} apply.
Developed by a university team for {d}. Usage: from transformers import pipeline; pipe = pipeline("{t}").
How to use: install the {f} library, load the checkpoint and call it on a {d} example.
Training data: {s}, {n} thousand {l} examples about {d} and {e}.
Its purpose: {q}.
Made for people who ask: {q}
""".strip().splitlines()
_PHRASES = """
{w}
{w} {v}
a model for {w} {v}
detects {w} and {v} in photos
{t} of {w}
{w} {t}
classify texts about {w}, {v} or {u}
{w}, {v}, {u}
generates pictures of a {w} with {v}
{l} {w} speech
{w}-{v}-{z} fine-tuned on {u}
is this {w} or {v}?
""".strip().splitlines()


def passages(count: int, rng: random.Random) -> list[str]:
    """Paragraphs of 40 to 700 characters out of the docstrings of the installed packages."""
    import importlib.util

    found: dict[str, None] = {}
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        if not spec or not spec.origin:
            continue
        files = sorted(Path(spec.origin).parent.rglob("*.py"))
        of_package: dict[str, None] = {}
        for file in rng.sample(files, min(len(files), 700)):
            for quoted in _QUOTED.findall(file.read_text(encoding="utf-8", errors="ignore")[:200_000]):
                for block in re.split(r"\n\s*\n", quoted):
                    text = " ".join(block.split())
                    letters = sum(map(str.isalpha, text)) + text.count(" ")
                    if 40 <= len(text) <= 700 and letters > 0.85 * len(text) and text.count(" ") > 5:
                        of_package[text] = None
        found |= dict.fromkeys(rng.sample(list(of_package), min(len(of_package), count // 4)))
    return rng.sample(list(found), min(count, len(found)))


class CardMaker:
    """Made-up cards in the format that is embedded: a task's sentence, a name, a summary, languages, tags, prose."""

    def __init__(self, prose: list[str], rng: random.Random) -> None:
        import transformers.models

        self.rng, self.prose = rng, prose
        self.architectures = sorted(
            p.name for p in Path(transformers.models.__path__[0]).iterdir() if p.is_dir() and p.name[0].isalpha()
        )
        self.domains, self.libraries = sorted(DOMAIN_WORDS), sorted(LIBRARIES)
        self.tasks = [task for task in rows() if not task.builtin]
        self.asks: dict[str, list[str]] = {}
        for task, ask in task_phrases():
            self.asks.setdefault(task, []).append(ask)

    def fill(self, sentence: str, task: Task) -> str:
        pick = self.rng.choice
        asks = self.asks.get(task.id) or [task.does]
        return sentence.format(
            a=pick(self.architectures).replace("_", "-"), b=pick(self.architectures).replace("_", "-"),
            d=pick(self.domains), e=pick(self.domains), l=pick(_LANGUAGES), m=pick(_LANGUAGES), s=pick(_DATASETS),
            n=self.rng.randint(1, 999), z=pick(_SIZES), q=pick(asks), f=pick(self.libraries),
            t=task.id.replace("-", " ") if self.rng.random() < 0.5 else task.id,
        )  # fmt: skip

    def prose_of(self, task: Task) -> str:
        rng = self.rng
        parts = [self.fill(s, task) for s in rng.sample(_SENTENCES, rng.randint(1, 4))]
        if rng.random() < 0.5:
            parts.insert(rng.randint(0, len(parts)), rng.choice(self.prose))
        return "\n\n".join(parts) if rng.random() < 0.5 else " ".join(parts)

    def card(self) -> str:
        rng, task = self.rng, self.rng.choice(self.tasks)
        bits = [rng.choice(self.architectures), rng.choice(_SIZES), rng.choice(self.domains), rng.choice(self.domains),
                rng.choice(_DATASETS).replace("/", "-"), rng.choice(_LANGUAGES).lower(), rng.choice(_ENDS)]  # fmt: skip
        row = {
            "id": "-".join(rng.sample(bits, rng.randint(1, 4))).strip(".-"),
            "pipeline_tag": task.id if rng.random() < 0.85 else "",
            "tags": rng.sample(self.domains + self.libraries, rng.randint(0, 5)) if rng.random() < 0.5 else [],
            "language": rng.sample(["en", "fr", "de", "multilingual", "zh", "es"], 1) if rng.random() < 0.3 else [],
            "labels": rng.sample(self.domains, rng.randint(2, 6)) if rng.random() < 0.15 else [],
            "card": self.prose_of(task) if rng.random() < 0.9 else "",
        }
        return ModelCard.from_row(row).search_text

    def phrase(self, word: str, others: list[str]) -> str:
        rng = self.rng
        return rng.choice(_PHRASES).format(
            w=word, v=rng.choice(others), u=rng.choice(others), z=rng.choice(_SIZES), l=rng.choice(_LANGUAGES),
            t=rng.choice(self.tasks).id.replace("-", " "),
        )  # fmt: skip


def texts(vocabulary: list[str], seed: int = 0, scale: float = 1.0) -> dict[str, list[str]]:
    """Texts by kind: "ask", "starter", "phrase", "passage", "card". About 38,000 of them at scale 1."""
    rng = random.Random(seed)
    prose = passages(int(9_000 * scale), rng)
    maker = CardMaker(prose, rng)
    words = [word for word in vocabulary if word.isascii() and word.isalpha() and len(word) > 2]
    asks = [ask for _, ask in task_phrases()]
    return {
        "ask": asks,
        "starter": [card.search_text for card in packaged_cards()],
        "phrase": [maker.phrase(word, words) for word in rng.sample(words, min(len(words), int(16_000 * scale)))],
        "passage": prose,
        "card": [maker.card() for _ in range(int(11_000 * scale))],
    }
