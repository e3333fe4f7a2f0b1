"""A little Hub on loopback: the endpoints that huggingface_hub asks for a model's card, its files and lists of models.

    with serve({"owner/name": {"README.md": b"...", "config.json": b"{}"}}, info={...}) as url: ...

What a test changes in `models` and `info` while it serves is there at the next call.

`HF_ENDPOINT` names it; huggingface_hub reads that at import, so a test sets it for a subprocess, or lets this process
`reach` it.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping, MutableSequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

if TYPE_CHECKING:
    import pytest

Files = Mapping[str, bytes]


def commit_of(files: Files) -> str:
    """The commit that the server gives a model: 40 hex digits, of its files."""
    return hashlib.sha1(b"".join(name.encode() + data for name, data in sorted(files.items()))).hexdigest()


def reach(url: str, cache: Path, patch: pytest.MonkeyPatch) -> None:
    """Let this process ask that server, and keep what it downloads in a cache of its own."""
    from huggingface_hub import constants

    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        patch.delenv(name)
    patch.setenv("HF_ENDPOINT", url)
    for name, value in {
        "ENDPOINT": url,
        "HF_HUB_CACHE": str(cache),
        "HF_HUB_OFFLINE": False,
        "HUGGINGFACE_CO_URL_TEMPLATE": f"{url}/{{repo_id}}/resolve/{{revision}}/{{filename}}",
    }.items():
        patch.setattr(constants, name, value)


@contextmanager
def serve(
    models: Mapping[str, Files],
    info: Mapping[str, Mapping[str, Any]] | None = None,
    refuse: MutableSequence[tuple[str, int, Mapping[str, str]]] | None = None,
    log: MutableSequence[str] | None = None,
    page: int = 2,
) -> Iterator[str]:
    """Serve models, given as files by name. Yields the server's URL.

    Args:
        info: adds to what /api/models says of each. One with `"gated"` gives its files to nobody, as the Hub does
            without a token; one with `"disabled"` gives nothing; one with `"deleted"` is listed and not there.
            Of the files of one with `"cut"` so many bytes are sent at a time, then the line is dead. `"discussions"`
            are those of the model, and "owner/name@refs/pr/1" among the models is what the first of them asks for.
        refuse: (path, status, headers): the next call to a path that begins so gets that, and the entry is gone.
        log: gets "METHOD path?query" of each call.
        page: how many models a list gives at once; the rest is behind its Link header.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path).strip("/")
            if log is not None:
                log.append(f"{self.command} {self.path}")
            for entry in [entry for entry in refuse or () if path.startswith(entry[0])][:1]:
                (refuse or []).remove(entry)
                return self._send(entry[1], b"", entry[2])
            if path == "api/models":
                return self._list(parse_qs(urlsplit(self.path).query))
            refs = [key for key in models if "@" in key]
            api = path.startswith("api/models/")
            id = "/".join(path.removeprefix("api/models/").split("/")[:2])
            rest = path.removeprefix("api/models/").removeprefix(id).strip("/")
            said = (info or {}).get(id, {})
            if id not in models or said.get("deleted"):
                return self._send(401, b"", {"X-Error-Code": "RepoNotFound", "X-Error-Message": "Repository not found"})
            if said.get("disabled"):
                return self._send(403, b"", {"X-Error-Message": "Access to this resource is disabled."})
            kind, _, revision = rest.partition("/")
            if kind == "discussions":
                asked = said.get("discussions", [])
                return self._json({"discussions": asked, "count": len(asked), "start": 0})
            key = next((key for key in refs if key.split("@")[0] == id and _is_of(revision, key, models[key])), id)
            files = models[key]
            commit = commit_of(files)
            if api and kind == "commits":
                made = [commit, *([commit_of(models[id])] if key != id else [])]
                return self._json(
                    [{"id": one, "title": "", "message": "", "date": _DATE, "authors": []} for one in made]
                )
            if api and kind == "tree":
                rows = [{"type": "file", "path": name, **_blob(data)} for name, data in files.items()]
                for row in rows:
                    if _is_lfs(row["path"]):
                        row["lfs"] = {"oid": _sha(files[row["path"]]), **_large(row)}
                return self._json(rows)
            if api:
                siblings = [{"rfilename": name, **_blob(data)} for name, data in files.items()]
                for row in siblings:
                    if _is_lfs(row["rfilename"]):
                        row["lfs"] = {"sha256": _sha(files[row["rfilename"]]), **_large(row)}
                return self._json({"id": id, "modelId": id, "sha": commit, "siblings": siblings, **said})
            name = revision.removeprefix("refs/pr/").split("/", 1)[1]  # resolve/<revision>/<file>
            if said.get("gated"):
                return self._send(403, b"", {"X-Error-Code": "GatedRepo", "X-Error-Message": "Access is restricted"})
            if name not in files:
                return self._send(404, b"", {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": commit})
            etag = f'"{_sha(files[name]) if _is_lfs(name) else _blob(files[name])["oid"]}"'
            headers = {"ETag": etag, "X-Repo-Commit": commit, "Accept-Ranges": "bytes"}
            start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").split("-")[0])
            if start:
                headers["Content-Range"] = f"bytes {start}-{len(files[name]) - 1}/{len(files[name])}"
            return self._send(206 if start else 200, files[name][start:], headers, said.get("cut"))

        def _list(self, asked: Mapping[str, list[str]]) -> None:
            rows = [{"id": id, **(info or {}).get(id, {})} for id in models]
            if "author" in asked:
                rows = [row for row in rows if row["id"].startswith(f"{asked['author'][0]}/")]
            if "pipeline_tag" in asked:
                rows = [row for row in rows if row.get("pipeline_tag") == asked["pipeline_tag"][0]]
            if "sort" in asked:
                rows.sort(key=lambda row: row.get(asked["sort"][0], 0), reverse=True)
            start = int(asked.get("cursor", ["0"])[0])
            more: dict[str, str] = {}
            if start + page < len(rows):
                query = urlencode({**asked, "cursor": [start + page]}, doseq=True)
                host, port = self.server.server_address[:2]
                more["Link"] = f'<http://{host}:{port}/api/models?{query}>; rel="next"'
            self._json(rows[start : start + page], more)

        def _json(self, value: Any, headers: Mapping[str, str] | None = None) -> None:
            self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})

        def _send(self, status: int, body: bytes, headers: Mapping[str, str], cut: int | None = None) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body[:cut])
                self.close_connection = cut is not None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


_DATE = "2025-01-02T03:04:05.000Z"


def pull_request(number: int, author: str = "SFconvertbot", **more: Any) -> dict[str, Any]:
    """What the Hub tells of a pull request that adds safetensors."""
    return {
        "num": number, "title": "Adding `safetensors` variant of this model", "author": {"name": author},
        "status": "open", "isPullRequest": True, "createdAt": _DATE, "repo": {"name": "", "type": "model"}, **more,
    }  # fmt: skip


def _is_of(revision: str, key: str, files: Files) -> bool:
    """Whether a path behind its first part begins with a reference, or with the commit that it stands for."""
    return any(
        revision == name or revision.startswith(f"{name}/") for name in (key.partition("@")[2], commit_of(files))
    )


def _is_lfs(name: str) -> bool:
    """What the Hub keeps as large files, and knows by their SHA-256."""
    return name.endswith((".safetensors", ".bin"))


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _large(row: Mapping[str, Any]) -> dict[str, int]:
    return {"size": row["size"], "pointerSize": 130}


def _blob(data: bytes) -> dict[str, Any]:
    oid = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
    return {"oid": oid, "blobId": oid, "size": len(data)}
