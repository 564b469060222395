"""How Telegram reads and cuts texts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_sandbox.telegram.errors import ApiError
from mentorium_sandbox.telegram.html import parse_html
from mentorium_sandbox.telegram.text import find_entities, split, units


def found(text: str) -> list[tuple[str, str]]:
    wide = text.encode("utf-16-le")
    return [
        (e["type"], wide[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le"))
        for e in find_entities(text)
    ]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("/start abc", [("bot_command", "/start")]),
        ("🎯 /help@MentoriumBot", [("bot_command", "/help@MentoriumBot")]),
        ("ball 5/10 va 3/4", []),
        ("see https://mentorium.io/a?b=1, please.", [("url", "https://mentorium.io/a?b=1")]),
        ("mentorium.io", [("url", "mentorium.io")]),
        ("ona@mail.uz @mentorium #hafta", [("email", "ona@mail.uz"), ("mention", "@mentorium"), ("hashtag", "#hafta")]),
        ("+998901112233", [("phone_number", "+998901112233")]),
        ("5 $USD, $usd, $5", [("cashtag", "$USD")]),
        ("@pic @ab @mentor_2", [("mention", "@pic"), ("mention", "@mentor_2")]),
        ("Yaxshi. Rahmat!", []),
    ],
)
def test_entities_of_a_plain_text(text: str, entities: list[tuple[str, str]]) -> None:
    assert found(text) == entities


@given(st.text(alphabet=st.sampled_from("ab 🎯\nў"), max_size=12).map(lambda unit: unit * 800))
def test_parts_fit_and_lose_nothing_but_blanks(text: str) -> None:
    parts = split(text)
    assert all(0 < units(part) <= 4096 for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_text_is_cut_at_a_line_or_a_space_near_the_end() -> None:
    assert [len(part) for part in split("x" * 4000 + "\n" + "y" * 4000)] == [4000, 4000]
    assert [len(part) for part in split("z" * 5000)] == [4096, 904]
    assert split(" short ") == ["short"]


def test_html_nests_and_knows_code_links_and_quotes() -> None:
    text, entities = parse_html(
        '<b>a<i>b</i></b><pre><code class="language-py">x=1</code></pre><blockquote expandable>q</blockquote>'
        '<a href="https://a.uz/?x=1&amp;y=2">l</a><span class="tg-spoiler">s</span>&nbsp;&#1202;'
    )
    assert text == "abx=1qls&nbsp;Ҳ"
    assert entities == [
        {"type": "bold", "offset": 0, "length": 2},
        {"type": "italic", "offset": 1, "length": 1},
        {"type": "pre", "offset": 2, "length": 3, "language": "py"},
        {"type": "expandable_blockquote", "offset": 5, "length": 1},
        {"type": "text_link", "offset": 6, "length": 1, "url": "https://a.uz/?x=1&y=2"},
        {"type": "spoiler", "offset": 7, "length": 1},
    ]


@given(st.text(alphabet=st.sampled_from("<>/ab &;\"'=ў🎯"), max_size=40))
def test_any_html_is_read_or_refused(source: str) -> None:
    text, entities = _read_or_refused(source)
    assert all(e["offset"] >= 0 and e["offset"] + e["length"] <= units(text) for e in entities)


def _read_or_refused(source: str) -> tuple[str, list[dict[str, Any]]]:
    try:
        return parse_html(source)
    except ApiError as refusal:
        return refusal.description, []
