"""A run in a process of its own that is killed on the way: python killed_run.py FOLDER THREAD REPLIES KILL_AT.

The script is three effects (each writes a line into a file) and an answer; before turn KILL_AT the process kills
itself with signal 9. KILL_AT 0 lets it end. REPLIES "resume" takes the thread up again instead of giving the goal.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any


def main(folder: Path, thread: str, goal: str, kill_at: int) -> None:
    from langchain_core.tools import tool
    from langgraph.checkpoint.sqlite import SqliteSaver

    from prefrontal import Agent, ModelIndex, Workspace
    from prefrontal.agent.scripted import ScriptedChatModel, calling
    from prefrontal.retrieval.embedding.hashing import HashEmbedder
    from prefrontal.tools.builtin import builtin_cards

    @tool
    def effect(number: int) -> str:
        """Do something in the world."""
        with (folder / "effects.txt").open("a") as file:
            file.write(f"{number}\n")
        return f"did {number}"

    def turn(messages: list[Any]) -> Any:
        done = sum(message.type == "tool" for message in messages)
        if done + 1 == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return calling("effect", number=done + 1) if done < 3 else "All done."

    index = ModelIndex(folder / "index", HashEmbedder())
    index.add(builtin_cards())
    saver = SqliteSaver(sqlite3.connect(folder / "state.sqlite", check_same_thread=False))
    agent = Agent(
        ScriptedChatModel(*[turn] * 5), index, Workspace(folder / "files"), tools=[effect], checkpointer=saver
    )
    run = agent.invoke(None if goal == "resume" else goal, {"configurable": {"thread_id": thread}})
    print(run.to_json())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
