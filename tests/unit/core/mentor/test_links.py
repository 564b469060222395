from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.mentor.links import LinkRemover


def remove(*chunks: str) -> str:
    remover = LinkRemover()
    return "".join(remover.feed(chunk) for chunk in chunks) + remover.finish()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("See https://example.com/x?y=1 now", "See  now"),
        ("See www.example.com.", "See "),
        ("Open example.com/path now", "Open  now"),
        ("[Press here](https://example.com) please", "Press here please"),
        ("![picture](http://example.com/a b.png) end", "picture end"),
        ("Write to @mentor_bot or a.b@mail.uz today", "Write to  or  today"),
        ("<https://example.com> end", " end"),
        ("**⟦C1⟧** [1] was 85.5% on 16.11.2026, e.g. 3 of 5.", "**⟦C1⟧** [1] was 85.5% on 16.11.2026, e.g. 3 of 5."),
        ("Line one\n- point\n- next", "Line one\n- point\n- next"),
    ],
)
def test_addresses_go_and_words_stay(text: str, left: str) -> None:
    assert remove(text) == left
    assert remove(*text) == left


def test_words_are_shown_as_they_are_finished() -> None:
    remover = LinkRemover()
    assert remover.feed("Good week: 3 less") == "Good week: 3 "
    assert remover.feed("ons") == ""
    assert remover.feed(" done") == "lessons "


fragments = st.lists(
    st.sampled_from(
        ["https://a.uz/b", "@name", "[text](http://x.io)", "[", "]", "(", " ", "\n", "word", "85%", "a.b@c.uz"]
    ),
    max_size=12,
).map("".join)


@given(fragments, st.data())
def test_no_address_gets_out_in_any_chunks(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    chunks = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    shown = remove(*chunks)
    assert "://" not in shown
    assert "@name" not in shown
    assert "@c.uz" not in shown
