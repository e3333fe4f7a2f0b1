"""A little Hub on loopback: the endpoints that huggingface_hub asks for a model's card and files.

    with serve({"owner/name": {"README.md": b"...", "config.json": b"{}"}}, info={...}) as url: ...

`HF_ENDPOINT` names it; huggingface_hub reads that at import, so a test sets it for a subprocess.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

Files = Mapping[str, bytes]


def commit_of(files: Files) -> str:
    """The commit that the server gives a model: 40 hex digits, of its files."""
    return hashlib.sha1(b"".join(name.encode() + data for name, data in sorted(files.items()))).hexdigest()


@contextmanager
def serve(models: Mapping[str, Files], info: Mapping[str, Mapping[str, Any]] | None = None) -> Iterator[str]:
    """Serve models, given as files by name; `info` adds to what /api/models says of each. Yields the server's URL.

    A model whose info has `"gated": true` gives its files to nobody, as the Hub does without a token.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path).strip("/")
            api = path.startswith("api/models/")
            id = "/".join(path.removeprefix("api/models/").split("/")[:2])
            rest = path.removeprefix("api/models/").removeprefix(id).strip("/")
            if id not in models:
                return self._send(401, b"", {"X-Error-Code": "RepoNotFound", "X-Error-Message": "Repository not found"})
            files, said = models[id], (info or {}).get(id, {})
            commit = commit_of(files)
            if api and rest.startswith("tree"):
                return self._json([{"type": "file", "path": name, **_blob(data)} for name, data in files.items()])
            if api:
                siblings = [{"rfilename": name, **_blob(data)} for name, data in files.items()]
                return self._json({"id": id, "modelId": id, "sha": commit, "siblings": siblings, **said})
            name = rest.split("/", 2)[2]  # resolve/<revision>/<file>
            if said.get("gated"):
                return self._send(403, b"", {"X-Error-Code": "GatedRepo", "X-Error-Message": "Access is restricted"})
            if name not in files:
                return self._send(404, b"", {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": commit})
            etag = f'"{_blob(files[name])["oid"]}"'
            return self._send(200, files[name], {"ETag": etag, "X-Repo-Commit": commit, "Accept-Ranges": "bytes"})

        def _json(self, value: Any) -> None:
            self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json"})

        def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _blob(data: bytes) -> dict[str, Any]:
    oid = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
    return {"oid": oid, "blobId": oid, "size": len(data)}
