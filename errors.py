"""Everything that prefrontal raises, sorted by who reads it.

    PrefrontalError
    ├── UsageError                 the caller made a mistake: nothing ran (exit code 2)
    │   ├── UnknownTaskError       no row of the task table has that name
    │   ├── MediaError             a file is missing, is not what it says, is too large, or lies outside
    │   ├── CardError              a model card cannot be used
    │   └── IndexProblem           an index is missing, damaged, or was built by another embedder
    ├── ToolCallError              a call failed; the agent reads it and can go on
    │   ├── ToolInputError         the arguments do not fit: the call may be mended
    │   ├── ModelUnavailableError  a library, a program or the weights are missing, or loading is refused
    │   └── ModelFailedError       the model ran and broke
    └── GoalError                  a run ended without its goal (exit code 1)
        └── BudgetError            because turns, seconds or bytes ran out

Each message says what was got, what is allowed and what to do next. Exceptions are plain data: they never log.
"""

from __future__ import annotations


class PrefrontalError(Exception):
    """The root of the tree."""


class UsageError(PrefrontalError):
    """The caller made a mistake; nothing ran."""


class UnknownTaskError(UsageError):
    """No row of the task table has that name."""


class MediaError(UsageError):
    """A file is missing, is not what it says, is too large, or lies outside the workspace."""


class CardError(UsageError):
    """A model card cannot be used."""


class IndexProblem(UsageError):
    """An index is missing, damaged, or was built by another embedder."""


class ToolCallError(PrefrontalError):
    """A call failed; the agent reads the message and can go on. `label` opens the message it reads."""

    label = "failed"


class ToolInputError(ToolCallError):
    """The arguments do not fit the task: the call may be mended."""

    label = "wrong input"


class ModelUnavailableError(ToolCallError):
    """A library, a program or the weights are missing here, or loading them is refused."""

    label = "unavailable"


class ModelFailedError(ToolCallError):
    """The model ran and broke."""


class GoalError(PrefrontalError):
    """A run ended without reaching its goal."""


class BudgetError(GoalError):
    """A run ended because its turns, seconds or bytes ran out."""
