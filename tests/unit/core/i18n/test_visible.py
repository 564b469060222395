"""Names and titles come from outside: they are shown on one line, whole signs only, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.i18n import clip, one_line, t
from mentorium_core.identity.rules import shown_name


@pytest.mark.parametrize("text", ["", "  ", "\n\n", "\u200b", "\u202e\u2066", "\u200d", "\u00a0", "\x00\x07", "\u2028"])
def test_what_cannot_be_seen_is_nothing(text: str) -> None:
    """inputs S: a comment of line feeds only was shown as two quotation marks."""
    assert one_line(text) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Aziza\nKarimova", "Aziza Karimova"),
        ("Aziza\u202e Karimova", "Aziza Karimova"),
        ("👨‍👩‍👧‍👦 семья", "👨‍👩‍👧‍👦 семья"),
        ("\u200dAziza\u200d", "Aziza"),
    ],
)
def test_a_name_is_one_line_and_an_emoji_stays_whole(text: str, shown: str) -> None:
    """inputs S: a family became four people."""
    assert one_line(text) == shown


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcde…"),
        ("ab👨‍👩‍👧‍👦cd", 5, "ab…"),
        ("ab🇺🇿🇺🇿cd", 4, "ab…"),
        ("ab🇺🇿🇺🇿cd", 5, "ab🇺🇿…"),
        ("abcda\u0301f", 6, "abcd…"),
    ],
)
def test_it_is_cut_between_signs(text: str, limit: int, shown: str) -> None:
    assert clip(text, limit) == shown


@given(st.text(max_size=300), st.integers(2, 120))
def test_it_is_never_longer_than_the_limit(text: str, limit: int) -> None:
    assert len(clip(text, limit)) <= limit


@pytest.mark.parametrize(
    ("name", "shown"), [("", "№7"), ("\n", "№7"), ("Aziza\tK", "Aziza K"), ("я" * 5_000, "я" * 99 + "…")]
)
def test_a_child_has_a_name_that_fits_a_button(name: str, shown: str) -> None:
    """inputs M, 27: an empty name of one of two children broke the menu of the whole family."""
    assert shown_name(name, 7) == shown


def test_an_argument_of_any_length_is_said() -> None:
    """inputs 27."""
    assert t("en", "unlink-done", name="x" * 100_000).count("x") >= 2_000
