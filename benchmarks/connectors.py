"""How well the task, the library and the class of a model are read from its documentation, with its tags hidden.

    python benchmarks/connectors.py CARDS.jsonl --half dev       # {"id", "task", "meta", "description"} a line
    python benchmarks/connectors.py --api APIBENCH.jsonl         # {"api_name", "api_call", "example_code", …} a line

Cards: everything that names the task outright is hidden: the pipeline tag, tags that are the name of a task, the tasks
of reported results; with `--no-tags`, all tags. A task is right when it is the row of the task table that the card's
own tag means.

APIBench: the gold is the call that its authors wrote down (`api_call`); read are the description and the example code.
The share is told for the rows whose example code holds that call's class, which is what can be read, and for all rows;
with the code hidden, the usual class is all that is left. The gold library is the one that the code imports the class
from, else the framework that the row names.

`--half dev` and `--half held` are halves by a hash of the id: the tables were written while looking at the first alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from prefrontal.errors import CardError
from prefrontal.tools.connectors.connector import Connector, read_connector
from prefrontal.tools.connectors.documented import code_of, header_and_body, without_tags
from prefrontal.tools.connectors.tables import libraries
from prefrontal.tools.tasks import find_task

_FRAMEWORKS = (("sentence", "sentence-transformers"), ("transformers", "transformers"), ("diffusers", "diffusers"))


def in_half(id: str, half: str) -> bool:
    """Whether a row belongs to a half: "dev", "held" or "all"."""
    return half == "all" or (hashlib.sha256(id.encode()).digest()[0] % 2 == 0) == (half == "dev")


def share(right: int, of: int) -> str:
    return f"{right} of {of} ({100 * right / max(of, 1):.1f} %)"


# Cards


def measure_cards(rows: Iterable[Mapping[str, Any]], no_tags: bool) -> None:
    """Print how many tasks are found, in all and by task, and what they are taken for."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    seconds = 0.0
    for row in rows:
        gold = find_task(str(row.get("task") or row.get("pipeline_tag")))
        if gold is None:
            continue
        header, body = header_and_body(row)
        hidden = without_tags(header) | ({"tags": []} if no_tags else {})
        started = time.process_time()
        found = read_connector(str(row["id"]), body, hidden)
        seconds += time.process_time() - started
        total[gold.id] += 1
        right[gold.id] += found.task == gold.id
        if found.task != gold.id:
            wrong[gold.id, found.task or "nothing"] += 1
    print(
        f"tasks: {share(right.total(), total.total())}, {1000 * seconds / max(total.total(), 1):.1f} ms of CPU a card"
    )
    for task, count in sorted(total.items()):
        others = ", ".join(f"{n} x {other}" for (gold, other), n in wrong.most_common() if gold == task)
        print(f"  {task:32} {right[task]:3} of {count:3}  {others}")


# APIBench


def gold_class(call: str) -> str:
    """The class of a call that was written down: "AutoModel" of AutoModel.from_pretrained('…'), "pipeline", "YOLO"."""
    found = re.match(r"\s*([\w.]+)\s*\(", call)
    name = found[1] if found else call.strip().split(" ")[0]
    parts = name.split(".")
    return parts[-2] if len(parts) > 1 and parts[-2][:1].isupper() else name


def gold_library(cls: str, code: str, framework: str) -> str:
    """Where the code imports the class from, as the Hub calls that library; else the framework that the row names."""
    first = re.escape(cls.partition(".")[0])
    found = re.search(rf"from\s+([\w.]+)\s+import\s+[^;\n]*\b{first}\b|^\s*import\s+({first})\b", code, re.MULTILINE)
    if found:
        root = (found[1] or found[2]).partition(".")[0]
        return libraries().get(root, (root.replace("_", "-"), "", 0))[0]
    lower = framework.lower()
    return next((name for part, name in _FRAMEWORKS if part in lower), "transformers" if "hugging" in lower else lower)


def measure_api(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print the shares of classes and libraries that are found, with and without the code."""
    counts: Counter[str] = Counter()
    for row in rows:
        code = code_of(row)
        cls = gold_class(str(row.get("api_call", "")))
        library = gold_library(cls, code, str(row.get("framework", "")))
        about = str(row.get("description", ""))
        read = _read(row, f"{about}\n\n```python\n{code}\n```\n")
        blind = _read(row, about)
        shown = re.search(rf"\b{re.escape(cls.rpartition('.')[2])}\b", code) is not None
        for kind, found, counted in (("all", read, True), ("shown", read, shown), ("blind", blind, True)):
            if counted:
                counts[f"{kind} of"] += 1
                counts[f"{kind} class"] += found.cls == cls
                counts[f"{kind} library"] += found.library == library
                counts[f"{kind} both"] += found.cls == cls and found.library == library
    for kind, said in (("shown", "rows whose code shows the class"), ("all", "all rows"), ("blind", "code hidden")):
        of = counts[f"{kind} of"]
        parts = "; ".join(f"{name} {share(counts[f'{kind} {name}'], of)}" for name in ("library", "class", "both"))
        print(f"{said}: {parts}")


def _read(row: Mapping[str, Any], text: str) -> Connector:
    try:
        return read_connector(str(row["api_name"]), text)
    except CardError:
        return Connector()


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what is read from the documentation of models.")
    parser.add_argument("cards", nargs="?", type=Path, help="cards with their tasks, a JSON object a line")
    parser.add_argument("--api", type=Path, help="APIBench's models, a JSON object a line")
    parser.add_argument("--half", choices=("dev", "held", "all"), default="all", help="by a hash of the id")
    parser.add_argument("--no-tags", action="store_true", help="hide all tags, not only those that name a task")
    given = parser.parse_args()
    if given.cards:
        measure_cards([row for row in _rows(given.cards) if in_half(str(row["id"]), given.half)], given.no_tags)
    if given.api:
        measure_api([row for row in _rows(given.api) if in_half(str(row["api_name"]), given.half)])


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


if __name__ == "__main__":
    main()
