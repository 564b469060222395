"""What passes on a connection to PostgreSQL: as much of its protocol as faults need, read while the bytes pass.

Each direction is cut into messages by their lengths; of a few kinds the beginning is read. A connection that turns to
TLS passes unread from there on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

_LENGTH, _HEADER = 4, 5
_READ_AT_MOST = 8192
_TLS_CODES = frozenset({80877103, 80877104})  # SSLRequest, GSSENCRequest: answered by one byte
_CANCEL_CODE = 80877102
_LOCKING = re.compile(r"\bfor\s+(?:no\s+key\s+)?update\b")
_WRITING = re.compile(r"\b(?:insert|update|delete|merge|truncate|create|alter|drop|copy|notify|pg_notify)\b")
READ_ONLY_STATE = "25006"

OnMessage = Callable[[bytes, bytes], bool]


class MessageStream:
    """One direction. `on_message` gets kind and beginning of each message of the kinds in `watched`; True: cut here."""

    def __init__(self, watched: bytes, on_message: OnMessage) -> None:
        self._watched = watched
        self._on_message = on_message
        self._held = b""
        self._skip = 0

    def feed(self, piece: bytes) -> tuple[bytes, bool]:
        """What may pass on now, and whether the connection is to be cut after that."""
        data, position = self._held + piece, min(self._skip, len(piece))
        self._held, self._skip = b"", self._skip - position
        while len(data) - position >= _HEADER:
            end = position + 1 + max(int.from_bytes(data[position + 1 : position + _HEADER]), _LENGTH)
            kind = data[position : position + 1]
            if kind in self._watched:
                read_to = min(end, position + _READ_AT_MOST)
                if read_to > len(data):
                    break
                if self._on_message(kind, data[position + _HEADER : read_to]):
                    return data[:position], True
            if end > len(data):
                self._skip = end - len(data)
                return data, False
            position = end
        self._held = data[position:]
        return data[:position], False


@dataclass(slots=True)
class PostgresWire:
    """Both directions of one connection, and what its open transaction has done.

    `on_commit` is asked, with the statements of the transaction in small letters, when the server has committed one
    that wrote something, and before the product hears of it: True cuts the connection there. `on_refusal` hears of
    each statement refused for being one that writes.
    """

    on_commit: Callable[[str], bool]
    on_refusal: Callable[[], None]
    _there: MessageStream = field(init=False)
    _back: MessageStream = field(init=False)
    _greeting: bytes | None = b""
    _byte_awaited: bool = False
    _unreadable: bool = False
    _prepared: dict[bytes, str] = field(default_factory=dict)
    _statements: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._there = MessageStream(b"QPBC", self._asked)
        self._back = MessageStream(b"CEZ", self._told)

    def there(self, piece: bytes) -> tuple[bytes, bool]:
        """The product sends."""
        if self._unreadable:
            return piece, False
        if self._greeting is not None:
            return self._greeted(piece), False
        return self._there.feed(piece)

    def back(self, piece: bytes) -> tuple[bytes, bool]:
        """The server sends."""
        if self._byte_awaited and piece:
            self._byte_awaited = False
            self._unreadable = piece[:1] in (b"S", b"G")
            rest, cut = (piece[1:], False) if self._unreadable else self._back.feed(piece[1:])
            return piece[:1] + rest, cut
        return (piece, False) if self._unreadable else self._back.feed(piece)

    def _greeted(self, piece: bytes) -> bytes:
        """What comes before the first message that bears its kind."""
        data = (self._greeting or b"") + piece
        length = int.from_bytes(data[:_LENGTH]) if len(data) >= 2 * _LENGTH else 0
        if length < 2 * _LENGTH or len(data) < length:
            self._greeting = data
            return b""
        code = int.from_bytes(data[_LENGTH : 2 * _LENGTH])
        if code in _TLS_CODES:
            self._greeting, self._byte_awaited = b"", True
            return data[:length] + (self._greeted(data[length:]) if data[length:] else b"")
        self._greeting, self._unreadable = None, code == _CANCEL_CODE
        return data[:length] + self.there(data[length:])[0]

    def _asked(self, kind: bytes, body: bytes) -> bool:
        match kind:
            case b"Q":
                self._statements.append(_text(body.partition(b"\0")[0]))
            case b"P":
                name, _, rest = body.partition(b"\0")
                self._prepared[name] = _text(rest.partition(b"\0")[0])
            case b"B":
                name = body.partition(b"\0")[2].partition(b"\0")[0]
                self._statements.append(self._prepared.get(name, ""))
            case b"C" if body[:1] == b"S":
                self._prepared.pop(body[1:].partition(b"\0")[0], None)
        return False

    def _told(self, kind: bytes, body: bytes) -> bool:
        if kind == b"E" and _sqlstate(body) == READ_ONLY_STATE:
            self.on_refusal()
        if kind == b"Z" and body[:1] == b"I":
            self._statements.clear()
        done = kind == b"C" and body.partition(b"\0")[0] == b"COMMIT"
        return done and any(_writes(text) for text in self._statements) and self.on_commit("\n".join(self._statements))


def _text(statement: bytes) -> str:
    return statement.decode(errors="replace").lower()


def _writes(statement: str) -> bool:
    """Whether a statement may have changed something. A word in a literal counts as well: rather one too many."""
    return _WRITING.search(_LOCKING.sub("", statement)) is not None


def _sqlstate(error: bytes) -> str:
    fields = {part[:1]: part[1:] for part in error.split(b"\0")}
    return fields.get(b"C", b"").decode(errors="replace")
