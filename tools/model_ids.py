"""The ids of models, in the spellings in which people have them: from a page's address, a tool's notation, a folder."""

from __future__ import annotations

import os
import re
from urllib.parse import unquote, urlsplit

from ..errors import CardError

# No look-alike letters: an id is ASCII.
ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9_.][\w.-]{0,95})?", re.ASCII)
_HOSTS = ("huggingface.co", "hf.co", "hf-mirror.com")
_SCHEMES = re.compile(r"(?:hf|huggingface)(?:://|:)|https?://", re.IGNORECASE)
_QUOTES = "\"'`<>()[]“”‘’«»,; \t\r\n"
_VIEWS = (
    "tree",
    "blob",
    "resolve",
    "raw",
    "commit",
    "commits",
)  # what a page's address names behind the id, a revision next
_OTHERS = {"datasets": "data set", "dataset": "data set", "spaces": "Space", "collections": "collection",
           "papers": "paper", "docs": "page of documentation", "blog": "page of the blog"}  # fmt: skip
_QUANTISED = re.compile(r":[A-Za-z0-9_.-]{1,40}$")  # owner/name:Q4_K_M, as other programs name one file of a model


def read_id(text: str) -> tuple[str, str]:
    """The id in what somebody pasted, and the revision that it names ("" for none).

    Understood are the address of a model's page or of a file of it, on the Hub or what HF_ENDPOINT names,
    hf:owner/name, models/owner/name, owner/name@revision, and the name of a folder of the Hub's cache
    (models--owner--name). What is none of these comes back as it is: it may be an id or a mistake.

    Raises:
        CardError: it is the address of a data set, a Space or another page.
    """
    if text.startswith("hub:"):  # a filter
        return text, ""
    plain = text.strip(_QUOTES)
    path, on_hub = _path(plain)
    parts = [part for part in path.split("/") if part]
    if on_hub and parts and parts[0].lower() in _OTHERS:
        kind = _OTHERS[parts[0].lower()]
        raise CardError(f"{text.strip()[:100]!r} is the address of a {kind}, not of a model; pass a model's page or id")
    if parts and parts[0] == "models" and len(parts) > 1:
        parts, on_hub = parts[1:], True
    if len(parts) == 1 and parts[0].startswith("models--"):
        parts = parts[0].removeprefix("models--").split("--", 1)
        on_hub = True
    revision = ""
    if on_hub:
        for at in (1, 2):
            if len(parts) > at and parts[at] in _VIEWS:
                revision = parts[at + 1] if len(parts) > at + 1 and parts[at] not in ("commit", "commits") else ""
                parts = parts[:at]
        parts = parts[:2]
    if parts:
        parts[-1], _, named = parts[-1].partition("@")
        revision = revision or named
        parts[-1] = _QUANTISED.sub("", parts[-1])
    id = "/".join(parts)
    a_folder = path.startswith("/") or (path.endswith("/") and len(parts) < 2)
    if not ID.fullmatch(id) or (a_folder and not on_hub):
        return text, ""
    return id, "" if revision == "main" else revision


def named_ids(text: str) -> str:
    """A text in which addresses of models' pages are ids; other words stay as they are."""
    return re.sub(r"\S+", lambda found: _named(found.group()), text) if "/" in text else text


def _named(word: str) -> str:
    if not _path(word.strip(_QUOTES))[1]:
        return word
    try:
        return read_id(word)[0]
    except CardError:  # of a data set: words like others
        return word


def _path(text: str) -> tuple[str, bool]:
    """What stands behind the host, and whether it is the Hub's."""
    hosts = {*_HOSTS, urlsplit(os.environ.get("HF_ENDPOINT", "")).netloc.lower()} - {""}
    scheme = _SCHEMES.match(text)
    bare = text[scheme.end() :] if scheme else text
    host, slash, rest = bare.partition("/")
    if slash and host.lower().removeprefix("www.") in hosts:
        return unquote(re.split(r"[?#]", rest, maxsplit=1)[0]), True
    if scheme and scheme.group().lower().startswith("http"):
        return text, False
    return (bare, True) if scheme else (text, False)
