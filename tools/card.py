"""`ModelCard`: the one record that flows through everything.

The border is tolerant (odd YAML, no header, wrong types, strange encodings give a usable card or a clear
error), the inside is strict: every field of a card has the type that it declares. What a card's author wrote in
prose is kept in `text` only; it ranks the search and is shown to people, and never reaches a language model.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import card_parser
from .card_parser import MARKUP
from .reported import Reported
from .show import facts_html
from .task import Task
from .tasks import find_task
from .units import human_bytes

if TYPE_CHECKING:
    from .connectors.connector import Connector


@dataclass(frozen=True)
class ModelCard:
    """What is known of one model.

    Sizes are in bytes, `parameters` counts weights. `source` says where the card came from ("hub", "folder",
    "jsonl", "builtin", …) and `path` is the folder of its weights when they lie on this machine. `task` is the id
    of a row of the task table, or "" when the card names none; `tags` keep what the Hub calls it. `safetensors` is
    False when the repository is known to hold none of them, and `formats` says what weights it holds ("GGUF", "ONNX");
    `dtypes` counts the numbers of each type in its safetensors ("F32:22713216"). `reported` are figures that its author
    claims. `remarks` say what of the card could not be understood. `told_by` says what told the task where no tag
    did.
    """

    id: str
    revision: str = ""
    task: str = ""
    summary: str = ""
    library: str = ""
    license: str = ""
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    model_type: str = ""
    parameters: int = 0
    bytes: int = 0
    downloads: int = 0
    likes: int = 0
    gated: bool = False
    safetensors: bool | None = None
    formats: tuple[str, ...] = ()
    dtypes: tuple[str, ...] = ()
    reported: tuple[Reported, ...] = ()
    remarks: tuple[str, ...] = ()
    source: str = ""
    path: str = ""
    last_modified: str = ""
    told_by: str = ""
    text: str = field(default="", repr=False)

    # Where cards come from

    @classmethod
    def from_readme(cls, text: str | bytes | Path, id: str = "", **known: Any) -> ModelCard:
        """Parse a README.md: its text, its bytes, or the path of the file.

        Raises:
            CardError: the header is unsafe or too large, or no usable id is given.
        """
        fields = card_parser.read_readme(text, id, **known)
        return cls(**(fields if fields["task"] else _documented(fields, _header(text))))

    @classmethod
    def from_dir(cls, folder: str | Path, id: str = "") -> ModelCard:
        """Read a model's folder as the Hub holds it: README.md, config.json, weights.

        Raises:
            CardError: the folder does not exist or holds neither a README.md nor a config.json.
        """
        fields = card_parser.read_folder(folder, id)
        if fields["task"]:
            return cls(**fields)
        readme = Path(fields["path"], "README.md")
        header = _header(readme) if readme.is_file() else {}
        return cls(**_documented(fields, header, card_parser.read_json(Path(fields["path"], "config.json"))))

    @classmethod
    def from_hub(cls, id: str, revision: str | None = None) -> ModelCard:
        """Read a model's card and metadata from the Hub (or from what HF_ENDPOINT names).

        Args:
            id: owner/name, or the address of its page (see `model_ids`).

        Raises:
            CardError: the model does not exist, or the Hub cannot be reached.
        """
        from .hub import hub_card_row
        from .model_ids import read_id

        name, named = read_id(id)
        return cls.from_row(hub_card_row(card_parser.checked_id(name), revision or named or None))

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> ModelCard:
        """Make a card of one row of a dump: `id`, `modelId` or `api_name`; `pipeline_tag`, `task` or `domain`;
        `card`, `text` or `description`; and whatever else of the record's fields it has, but for `path`: a row comes
        from a stranger, and weights are loaded only from where the user points.

        Raises:
            CardError: the row has no usable id.
        """
        fields = card_parser.read_row(row)
        if fields["task"]:
            return cls(**fields)
        from .connectors.documented import header_and_body

        config = row.get("config")
        return cls(**_documented(fields, header_and_body(row)[0], config if isinstance(config, Mapping) else None))

    # What it says

    @property
    def row(self) -> Task | None:
        """The row of the task table, or None when the task is unknown."""
        return find_task(self.task)

    @property
    def owner(self) -> str:
        return self.id.partition("/")[0] if "/" in self.id else ""

    @property
    def name(self) -> str:
        return self.id.rpartition("/")[2]

    @cached_property
    def connector(self) -> Connector:
        """How the model is called, read from its documentation; its task is the card's own where a tag names it."""
        from .connectors.connector import read_connector

        config = card_parser.read_json(Path(self.path, "config.json")) if self.path else {"model_type": self.model_type}
        header = {"tags": [*self.tags], "datasets": [*self.datasets], "library_name": self.library}
        return read_connector(self.id, self.text, header, config, task=self.task)

    @property
    def said(self) -> Mapping[str, Any]:
        """The arguments that its documentation gives, where the documentation is all that tells how to call it: what
        prefixes stand before a text, settings, labels (see `connectors.settings`). {} for a model with a tag."""
        return self.connector.arguments if self.told_by else {}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the whole record: an unchanged card has an unchanged digest."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()

    @cached_property
    def search_text(self) -> str:
        """What is embedded: the task in words, what it is for, then the name, the languages and the domain words.

        The task's own sentence is not in it: which task a request asks for is a signal of its own, and among models
        of one task the same words everywhere only hide what is different.
        """
        prose = _prose(self.text)
        purpose = prose if self.summary[:40] in prose else f"{self.summary} {prose}"
        task = (self.task or " ".join(self.tags[-1:])).replace("-", " ")
        parts = [
            f"{task}. {purpose[:450]}" if task else purpose[:450],
            re.sub(r"[-_/.]+", " ", self.name),
            " ".join((*self.languages[:6], *self.tags[:8], *self.labels[:20])),
        ]
        return "\n".join(part for part in parts if part)

    def facts(self) -> list[tuple[str, str]]:
        """What is known of the model, as pairs of name and value for people; "" where nothing is known."""
        return [
            ("task", f"{self.task} (no tag names it: {self.told_by})" if self.told_by else self.task),
            ("what it is for", self.summary),
            ("languages", ", ".join(self.languages[:12])),
            ("labels", ", ".join(self.labels[:12])),
            ("licence", self.license),
            ("library", self.library),
            ("size", human_bytes(self.bytes) if self.bytes else ""),
            ("parameters", f"{self.parameters:,}" if self.parameters else ""),
            ("its author claims", "; ".join(map(str, self.reported[:6]))),
            ("not understood", "; ".join(self.remarks)),
            ("from", self.path or self.source),
        ]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, the way back is `from_dict`."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values["reported"] = tuple(asdict(one) for one in self.reported)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ModelCard:
        """The card that `to_dict` wrote (trusted: no cleaning)."""
        plain: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        if figures := plain.get("reported"):
            plain["reported"] = tuple(Reported(**figure) for figure in figures)
        return cls(**plain)

    def with_(self, **changes: Any) -> ModelCard:
        return replace(self, **changes)

    def __str__(self) -> str:
        known = (self.task or "no known task", self.license or "no licence named", human_bytes(self.bytes))
        return f"{self.id} ({', '.join(known)})"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": facts_html(self.id, self.facts())}


def _documented(fields: dict[str, Any], header: Mapping[str, Any], config: Any = None) -> dict[str, Any]:
    from .connectors.documented import documented

    return documented(fields, header, config)


def _header(text: str | bytes | Path) -> dict[str, Any]:
    """The header of a README.md that was read once already."""
    from .front_matter import read_front_matter

    return read_front_matter(card_parser.read_text(text) if isinstance(text, Path) else text)[0]


def _prose(text: str) -> str:
    """How a card's text begins, in one line without links and marks."""
    return " ".join(MARKUP.sub(r"\1", text[:900]).split())
