"""Which of the calls in a card's code open the model, with which class of which library, and what that says of the
task."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..tasks import find_task
from .calls import Call
from .tables import Row, classes, libraries

# Methods and functions that give a model; what stands before them names its class.
_OPENERS = frozenset(
    "from_pretrained from_hparams from_hub from_single_file from_checkpoint from_pretrained_keras load load_model "
    "load_from_hub load_learner from_pretrained_fastai create_model create_model_and_transforms load_from_checkpoint "
    "load_model_ensemble_and_task_from_hf_hub load_checkpoint restore_from load_pretrained load_facebook_model".split()
)
# What belongs to a model and is none: it is loaded beside it.
_PARTS = re.compile(
    r"\w*(Tokenizer\w*|Processor\w*|Extractor|Config|Scheduler|Trainer|Dataset\w*|Builder|Optimizer\w*|Arguments|"
    r"Collator\w*|Vocab|Hifi_?GAN|HifiGan|Vocoder|HIFIGAN|AutoencoderKL|Adapter|Client|Endpoint)"
)
# Modules that open files, pictures and data, and no models.
_ELSEWHERE = frozenset(
    "torch np numpy json pd pandas Image PIL requests os sys librosa sf soundfile torchaudio datasets yaml pickle cv2 "
    "evaluate random matplotlib plt IPython tqdm io re time math gradio skimage torchvision pathlib typing scipy "
    "subprocess string urllib collections functools itertools".split()
)
_OTHER_MODELS = re.compile(r"[A-Z]\w*(Model|Pipeline|Recogni[sz]er|Classifier|Tagger|Synthesizer|Separator|Detector)")
# How people name a pipeline that they call: all that is left of a card's code when its first lines are missing.
_CALLED = re.compile(r"\w*(pipeline|pipe|classifier|generator|summarizer|translator|unmasker|fill_?mask|captioner|nlp|"
                     r"vqa|transcriber|oracle|detector|ner|translation|conversational)")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opening:
    """One call that opens a model.

    Attributes:
        library: as the Hub calls it.
        cls: the class, or the function where there is none: "AutoModel", "pipeline", "joblib.load".
        task: the task that the call says, "" when it says none.
        points: how much that says.
        own: whether the card's own model is opened.
    """

    library: str
    cls: str
    task: str
    points: float
    own: bool
    call: Call


def openings(calls: Sequence[Call], id: str) -> list[Opening]:
    """What opens a model, in the order of the code; where nothing does, what is imported to open one, then what the
    names of what is called let guess."""
    called = [call for call in calls if not call.only_imported]
    return (
        [one for call in called if (one := _opening(call, id))]
        or [one for call in calls if call.only_imported and (one := _imported(call, id))]
        or [one for call in called if (one := _guessed(call, id))]
    )


def row_of(cls: str) -> Row | None:
    """The row of a class by its name alone."""
    return next((row for row in classes() if row.pattern.fullmatch(cls)), None)


def _opening(call: Call, id: str) -> Opening | None:
    subject, _, method = call.name.rpartition(".")
    opens = method in _OPENERS
    cls = (subject.rpartition(".")[2] or method) if opens else method
    first = call.name.partition(".")[0]
    if _PARTS.fullmatch(cls) or call.root in _ELSEWHERE or first in _ELSEWHERE or first == "self":
        return None
    library = libraries().get(call.root) or libraries().get(first)
    row = next((row for row in classes() if row.pattern.fullmatch(cls) and _fits(row.library, call, library)), None)
    if row is None and not (opens and (library or cls[:1].isupper())):
        return None
    hub = library[0] if library else row.library if row and row.library else _home(call, row is not None)
    task, points = (row.task, row.points) if row else (library[1], library[2]) if library else ("", 0.0)
    if cls == "pipeline":
        task, points = _pipeline_task(call)
    name = call.name if opens and subject and not cls[:1].isupper() else cls
    return Opening(hub, name, task, points, _is_own(call, id), call)


def _imported(call: Call, id: str) -> Opening | None:
    row = row_of(call.name)
    if row is None or _PARTS.fullmatch(call.name):
        return None
    library = libraries().get(call.root)
    return Opening(
        library[0] if library else row.library or call.root, call.name, row.task, row.points / 2, False, call
    )


def _guessed(call: Call, id: str) -> Opening | None:
    """A class of a library that we do not know, or something that is called as pipelines are."""
    if call.root and call.root not in _ELSEWHERE and _OTHER_MODELS.fullmatch(call.name):
        return Opening(call.root.replace("_", "-"), call.name, "", 0.0, False, call)
    if not call.module and _CALLED.fullmatch(call.name):
        return Opening("transformers", "pipeline", "", 0.0, False, call)
    return None


def _fits(library: str, call: Call, known: tuple[str, str, float] | None) -> bool:
    """Whether a row of one library may mean a class that was imported from another."""
    if not library or not call.module or call.root == "huggingface_hub":
        return True
    return (known[0] if known else call.root) in (library, f"{library}plus")


def _home(call: Call, known: bool) -> str:
    return call.root.replace("_", "-") if call.root else "transformers" if known else ""


def _pipeline_task(call: Call) -> tuple[str, float]:
    named = call.given.get("task") or call.first
    row = find_task(re.sub(r"_(?:[a-z]{2,3}|XX)_to_(?:[a-z]{2,3}|YY)$", "", str(named)))
    return (row.id, 8.0) if row and not row.builtin else ("", 0.0)


def _is_own(call: Call, id: str) -> bool:
    """Whether one of the call's texts is the card's id, or ends with its name."""
    name = id.rpartition("/")[2].lower()
    given = [call.first, *(value for value in call.given.values() if isinstance(value, str))]
    return any(text.lower().rstrip("/").rpartition("/")[2] == name for text in given if text)


def chosen(found: Sequence[Opening]) -> Opening | None:
    """The one that a caller of the model wants: of its own model before others, one for a task before a bare encoder,
    the first of equals."""
    return max(found, key=lambda one: (one.own, one.points >= 1 or one.cls == "pipeline"), default=None)
