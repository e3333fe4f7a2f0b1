"""The tolerant border of `ModelCard`: READMEs, folders and rows in any of their shapes become the fields of a card.

Odd YAML, no header, wrong types and strange encodings give usable fields, or a `CardError` that says why not.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from math import prod
from numbers import Real
from pathlib import Path
from typing import Any

from ..errors import CardError
from .front_matter import MAX_README_BYTES, read_front_matter
from .tasks import find_task

MAX_TEXT = 20_000  # characters of prose kept: more does not change what a model is for
MAX_LIST = 200  # entries kept of tags, languages, labels and datasets (real cards hold well below)
_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9_.][\w.-]{0,95})?", re.ASCII)  # no look-alike letters
# What a README.md's header may say of its model; size, place and popularity are not its author's to claim.
_HEADER_FIELDS = ("pipeline_tag", "task", "domain", "library", "library_name", "license", "language", "languages",
                  "summary", "tags", "datasets")  # fmt: skip
# What `ModelCard.from_row` looks at: a source that stores columns reads these and no others.
ROW_IDS = ("id", "modelId", "model_id", "api_name")
ROW_FIELDS = (*ROW_IDS, "card", "text", "description", "pipeline_tag", "task", "domain", "summary", "tags", "library",
              "library_name", "framework", "license", "language", "languages", "datasets", "trained_on", "labels",
              "model_type", "parameters", "bytes", "size", "downloads", "likes", "gated", "safetensors", "source",
              "revision", "sha", "last_modified", "lastModified", "meta", "config", "base_model")  # fmt: skip
# The Unicode categories Cc (without tab and new line), Cs and Co, zero-width and bidirectional characters; one pattern
# is 100 times as fast as asking for each, and 20 times as fast as str.translate.
_UNPRINTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ue000-\uf8ff"
    "\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)
# What is left out where a card's prose is shown or embedded: links keep their words.
MARKUP = re.compile(r"https?://\S+|!?\[([^\]]*)\]\([^)]*\)|<[^>]+>|[#*`|>]")

Fields = dict[str, Any]


def read_readme(text: str | bytes | Path, id: str = "", **known: Any) -> Fields:
    """The fields of a README.md: of its text, its bytes, or the path of the file.

    Args:
        known: what is known of the model from elsewhere; it comes before what the README.md says.
    """
    if isinstance(text, Path):
        return read_readme(read_text(text), id=id or text.parent.name, **{"source": "readme", **known})
    header, body = read_front_matter(text)
    name = id or _first_string(header.get("model_id"), header.get("model_name"), header.get("id"))
    found = read_row({**_header_fields(header), "id": _slug(name), "card": body, **known})
    return {**found, "path": str(known.get("path") or "")}


def read_folder(folder: str | Path, id: str = "") -> Fields:
    """The fields of a model's folder as the Hub holds it: README.md, config.json, weights."""
    folder = Path(folder).expanduser().resolve()
    readme, config = folder / "README.md", read_json(folder / "config.json")
    if not readme.is_file() and not config:
        raise CardError(
            f"{folder} holds neither a README.md nor a config.json; "
            "pass a model's folder, a README.md, a JSONL file or a Hub id"
        )
    weights = [file for file in folder.glob("*.safetensors") if file.is_file() and not file.is_symlink()]
    labels = config.get("id2label")
    known = {
        "source": "folder",
        "path": str(folder),
        "revision": _revision([*weights, readme, folder / "config.json"]),
        "bytes": sum(file.stat().st_size for file in weights),
        "parameters": _count_parameters(weights),
        "model_type": config.get("model_type", ""),
        "labels": list(labels.values()) if isinstance(labels, dict) else [],
        "safetensors": bool(weights) or None,
    }
    return read_readme(read_text(readme) if readme.is_file() else "", id=id or folder.name, **known)


def read_row(row: Mapping[str, Any]) -> Fields:
    """The fields of one row of a dump."""
    if isinstance(row.get("meta"), Mapping):  # a dump that keeps the README's header apart
        row = {**_header_fields(row["meta"]), **row}
    id = checked_id(_first_string(*(row.get(name) for name in ROW_IDS)))
    body = _first_string(row.get("card"), row.get("text"), row.get("description"))
    task, header = _task_name(row), row
    if body.startswith("---") and "card" in row:  # a whole README.md inside the row
        header, body = _merge(row, body)
        task = task or _task_name(header)
    text, known = clean(body, MAX_TEXT), find_task(task)
    kept_tags = [
        *_strings(header.get("tags")),
        *([task] if task and (not known or task != known.id) else []),
    ]
    return {
        "id": id,
        "revision": _line(row.get("revision") or row.get("sha"), 64),
        "task": known.id if known else "",
        "summary": _line(row.get("summary"), 500) or _first_sentence(text),
        "library": _line(header.get("library") or header.get("library_name") or row.get("framework"), 60).lower(),
        "license": _license(header.get("license")),
        "languages": tuple(_strings(header.get("languages") or header.get("language"))),
        "tags": tuple(dict.fromkeys(kept_tags)),
        "datasets": tuple(_strings(header.get("datasets") or row.get("trained_on"))),
        "labels": tuple(_strings(row.get("labels"))),
        "model_type": _line(row.get("model_type"), 60),
        "parameters": _count(row.get("parameters")),
        "bytes": _count(row.get("bytes") or row.get("size")),
        "downloads": _count(row.get("downloads")),
        "likes": _count(row.get("likes")),
        "gated": row.get("gated") not in (None, False, "", "false", "False", 0),
        "safetensors": row["safetensors"] if isinstance(row.get("safetensors"), bool) else None,
        "source": _line(row.get("source"), 60),
        "last_modified": _line(row.get("last_modified") or row.get("lastModified"), 40),
        "text": text,
    }


def clean(value: Any, limit: int) -> str:
    """Text without control, zero-width and bidirectional characters, with plain line ends, capped."""
    if not isinstance(value, str):
        return ""
    text = unicodedata.normalize("NFC", value[: 2 * limit]).replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTED.sub("", text)[:limit]


def _line(value: Any, limit: int) -> str:
    return " ".join(clean(value, limit).split())


def _header_fields(header: Mapping[str, Any]) -> dict[str, Any]:
    return {key: header[key] for key in _HEADER_FIELDS if key in header}


def _first_string(*values: Any) -> str:
    return next((value for value in values if isinstance(value, str) and value.strip()), "")


def _strings(value: Any) -> list[str]:
    """One string, or a list with anything in it, as clean short strings; the rest is left out."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple):
        return []
    lines = (_line(item if isinstance(item, str) else "", 80) for item in value[:MAX_LIST])
    return list(dict.fromkeys(line for line in lines if line))


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, Real) or value != value:
        return 0
    return int(float(min(max(value, 0), 10**15)))  # exact: a float holds whole numbers up to 2**53


def _license(value: Any) -> str:
    # YAML reads `license: no` as a boolean: it is no licence's name, and says nothing.
    return ", ".join(_strings(value)[:3])


def _slug(name: str) -> str:
    """A model's title as an id: spaces become dashes; an id stays as it is."""
    return re.sub(r"\s+", "-", name.strip())


def checked_id(id: str) -> str:
    if not _ID.fullmatch(id) or ".." in id or id.endswith((".", "-")):
        shown = id if len(id) <= 60 else f"{id[:60]}… ({len(id)} characters)"
        raise CardError(
            f"{shown!r} is not a model id; allowed is owner/name or name, of letters, digits, '-', '_' and '.', "
            "at most 96 characters each"
        )
    return id


def _task_name(row: Mapping[str, Any]) -> str:
    for key in ("pipeline_tag", "task", "domain"):
        if name := _line(row.get(key), 200).lower():
            # APIBench writes "Computer Vision Object Detection"; the longest ending that is a task counts.
            words = name.replace("-", " ").split()
            for start in range(len(words)):
                if found := find_task(" ".join(words[start:])):
                    return found.id
            return name
    return next((found.id for tag in _strings(row.get("tags")) if (found := find_task(tag)) and not found.builtin), "")


def _merge(row: Mapping[str, Any], readme: str) -> tuple[dict[str, Any], str]:
    try:
        header, body = read_front_matter(readme)
    except CardError:
        return dict(row), ""
    return {**header, **{key: value for key, value in row.items() if value not in (None, "", [])}}, body


def _first_sentence(body: str) -> str:
    """Of a text that is clean."""
    for paragraph in re.split(r"\n\s*\n", body[:4000]):
        if paragraph.lstrip().startswith(("#", "|", "<", "```", "![")):
            continue
        line = MARKUP.sub(r"\1", " ".join(paragraph[:1500].split())).strip()
        if len(line) > 30:
            return re.split(r"(?<=[.!?])\s", line, maxsplit=1)[0][:300]
    return ""


def read_text(path: Path) -> bytes:
    if not path.is_file():
        raise CardError(f"{path} is not a file; pass a README.md, a model's folder, a JSONL file or a Hub id")
    with path.open("rb") as file:
        return file.read(MAX_README_BYTES + 1)


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file; {} when there is none, or none that can be read."""
    try:
        value = json.loads(path.read_bytes()) if path.is_file() and path.stat().st_size < 5_000_000 else {}
    except (ValueError, OSError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _revision(files: list[Path]) -> str:
    """A short fingerprint of a local folder by names, sizes, first and last 64 kB: big files are not read whole."""
    digest = hashlib.sha256()
    for path in sorted(files):
        if path.is_file():
            size = path.stat().st_size
            with path.open("rb") as file:
                head = file.read(65_536)
                file.seek(max(0, size - 65_536))
                digest.update(f"{path.name} {size} ".encode() + head + file.read(65_536))
    return "local-" + digest.hexdigest()[:12]


def _count_parameters(weights: list[Path]) -> int:
    """Read from the safetensors headers, which hold every tensor's shape; 0 when a file is damaged."""
    total = 0
    for file in weights:
        try:
            with file.open("rb") as data:
                length = int.from_bytes(data.read(8), "little")
                header = json.loads(data.read(length)) if length < 100_000_000 else {}
            total += sum(prod(entry["shape"]) for name, entry in header.items() if name != "__metadata__")
        except (ValueError, OSError, KeyError, TypeError, AttributeError, RecursionError):
            return 0
    return total
