"""Where the vectors of a whole index lie: the port, and the default, FAISS files in the folder of their generation."""

from __future__ import annotations

from typing import Protocol

from ...errors import IndexDamagedError
from ..embedding.encoder import Encoder
from .catalog_writer import CatalogWriter
from .segments import Segments
from .vector_index import VectorIndex, VectorReader


class VectorBackend(Protocol):
    """Where the vectors of a whole index lie, through all of its generations."""

    encoder: Encoder
    """What a generation's own files are written with, and what its manifest remembers."""

    def reader(self, segments: Segments) -> VectorReader:
        """The vectors of one generation."""
        ...

    def writer(self, before: Segments | None, catalog: CatalogWriter, fresh: bool) -> VectorIndex | None:
        """Where vectors go beside the next generation's own files; None when those are all there is.

        Args:
            before: the generation that is to be replaced.
            catalog: the next one's own part, which has the cards before `add` is called.
            fresh: whether vectors that were there before are written again, for some may be lost.
        """
        ...

    def unsettled(self) -> bool:
        """Whether a write that broke off left something behind."""
        ...

    def settle(self, segments: Segments | None) -> None:
        """Let go of what this generation, which is the current one, does not know. Only while writing."""
        ...

    def verify(self, segments: Segments) -> None:
        """Check that each card has its vector.

        Raises:
            IndexDamagedError: some have none.
        """
        ...


class FaissBackend:
    """A `VectorBackend` without a place of its own: a generation's files are written and checked as one.

    Args:
        encoder: embeds cards and queries.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

    def reader(self, segments: Segments) -> VectorReader:
        return segments.vectors

    def writer(self, before: Segments | None, catalog: CatalogWriter, fresh: bool) -> VectorIndex | None:
        return None

    def unsettled(self) -> bool:
        return False

    def settle(self, segments: Segments | None) -> None:
        pass  # old generations are swept away whole

    def verify(self, segments: Segments) -> None:
        for segment in segments.all:
            if not len(segment.catalog) == len(segment.vectors) == segment.size:
                raise IndexDamagedError(
                    f"{segment.folder} holds {len(segment.catalog)} cards and {len(segment.vectors)} vectors, "
                    f"expected {segment.size} of both; "
                    f"rebuild the index: prefrontal index rebuild --index {segment.folder.parent}"
                )
