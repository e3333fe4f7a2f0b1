"""How often the reader of stories finds the sums of writers whom it did not learn from, and is right when it is sure.

    python benchmarks/stories.py [--hold d r] [--file story_reader.safetensors] [--show]

zoo/training/stories holds stories with their sums; the packaged reader learnt from all but those of d.jsonl and
r.jsonl.
Prints one JSON line: of the stories that have an answer the share that is found; at each bound of confidence the share
of all stories that is told, and how many of these are right; the milliseconds of a story.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from prefrontal.agent.planner.parse.arithmetic.story_reader import FILE, StoryReader, reading_of

STORIES = Path(__file__).parents[1] / "zoo" / "training" / "stories"
STEPS = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hold", nargs="*", default=["d", "r"], help="the files of stories/ that are measured on")
    parser.add_argument("--file", type=Path, default=FILE)
    parser.add_argument("--show", action="store_true", help="those told wrong with 0.7 or more")
    given = parser.parse_args(arguments)
    reader, rows, seconds = StoryReader(given.file), [], []
    for name in given.hold:
        for line in (STORIES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            story = json.loads(line)
            began = time.perf_counter()
            read = reading_of(reader, story["text"])
            seconds.append(time.perf_counter() - began)
            value, answer = read.value() if read else None, story["answer"]
            right = None not in (value, answer) and abs(value - answer) <= 0.011 + 1e-4 * abs(answer)
            sure = read.sure if read else 0.0
            rows.append((sure, right, answer is not None))
            if given.show and sure >= 0.7 and not right:
                print(f"{sure:.2f} {story['text'][:160]!r} {read and read.whole} for {answer}", file=sys.stderr)
    curve = []
    for sure in STEPS:
        told = [right for own, right, _ in rows if own >= sure]
        right = round(sum(told) / len(told), 3) if told else None
        curve.append({"sure": sure, "told": round(len(told) / len(rows), 3), "right": right})
    found = sum(right for _, right, _ in rows) / max(1, sum(solvable for _, _, solvable in rows))
    figures = {"stories": len(rows), "found": round(found, 3), "curve": curve}
    print(json.dumps({"benchmark": "stories", **figures, "median_ms": round(1000 * statistics.median(seconds), 1)}))


if __name__ == "__main__":
    main()
