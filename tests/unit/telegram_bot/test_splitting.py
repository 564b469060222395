"""Long answers: cut at paragraph borders, blocks of code whole, and every entity on its words."""

from __future__ import annotations

import random

import pytest
from aiogram.types import MessageEntity

from mentorium_bot.answering.rendering import LONGEST_IN_MESSAGES, MESSAGE_LIMIT, final_answer, render
from mentorium_bot.splitting import MessagePart, split
from mentorium_core.i18n import utf16_length

PARAGRAPHS = [f"Paragraph {n} 😀 **bold {n}** " + "слово " * 60 for n in range(30)]


def marked(part: MessagePart, kind: str) -> list[str]:
    """What stands under the entities of this kind."""
    shown = part.text.encode("utf-16-le")
    return [
        shown[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")
        for entity in part.entities
        if entity.type == kind
    ]


def test_parts_end_with_paragraphs() -> None:
    parts = render("\n\n".join(PARAGRAPHS))
    assert len(parts) > 2
    for part in parts:
        assert part.text.startswith("Paragraph ")
        assert part.text.endswith("слово")
        assert utf16_length(part.text) <= MESSAGE_LIMIT
    assert [text for part in parts for text in marked(part, "bold")] == [f"bold {n}" for n in range(30)]


def test_a_block_of_code_stays_whole() -> None:
    code = "\n\n".join(f"line_{n} = {n}" for n in range(150))
    assert utf16_length(code) < MESSAGE_LIMIT
    parts = render("\n\n".join([*PARAGRAPHS[:6], f"```python\n{code}\n```", *PARAGRAPHS[6:9]]))
    assert [text.strip() for part in parts for text in marked(part, "pre")] == [code]


def test_a_block_of_code_beyond_one_message_is_cut_at_a_line() -> None:
    code = "\n".join(f"line_{n} = {n}" for n in range(900))
    parts = render(f"Before\n\n```\n{code}\n```\n\nAfter")
    pieces = [text.strip() for part in parts for text in marked(part, "pre")]
    assert len(pieces) > 1
    assert "\n".join(pieces) == code


def test_a_title_stays_with_what_it_announces() -> None:
    parts = render("\n\n".join(f"## Title {n}\n\n{'слово ' * 300}" for n in range(8)))
    assert len(parts) > 2
    assert not any(part.text.splitlines()[-1].startswith("Title") for part in parts)


@pytest.mark.parametrize(
    "text", ["a" * 10_000, "😀" * 5_000, "слово " * 2_000, "\n" * 9_000 + "end", "**" + "b " * 5_000 + "b**"]
)
def test_text_without_borders_still_fits(text: str) -> None:
    parts = render(text)
    assert all(0 < utf16_length(part.text) <= MESSAGE_LIMIT for part in parts)
    letters = "".join("".join(part.text.split()) for part in parts)
    assert letters == "".join(text.replace("**", "").split())


def test_no_entity_reaches_beyond_its_part() -> None:
    chance = random.Random(7)
    for _ in range(60):
        pieces = ["**b** ", "`c` ", "😀", "\n\n", "```\nx\n\ny\n```\n\n", "> quote\n\n", "# T\n\n", "- a\n", "слово "]
        for part in render("".join(chance.choices(pieces, k=3_000))):
            length = utf16_length(part.text)
            assert all(e.offset >= 0 and e.length > 0 and e.offset + e.length <= length for e in part.entities)


def test_only_a_very_long_answer_becomes_a_file() -> None:
    short, long = "\n\n".join(PARAGRAPHS[:20]), "\n\n".join(PARAGRAPHS * 2)
    assert final_answer(short).whole is None
    answer = final_answer(long)
    assert len(answer.parts) == 1
    assert answer.whole is not None
    assert utf16_length(answer.whole) > LONGEST_IN_MESSAGES
    assert answer.whole.count("слово") == 60 * 60
    assert answer.whole.startswith(answer.parts[0].text)


@pytest.mark.parametrize("count", [100, 101, 600])
def test_no_message_has_more_entities_than_telegram_keeps(count: int) -> None:
    """inputs 4: all was sent, and what stood behind the hundredth lost its format."""
    text = "б и " * count
    bold = [MessageEntity(type="bold", offset=4 * place, length=1) for place in range(count)]
    parts = split(text, bold, 4096)
    assert len(parts) == -(-count // 100)
    assert [len(part.entities) <= 100 for part in parts] == [True] * len(parts)
    assert sum(len(part.entities) for part in parts) == count
    assert " ".join(part.text for part in parts) == text.strip()
