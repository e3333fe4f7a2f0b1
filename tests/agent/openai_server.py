"""A server on loopback that speaks OpenAI's chat completions: it says what it is told to and keeps what it was sent.

As OpenAI's own does, it refuses a history in which a call is not answered right behind it, in which two calls share
an id, or in which a turn is empty.
"""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_ids = itertools.count(1)


@dataclass
class Reply:
    """What one request gets: a message, or a raw body; `cut` ends the connection after so many bytes."""

    message: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    finish: str | None = "stop"
    cut: int | None = None


def says(text: str, **more: Any) -> Reply:
    return Reply({"role": "assistant", "content": text}, **more)


def calls(*wanted: tuple[str, Any], text: str | None = None, ids: list[str] | None = None, **more: Any) -> Reply:
    """A turn of tool calls: (name, arguments) each; arguments that are a string are sent as they are."""
    ids = ids or [f"call_{next(_ids)}" for _ in wanted]
    made = [
        {
            "id": id,
            "type": "function",
            "function": {"name": name, "arguments": a if isinstance(a, str) else json.dumps(a)},
        }
        for id, (name, a) in zip(ids, wanted, strict=True)
    ]
    message = {"role": "assistant", "content": text, "tool_calls": made}
    return Reply(message, **{"finish": "tool_calls", **more})


class OpenAIServer:
    """Replies in order; a function gets the request and gives the reply; the last one is given again and again."""

    def __init__(self) -> None:
        self.replies: list[Reply | Callable[[dict[str, Any]], Reply]] = []
        self.requests: list[dict[str, Any]] = []
        self.raw: list[str] = []
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def script(self, *replies: Reply | Callable[[dict[str, Any]], Reply]) -> None:
        self.replies = list(replies)

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def tools(self, request: int) -> set[str]:
        """The names of the tools that were bound at a request."""
        return {tool["function"]["name"] for tool in self.requests[request].get("tools", [])}

    def seen(self, request: int) -> str:
        """What the model last read."""
        return str(self.requests[request]["messages"][-1]["content"])

    def answer(self, raw: str) -> Reply:
        request = json.loads(raw)
        with self._lock:
            self.raw.append(raw)
            self.requests.append(request)
            reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if problem := objection(request["messages"]):
            return Reply(status=400, body=json.dumps({"error": {"message": problem, "type": "invalid_request_error"}}))
        return reply(request) if callable(reply) else reply


def objection(messages: list[dict[str, Any]]) -> str:
    """What OpenAI would refuse a history for; "" when nothing."""
    waiting: list[str] = []
    taken: set[str] = set()
    for message in messages:
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                return f"a tool message answers {message['tool_call_id']}, which was not called right before"
            waiting.remove(message["tool_call_id"])
            continue
        if waiting:
            return f"the calls {waiting} have no tool messages behind them"
        waiting = [call["id"] for call in message.get("tool_calls") or []]
        if len(taken | set(waiting)) != len(taken) + len(waiting):
            return "two calls share an id"
        taken |= set(waiting)
        if message["role"] == "assistant" and not message.get("content") and not waiting:
            return "an assistant message is empty"
    return f"the calls {waiting} have no tool messages behind them" if waiting else ""


class _Handler(BaseHTTPRequestHandler):
    owner: OpenAIServer

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        assert self.path == "/v1/chat/completions", self.path
        reply = self.owner.answer(raw)
        streams = bool(json.loads(raw).get("stream")) and not reply.body
        data = (reply.body or (_events(reply) if streams else _completion(reply))).encode()
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, "text/event-stream" if streams and name == "Content-Type" else value)
        if not streams:  # a stream ends with its connection: one that is cut looks like one that is over
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data if reply.cut is None else data[: reply.cut])

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


def _completion(reply: Reply) -> str:
    choice = {"index": 0, "message": reply.message, "finish_reason": reply.finish}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return json.dumps({"id": "c", "object": "chat.completion", "created": 0, "model": "test-model", "choices": [choice],
                       "usage": usage})  # fmt: skip


def _events(reply: Reply) -> str:
    """The message as server-sent events, text and arguments in pieces."""
    text = reply.message.get("content") or ""
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": text[i : i + 4]} for i in range(0, len(text), 4)]
    for place, call in enumerate(reply.message.get("tool_calls", [])):
        arguments = call["function"]["arguments"]
        deltas.append({"tool_calls": [{"index": place, **call, "function": {**call["function"], "arguments": ""}}]})
        deltas += [{"tool_calls": [{"index": place, "function": {"arguments": arguments[i : i + 6]}}]}
                   for i in range(0, len(arguments), 6)]  # fmt: skip
    chunks = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas]
    if reply.finish:
        chunks.append({"index": 0, "delta": {}, "finish_reason": reply.finish})
    head = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "test-model"}
    lines = [f"data: {json.dumps({**head, 'choices': [chunk]})}\n\n" for chunk in chunks]
    return "".join(lines) + ("data: [DONE]\n\n" if reply.finish else "")
