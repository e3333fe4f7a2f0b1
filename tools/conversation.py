"""Mine is mine: what runs for one conversation sees the files and results of that conversation, and nobody else's.

One workspace serves many conversations, at the same time too. A conversation holds *keys*: the handle of a file or a
result, and a seal of what lies behind it, such as `image-1:3f2a9c0b1d4e5f60`. The seal matters when a conversation
is taken up over another workspace, where `image-1` is somebody else's photo: the key opens nothing there. Nor does a
handle that somebody guessed.

Which conversation it is that a tool runs for is a context variable: between the agent and the file lie LangGraph,
LangChain, somebody's own tool, perhaps another agent, and none of them would pass it on. Threads that LangChain
starts, and tasks of asyncio, take it along; to a thread that a tool starts itself, it has to hand its own
`contextvars.copy_context()`, for what comes in from outside of any conversation is for all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_ENTERED: ContextVar[Mapping[Path, Conversation] | None] = ContextVar("prefrontal_conversation", default=None)


class Conversation:
    """The keys that one conversation holds; what it makes or takes in is noted as its own.

    Args:
        keys: those it held before.
        outer: the conversation that this one runs in, as an agent does that is another agent's tool: what the inner
            one makes, the outer one has made.
    """

    def __init__(self, keys: Iterable[str] = (), outer: Conversation | None = None) -> None:
        self._keys = set(keys)
        self._outer = outer
        self.handles = {key.partition(":")[0] for key in self._keys}
        self.made: list[str] = []

    def holds(self, key: str) -> bool:
        return key in self._keys

    def note(self, key: str) -> None:
        """A file or a result came in."""
        self._keys.add(key)
        self.handles.add(key.partition(":")[0])
        if key not in self.made:
            self.made.append(key)
        if self._outer:
            self._outer.note(key)


def key_of(handle: str, content: bytes) -> str:
    """A handle with the seal of what lies behind it."""
    return f"{handle}:{hashlib.sha256(content).hexdigest()[:16]}"


def conversation_in(folder: Path) -> Conversation | None:
    """The conversation that is being worked for in a workspace's folder; None for code that the user runs by hand."""
    return (_ENTERED.get() or {}).get(folder)


@contextmanager
def entered(folder: Path, keys: Iterable[str]) -> Iterator[Conversation]:
    """Work for a conversation until the block ends. It must not be left open over a yield: a generator shares the
    context of whoever asks it for the next item."""
    own = Conversation(keys, conversation_in(folder))
    token = _ENTERED.set({**(_ENTERED.get() or {}), folder: own})
    try:
        yield own
    finally:
        _ENTERED.reset(token)
