"""What an answer leaves in the chat leads nowhere, and says what it said."""

from __future__ import annotations

import pytest

from mentorium_bot.answering.rendering import render

_LEADING = {"text_link", "text_mention"}


@pytest.mark.parametrize(
    ("markdown", "as_code"),
    [
        ("Открой evil.xyz, ASP.NET и socket.io", ["evil.xyz", "ASP.NET", "socket.io"]),
        ("👨‍👩‍👧 **Пишите** @property и ona@mail.uz", ["@property", "ona@mail.uz"]),
        ("[смотри](evil.xyz) и [тут][1]\n\n[1]: evil.xyz/login", []),
        ("`evil.uz` и\n```\nhttps://evil.uz\n```", []),
        ("https://evil.uz/a?b=c www.evil.uz t.me/evil", ["https://evil.uz/a?b=c", "www.evil.uz", "t.me/evil"]),
        ("+998901112233", ["+998901112233"]),
        ("Leonardo.Ai, Node.js, 16.11.2026, 85.5 %, т.е. 8/10", []),
    ],
)
def test_nothing_becomes_clickable(markdown: str, as_code: list[str]) -> None:
    """inputs D: also what Telegram would find by itself, and what came back in place of a token."""
    (part,) = render(markdown)
    code = [entity for entity in part.entities if entity.type in {"code", "pre"}]
    assert not _LEADING & {entity.type for entity in part.entities}
    shown = [entity.extract_from(part.text) for entity in code]
    assert [word for word in shown if word in as_code] == as_code
