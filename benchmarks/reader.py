"""How well the reader of goals reads writers whom it did not learn from, and how often it is as sure as it says.

    python benchmarks/reader.py [--hold e f] [--file reader.safetensors] [--show]

zoo/training/goals holds goals with what they mean; the packaged reader learnt from all but the writers of e.jsonl
and f.jsonl. Counts a goal as read when its ops are those that were annotated. Prints one JSON line: the share read,
that share among the goals of which the reader is at least so sure, and how many these are; the milliseconds of a goal.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from prefrontal.agent.planner.parse.reader import FILE, GoalReader
from prefrontal.agent.planner.parse.wishes import wishes_of

GOALS = Path(__file__).parents[1] / "zoo" / "training" / "goals"
STEPS = (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hold", nargs="*", default=["e", "f"], help="the files of goals/ that are measured on")
    parser.add_argument("--file", type=Path, default=FILE)
    parser.add_argument("--show", action="store_true", help="the goals that were read otherwise")
    given = parser.parse_args(arguments)
    reader, rows, seconds = GoalReader(given.file), [], []
    for name in given.hold:
        for line in (GOALS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            goal = json.loads(line)
            began = time.perf_counter()
            understood = wishes_of(goal["goal"], reader.read(goal["goal"], goal["files"]))
            seconds.append(time.perf_counter() - began)
            wanted, read = {wish["op"] for wish in goal["wishes"]}, {wish.op for wish in understood.wishes}
            rows.append((understood.sure, wanted == read))
            if given.show and wanted != read:
                print(f"{understood.sure:.2f} {goal['goal'][:120]!r} {sorted(wanted)} {sorted(read)}", file=sys.stderr)
    curve = []
    for sure in STEPS:
        kept = [right for own, right in rows if own >= sure]
        right = round(sum(kept) / len(kept), 3) if kept else None
        curve.append({"sure": sure, "share": round(len(kept) / len(rows), 3), "read": right})
    figures = {"goals": len(rows), "read": curve[0]["read"], "curve": curve}
    print(json.dumps({"benchmark": "reader", **figures, "median_ms": round(1000 * statistics.median(seconds), 1)}))


if __name__ == "__main__":
    main()
