"""Wishes about tables: the table is looked into while the plan is made, so that what is not there is refused at once."""

from __future__ import annotations

from typing import Any

from ....errors import ToolInputError
from ..parse.wishes import Wish
from .bench import Bench, Lacking, Result, names

_HOW = {
    "table_sum": "sum", "table_mean": "mean", "table_max": "max", "table_min": "min", "table_count": "count",
    "table_lookup": "lookup", "table_group": "group", "table_row": "row", "table_columns": "columns",
}  # fmt: skip


def ask_table(bench: Bench, wish: Wish) -> Result:
    """The smallest part of the goal that the table answers: the wish's own words, its sentence, the whole.

    Raises:
        Lacking: there is no table, or it does not answer.
    """
    from ....tools.tables import ask_table as ask

    files = bench.files_for(wish, "table")
    places: list[int] = []
    for file in files:
        frame, problem = bench.look(file.handle), ""
        for question in bench.questions(wish):
            for how in dict.fromkeys((_HOW.get(wish.op), None)):
                try:
                    ask(frame, question, how)
                except ToolInputError as error:
                    problem = problem or str(error)
                    continue
                arguments: dict[str, Any] = {
                    "table": file.handle,
                    "question": question,
                    **({"how": how} if how else {}),
                }
                places.append(
                    bench.add(
                        "table-query", arguments, wish, "the table itself answers, without a model", covers=question
                    )
                )
                break
            else:
                continue
            break
        else:
            raise Lacking(problem[0].upper() + problem[1:])
    return Result("number", tuple(places), names=names(files), many=False)


def watched(task: str, gives: str, why: str) -> Any:
    def build(bench: Bench, wish: Wish) -> Result:
        files = bench.files_for(wish, "video")
        return Result(gives, (bench.add(task, {"video": files[0].handle}, wish, why),), names=names(files))

    return build
