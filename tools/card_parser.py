"""The tolerant border of `ModelCard`: READMEs, folders and rows in any of their shapes become the fields of a card.

Odd YAML, no header, wrong types and strange encodings give usable fields, or a `CardError` that says why not.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from numbers import Real
from pathlib import Path
from typing import Any

from ..errors import CardError
from .card_kinds import kind_of
from .card_summary import MARKUP, summary_of
from .front_matter import MAX_README_BYTES, FrontMatter, read_header
from .header_values import languages, license_name, plain_names, remarks_on
from .model_ids import ID
from .reported import read_reported
from .tasks import find_task
from .text import clean
from .weights import SAFETENSORS, SIZES, count_numbers, formats_of, loaded_files, said

__all__ = ["MARKUP", "MAX_LIST", "MAX_TEXT", "ROW_FIELDS", "ROW_IDS", "clean"]

MAX_TEXT = 20_000  # characters of prose kept: more does not change what a model is for
MAX_LIST = 200  # entries kept of tags, languages, labels and datasets (real cards hold well below)
# What a README.md's header may say of its model; size, place and popularity are not its author's to claim.
_HEADER_FIELDS = ("pipeline_tag", "task", "domain", "library", "library_name", "license", "language", "languages",
                  "summary", "tags", "datasets", "base_model")  # fmt: skip
MAX_REMARKS = 12
# What `ModelCard.from_row` looks at: a source that stores columns reads these and no others.
ROW_IDS = ("id", "modelId", "model_id", "api_name")
ROW_FIELDS = (*ROW_IDS, "card", "text", "description", "pipeline_tag", "task", "domain", "summary", "tags", "library",
              "library_name", "framework", "license", "language", "languages", "datasets", "trained_on", "labels",
              "model_type", "parameters", "bytes", "size", "downloads", "likes", "gated", "safetensors", "formats",
              "dtypes", "reported", "remarks", "source", "revision", "sha", "last_modified", "lastModified",
              "meta", "config", "base_model")  # fmt: skip
# How the Hub tags a repository by the weights that lie in it.
_FORMAT_TAGS = {"gguf": "GGUF", "onnx": "ONNX", "pytorch": "pickles (.bin)", "tf": "Keras", "keras": "Keras",
                "jax": "Flax", "tflite": "TFLite", "coreml": "Core ML", "openvino": "OpenVINO",
                "rust": "Rust"}  # fmt: skip

# What peft calls the tasks that it trains for.
_ADAPTED_TASKS = {"SEQ_CLS": "text-classification", "TOKEN_CLS": "token-classification",
                  "QUESTION_ANS": "question-answering", "CAUSAL_LM": "text-generation",
                  "SEQ_2_SEQ_LM": "text2text-generation", "FEATURE_EXTRACTION": "feature-extraction"}  # fmt: skip

Fields = dict[str, Any]


def read_readme(text: str | bytes | Path, id: str = "", **known: Any) -> Fields:
    """The fields of a README.md: of its text, its bytes, or the path of the file.

    Args:
        known: what is known of the model from elsewhere; it comes before what the README.md says.
    """
    if isinstance(text, Path):
        return read_readme(read_text(text), id=id or text.parent.name, **{"source": "readme", **known})
    found = read_header(text)
    _check_kind(found.values, known)
    name = id or _first_string(found.values.get("model_id"), found.values.get("model_name"), found.values.get("id"))
    row = {**_header_fields(found), "id": _slug(name), "card": found.body, **known}
    return {**read_row(row), "path": str(known.get("path") or "")}


def read_folder(folder: str | Path, id: str = "") -> Fields:
    """The fields of a model's folder as the Hub holds it: README.md, config.json, weights."""
    folder = Path(folder).expanduser().resolve()
    readme, config = folder / "README.md", read_json(folder / "config.json")
    adapter = read_json(folder / "adapter_config.json")
    if not readme.is_file() and not config and not adapter:
        raise CardError(
            f"{folder} holds neither a README.md nor a config.json; "
            "pass a model's folder, a README.md, a JSONL file or a Hub id"
        )
    weights = loaded_files(folder)
    counts = count_numbers(weights)
    formats = formats_of(str(file) for file in folder.rglob("*") if file.is_file())
    labels = config.get("id2label")
    known = {
        "source": "folder",
        "path": str(folder),
        "revision": _revision(
            [*weights, readme, folder / "config.json", *([folder / "adapter_config.json"] if adapter else [])]
        ),
        "bytes": sum(file.stat().st_size for file in weights),
        "parameters": sum(counts.values()),
        "model_type": config.get("model_type", ""),
        "labels": list(labels.values()) if isinstance(labels, dict) else [],
        "safetensors": True if weights else False if formats and SAFETENSORS not in formats else None,
        "formats": [] if weights else list(formats),
        "dtypes": list(said(counts)),
    }
    found = read_readme(read_text(readme) if readme.is_file() else "", id=id or folder.name, **known)
    task = found["task"] or _ADAPTED_TASKS.get(str(adapter.get("task_type")), "")
    return {**found, "library": found["library"] or ("peft" if adapter else ""), "task": task}


def read_row(row: Mapping[str, Any]) -> Fields:
    """The fields of one row of a dump."""
    remarks = _strings(row.get("remarks"))
    if isinstance(row.get("meta"), Mapping):  # a dump that keeps the README's header apart
        _check_kind(row["meta"], row)
        row = {**_header_fields(FrontMatter(dict(row["meta"]), "")), **row}
    id = checked_id(_first_string(*(row.get(name) for name in ROW_IDS)))
    body = _first_string(row.get("card"), row.get("text"), row.get("description"))
    task, header = _task_name(row), row
    if body.startswith("---") and "card" in row:  # a whole README.md inside the row
        header, body, more = _merge(row, body)
        task, remarks = task or _task_name(header), [*remarks, *more]
    text, known = clean(body, MAX_TEXT), find_task(task)
    library = _line(header.get("library") or header.get("library_name") or row.get("framework"), 60).lower()
    bases = _strings(header.get("base_model"))[:1]
    kept_tags = [
        *_strings(header.get("tags")),
        *([task] if task and (not known or task != known.id) else []),
        # As the Hub does itself: whose adapter it is.
        *(f"base_model:adapter:{base}" for base in bases if library == "peft" and ID.fullmatch(base)),
    ]
    reported, why = read_reported(header.get("reported"))
    safetensors, formats = _weights_of(row)
    return {
        "id": id,
        "revision": _line(row.get("revision") or row.get("sha"), 64),
        "task": known.id if known else "",
        "summary": _line(row.get("summary"), 500) or summary_of(text),
        "library": library,
        "license": _license(header.get("license")),
        "languages": _languages(header),
        "tags": tuple(dict.fromkeys(kept_tags)),
        "datasets": tuple(_strings(header.get("datasets") or row.get("trained_on"))),
        "labels": tuple(_strings(row.get("labels"))),
        "model_type": _line(row.get("model_type"), 60),
        "parameters": _count(row.get("parameters")),
        "bytes": _count(row.get("bytes") or row.get("size")),
        "downloads": _count(row.get("downloads")),
        "likes": _count(row.get("likes")),
        "gated": row.get("gated") not in (None, False, "", "false", "False", 0),
        "safetensors": safetensors,
        "formats": formats,
        "dtypes": tuple(one for one in _strings(row.get("dtypes")) if one.partition(":")[0] in SIZES),
        "reported": reported,
        "remarks": tuple(_line(one, 200) for one in [*remarks, *([why] if why else [])])[:MAX_REMARKS],
        "source": _line(row.get("source"), 60),
        "last_modified": _line(row.get("last_modified") or row.get("lastModified"), 40),
        "text": text,
    }


def _weights_of(row: Mapping[str, Any]) -> tuple[bool | None, tuple[str, ...]]:
    """Whether there are safetensors (None when nothing tells), and the formats that there are, where there are none."""
    formats = tuple(_strings(row.get("formats")))
    if isinstance(row.get("safetensors"), bool):
        return row["safetensors"], () if row["safetensors"] else formats
    tags = _strings(row.get("tags"))
    if not any(tag.startswith("region:") for tag in tags) or SAFETENSORS in tags:  # the Hub puts that tag on each model
        return None, ()
    held = tuple(name for tag, name in _FORMAT_TAGS.items() if tag in tags)
    return (False, held) if held else (None, ())


def _languages(header: Mapping[str, Any]) -> tuple[str, ...]:
    given = header.get("languages")
    if not isinstance(given, str | list | tuple) or not given:
        given = header.get("language")
    items = given[:MAX_LIST] if isinstance(given, list | tuple) else [given]
    return tuple(_line(name, 80) for name in languages([_line(x, 600) if isinstance(x, str) else x for x in items]))


def _check_kind(header: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    kind = kind_of(header, known)
    if kind != "model":
        raise CardError(f"it is the card of a {kind}, not of a model; models have a pipeline_tag or weights beside it")


def _line(value: Any, limit: int) -> str:
    return " ".join(clean(value, limit).split())


def _header_fields(found: FrontMatter) -> dict[str, Any]:
    """What a header says of its model, with what could not be read of it under "remarks"."""
    fields = plain_names(found.values, _HEADER_FIELDS)
    remarks = [*found.faults, *remarks_on(fields)]
    reported = found.results or found.values.get("model-index")
    return {**fields, **({"reported": reported} if reported else {}), **({"remarks": remarks} if remarks else {})}


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
    named = [value.get("id") or value.get("name")] if isinstance(value, Mapping) else value
    return ", ".join(map(license_name, _strings(named)[:3]))


def _slug(name: str) -> str:
    """A model's title as an id: spaces become dashes; an id stays as it is."""
    return re.sub(r"\s+", "-", name.strip())


def checked_id(id: str) -> str:
    if not ID.fullmatch(id) or ".." in id or id.endswith((".", "-")):
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


def _merge(row: Mapping[str, Any], readme: str) -> tuple[dict[str, Any], str, list[str]]:
    """A row with what the README.md inside says beside it, the README's text, and what of it could not be read."""
    try:
        found = read_header(readme)
    except CardError as error:
        return dict(row), "", [str(error)]
    _check_kind(found.values, row)
    fields = _header_fields(found)
    remarks = fields.pop("remarks", [])
    return {**fields, **{key: value for key, value in row.items() if value not in (None, "", [])}}, found.body, remarks


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
