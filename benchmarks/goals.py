"""Goals as six people typed them who saw neither the planner nor each other: right, refused, or told wrong.

    python benchmarks/goals.py [--part dev|held] [--writer w1 …] [--only w1-001 …] [--show]

goals/NAME/goals.jsonl has lines {"id", "kind", "goal", "files", "right", "wrong", "turns"}: what is asked with which
files, and regular expressions of what a right answer holds and must not hold. kind "right" has to be reached; "refuse"
must not be (nothing here can do it, or something is missing); "either" may be. `turns` are what is said next.

    right       as the goal wants it
    refused     not reached although there is an answer: a loss, but an honest one
    told_wrong  reached, with an answer that is not the right one: the worst that can happen

Of each three goals the third is held: scored when work on the planner ends, and never looked at before. Prints one JSON
line: counts, the share right of those that can be answered, the share told wrong of all, and the median seconds.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from prefrontal import Agent, PrefrontalError

FOLDER = Path(__file__).with_name("goals")
WRITERS = {
    "w1": "a retired teacher in Graz, polite and long-winded",
    "w2": "a market trader in Leeds, fast on a phone",
    "w3": "a field biologist, terse, units everywhere",
    "w4": "an exchange student of sixteen, small slips of grammar",
    "w5": "a caretaker and accountant in Gdansk, European numbers, background first",
    "w6": "a data engineer trying the edges",
}


def read_goals(part: str, writers: Sequence[str] = tuple(WRITERS)) -> list[dict[str, Any]]:
    """The goals of a part, "dev" or "held", each with its `folder` of files."""
    goals = []
    for writer in writers:
        lines = (FOLDER / writer / "goals.jsonl").read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            if (number % 3 == 0) is (part == "held"):
                goals.append({**json.loads(line), "folder": FOLDER / writer / "files"})
    return goals


def judge(goal: dict[str, Any], kind: str, reached: bool, said: str) -> str:
    """What became of one turn."""
    fits = all(re.search(pattern, said, re.I | re.M) for pattern in goal.get("right", ()))
    bad = any(re.search(pattern, said, re.I | re.M) for pattern in goal.get("wrong", ()))
    if kind == "refuse":
        return "told_wrong" if reached else "right" if fits else "refused"
    if reached:
        return "right" if fits and not bad else "told_wrong"
    return "right" if kind == "either" and not bad else "refused"


def play(goal: dict[str, Any]) -> tuple[str, list[str], float]:
    """The verdict over all turns, what was said, and the seconds."""
    said, verdict, started = [], "right", time.perf_counter()
    with tempfile.TemporaryDirectory() as workspace:
        agent = Agent(workspace=workspace)
        talk = agent.chat() if goal.get("turns") and hasattr(agent, "chat") else agent
        for turn in (goal, *goal.get("turns", ())):
            try:
                run = talk.run(turn["goal"], *(goal["folder"] / name for name in turn.get("files", ())))
                reached, answer = run.reached, run.answer
            except PrefrontalError as error:
                reached, answer = False, str(error)
            said.append(answer)
            found = judge(turn, turn.get("kind", "right" if turn is not goal else goal["kind"]), reached, answer)
            if found != "right":
                verdict = found if verdict != "told_wrong" else verdict
    return verdict, said, time.perf_counter() - started


def measure(goals: Sequence[dict[str, Any]], show: bool = False) -> dict[str, Any]:
    verdicts: Counter[str] = Counter()
    answerable = right = 0
    seconds = []
    for goal in goals:
        verdict, said, took = play(goal)
        verdicts[verdict] += 1
        seconds.append(took)
        if goal["kind"] != "refuse":
            answerable += 1
            right += verdict == "right"
        if show and verdict != "right":
            print(f"{goal['id']} {verdict}: {goal['goal'][:160]!r} -> {said[-1][:200]!r}", file=sys.stderr)
    return {
        "benchmark": "goals",
        "goals": len(goals),
        **{name: verdicts[name] for name in ("right", "refused", "told_wrong")},
        "right_of_answerable": round(100 * right / max(1, answerable), 1),
        "told_wrong_of_all": round(100 * verdicts["told_wrong"] / max(1, len(goals)), 1),
        "median_seconds": round(statistics.median(seconds), 2) if seconds else 0.0,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("dev", "held"), default="dev")
    parser.add_argument("--writer", nargs="*", choices=tuple(WRITERS), default=list(WRITERS))
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--show", action="store_true", help="the goals that are not right, on standard error")
    given = parser.parse_args(arguments)
    goals = [goal for goal in read_goals(given.part, given.writer) if not given.only or goal["id"] in given.only]
    print(json.dumps(measure(goals, given.show)))


if __name__ == "__main__":
    main()
