"""Everything that prefrontal raises, sorted by who reads it.

    PrefrontalError
    ├── UsageError                 the caller made a mistake: nothing ran (exit code 2)
    │   ├── UnknownTaskError       no row of the task table has that name
    │   ├── MediaError             a file is missing, is not what it says, is too large, or lies outside
    │   ├── CardError              a model card cannot be used
    │   ├── CardNotFoundError      no model of the index has that id
    │   ├── IndexDamagedError      files of an index are missing, or are not what was written
    │   ├── EmbedderError          an embedder is not the one that was used before, or gives no usable vectors
    │   └── StoreError             an index, a database or a vector store cannot be read or written now
    └── ToolCallError              a call failed; the agent reads it and can go on
        ├── ToolInputError         the arguments do not fit: the call may be mended
        ├── ModelUnavailableError  a library, a program or the weights are missing, or loading is refused
        └── ModelFailedError       the model ran and broke

A run that does not reach its goal raises nothing: `Run.reached` is False, and `Run.reason` says why (exit code 1).
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


class CardNotFoundError(UsageError):
    """No model of the index has that id."""


class IndexDamagedError(UsageError):
    """Files of an index are missing or are not what was written; what is said names the command that rebuilds."""


class EmbedderError(UsageError):
    """An embedder is not the one that an index or a store was made with, or gives no usable vectors."""


class StoreError(UsageError):
    """An index, a database or a vector store cannot be read or written now; what was there before still serves."""


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
