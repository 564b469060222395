"""Formatting as the server reads it, keeps it and gives it back."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from aiogram.types import MessageEntity
from aiogram.utils.text_decorations import html_decoration, markdown_decoration
from hypothesis import given
from hypothesis import strategies as st

from mentorium_sandbox.telegram.entities import arranged, completed
from mentorium_sandbox.telegram.errors import ApiError
from mentorium_sandbox.telegram.formatting import message_text
from mentorium_sandbox.telegram.html import parse_html
from mentorium_sandbox.telegram.links import LinkError, emoji_of, normal_link, time_of, user_of, web_app_link
from mentorium_sandbox.telegram.markdown import parse_markdown, parse_markdown_v2
from mentorium_sandbox.telegram.parameters import Parameters
from mentorium_sandbox.telegram.rich_html import html_blocks
from mentorium_sandbox.telegram.rich_markdown import markdown_blocks
from mentorium_sandbox.telegram.rich_text import plain_text
from mentorium_sandbox.telegram.text import units

Json = dict[str, Any]
STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler")
INLINE = (*STYLES, "code", "text_link")
WORDS = st.text(alphabet="abў🎯 _*[]()~`>=|{}!-+\\<&", min_size=1, max_size=16).map(str.strip).filter(bool)


def entity(kind: str, offset: int, length: int, **details: Any) -> Json:
    return {"type": kind, "offset": offset, "length": length, **details}


@st.composite
def formatted(draw: st.DrawFn, kinds: tuple[str, ...]) -> tuple[str, list[Json]]:
    """A text with entities that nest, touch and cut each other, in the form in which the server keeps them."""
    text = draw(WORDS)
    entities = []
    for kind in draw(st.lists(st.sampled_from(kinds), max_size=5)):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        details = {"url": "https://mentorium.io/a"} if kind == "text_link" else {}
        entities.append(entity(kind, units(text[:start]), units(text[start:end]), **details))
    return completed(text, entities)


@given(formatted((*INLINE, "pre", "blockquote", "expandable_blockquote")))
def test_what_aiogram_writes_as_html_comes_back(given_text: tuple[str, list[Json]]) -> None:
    text, entities = given_text
    written = html_decoration.unparse(text, [MessageEntity(**e) for e in entities])
    assert completed(*parse_html(written)) == (text, entities)


@given(formatted(INLINE))
def test_what_aiogram_writes_as_markdown_v2_comes_back(given_text: tuple[str, list[Json]]) -> None:
    text, entities = given_text
    written = markdown_decoration.unparse(text, [MessageEntity(**e) for e in entities])
    assert completed(*parse_markdown_v2(written)) == (text, entities)


@given(
    st.text(alphabet="ab *_~|`[]()>!\\.<>&/;=\"'\r\n\tў🎯-#x2", max_size=60),
    st.sampled_from(["HTML", "MarkdownV2", "Markdown"]),
)
def test_any_source_is_read_or_refused(source: str, mode: str) -> None:
    with suppress(ApiError):
        read = message_text(Parameters({"text": source, "parse_mode": mode}))
        ends = [e["offset"] + e["length"] for e in read.entities]
        assert all(e["length"] > 0 and e["offset"] >= 0 for e in read.entities)
        assert max(ends, default=0) <= units(read.text)
        assert read.text == read.text.rstrip()


@given(formatted((*INLINE, "pre", "blockquote")))
def test_the_kept_form_is_final_and_its_entities_nest(given_text: tuple[str, list[Json]]) -> None:
    text, entities = given_text
    assert completed(text, entities) == (text, entities)
    spans = [(e["offset"], e["offset"] + e["length"]) for e in entities]
    assert not [(a, b) for a in spans for b in spans if a[0] < b[0] < a[1] < b[1]]


@pytest.mark.parametrize(
    ("given_entities", "kept"),
    [
        ([entity("bold", 0, 3), entity("bold", 3, 3)], [entity("bold", 0, 6)]),
        (
            [entity("bold", 0, 9), entity("italic", 3, 3)],
            [entity("bold", 0, 3), entity("bold", 3, 6), entity("italic", 3, 3)],
        ),
        (
            [entity("bold", 0, 9), entity("code", 3, 3)],
            [entity("bold", 0, 3), entity("code", 3, 3), entity("bold", 6, 3)],
        ),
        ([entity("code", 0, 4), entity("text_link", 2, 4, url="x")], [entity("code", 0, 4)]),
        ([entity("blockquote", 0, 9), entity("blockquote", 2, 3)], [entity("blockquote", 0, 9)]),
        ([entity("blockquote", 0, 4), entity("code", 2, 4)], [entity("blockquote", 0, 4)]),
        ([entity("italic", 0, 4), entity("underline", 0, 4)], [entity("italic", 0, 4), entity("underline", 0, 4)]),
    ],
)
def test_entities_are_joined_cut_and_dropped(given_entities: list[Json], kept: list[Json]) -> None:
    assert arranged(given_entities) == kept


def test_what_the_server_finds_gives_way_to_what_the_author_marked() -> None:
    text, entities = completed("see mentorium.io now @mentor", [entity("bold", 0, 28), entity("code", 21, 7)])
    assert text == "see mentorium.io now @mentor"
    assert entities == [
        entity("bold", 0, 4),
        entity("url", 4, 12),
        entity("bold", 4, 12),
        entity("bold", 16, 5),
        entity("code", 21, 7),
    ]


def test_blanks_and_control_characters() -> None:
    assert completed("  a\tb\r\nc \n ", []) == ("a b\nc", [])
    assert completed("  a", [entity("bold", 1, 2)]) == (" a", [entity("bold", 0, 2)])
    assert completed("a\r\nb  ", [entity("bold", 2, 4)]) == ("a\nb", [entity("bold", 1, 2)])
    assert completed("  ", [entity("bold", 0, 2)]) == ("", [])


@pytest.mark.parametrize(
    ("entities", "complaint"),
    [
        ([entity("bold", 1, 1)], "entity begins in a middle of a UTF-16 symbol at byte offset 4"),
        (
            [entity("bold", 0, 1)],
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 4",
        ),
        (
            [entity("bold", 0, 9)],
            "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 9",
        ),
        ([entity("bold", 9, 1)], "entity begins after the end of the text at UTF-16 offset 9"),
        ([entity("bold", -1, 1)], "receive an entity with incorrect offset -1"),
        ([{"type": "bold", "offset": 0}], "can't parse MessageEntity: Can't find field \"length\""),
        (
            [{"type": "bold", "offset": "x", "length": 1}],
            'can\'t parse MessageEntity: Field "offset" must be a valid Number',
        ),
        ([{"type": "huge", "offset": 0, "length": 1}], "can't parse MessageEntity: Unsupported type specified"),
        (["bold"], "can't parse MessageEntity: expected an Object"),
    ],
)
def test_entities_that_do_not_fit_are_refused(entities: list[Any], complaint: str) -> None:
    with pytest.raises(ApiError) as refusal:
        message_text(Parameters({"text": "🎯ab", "entities": entities}))
    assert refusal.value.description == f"Bad Request: {complaint}"


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        (
            "*b* _i_ __u__ ~s~ ||h||",
            "b i u s h",
            [entity(kind, 2 * n, 1) for n, kind in enumerate(STYLES)],
        ),
        ("`a\\`b`", "a`b", [entity("code", 0, 3)]),
        (">a\n>b\nc", "a\nb\nc", [entity("blockquote", 0, 4)]),
        (">a\n>b||\nc", "a\nb\nc", [entity("expandable_blockquote", 0, 4)]),
        (">a||", "a", [entity("expandable_blockquote", 0, 1)]),
        (">a\n**>b", "a\nb", [entity("blockquote", 0, 2), entity("blockquote", 2, 1)]),
        ("```py\nx*1\n```", "x*1\n", [entity("pre", 0, 4, language="py")]),
        (
            "![👍](tg://emoji?id=5368324170671202286)",
            "👍",
            [entity("custom_emoji", 0, 2, custom_emoji_id="5368324170671202286")],
        ),
        ("[A](tg://user?id=5)", "A", [entity("text_mention", 0, 1, user={"id": 5})]),
        ("[a](x y)", "a", []),
        (
            "![9:00](tg://time?unix=1700000000&format=t)",
            "9:00",
            [entity("date_time", 0, 4, unix_time=1700000000, date_time_format="t")],
        ),
        ("_\\__ __\\___", "_ _", [entity("italic", 0, 1), entity("underline", 2, 1)]),
    ],
)
def test_markdown_v2_by_example(source: str, text: str, entities: list[Json]) -> None:
    assert parse_markdown_v2(source) == (text, entities)


def test_legacy_markdown_by_example() -> None:
    text, entities = parse_markdown("*b* _i_ `c` [l](http://x.uz) ```py\nx``` 1.5 \\*")
    assert text == "b i c l x 1.5 *"
    assert entities == [
        entity("bold", 0, 1),
        entity("italic", 2, 1),
        entity("code", 4, 1),
        entity("text_link", 6, 1, url="http://x.uz/"),
        entity("pre", 8, 1, language="py"),
    ]


@pytest.mark.parametrize(
    ("parse", "source", "complaint"),
    [
        (parse_markdown_v2, "a-b", "Character '-' is reserved and must be escaped with the preceding '\\'"),
        (parse_markdown_v2, "a > b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
        (parse_markdown_v2, "a | b", "Character '|' is reserved and must be escaped with the preceding '\\'"),
        (parse_markdown_v2, "||x", "Can't find end of Spoiler entity at byte offset 0"),
        (parse_markdown_v2, "[te](http://a", "Can't find end of a URL at byte offset 5"),
        (parse_markdown_v2, "ў_a", "Can't find end of Italic entity at byte offset 2"),
        (parse_markdown_v2, "__a", "Can't find end of Underline entity at byte offset 0"),
        (parse_markdown_v2, "```py\na", "Can't find end of PreCode entity at byte offset 0"),
        (parse_markdown_v2, "*a [b", "Can't find end of TextUrl entity at byte offset 3"),
        (parse_markdown_v2, "[b*](c)", "Character ']' is reserved and must be escaped with the preceding '\\'"),
        (parse_markdown_v2, ">*a\nb*", "Can't find end of Bold entity at byte offset 1"),
        (parse_markdown_v2, "![a]", "Custom emoji entity must contain a tg://emoji URL"),
        (parse_markdown, "ў snake_case", "Can't find end of the entity starting at byte offset 8"),
        (parse_html, "<b x=>a</b>", None),
        (parse_html, "<a href=https://a>x</a>", "Unexpected end of name token at byte offset 8"),
        (parse_html, '<b "x">', 'Empty attribute name in the tag "b" at byte offset 0'),
        (parse_html, "<b x", 'Unclosed start tag "b" at byte offset 0'),
        (parse_html, '<tg-emoji emoji-id="x">e</tg-emoji>', "Invalid custom emoji identifier specified"),
        (
            parse_html,
            "&#xd800;",
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate "
            "code units",
        ),
    ],
)
def test_complaints_in_the_servers_words(parse: Any, source: str, complaint: str | None) -> None:
    if complaint is None:
        assert parse(source)[0] == "a"
        return
    with pytest.raises(ApiError) as refusal:
        parse(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {complaint}"


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://Mentorium.IO", "https://mentorium.io/"),
        ("mentorium.io/a b", "http://mentorium.io/a%20b"),
        ("http://127.0.0.1:8001?x=1", "http://127.0.0.1:8001/?x=1"),
        ("tg:resolve?domain=x", "tg://resolve?domain=x"),
        ("a.uz/?u=https://b.uz", "http://a.uz/?u=https://b.uz"),
    ],
)
def test_links_are_completed(url: str, normal: str) -> None:
    assert normal_link(url) == normal == normal_link(normal)


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("localhost:8001", "Wrong HTTP URL"),
        ("http://[", "Wrong HTTP URL"),
        ("", "Wrong HTTP URL"),
        ("ftp://a.uz", "Unsupported URL protocol"),
        ("tg://", "Wrong tg URL"),
    ],
)
def test_links_are_refused(url: str, complaint: str) -> None:
    with pytest.raises(LinkError, match=complaint):
        normal_link(url)


def test_a_mini_app_stands_behind_https_or_on_this_machine() -> None:
    assert web_app_link("http://localhost:8001/app") == "http://localhost:8001/app"
    assert web_app_link("https://mentorium.io/app") == "https://mentorium.io/app"
    with pytest.raises(LinkError, match="Only HTTPS links are allowed"):
        web_app_link("http://mentorium.io/app")


def test_links_that_mean_something() -> None:
    assert (user_of("tg://user?id=5"), user_of("tg://user?id=x"), user_of("https://a.uz")) == (5, None, None)
    assert (emoji_of("tg://emoji?id=7"), emoji_of("tg://user?id=7")) == (7, None)
    assert (time_of("tg://time?unix=9"), time_of("tg://time?format=t")) == ((9, ""), None)


RICH = """
# Week
Aziza **worked** _well_ on [maths](https://a.uz)
and more

1. one
2. two

- [x] done
> said
```py
x = 1
```
---
| a | b |
|---|:-:|
| 1 | 2 |
"""


def test_rich_markdown_becomes_blocks() -> None:
    blocks = markdown_blocks(RICH)
    kinds = [block["type"] for block in blocks]
    assert kinds == ["heading", "paragraph", "list", "list", "blockquote", "pre", "divider", "table"]
    assert blocks[1]["text"][1] == {"type": "bold", "text": "worked"}
    assert blocks[3]["items"][0] == {
        "label": "•",
        "blocks": [{"type": "paragraph", "text": "done"}],
        "has_checkbox": True,
        "is_checked": True,
    }
    assert plain_text(blocks).splitlines() == [
        *("Week", "Aziza worked well on maths", "and more", "1. one", "2. two", "• done", "said", "x = 1"),
        *("a | b", "1 | 2"),
    ]


def test_rich_html_becomes_blocks() -> None:
    blocks = html_blocks(
        "<h2>Week</h2><p>Aziza <b>worked <i>well</i></b> on <a href='https://a.uz'>maths</a></p>"
        "<ol><li>one<li>two</ol><ul><li>three</ul><blockquote>said</blockquote><hr><pre>x\n  y</pre>&lt;end&gt;"
    )
    kinds = [block["type"] for block in blocks]
    assert kinds == ["heading", "paragraph", "list", "list", "blockquote", "divider", "pre", "paragraph"]
    assert plain_text(blocks) == "Week\nAziza worked well on maths\n1. one\n2. two\n• three\nsaid\nx\n  y\n<end>"


@given(st.text(alphabet="ab <>/ph1ul\"'=&;#*_`~[]()|-\n🎯", max_size=80))
def test_any_rich_source_has_plain_text(source: str) -> None:
    for blocks in (markdown_blocks(source), html_blocks(source)):
        assert isinstance(plain_text(blocks), str)
