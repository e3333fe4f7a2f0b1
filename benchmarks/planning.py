"""How well the embedded planner plans: right tasks, right links, whole graphs right, and how long a plan takes.

    python benchmarks/planning.py                                            # our own goals, both halves
    python benchmarks/planning.py --gold GOLD.jsonl --tools tool_desc.json   # TaskBench's form
    python benchmarks/planning.py --ablate                                   # each part switched off in turn
    python benchmarks/planning.py --wrong dev                                # print the goals that came out otherwise
    python benchmarks/planning.py --gold … --tools … --retrieval             # what searching by step brings

Prints one JSON line a set. `n_f1` is the micro F1 over the tasks of each goal, `e_f1` over its (producer, consumer)
pairs, `exact` the share of goals whose tasks and pairs are all right (TaskBench, arXiv 2311.18760, section 3).
Built-ins that only prepare a page for reading (split-lines, join) do not count. With --retrieval: the share of the
tasks due of which a model is among the first candidates: 5 for the whole goal; as many as all steps together get, for
the whole goal; 5 for the words of each step.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from prefrontal.agent.planner.compose import linking
from prefrontal.agent.planner.compose.draft import File
from prefrontal.agent.planner.compose.linking import make_plan
from prefrontal.agent.planner.compose.matching import Matcher
from prefrontal.agent.planner.compose.taskbench import RequestPlanner, named_files, only, read_tools
from prefrontal.agent.planner.parse import clauses, mentions
from prefrontal.retrieval.index import ModelIndex
from prefrontal.tools.media_types import KIND_OF_SUFFIX
from prefrontal.tools.tasks import get_task, tasks

OWN = Path(__file__).parents[1] / "tests" / "agent" / "planner" / "goals.jsonl"
_PREPARE = {"split-lines", "join"}
Planned = Callable[[dict[str, Any]], dict[str, Any]]


def own_planner(index: ModelIndex) -> Planned:
    """Plans a row of our own goals, with its files passed along, over the whole task table."""
    matcher = Matcher(index.task_scores, closeness=index.similarities)
    counted = set(tasks()) - _PREPARE

    def plan(row: dict[str, Any]) -> dict[str, Any]:
        kinds = {name: KIND_OF_SUFFIX.get(name.rpartition(".")[2], "text") for name in row["files"]}
        files = [File(name, kind, name) for name, kind in kinds.items()]
        return only(make_plan(row["user_request"], files, matcher), counted).to_dict()

    return plan


def gold_planner(index: ModelIndex, tools: Path) -> Planned:
    planner = RequestPlanner(index, read_tools(tools))
    return lambda row: planner.plan(row["user_request"])


def nodes(graph: dict[str, Any]) -> set[str]:
    return {step["task"] for step in graph["task_nodes"]}


def pairs(graph: dict[str, Any]) -> set[tuple[str, str]]:
    steps = graph["task_nodes"]
    named = (
        (int(j), step) for step in steps for value in step["arguments"] for j in re.findall(r"<node-(\d+)>", str(value))
    )
    return {(steps[j]["task"], step["task"]) for j, step in named if j < len(steps) and steps[j] is not step}


def f1(rows: Sequence[tuple[dict[str, Any], dict[str, Any]]], items: Callable[[dict[str, Any]], set[Any]]) -> float:
    hit = sum(len(items(gold) & items(ours)) for gold, ours in rows)
    told, due = sum(len(items(ours)) for _, ours in rows), sum(len(items(gold)) for gold, _ in rows)
    return 100 * 2 * hit / (told + due) if told + due else 0.0


def same(gold: dict[str, Any], ours: dict[str, Any]) -> bool:
    return nodes(gold) == nodes(ours) and pairs(gold) == pairs(ours)


def measure(
    rows: Sequence[dict[str, Any]], plan: Planned
) -> tuple[dict[str, Any], list[tuple[dict[str, Any], dict[str, Any]]]]:
    """The figures of a set, and each goal with what was planned."""
    plan(rows[0])
    compared, took = [], []
    for row in rows:
        started = time.perf_counter()
        compared.append((row, plan(row)))
        took.append(1000 * (time.perf_counter() - started))
    figures = {
        "goals": len(rows),
        "n_f1": round(f1(compared, nodes), 2),
        "e_f1": round(f1(compared, pairs), 2),
        "exact": round(100 * sum(same(*pair) for pair in compared) / len(rows), 2),
        "ms_median": round(statistics.median(took), 1),
        "ms_mean": round(statistics.mean(took), 1),
        "ms_worst": round(max(took), 1),
    }
    return figures, compared


def retrieval(rows: Sequence[dict[str, Any]], index: ModelIndex, tools: Path, k: int = 5) -> dict[str, Any]:
    """How many of the tasks due are among the tasks of the candidates, searching by goal and by step."""
    matcher = Matcher(index.task_scores, read_tools(tools), index.similarities)
    found, due = {"goal": 0, "goal, as many": 0, "steps": 0}, 0
    for row in rows:
        request = row["user_request"]
        steps = make_plan(request, named_files(request), matcher, assume=True).steps
        wanted = {get_task(step["task"]).id for step in row["task_nodes"]}
        due += len(wanted)
        by_step = {hit.card.task for step in steps for hit in index.search(step.words or request, k)}
        for name, tasks_found in (
            ("goal", {hit.card.task for hit in index.search(request, k)}),
            ("goal, as many", {hit.card.task for hit in index.search(request, k * max(1, len(steps)))}),
            ("steps", by_step),
        ):
            found[name] += len(wanted & tasks_found)
    return {name: round(100 * number / due, 1) for name, number in found.items()}


@contextmanager
def without(part: str) -> Iterator[None]:
    """The planner with one part switched off."""
    with PARTS[part]():
        yield


PARTS: dict[str, Callable[[], Any]] = {
    "cues": lambda: patch.object(mentions, "CUES", ()),
    "closest by meaning": lambda: patch.object(linking, "_closest", lambda *_: None),
    "what is only told": lambda: patch.object(clauses, "_GIVEN", re.compile(r"(?!)")),
    "references": lambda: patch.object(linking, "_before", lambda *_: None),
    "participles": lambda: patch.object(mentions, "_PARTICIPLE", re.compile(r"(?!)")),
    "what is not wanted": lambda: patch.object(clauses, "_NOT_WANTED", re.compile(r"(?!)")),
    "order words": lambda: patch.object(clauses, "_in_order", lambda sentence: [sentence]),
    "kinds": lambda: patch.object(linking, "_kinds_about", lambda *_: []),
}


def load(path: Path, half: str = "") -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [row for row in rows if not half or row["half"] == half]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, help="requests with their graphs, one a line")
    parser.add_argument("--tools", type=Path, help="TaskBench's tool_desc.json")
    parser.add_argument("--ablate", action="store_true")
    parser.add_argument("--retrieval", action="store_true")
    parser.add_argument("--wrong", default="", help="a set's name: print what came out otherwise")
    arguments = parser.parse_args()
    index = ModelIndex()
    index.task_scores("load the embedder before anything is timed")
    if arguments.retrieval:
        print(
            json.dumps(
                {"needed tasks among the candidates, %": retrieval(load(arguments.gold), index, arguments.tools)}
            )
        )
        return
    sets: dict[str, tuple[list[dict[str, Any]], Planned]] = {
        half: (load(OWN, half), own_planner(index)) for half in ("dev", "held")
    }
    if arguments.gold:
        sets["gold"] = (load(arguments.gold), gold_planner(index, arguments.tools))
    if arguments.wrong:
        sets = {arguments.wrong: sets[arguments.wrong]}
    for name, (rows, plan) in sets.items():
        figures, compared = measure(rows, plan)
        print(json.dumps({"set": name, **figures}))
        for gold, ours in compared:
            if arguments.wrong and not same(gold, ours):
                print("#", gold["id"], gold["user_request"], gold.get("files", ""))
                print("   due ", told(gold))
                print("   ours", told(ours))
        for part in PARTS if arguments.ablate else ():
            with without(part):
                less, _ = measure(rows, plan)
            print(json.dumps({"set": name, "without": part, **{key: less[key] for key in ("n_f1", "e_f1", "exact")}}))


def told(graph: dict[str, Any]) -> str:
    return " | ".join(
        f"{step['task']}({', '.join(str(a)[:30] for a in step['arguments'])})" for step in graph["task_nodes"]
    )


if __name__ == "__main__":
    main()
