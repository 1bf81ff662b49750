"""Where each value came from: JSON pointer → verbatim words of the text as read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .manuscript import Manuscript, Piece
from .values import Source


class SourceBook:
    """Collects the sources of one reading."""

    def __init__(self, manuscript: Manuscript) -> None:
        self._manuscript = manuscript
        self.sources: dict[str, Source] = {}

    def put(self, pointer: str, span: tuple[int, int]) -> None:
        """Note that a value stands in a span of the manuscript."""
        if span[1] > span[0]:
            self.sources[pointer] = self._manuscript.source(*span)

    def put_all(self, pointers: Iterable[str], span: tuple[int, int]) -> None:
        """Several values from one span."""
        for pointer in pointers:
            self.put(pointer, span)

    def put_piece(self, pointer: str, piece: Piece | None) -> None:
        """A value that is a piece of the manuscript; nothing where there is none."""
        if piece is not None:
            self.put(pointer, (piece.start, piece.end))

    def put_list(self, pointer: str, pieces: Sequence[Piece]) -> None:
        """A list of values, one source each."""
        for number, piece in enumerate(pieces):
            self.put_piece(f"{pointer}/{number}", piece)

    def drop(self, pointer: str) -> None:
        """Forget a source."""
        self.sources.pop(pointer, None)
