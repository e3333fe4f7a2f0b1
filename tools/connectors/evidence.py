"""What speaks for each task in a card: points of evidence out of its code, its words, its data and its config."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..card_parser import MARKUP
from ..tasks import find_task, rows
from .openings import Opening
from .tables import classes, signs, word_starts

_LEAD = 700  # characters of prose in which a card says what its model is
_PROSE = 3000  # characters of prose that are looked at
_FENCES = re.compile(r"(```|~~~).*?(\1|\Z)", re.DOTALL)
_COMMENTS = re.compile(r"<!--.*?(?:-->|\Z)|<iframe.*?</iframe>", re.DOTALL)
_TITLE = re.compile(r"^\s{0,3}#{1,3}\s+(.+)$|^([^\n]+)\n={3,}\s*$", re.MULTILINE)
_BASE = re.compile(r"fine-?tuned (?:version )?(?:of|from) (?:the )?\[?[\w./-]+\]?(?:\([^)]*\))?", re.IGNORECASE)
_CLASS_NAME = re.compile(r"\b(?:[A-Z]\w*For[A-Z]\w+|[A-Z]\w{3,}(?:Model|Pipeline))\b")
_OF_SOUND = re.compile(r"wav2vec2?|hubert|wavlm|xlsr|data2vec-audio|audio-spectrogram|ast-finetuned|unispeech|whisper")
_SEQ2SEQ = re.compile(r"\w*(?:T5\w*|Bart|BartForConditionalGeneration|Seq2SeqLM)(?:ForConditionalGeneration)?")
_SEQ2SEQ_NAME = re.compile(r"(?:^|[/_-])(?:\w?t5|flan|t0\w*|bart)(?:[_-]|$)")
# How much a sign weighs by where it stands.
_IN_NAME, _IN_LEAD, _IN_BODY, _NAME_SIGN = 1.2, 1.0, 0.25, 0.7
_OFTEN = 4  # what is said more often than this says no more
_SOUND = re.compile(r"\.(wav|flac|mp3|ogg|m4a|opus)\b", re.IGNORECASE)
_PICTURE = re.compile(r"\.(jpe?g|png|webp|gif|bmp)\b", re.IGNORECASE)

Evidence = dict[str, float]


class Tally:
    """Adds up points by task, each with its reason."""

    def __init__(self) -> None:
        self.points: Evidence = defaultdict(float)
        self.reasons: dict[str, list[tuple[float, str]]] = defaultdict(list)

    def add(self, task: str, points: float, reason: str) -> None:
        if task and points:
            self.points[task] += points
            self.reasons[task].append((points, reason))

    def best(self) -> tuple[str, float]:
        """The task with the most points, and its points; "" and 0 when nothing speaks for any."""
        return max(self.points.items(), key=lambda pair: pair[1], default=("", 0.0))

    def why(self, task: str, count: int = 3) -> tuple[str, ...]:
        """What spoke for a task most."""
        return tuple(reason for _, reason in sorted(self.reasons[task], key=lambda pair: -pair[0])[:count])


def from_code(tally: Tally, found: Iterable[Opening]) -> None:
    """What is called says the task; each class counts once, and that of another model for half."""
    seen: set[tuple[str, str]] = set()
    for one in found:
        if (one.cls, one.task) not in seen:
            seen.add((one.cls, one.task))
            tally.add(one.task, one.points * (1.0 if one.own else 0.5), f"its code calls {one.cls}")


def from_words(tally: Tally, id: str, text: str) -> None:
    """What its name, its first title, its first sentences and the rest of its prose say."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])|[-_./]+", " ", id.rpartition("/")[2]).lower()
    shown = _prose(text)
    titled = _TITLE.search(shown[:1500])
    title = (titled[1] or titled[2]) if titled else ""
    plain = " ".join(MARKUP.sub(r"\1", shown).split()).lower()
    head = f"{name}\n{title.lower()}\n"
    whole = head + plain
    begun = word_starts(whole)
    for row in signs("words"):
        found = set(row.places(whole, begun))
        if found:
            times = min(_OFTEN, sum(place >= len(head) + _LEAD for place in found))
            first = min(found)
            weight = _IN_NAME if first < len(name) else _IN_LEAD if first < len(head) + _LEAD else 0.0
            weight += _IN_BODY * times * (0.5 if weight else 1.0)
            tally.add(row.task, row.points * weight, "its words")
    if not whole.isascii():
        for row in signs("any"):
            if row.pattern.search(whole):
                tally.add(row.task, row.points, "its words")
    for row in signs("name"):
        if row.pattern.search(name):
            tally.add(row.task, row.points * _NAME_SIGN, "its name")


def _prose(text: str) -> str:
    """What stands outside of code; all of it where that is next to nothing."""
    prose = _COMMENTS.sub(" ", _FENCES.sub("\n", text[: 4 * _PROSE]))[:_PROSE]
    return prose if len(prose) > 100 else _COMMENTS.sub(" ", text[: 2 * _PROSE])[:_PROSE]


def from_class_names(tally: Tally, id: str, text: str) -> None:
    """Classes that are named outside of code: "use `BertForQuestionAnswering`", or as a part of its id."""
    named = dict.fromkeys([*re.split(r"[-_./]", id.rpartition("/")[2]), *_CLASS_NAME.findall(text[:_PROSE])[:20]])
    for name in named:
        row = next((row for row in classes() if row.pattern.fullmatch(name)), None) if _CLASS_NAME.match(name) else None
        if row and row.points > 1:
            tally.add(row.task, row.points * (_IN_NAME if name in id else 0.5), f"it names {name}")


# Tasks of models that are made to be trained further: what comes out of them mostly does something else.
TO_BE_TRAINED = ("fill-mask", "feature-extraction", "image-feature-extraction")


def from_base(tally: Tally, header: Mapping[str, Any], base_task: Callable[[str], str] | None) -> None:
    """The task of the model that it was made from; by its tag where that is known, by its name where not."""
    named = [name.removeprefix("base_model:").rpartition(":")[2] for name in _names(header.get("tags"))
             if name.startswith("base_model:")]  # fmt: skip
    for base in [*_names(header.get("base_model")), *named][:3]:
        task = base_task(base) if base_task else ""
        if task and task not in TO_BE_TRAINED:
            tally.add(task, 5.0, f"it was made from {base}")
            continue
        name = re.sub(r"[-_./]+", " ", base.rpartition("/")[2]).lower()
        for row in signs("name"):
            if row.task not in TO_BE_TRAINED and row.pattern.search(name):
                tally.add(row.task, row.points * 0.5, f"it was made from {base}")


def settled(tally: Tally, found: Iterable[Opening], id: str, text: str) -> None:
    """What is told by two things together: a classifier of a family of sound models does not read texts, and what a
    sequence-to-sequence class writes is no continuation."""
    points = tally.points
    base = _BASE.search(text[:3000])
    if _OF_SOUND.search(f"{id} {base[0] if base else ''}".lower()):
        tally.add("audio-classification", 0.9 * points.get("text-classification", 0.0), "it is of a family for sound")
        for task in ("text-classification", "token-classification", "fill-mask", "sentence-similarity"):
            points[task] *= 0.2
    if any(_SEQ2SEQ.fullmatch(one.cls) for one in found) or _SEQ2SEQ_NAME.search(id.lower()):
        tally.add("text2text-generation", 0.5 * points.get("text-generation", 0.0), "it writes from another text")
        points["text-generation"] *= 0.5


def from_header(tally: Tally, header: Mapping[str, Any]) -> None:
    """What its data sets, measures, library, tags and widget say."""
    for place, key in (("data", "datasets"), ("metric", "metrics"), ("tag", "tags"), ("library", "library_name")):
        said: set[str] = set()
        for name in _names(header.get(key)):
            if name.startswith("base_model:"):
                continue
            short = name.rpartition("/")[2]
            for row in signs(place):
                fits = row.pattern.fullmatch(name.lower()) or row.pattern.fullmatch(short.lower())
                if fits and row.task not in said:
                    said.add(row.task)
                    tally.add(row.task, row.points, f"its header names {short}")
    for task, points in _widget(header.get("widget")):
        tally.add(task, points, "the examples of its widget")


def _names(value: Any) -> list[str]:
    items = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    names = [one.get("name") or one.get("type") if isinstance(one, dict) else one for one in items[:60]]
    return [name.strip()[:100] for name in names if isinstance(name, str)]


def _widget(value: Any) -> Iterable[tuple[str, float]]:
    """A widget's examples have the inputs of the task by name."""
    examples = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    if not examples:
        return
    keys = {str(key) for one in examples[:10] for key in one}
    first = examples[0]
    text, source = str(first.get("text", "")), str(first.get("src", ""))
    if "context" in keys or ("question" in keys and "table" not in keys and not source):
        yield "question-answering", 6.0
    if "table" in keys:
        yield "table-question-answering", 7.0
    if "source_sentence" in keys:
        yield "sentence-similarity", 7.0
    if "candidate_labels" in keys:
        yield ("zero-shot-image-classification" if source else "zero-shot-classification"), 7.0
    if "structuredData" in keys or "structured_data" in keys:
        yield "tabular-classification", 6.0
    if source and text:
        yield "visual-question-answering", 3.0
        yield "document-question-answering", 2.5
    elif _SOUND.search(source):
        for task in ("automatic-speech-recognition", "audio-classification", "audio-to-audio"):
            yield task, 3.0
    elif _PICTURE.search(source):
        for task in ("image-classification", "object-detection", "image-segmentation", "image-to-text"):
            yield task, 3.0
        yield "depth-estimation", 2.5
        yield "image-to-image", 2.5
    elif text:
        yield from _widget_text(text)


_MASK = re.compile(r"\[MASK\]|<mask>|\[mask\]")


def _widget_text(text: str) -> Iterable[tuple[str, float]]:
    if _MASK.search(text):
        yield "fill-mask", 7.0
        return
    if re.match(r"(summarize|tl;?dr)\s*:", text, re.IGNORECASE) or len(text) > 900:
        yield "summarization", 3.0
    if re.match(r"(translate \w+ to \w+|>>\w+<<)", text):
        yield "translation", 3.0
    elif re.match(r"[a-z][\w ]{2,30}:", text):
        yield "text2text-generation", 1.5
    for task in ("text-classification", "token-classification", "text-generation", "text2text-generation",
                 "translation", "summarization", "text-to-image", "text-to-speech"):  # fmt: skip
        yield task, 1.0


_BY_TYPE = (
    (r"wav2vec2|hubert|wavlm|whisper|speech_to_text|moonshine", "automatic-speech-recognition", 2.0),
    (r"vits|bark|fastspeech2_conformer|speecht5", "text-to-speech", 3.0),
    (r"marian|m2m_100|nllb\S*|fsmt", "translation", 4.0),
    (r"t5|mt5|bart|umt5|longt5|flan", "text2text-generation", 2.0),
    (r"pegasus\S*|bigbird_pegasus|led", "summarization", 3.0),
    (r"blenderbot\S*|gpt\S*|llama\S*|mistral\S*|qwen\d\S*|gemma\d?\S*|opt|bloom|falcon|phi\S*", "text-generation", 3.0),
    (r"layoutlm\S*", "document-question-answering", 1.5),
    (r"vilt", "visual-question-answering", 3.0),
    (r"trocr|vision-encoder-decoder|blip\S*|git", "image-to-text", 3.0),
    (r"clip|siglip\S*|align", "zero-shot-image-classification", 3.0),
    (r"dpt|glpn|depth_anything\S*|zoedepth", "depth-estimation", 4.0),
    (r"detr|yolos|rt_detr\S*|table-transformer", "object-detection", 4.0),
    (r"segformer|maskformer|mask2former|oneformer|clipseg", "image-segmentation", 4.0),
    (r"sam|sam2", "mask-generation", 4.0),
    (r"vit|swin\S*|convnext\S*|resnet|beit|deit|mobilenet\S*|efficientnet", "image-classification", 2.0),
    (r"videomae|timesformer|vivit", "video-classification", 4.0),
    (r"audio-spectrogram-transformer", "audio-classification", 4.0),
    (r"tapas", "table-question-answering", 4.0),
)


def from_config(tally: Tally, config: Mapping[str, Any]) -> None:
    """What config.json says: its architectures, and its model type where they say nothing."""
    said = False
    for name in _names(config.get("architectures")):
        row = next((row for row in classes() if row.library == "transformers" and row.pattern.fullmatch(name)), None)
        if row and row.task:
            tally.add(row.task, row.points * 1.5, f"its config.json says {name}")
            said = True
        elif task := next((task.id for task in rows() if task.architectures and name.endswith(task.architectures)), ""):
            tally.add(task, 4.0, f"its config.json says {name}")
            said = True
    kind = str(config.get("model_type", ""))
    if kind and not said:
        for pattern, task, points in _BY_TYPE:
            if re.fullmatch(pattern, kind):
                tally.add(task, points, f"it is a {kind} model")
    for key in config.get("task_specific_params") or ():
        task = find_task(re.sub(r"_\w\w_to_\w\w$", "", str(key)))
        if task and not task.builtin:
            tally.add(task.id, 1.0, "its config.json has settings for it")
