from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.mentor.links import LinkRemover, without_links


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
        ("Here: **https://example.com** end", "Here:  end"),
        ("The site (https://example.com) and print() end", "The site  and print() end"),
        ("**⟦C1⟧** [1] was 85.5% on 16.11.2026, e.g. 3 of 5.", "**⟦C1⟧** [1] was 85.5% on 16.11.2026, e.g. 3 of 5."),
        ("Line one\n- point\n- next", "Line one\n- point\n- next"),
    ],
)
def test_addresses_go_and_words_stay(text: str, left: str) -> None:
    assert remove(text) == left
    assert remove(*text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Следующие уроки: Рисуем в Leonardo.Ai; Character.AI: говорим с героем; Промпты для Suno.ai.",
        "ASP.NET и Node.js, Socket.io, ASP.NET/C#, Leonardo.Ai/Midjourney",
        "Dars tugadi.Ai haqida",
        "В Python пишут @property и @pytest.fixture",
        "и/или, км/ч, 24/7, 8/10, т.е./то, 10.11.2026/12.11.2026, 1.5/2",
        "Код:\n```python\nclient = openai.ai()\n@decorator\nself.me = cfg.io/2\n```\nВсё.",
        "Так: `@decorator` и `cfg.io/2`.",
        "[1] и [кабинет] без цели; [2/3] готово",
        "10*10 = 100 и 20*20 = 400",
    ],
)
def test_names_of_tools_titles_and_code_stay(text: str) -> None:
    """inputs C"""
    assert without_links(text) == text
    assert remove(*text) == text


@pytest.mark.parametrize(
    "text",
    [
        "[кабинет][1] вот\n\n[1]: evil.xyz/login",
        "[кабинет][] вот\n\n[кабинет]: <evil.xyz/login> 'x'",
        "[1]:\nevil.xyz/login",
        "bit.ly/evil youtu.be/evil discord.gg/evil evil.shop/x evil.kz/a пример.рф/evil 1.1.1.1/evil evil.uz:80/x",
        "[x](javascript:evil) <javascript:evil> mailto:evil@mail.uz tel:+998evil tg://evil HTTP://evil WWW.evil.io",
        "<https://evil.xyz> (https://evil.xyz/a) **https://evil.xyz**",
        "@evil_bot @EvilBot, evil@mail.uz, `https://evil.uz`, `code @x\n@evil_bot",
        '<a href="https://evil.xyz">press</a>',
        "[a [b] c](evil.xyz/login)",
        "[![picture](evil.xyz/a.png)](evil.xyz/login)",
    ],
)
def test_links_of_every_kind_lose_their_target(text: str) -> None:
    """inputs D"""
    assert "evil" not in without_links(text)
    assert without_links(text) == remove(*text)


@pytest.mark.parametrize("text", ["[" * 20_000, "[a]:" + "." * 20_000 + "<"], ids=["brackets", "a definition"])
def test_what_opens_and_never_closes_is_read_once(text: str) -> None:
    """Each of these took ten seconds and more, when every bracket was read to the end of the text."""
    began = time.thread_time()
    without_links(text)
    assert time.thread_time() - began < 1


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
