"""PostgreSQL's protocol, read while it passes: however the bytes are cut, all of them pass and none is misread."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mentorium_sandbox.postgres_wire import MessageStream, PostgresWire

MESSAGES = st.lists(
    st.tuples(st.sampled_from([b"D", b"C", b"Z", b"T"]), st.binary(max_size=40) | st.just(b"x" * 9_000)), max_size=12
)


def message(kind: bytes, body: bytes) -> bytes:
    return kind + (len(body) + 4).to_bytes(4) + body


def started() -> bytes:
    return (8).to_bytes(4) + (196608).to_bytes(4)


@given(MESSAGES, st.lists(st.integers(0, 20_000), max_size=10))
def test_whatever_the_pieces(messages: list[tuple[bytes, bytes]], cuts: list[int]) -> None:
    heard: list[tuple[bytes, bytes]] = []

    def hear(kind: bytes, body: bytes) -> bool:
        heard.append((kind, body))
        return False

    sent, stream = b"".join(message(*each) for each in messages), MessageStream(b"CZ", hear)
    edges = [0, *sorted(min(cut, len(sent)) for cut in cuts), len(sent)]
    passed = b"".join(stream.feed(sent[start:end])[0] for start, end in pairwise(edges))
    assert passed == sent
    assert [kind for kind, _ in heard] == [kind for kind, _ in messages if kind in b"CZ"]
    bodies = [body for kind, body in messages if kind in b"CZ"]
    assert all(body.startswith(beginning) for (_, beginning), body in zip(heard, bodies, strict=True))


@given(st.integers(1, 400))
def test_the_answer_to_a_commit_is_held_back_however_it_comes(size: int) -> None:
    wire = PostgresWire(on_commit=lambda _: True, on_refusal=lambda: None)
    assert wire.there(started()) == (started(), False)
    wire.there(message(b"Q", b"insert into t values (1)\0") + message(b"Q", b"COMMIT;\0"))
    before = message(b"C", b"INSERT 0 1\0") + message(b"Z", b"T")
    told, passed, cut = before + message(b"C", b"COMMIT\0") + message(b"Z", b"I"), b"", False
    for start in range(0, len(told), size):
        piece, cut = wire.back(told[start : start + size])
        passed += piece
        if cut:
            break
    assert cut
    assert passed == before


def test_tls_passes_unread() -> None:
    wire = PostgresWire(on_commit=lambda _: True, on_refusal=lambda: None)
    ask = (8).to_bytes(4) + (80877103).to_bytes(4)
    assert wire.there(ask[:3]) == (b"", False)
    assert wire.there(ask[3:]) == (ask, False)
    assert wire.back(b"S") == (b"S", False)
    for piece in (b"\x16\x03\x01 hello", b"C\0\0\0\x0bCOMMIT\0"):
        assert wire.there(piece) == (piece, False)
        assert wire.back(piece) == (piece, False)
