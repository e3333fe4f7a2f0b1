"""`ModelTool`: a card and a runner as a LangChain tool.

Types are checked before weights are loaded, media and large results go by reference, and what a language model
reads about the model is made from closed fields only.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from langchain_core.tools import BaseTool, ToolException
from pydantic import ConfigDict, PrivateAttr, ValidationError

from ..errors import CardError, ModelFailedError, ModelUnavailableError, PrefrontalError
from .allowance import standard
from .builtin import FUNCTIONS, builtin_cards
from .card import ModelCard
from .checkpoints import locate
from .devices import CPU
from .domains import domain_words, language_codes, license_id
from .media import Workspace
from .normalise import normalise
from .pickles import allowing, checked
from .picture_files import opaque
from .pins import revision_of
from .placing import AUTO, Placement, Target, aimed, out_of_memory, place
from .render import render
from .residency import Residency, shared
from .results import resolve, store_result
from .runners import find_runner, get_runner
from .runners.base import Runner, Session
from .task import Task
from .tasks import args_schema
from .text import error_line
from .units import human_bytes

AGENT_TOOLS = ("search_models",)  # names that no model's tool may have
MAX_NAME = 64  # what the providers of language models allow in a tool's name
MAX_ARTIFACT = 50_000  # characters of plain outputs kept in a message; larger ones stay in the workspace


class ModelTool(BaseTool):
    """Calls one model.

    Args:
        card: which model; its task row gives the arguments.
        workspace: where its files come from and go to; a fresh one when None.
        residency: which models are in memory; the process's own when None.
        gate: called with the card before anything is loaded; what it raises refuses the call. When None, at most 4 GB
            are downloaded in all (see `Allowance`).
        target: a device and a type of numbers that are wanted; what suits the model best when None.
        allow_pickle: "convert" allows to have the weights of a model that holds pickles alone written anew as
            safetensors, by a process of its own; None refuses such a model.

    Raises:
        CardError: the card's task is not in the task table.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    card: ModelCard
    response_format: Any = "content_and_artifact"
    handle_tool_error: Any = True
    _workspace: Workspace = PrivateAttr()
    _residency: Residency = PrivateAttr()
    _gate: Callable[[ModelCard], None] = PrivateAttr()
    _target: Target = PrivateAttr()
    _placement: Placement | None = PrivateAttr(default=None)
    _allow_pickle: str = PrivateAttr()

    def __init__(
        self,
        card: ModelCard,
        workspace: Workspace | None = None,
        residency: Residency | None = None,
        gate: Callable[[ModelCard], None] | None = None,
        target: Target | None = None,
        allow_pickle: str | None = None,
        **options: Any,
    ) -> None:
        row = _row(card)
        fields = {
            "name": tool_name(card),
            "description": describe(card),
            "args_schema": args_schema(row.id),
            "handle_validation_error": _explain(row),
            "metadata": {"model": card.id, "task": row.id},
            **options,
        }
        super().__init__(card=card, **fields)
        self._workspace = Workspace() if workspace is None else workspace  # an empty one counts as false
        self._residency = shared if residency is None else residency
        self._gate = gate or standard.gate
        self._target = target or Target()
        self._allow_pickle = checked(allow_pickle)

    @property
    def workspace(self) -> Workspace:
        return self._workspace

    def _run(self, **arguments: Any) -> tuple[str, dict[str, Any]]:
        try:
            return self._call({name: value for name, value in arguments.items() if value is not None})
        except PrefrontalError as error:
            label = getattr(error, "label", "wrong input")  # what is no ToolCallError is a file that does not fit
            raise ToolException(f"{label}: {error}") from error

    def _call(self, arguments: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        row, folder = _row(self.card), self._workspace.folder
        started = time.perf_counter()
        values = {
            name: resolve(self._workspace, slot, arguments[name]) for name in arguments if (slot := row.slot(name))
        }
        for slot in row.media:  # types before weights
            for handle in _handles(values.get(slot.name)):
                self._workspace.get(handle, slot.kind)
        made_by = {"tool": self.name, "model": self.card.id, "inputs": arguments}
        opened = self._opened(row, values)
        notes = self._notes(row, arguments, opened)
        outputs = normalise(self._run_model(opened, notes), self._workspace, made_by)
        primary = outputs[row.output.name]
        result = store_result(folder, primary)
        artifact = {
            "task": row.id,
            "model": {"id": self.card.id, "revision": revision_of(self.card.id, self.card.revision)},
            "inputs": arguments,
            "outputs": outputs if len(str(outputs)) <= MAX_ARTIFACT else {row.output.name: result},
            "result": result,
            "seconds": round(time.perf_counter() - started, 4),
            **({"notes": notes} if notes else {}),
        }
        return f"{render(row.output, primary, self._workspace)} [{result}]{self._first_alone(row, values)}", artifact

    def _first_alone(self, row: Task, values: dict[str, Any]) -> str:
        """What a tool says that saw the first of several pages: a part is never told as the whole."""
        given = [handle for slot in row.media if slot.kind == "image" for handle in _handles(values.get(slot.name))]
        seen = [self._workspace.get(handle) for handle in given]
        told = "; ".join(f"of {media.name} only {media.first_of}" for media in seen if media.first_of)
        return f" ({told})" if told else ""

    def _opened(self, row: Task, values: dict[str, Any]) -> dict[str, Any]:
        """Handles become pictures, sound and tables; of a workbook, the sheet that is named or that is asked about."""
        about = str(values.get("sheet") or values.get("question") or "")

        def open_one(handle: str, kind: str) -> Any:
            value = self._workspace.open(handle, kind, f"sheet {about}" if values.get("sheet") else about)
            return opaque(value) if kind == "image" else value

        opened = dict(values)
        for slot in row.media:
            if slot.name in values:
                handles = [open_one(handle, slot.kind) for handle in _handles(values[slot.name])]
                opened[slot.name] = handles if slot.many else handles[0]
        return opened

    def _notes(self, row: Task, arguments: dict[str, Any], opened: dict[str, Any]) -> list[str]:
        """How the tables and texts that a call takes were read, in a sentence each, the name of the file first."""
        notes = []
        for slot in row.inputs:
            handle = arguments.get(slot.name)
            if isinstance(handle, str) and slot.kind in ("table", "text") and handle in self._workspace:
                media = self._workspace.get(handle)
                read_as = getattr(opened.get(slot.name), "attrs", media.details).get("read_as", "")
                notes += [f"{media.name}: {read_as}"] if read_as else []
        return notes

    def load_ahead(self) -> None:
        """Load the model in the background, when its weights lie on this machine and there is room beside what is used.

        The next call finds it loaded, or waits for it; what goes wrong is told by that call.
        """
        runner = find_runner(self.card)
        if not (runner and runner.weights) or locate(self.card) is None:
            return
        placement = self._placed([])
        self._residency.prepare(
            self._key(placement), lambda: self._open(runner, placement.target), placement.bytes, placement.device
        )

    def _run_model(self, inputs: dict[str, Any], notes: list[str]) -> dict[str, Any]:
        """What the model gives; where it ran is noted when that is not where it would."""
        runner = get_runner(self.card)
        try:
            if not runner.weights:
                return runner.open(self.card).run(inputs)
            with allowing(self._allow_pickle):
                self._gate(self.card)
            outputs, placement = self._run_placed(runner, inputs)
            notes += [f"{self.card.id} {placement.note}"] if placement.note else []
            return outputs
        except PrefrontalError:
            raise
        except Exception as error:  # a stranger's model can raise anything: the agent goes on with the next one
            reason = error_line(error, 200)
            raise ModelFailedError(
                f"{self.card.id} failed: {type(error).__name__}: {reason}; try other inputs or another model"
            ) from error

    def _run_placed(self, runner: Runner, inputs: dict[str, Any]) -> tuple[dict[str, Any], Placement]:
        """What the model gives, and where it ran: a device whose memory was not enough is left for the next one."""
        residency, full = self._residency, list[str]()
        while True:
            placement = self._placed(full)
            open_it = partial(self._open, runner, placement.target)
            try:
                with residency.use(self._key(placement), open_it, placement.bytes, placement.device) as session:
                    return session.run(inputs), placement
            except Exception as error:
                if self._target.device != AUTO or placement.device == CPU or not out_of_memory(error):
                    raise
                full.append(placement.device)

    def _open(self, runner: Runner, target: Target) -> Session:
        with aimed(target, self._residency.devices), allowing(self._allow_pickle):
            return runner.open(self.card)

    def _placed(self, full: list[str]) -> Placement:
        """Where the model is already, or where it goes now.

        Raises:
            ModelUnavailableError: it fits nowhere.
        """
        found, residency = self._placement, self._residency
        if found is None or found.device in full or self._key(found) not in residency:
            found = place(self.card, self._target, residency.devices, room=residency.room, without=full)
            if found.lacks:
                raise ModelUnavailableError(f"{self.card.id} cannot be loaded: {found.lacks}; pick a smaller model")
            self._placement = found
        return found

    def _key(self, placement: Placement) -> tuple[str, ...]:
        return (self.card.id, self.card.revision, self.card.path, placement.device, placement.dtype)


# LangChain resolves these at every call, in search of parameters that a **arguments cannot have: 0.2 ms each time.
ModelTool._run.__annotations__.clear()


def _row(card: ModelCard) -> Task:
    if card.row is None:
        raise CardError(
            f"{card.id} names no known task, so nothing is known of its inputs; set pipeline_tag in its card"
        )
    return card.row


def _handles(value: Any) -> list[str]:
    return [] if value is None else value if isinstance(value, list) else [value]


def tool_name(card: ModelCard) -> str:
    """A name that every provider accepts (letters, digits, _ and -, at most 64) and that no other card has."""
    if card in builtin_cards():
        return card.task
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", card.id.replace("/", "--"))
    taken = plain in FUNCTIONS or plain in AGENT_TOOLS  # a stranger's model may bear such a name
    if plain.replace("--", "/", 1) == card.id and len(plain) <= MAX_NAME and not taken:
        return plain
    mark = hashlib.sha256(card.id.encode()).hexdigest()[:6]
    return f"{plain[: MAX_NAME - 7]}-{mark}"


def describe(card: ModelCard) -> str:
    """What a language model reads about a card: made from closed fields, never the card's own prose."""
    row = _row(card)
    takes = ", ".join(slot.name if slot.required else f"{slot.name} (optional)" for slot in row.inputs)
    about = domain_words((*card.tags, *card.labels[:20]))
    languages = language_codes(card.languages)
    facts = [
        row.does,
        f"Takes {takes or 'nothing'}; gives {row.output.name} ({row.output.kind}).",
        f"About: {', '.join(about)}." if about else "",
        f"Languages: {', '.join(languages[:12])}." if languages else "",
        f"Licence {license_id(card.license)}." if license_id(card.license) and not row.builtin else "",
        f"Size {human_bytes(card.bytes)}." if card.bytes else "",
    ]
    return " ".join(fact for fact in facts if fact)


def _explain(row: Task) -> Callable[[Any], str]:
    """Turns Pydantic's report into one sentence that the caller can act on."""
    declared = ", ".join(f"{slot.name}{'' if slot.required else ' (optional)'}" for slot in row.inputs) or "none"

    def explain(error: ValidationError) -> str:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:3])
        return f"wrong input: the arguments do not fit {row.id}: {problems}; it takes: {declared}"

    return explain
