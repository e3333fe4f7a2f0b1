"""prefrontal: every Hugging Face model is a tool, found by its card and called by an agent.

Each public name is imported at first use, so that `import prefrontal` stays instant.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .agent.agent import Agent
    from .agent.run import Run
    from .agent.step import Step
    from .errors import PrefrontalError
    from .retrieval.embedding.minilm import default_embedder
    from .retrieval.hits import Hit
    from .retrieval.index import ModelIndex
    from .tools.card import ModelCard
    from .tools.media import Media, Workspace
    from .tools.model_tool import ModelTool
    from .tools.tasks import get_task, tasks

__version__ = "0.1.0"

_HOMES = {
    "Agent": "agent.agent",
    "Hit": "retrieval.hits",
    "Media": "tools.media",
    "ModelCard": "tools.card",
    "ModelIndex": "retrieval.index",
    "ModelTool": "tools.model_tool",
    "PrefrontalError": "errors",
    "Run": "agent.run",
    "Step": "agent.step",
    "Workspace": "tools.media",
    "default_embedder": "retrieval.embedding.minilm",
    "get_task": "tools.tasks",
    "tasks": "tools.tasks",
}

__all__ = [
    "Agent",
    "Hit",
    "Media",
    "ModelCard",
    "ModelIndex",
    "ModelTool",
    "PrefrontalError",
    "Run",
    "Step",
    "Workspace",
    "default_embedder",
    "get_task",
    "tasks",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'prefrontal' has no attribute {name!r}; it has: {', '.join(__all__)}")
    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
