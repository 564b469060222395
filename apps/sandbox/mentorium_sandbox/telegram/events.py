"""What the chat page listens to: changes told to every open stream as they happen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

_LONGEST_BACKLOG = 2000


class Events:
    """A stream that does not keep up is ended; the page opens it anew and reads the chat again."""

    def __init__(self) -> None:
        self._streams: set[asyncio.Queue[bytes | None]] = set()

    def tell(self, event: dict[str, Any]) -> None:
        if not self._streams:
            return
        line = json.dumps(event, separators=(",", ":")).encode()
        for stream in tuple(self._streams):
            if stream.qsize() >= _LONGEST_BACKLOG:
                self._end(stream)
            else:
                stream.put_nowait(line)

    def close(self) -> None:
        """End every stream."""
        for stream in tuple(self._streams):
            self._end(stream)

    def _end(self, stream: asyncio.Queue[bytes | None]) -> None:
        self._streams.discard(stream)
        stream.put_nowait(None)

    @asynccontextmanager
    async def listen(self) -> AsyncIterator[asyncio.Queue[bytes | None]]:
        """A queue of JSON lines; None ends it."""
        stream: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._streams.add(stream)
        try:
            yield stream
        finally:
            self._streams.discard(stream)
