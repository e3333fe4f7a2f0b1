"""What a card's code calls: which functions and classes, from which library, with which arguments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .blocks import statements

_MAX_CALLS = 400
_MAX_TEXT = 300  # characters of a text that an argument holds
_MAX_ITEMS = 40
# Arguments that name a model or a task: how they are spelled counts where their quotes were lost.
_NAMING = ("model", "task", "pretrained_model_name_or_path", "source", "repo_id")
_COMMAND = re.compile(r"^[ \t>$!]*(?:python3? +-m +([a-z]\w*(?:\.\w+)*)|(mlagents-load-from-hf))\b(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Call:
    """One call in a card's code.

    Attributes:
        name: as it is written, with the real names of what was imported: "AutoModel.from_pretrained", "pipeline".
        module: where its first name was imported from, "" when nothing says so.
        first: its first argument as text, by value, or by spelling where the quotes were lost.
        given: its named arguments, those that are plain values.
        target: the variable that takes the result.
        only_imported: it is imported, and not called.
    """

    name: str
    module: str = ""
    first: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    target: str = ""
    only_imported: bool = False

    @property
    def root(self) -> str:
        """The library by its import name."""
        return self.module.partition(".")[0]


class Reader:
    """Reads statement after statement; names and plain values last from block to block."""

    def __init__(self) -> None:
        self.modules: dict[str, tuple[str, str]] = {}  # a name in the code -> (its own name, where it comes from)
        self.values: dict[str, Any] = {}
        self.found: list[Call] = []

    def read(self, statement: ast.stmt) -> None:
        targets: dict[int, str] = {}
        for node in ast.walk(statement):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    start = alias.name.partition(".")[0]
                    self.modules[alias.asname or start] = (alias.name if alias.asname else start, alias.name)
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    self.modules[alias.asname or alias.name] = (alias.name, node.module or "")
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                targets[id(node.value)] = node.targets[0].id
                self.values[node.targets[0].id] = self.plain(node.value)
            elif isinstance(node, ast.Call) and (written := dotted(node.func)):
                self.found.append(self._call(node, written, targets.get(id(node), "")))

    def _call(self, node: ast.Call, written: str, target: str) -> Call:
        start, _, rest = written.partition(".")
        real, module = self.modules.get(start, (start, ""))
        given = {word.arg: self.plain(word.value) for word in node.keywords[:_MAX_ITEMS] if word.arg}
        for word in node.keywords:
            if word.arg in _NAMING and given.get(word.arg) is None:
                given[word.arg] = _spelled(word.value) or None
        first = self.plain(node.args[0]) if node.args else ""
        if first is None:
            first = _spelled(node.args[0])
        kept = {name: value for name, value in given.items() if value is not None}
        name = f"{real}.{rest}" if rest else real
        return Call(name, module, first if isinstance(first, str) else "", kept, target)

    def plain(self, node: ast.AST) -> Any:
        """A literal's value, or that of a variable which holds one; None for everything else."""
        if isinstance(node, ast.Constant):
            value = node.value
            return value[:_MAX_TEXT] if isinstance(value, str) else value if isinstance(value, int | float) else None
        if isinstance(node, ast.Name):
            return self.values.get(node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            value = self.plain(node.operand)
            return -value if isinstance(value, int | float) else None
        if isinstance(node, ast.List | ast.Tuple) and len(node.elts) <= _MAX_ITEMS:
            items = [self.plain(one) for one in node.elts]
            return items if items and all(isinstance(one, str | int | float) for one in items) else None
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            parts = [self.plain(node.left), self.plain(node.right)]
            texts = [part if isinstance(part, str) else "{}" for part in parts]
            return "".join(texts)[:_MAX_TEXT] if any(isinstance(part, str) for part in parts) else None
        if isinstance(node, ast.JoinedStr):
            parts = [str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values]
            return "".join(parts)[:_MAX_TEXT]
        return None


def calls(blocks: Iterable[str]) -> list[Call]:
    """The calls of a card's code, in the order in which they are written, and then what is imported and not called."""
    reader = Reader()
    for block in blocks:
        for statement in statements(block):
            if len(reader.found) < _MAX_CALLS:
                reader.read(statement)
        reader.found += _commands(block)
    called = {call.name.partition(".")[0] for call in reader.found}
    rest = [Call(name, module, only_imported=True) for name, module in reader.modules.values() if name not in called]
    return [*reader.found[:_MAX_CALLS], *rest[:_MAX_ITEMS]]


def _commands(block: str) -> Iterator[Call]:
    """Modules that a command line runs: `python -m rl_zoo3.load_from_hub …` opens as the call of that name does."""
    for module, program, _ in _COMMAND.findall(block):
        home, _, name = module.rpartition(".")
        if name or program:
            yield Call(program or name, "mlagents" if program else home or name)


def dotted(node: ast.AST) -> str:
    """The text "a.b.c" of a name or of attributes of one; "" of anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join(reversed([*parts, node.id])) if isinstance(node, ast.Name) else ""


def _spelled(node: ast.AST) -> str:
    """What an argument looks like without its spaces: a task or an id whose quotes were lost reads as itself."""
    if not isinstance(node, ast.Name | ast.BinOp | ast.Attribute):
        return ""
    try:
        return ast.unparse(node).replace(" ", "")[:_MAX_TEXT]
    except (RecursionError, ValueError):
        return ""
