"""Measure how long it takes until prefrontal is there, beside bare Python on the same machine at the same time.

Usage: python benchmarks/startup.py [--runs 9]
Prints one JSON line: medians of wall-clock and of processor seconds. Asked: `import prefrontal` at most 0.05 s above
bare Python, and `prefrontal --help` at most 0.4 s. On a busy machine wall-clock says more about the others: look at the
processor's seconds, and at the bare runs, which are taken in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time

ASKED = {"import_above_bare": 0.05, "help": 0.4}
COMMANDS = {
    "bare": [sys.executable, "-c", "pass"],
    "typer_rich": [sys.executable, "-c", "import typer, rich"],
    "import": [sys.executable, "-c", "import prefrontal"],
    "help": [sys.executable, "-m", "prefrontal", "--help"],
}


def seconds(command: list[str]) -> tuple[float, float]:
    """Wall-clock and processor time of a command, from outside."""
    began, used = time.perf_counter(), _children()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began, _children() - used


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def figures(rounds: list[dict[str, float]]) -> dict[str, float]:
    """Medians by command; what `import prefrontal` adds is taken round by round."""
    found = {name: statistics.median(one[name] for one in rounds) for name in COMMANDS}
    found["import_above_bare"] = statistics.median(one["import"] - one["bare"] for one in rounds)
    return {name: round(value, 3) for name, value in found.items()}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=9)
    runs = options.parse_args().runs
    for command in COMMANDS.values():  # once unmeasured: bytecode is written, files are in the cache
        seconds(command)
    rounds = [{name: seconds(command) for name, command in COMMANDS.items()} for _ in range(runs)]
    wall, processor = (figures([{name: took[i] for name, took in one.items()} for one in rounds]) for i in (0, 1))
    told = {
        "wall": wall,
        "processor": processor,
        "asked": ASKED,
        "reached": {name: wall[name] <= asked for name, asked in ASKED.items()},
        "load_per_core": round(os.getloadavg()[0] / (os.cpu_count() or 1), 1),
        "runs": runs,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
