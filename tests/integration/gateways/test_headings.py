"""A report's caption has a bold heading and bold labels (findings on the page, parents E)."""

from __future__ import annotations

import pytest

from mentorium_gateways.telegram.headings import headings

_RU = """📘 София — неделя 16–22 ноября
Учёба идёт по плану.
⏱️ Занятия: 3 ч 23 мин за 5 дней
• «Авторство: основы»: 18 из 20

🎯 Что улучшить: тема «Проверка: факты» — 31 из 50 баллов (62 %).
🎓 «Студия: ИИ»: 17 из 24 уроков."""


def bold(caption: str) -> list[str]:
    units = caption.encode("utf-16-le")
    return [units[2 * one.offset : 2 * (one.offset + one.length)].decode("utf-16-le") for one in headings(caption)]


def test_the_heading_and_the_labels_are_bold() -> None:
    assert bold(_RU) == ["📘 София — неделя 16–22 ноября", "Занятия:", "Что улучшить:"]


@pytest.mark.parametrize("caption", ["", "One line: no heading", "📘 One line: no heading"])
def test_one_line_has_no_heading(caption: str) -> None:
    assert headings(caption) == []
