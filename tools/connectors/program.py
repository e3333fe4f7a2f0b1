"""A short plain Python program that calls a model without prefrontal: what `prefrontal show ID --code` prints.

It says what prefrontal does when it calls the model, in the fewest lines: which class, which arguments, what is looked
at in the result. Files that the program reads or writes have plain names: photo.png, recording.wav, table.csv.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import UsageError
from ..card_parser import read_json
from ..runners import runner_name

if TYPE_CHECKING:
    from ..card import ModelCard

_LABELS = ["animal", "plant", "thing"]
_SOUND = """\
samples, rate = soundfile.read("recording.wav", dtype="float32")
samples = samples.mean(axis=1) if samples.ndim > 1 else samples
wanted = pipe.feature_extractor.sampling_rate
samples = resample_poly(samples, wanted, rate)  # what the model was trained on{hz}
"""


def program_of(card: ModelCard) -> str:
    """The program.

    Raises:
        UsageError: nothing is known that calls such a model, or it is no model but a function of prefrontal's own.
    """
    name = runner_name(card)
    if name == "builtin":
        raise UsageError(f'{card.id} is built into prefrontal and is no model; call it: prefrontal run "…"')
    write = _RUNNERS.get(name)
    if write is None and not (name == "pipeline" and card.task in _PIPELINES):
        shown = card.connector
        says = f"; its documentation shows {shown.cls} of {shown.library}" if shown.shown else ""
        raise UsageError(
            f"no program is known for {card.id} (task {card.task or 'unknown'}, library {card.library or 'unknown'})"
            f"{says}; see {card.path or f'https://huggingface.co/{card.id}'}"
        )
    body = write(card) if write else _pipeline(card, *_PIPELINES[card.task])
    return f'"""Calls {card.id} ({card.task}) without prefrontal."""\n\n{body.rstrip()}\n'


def _model(card: ModelCard) -> str:
    """The folder or the id that from_pretrained gets, as a literal."""
    return json.dumps(card.path or card.id, ensure_ascii=False)


def _said(card: ModelCard, *names: str, **usual: Any) -> str:
    """Named arguments that the documentation gives, behind the usual ones: ", max_length=64, num_beams=4"."""
    given = {name: value for name, value in card.connector.arguments.items() if name in names}
    return "".join(f", {name}={value!r}" for name, value in {**usual, **given}.items())


_WRITING = ("max_length", "max_new_tokens", "min_length", "num_beams", "do_sample", "temperature", "top_p", "top_k",
            "repetition_penalty", "length_penalty", "no_repeat_ngram_size", "early_stopping")  # fmt: skip


def _writing(card: ModelCard) -> str:
    """Settings of generate; a length where the documentation gives none, for 20 tokens are few."""
    said = card.connector.arguments
    return _said(card, *_WRITING, **({} if {"max_length", "max_new_tokens"} & set(said) else {"max_new_tokens": 64}))


# Tasks with a pipeline: what is imported beside it, what stands before the call, the call.


def _pipeline(card: ModelCard, imports: str, before: str, call: Callable[[ModelCard], str] | str) -> str:
    called = call if isinstance(call, str) else call(card)
    rate = card.connector.arguments.get("sampling_rate")
    setup = before.format(hz=f": {rate} Hz" if rate else "") if before else ""
    return (
        f"{imports}from transformers import pipeline\n\n"
        f"pipe = pipeline({json.dumps(card.task)}, model={_model(card)})\n{setup}{called}"
    )


_HEARING = ("import soundfile\nfrom scipy.signal import resample_poly\n", _SOUND)
_SPEAKING = 'made = pipe("Good morning, how are you?")\n' \
            'soundfile.write("speech.wav", made["audio"].squeeze().T, made["sampling_rate"])'  # fmt: skip


def _choosing(what: str) -> Callable[[ModelCard], str]:
    return lambda card: (
        f"print(pipe({what}, candidate_labels={card.connector.arguments.get('candidate_labels') or _LABELS!r}))"
    )


def _has_chat(card: ModelCard, file: str = "tokenizer_config.json") -> bool:
    """Whether the model was trained to chat; one that is not here is taken to be, when its name or its prose says so."""
    if card.path:
        known = read_json(Path(card.path, file))
        return bool(known.get("chat_template")) or any(Path(card.path).glob("chat_template*"))
    return bool(re.search(r"chat|instruct|-it\b|assistant", f"{card.name} {card.summary}".lower()))


def _write_on(card: ModelCard) -> str:
    prompt = '[{"role": "user", "content": "Write a sentence about the sea."}]' if _has_chat(card) else '"The sea is"'
    return f'print(pipe({prompt}, return_full_text=False{_writing(card)})[0]["generated_text"])'


def _look_and_write(kind: str, name: str) -> Callable[[ModelCard], str]:
    def call(card: ModelCard) -> str:
        if not _has_chat(card, "processor_config.json"):
            given = "images" if kind == "image" else kind
            return f'print(pipe({given}={name}, text="What is this?"{_writing(card)})[0]["generated_text"])'
        parts = f'[{{"type": "{kind}", "{kind}": {name}}}, {{"type": "text", "text": "What is this?"}}]'
        return (
            f'chat = [{{"role": "user", "content": {parts}}}]\n'
            f'print(pipe(text=chat, return_full_text=False{_writing(card)})[0]["generated_text"])'
        )

    return call


def _any(card: ModelCard) -> str:
    """A model that hears gets a recording, another a picture."""
    hears = "audio" in card.model_type or "omni" in card.model_type
    if not hears:
        return _look_and_write("image", '"photo.png"')(card)
    rate = "pipe.processor.feature_extractor.sampling_rate"
    return (
        'samples, rate = soundfile.read("recording.wav", dtype="float32")\n'
        f"samples = resample_poly(samples, {rate}, rate)\n" + _look_and_write("audio", "samples")(card)
    )


_SEEING = "print(pipe({}))"
_PIPELINES: Mapping[str, tuple[str, str, Callable[[ModelCard], str] | str]] = {
    "image-classification": ("", "", 'for found in pipe("photo.png"):\n    print(found["label"], found["score"])'),
    "object-detection": ("", "", 'for found in pipe("photo.png"):\n    print(found["label"], found["score"], found["box"])'),
    "image-segmentation": ("", "", 'for place, found in enumerate(pipe("photo.png")):\n'
                                   '    print(found["label"], found["score"])\n'
                                   '    found["mask"].save(f"mask-{place}.png")'),
    "depth-estimation": ("", "", 'pipe("photo.png")["depth"].save("depth.png")'),
    "mask-generation": ("", "", 'print(len(pipe("photo.png")["masks"]), "masks")'),
    "image-feature-extraction": ("", "", 'print(pipe("photo.png", return_tensors=True).shape)'),
    "keypoint-matching": ("", "", 'print(pipe(["photo.png", "page.png"]))'),
    "zero-shot-image-classification": ("", "", _choosing('"photo.png"')),
    "zero-shot-object-detection": ("", "", _choosing('"photo.png"')),
    "document-question-answering": ("", "", 'print(pipe("page.png", "What is the total?"))'),
    "image-text-to-text": ("", "", _look_and_write("image", '"photo.png"')),
    "automatic-speech-recognition": (*_HEARING, 'print(pipe({"raw": samples, "sampling_rate": wanted})["text"])'),
    "audio-classification": (*_HEARING, 'for found in pipe(samples):\n    print(found["label"], found["score"])'),
    "zero-shot-audio-classification": (*_HEARING, _choosing("samples")),
    "text-to-speech": ("import soundfile\n", "", _SPEAKING),
    "text-to-audio": ("import soundfile\n", "", _SPEAKING),
    "video-classification": ("", "", 'print(pipe("video.mp4"))'),
    "text-classification": ("", "", 'for found in pipe("The food was good.", top_k=None):\n'
                                    '    print(found["label"], found["score"])'),
    "token-classification": ("", "", 'for found in pipe("Anna works in Paris.", aggregation_strategy="simple"):\n'
                                     '    print(found["word"], found["entity_group"], found["score"])'),
    "table-question-answering": ("import pandas\n", 'table = pandas.read_csv("table.csv").astype(str)\n',
                                 'print(pipe(table=table, query="How many are there?")["answer"])'),
    "text-generation": ("", "", _write_on),
    "fill-mask": ("", "", 'for found in pipe(f"Paris is the {pipe.tokenizer.mask_token} of France."):\n'
                          '    print(found["token_str"], found["score"])'),
    "zero-shot-classification": ("", "", _choosing('"The cat sits in the tree."')),
    "feature-extraction": ("", "", 'print(pipe("The cat sits in the tree.", return_tensors=True).mean(dim=1).shape)'),
    "any-to-any": ("import soundfile\nfrom scipy.signal import resample_poly\n", "", _any),
    "decision": ("", "", 'questions = {"urgent": {"type": "choice", "instructions": "Is it urgent?", '
                         '"criteria": {"yes": None, "no": None}}}\n'
                         'print(pipe({"state": "The house is on fire.", "questions": questions}))'),
}  # fmt: skip


# Tasks that transformers has no pipelines for


def _rewriting(card: ModelCard) -> str:
    prefix = card.connector.arguments.get("prefix", "")
    text = json.dumps(f"{prefix}The house is small.", ensure_ascii=False)
    named, spelled = "", ""
    config = read_json(Path(card.path, "config.json")) if card.path else {}
    if not prefix and (known := _own_prefix(card, config)):
        text = json.dumps(f"{known}The house is small.", ensure_ascii=False)
    if card.task == "translation" and (target := _written_language(card)):
        if target.startswith(">>"):
            text = json.dumps(f"{target} The house is small.")
        else:
            named = f"forced_bos_token_id=tokenizer.convert_tokens_to_ids({json.dumps(target)}), "
            spelled = "  # the language to write"
    writing = _writing(card).removeprefix(", ")
    return (
        "from transformers import AutoModelForSeq2SeqLM, AutoTokenizer\n\n"
        f"tokenizer = AutoTokenizer.from_pretrained({_model(card)})\n"
        f"model = AutoModelForSeq2SeqLM.from_pretrained({_model(card)})\n"
        f'given = tokenizer({text}, return_tensors="pt", return_token_type_ids=False)\n'
        f"written = model.generate(**given, {named}{writing}){spelled}\n"
        "print(tokenizer.decode(written[0], skip_special_tokens=True))"
    )


def _own_prefix(card: ModelCard, config: Mapping[str, Any]) -> str:
    """The prefix that a T5's config.json names for the task, or for the first pair of languages."""
    known = config.get("task_specific_params")
    for name, settings in known.items() if isinstance(known, dict) else ():
        if name.startswith(card.task) and isinstance(settings, dict) and isinstance(settings.get("prefix"), str):
            return settings["prefix"]
    return ""


def _written_language(card: ModelCard) -> str:
    """How the tokenizer of a model of many languages names one that it writes; "" for a model of one pair."""
    for name in ("tokenizer.json", "vocab.json", "tokenizer_config.json", "added_tokens.json"):
        file = Path(card.path, name) if card.path else None
        if file and file.is_file() and file.stat().st_size < 50_000_000:
            text = file.read_text(encoding="utf-8", errors="replace")
            found = re.findall(r'">>\w{2,8}<<"|"[a-z]{3}_[A-Z][a-z]{3}"|"[a-z]{2}_[A-Z]{2}"|"__[a-z]{2,3}__"', text)
            if found:
                names = [one.strip('"') for one in found]
                return next((one for one in names if re.search("fr", one)), names[0])
    return ""


def _asking(card: ModelCard) -> str:
    return (
        "import torch\nfrom transformers import AutoModelForQuestionAnswering, AutoTokenizer\n\n"
        f"tokenizer = AutoTokenizer.from_pretrained({_model(card)})\n"
        f"model = AutoModelForQuestionAnswering.from_pretrained({_model(card)})\n"
        'given = tokenizer("Where does Anna work?", "Anna works in Paris.", return_tensors="pt")\n'
        "with torch.inference_mode():\n"
        "    out = model(**given)\n"
        "text = torch.tensor([part == 1 for part in given.sequence_ids(0)])\n"
        "start = int(out.start_logits[0].masked_fill(~text, -1e9).argmax())\n"
        "end = int(out.end_logits[0].masked_fill(~text, -1e9)[start:].argmax()) + start\n"
        'print(tokenizer.decode(given["input_ids"][0][start : end + 1]))'
    )


def _asking_pictures(card: ModelCard) -> str:
    return (
        "from PIL import Image\nfrom transformers import AutoModelForVisualQuestionAnswering, AutoProcessor\n\n"
        f"processor = AutoProcessor.from_pretrained({_model(card)})\n"
        f"model = AutoModelForVisualQuestionAnswering.from_pretrained({_model(card)})\n"
        'picture = Image.open("photo.png").convert("RGB")\n'
        'given = processor(images=picture, text="What colour is the car?", return_tensors="pt")\n'
        "if model.can_generate():\n"
        f"    written = model.generate(**given{_writing(card)})\n"
        "    print(processor.decode(written[0], skip_special_tokens=True))\n"
        "else:\n"
        "    print(model.config.id2label[int(model(**given).logits[0].argmax())])"
    )


def _captioning(card: ModelCard) -> str:
    return (
        "from PIL import Image\n"
        "from transformers import AutoImageProcessor, AutoModelForImageTextToText, AutoTokenizer\n\n"
        f"processor = AutoImageProcessor.from_pretrained({_model(card)})\n"
        f"tokenizer = AutoTokenizer.from_pretrained({_model(card)})\n"
        f"model = AutoModelForImageTextToText.from_pretrained({_model(card)})\n"
        'picture = Image.open("photo.png").convert("RGB")\n'
        'pixels = processor(images=picture, return_tensors="pt")["pixel_values"]\n'
        f"written = model.generate(pixel_values=pixels{_writing(card)})\n"
        "print(tokenizer.decode(written[0], skip_special_tokens=True))"
    )


def _embedding(card: ModelCard) -> str:
    said = card.connector.arguments
    if card.task == "text-ranking":
        return (
            "from sentence_transformers import CrossEncoder\n\n"
            f"model = CrossEncoder({_model(card)})\n"
            'texts = ["The cat sits in the tree.", "The car is red."]\n'
            'print(model.predict([("Where is the cat?", text) for text in texts]))'
        )
    before = said.get("query_prefix") or said.get("prefix") or ""
    behind = said.get("document_prefix") or before
    texts = [f"{before}Where is the cat?", f"{behind}The cat sits in the tree.", f"{behind}The car is red."]
    shown = (
        "print(vectors.shape)"
        if card.task == "feature-extraction"
        else "print(model.similarity(vectors[:1], vectors[1:]))"
    )
    return (
        "from sentence_transformers import SentenceTransformer\n\n"
        f"model = SentenceTransformer({_model(card)})\n"
        f"vectors = model.encode({json.dumps(texts, ensure_ascii=False)})\n{shown}"
    )


def _drawing(card: ModelCard) -> str:
    said = _said(card, "num_inference_steps", "guidance_scale")
    opened = f"from_pretrained({_model(card)}, use_safetensors=True)"
    if card.task == "image-to-image":
        return (
            "from diffusers import AutoPipelineForImage2Image\nfrom PIL import Image\n\n"
            f"pipe = AutoPipelineForImage2Image.{opened}\n"
            'picture = Image.open("photo.png").convert("RGB")\n'
            f'pipe("the same in winter", image=picture{said}).images[0].save("drawn.png")'
        )
    prompt = "" if card.task == "unconditional-image-generation" else '"a house by the sea"'
    given = f"{prompt}{said}".removeprefix(", ")
    if card.task == "text-to-video":
        return (
            "from diffusers import DiffusionPipeline\nfrom diffusers.utils import export_to_video\n\n"
            f'pipe = DiffusionPipeline.{opened}\nexport_to_video(pipe({given}).frames[0], "drawn.mp4")'
        )
    if card.task == "image-to-video":
        return (
            "from diffusers import DiffusionPipeline\nfrom diffusers.utils import export_to_video\nfrom PIL import Image\n\n"
            f"pipe = DiffusionPipeline.{opened}\n"
            f'picture = Image.open("photo.png").convert("RGB")\n'
            f'export_to_video(pipe(image=picture{said}).frames[0], "drawn.mp4")'
        )
    return f'from diffusers import DiffusionPipeline\n\npipe = DiffusionPipeline.{opened}\npipe({given}).images[0].save("drawn.png")'


_RUNNERS: Mapping[str, Callable[[ModelCard], str]] = {
    "seq2seq": _rewriting,
    "extractive-qa": _asking,
    "vqa": _asking_pictures,
    "captioning": _captioning,
    "embedding": _embedding,
    "diffusers": _drawing,
}
