"""Writing an export piece by piece: into memory, or into archives that are closed before they grow too large."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any, BinaryIO, Protocol


class Pieces(Protocol):
    """What a document consists of; `suffix` of its file's name."""

    suffix: str

    def head(self, part: int) -> str: ...
    def open_table(self, table: str, *, is_first: bool) -> str: ...
    def row(self, table: str, row: Mapping[str, Any], *, is_first: bool) -> str: ...
    def close_table(self) -> str: ...
    def tail(self) -> str: ...


class Sink(Protocol):
    """Where a document goes; `size`: bytes there by now."""

    @property
    def size(self) -> int: ...
    def write(self, text: str) -> None: ...
    def close(self) -> None: ...


class MemorySink:
    def __init__(self) -> None:
        self._content = BytesIO()

    @property
    def size(self) -> int:
        return self._content.tell()

    def write(self, text: str) -> None:
        self._content.write(text.encode())

    def close(self) -> None:
        """Nothing to hang up."""

    def content(self) -> bytes:
        return self._content.getvalue()


class ZipSink:
    """A file `name` in an archive of its own, compressed as it is written; `file` stays open."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._archive = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED)
        self._entry = self._archive.open(name, "w", force_zip64=True)

    @property
    def size(self) -> int:
        """What the compressor still holds back, some 100 KB, is not counted."""
        return self._file.tell()

    def write(self, text: str) -> None:
        self._entry.write(text.encode())

    def close(self) -> None:
        self._entry.close()
        self._archive.close()


class ExportWriter:
    """Puts rows into a document, and goes on in another one where `most` bytes are reached: each can be read alone.

    `open_sink` is told the number of the part, from 1.
    """

    def __init__(self, pieces: Pieces, open_sink: Callable[[int], Sink], most: int | None = None) -> None:
        self._pieces = pieces
        self._open_sink = open_sink
        self._most = most
        self._sink: Sink | None = None
        self._table: str | None = None
        self.parts = 0

    def write(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Rows of one table; those of another close it. Blocks."""
        for row in rows:
            self._write_row(table, row)

    def finish(self) -> None:
        """Close what is open; a document without rows is one, too."""
        if self._sink is None and self.parts == 0:
            self._begin()
        if self._sink is not None:
            self._end(self._sink)

    def _write_row(self, table: str, row: Mapping[str, Any]) -> None:
        sink = self._sink or self._begin()
        if (is_first := table != self._table) or self._table is None:
            if self._table is not None:
                sink.write(self._pieces.close_table())
            sink.write(self._pieces.open_table(table, is_first=self._table is None))
            self._table = table
        sink.write(self._pieces.row(table, row, is_first=is_first))
        if self._most is not None and sink.size > self._most:
            self._end(sink)

    def _begin(self) -> Sink:
        self.parts += 1
        self._sink = sink = self._open_sink(self.parts)
        sink.write(self._pieces.head(self.parts))
        return sink

    def _end(self, sink: Sink) -> None:
        if self._table is not None:
            sink.write(self._pieces.close_table())
        sink.write(self._pieces.tail())
        sink.close()
        self._sink = self._table = None
