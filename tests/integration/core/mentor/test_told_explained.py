"""What explains has words of our own, too: where a model's may not be shown, or there is none."""

from __future__ import annotations

import pytest

from mentorium_ai_client import ToolCall
from mentorium_core.mentor.told import told
from mentorium_domain.enums import Language
from tests.questions.world import toolbox

CHILD = '{"child":"C1"}'


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    ("tool", "arguments", "figures"),
    [
        ("get_advice", CHILD, ("15", "20", "13")),
        ("get_comments", CHILD, ("19", "/teacher")),
        ("get_tests", '{"child":"C1","period":"this_month"}', ("18", "20", "12", "8")),
        ("explain_topic", '{"topic":"how_networks_learn"}', ()),
        ("get_subscription", "{}", ("99", "249", "899", "27", "/subscribe", "/paysupport")),
    ],
)
async def test_each_result_has_words_in_each_language(
    language: Language, tool: str, arguments: str, figures: tuple[str, ...]
) -> None:
    """parents G3: with the model away for an hour, too"""
    results = await toolbox(language).call_all([ToolCall("id", tool, arguments)])
    words = told(results, language)
    assert words != told([], language), "it is told, and nothing of it is lost"
    assert [figure for figure in figures if figure not in words] == []
    assert "{" not in words
    assert len(words.splitlines()) > 2


async def test_the_teachers_links_cannot_be_pressed() -> None:
    comment = '{"day":"2026-11-19","teacher_wrote":"See https://evil.example/x and @somebody"}'
    words = told([f'{{"child":"⟦C1⟧","comments":[{comment}],"reach_teacher":"-"}}'], "en")
    assert "See" in words
    assert "://" not in words
    assert "@somebody" not in words
