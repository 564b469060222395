"""Hiding names costs little, whatever is written, and a hostile text hides no name from being hidden."""

from __future__ import annotations

import gc
import hashlib
import re
import time
from itertools import product
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorium_core.mentor.rules import reply_language
from mentorium_core.pseudonymisation.forms import is_uzbek_ending
from mentorium_core.pseudonymisation.tokens import RULES_VERSION, NamedPersons, Tokens
from mentorium_domain.enums import Language

FAMILY = NamedPersons.of(
    ["Aziza Karimova", "Oʻktam Karimov", "София Иванова", "Li Kim", "Жахонгир Юсупов"],
    ["Dilnoza Karimova", "im im im", "x" * 64, "ов" * 2_500],
)
LENGTH: Final = 4_096
MOST_CPU_S: Final = 0.05
_TRIES: Final = 40
"""A neighbour on the machine costs a thread its cache, for seconds: the quickest of so many is what a text takes."""

HOSTILE: Final = (
    *("Aziza" + "im" * 40 + "q ", "im", "x'", "ʻ", "oʻ", "o'k'", "a'", "Aziza's ", "x'x'x'x'Aziza'", "ъ", "щ", "ё"),
    *("ъъъъъъъъАзизанинг ", "Жахонгирчи ", "Лига ", "Liga ", "Li ", "Aziza", "Aziza-", "Aziza" + "lar" * 12 + " "),
    *("a.b+", "a@", "@ab ", "@", "a" * 65 + "@b.c ", "a.b@c.", "http://", "t.me/x ", "...", "a" * 4_096, "a@b.uz-"),
    *("1 ", "1", "12 ", "1.1.1.", "12.10.2026", "12.10.20261 ", "+998 ", "+", "1   ", "1    "),
    *("\ufdfa", "\u0130", "a\u0301", "\u3316", "\u0390", "⟦C1⟧", "⟦", "\u200b", "\u202e", " ", "\n", "😀", "\x00", "İ"),
)


def cpu_s(text: str) -> float:
    """What hiding takes of this thread's processor time."""
    quickest = float("inf")
    gc.disable()  # what other tests have left behind is not what hiding takes
    try:
        for _ in range(_TRIES):
            tokens = Tokens(FAMILY)
            began = time.thread_time()
            tokens.hide(text)
            quickest = min(quickest, time.thread_time() - began)
            if quickest <= MOST_CPU_S:
                break
    finally:
        gc.enable()
    return quickest


def filled(part: str, length: int = LENGTH) -> str:
    """The part again and again, up to so many characters."""
    return (part * (length // len(part) + 1))[:length]


hostile_parts = st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=8))
hostile_runs = st.builds(filled, hostile_parts, st.integers(1, LENGTH))
hostile_texts = st.lists(hostile_runs, min_size=1, max_size=6).map(lambda runs: filled("".join(runs)))


@settings(deadline=None, max_examples=100)
@given(hostile_texts)
def test_hiding_takes_at_most_50_ms_of_the_processor_for_any_4096_characters(text: str) -> None:
    """durability 2: 103 characters stopped the bot for everybody."""
    assert cpu_s(text) <= MOST_CPU_S


@pytest.mark.parametrize("part", HOSTILE)
def test_each_hostile_part_is_hidden_in_time(part: str) -> None:
    assert cpu_s(filled(part)) <= MOST_CPU_S


@pytest.mark.parametrize("part", HOSTILE)
def test_the_language_of_a_hostile_text_is_found_in_time(part: str) -> None:
    began = time.thread_time()
    reply_language(filled(part), Language.RU)
    assert time.thread_time() - began <= 2 * MOST_CPU_S


@pytest.mark.parametrize(
    "text",
    [
        "ъ" * 100 + "Азизанинг",
        "Aziza" + "lar" * 100,
        "Aziza" + "im" * 40 + "q darslari",
        "x'x'x'x'x'Aziza'ning",
        "l'Aziza",
        "Aziza'Aziza'Aziza",
        "a" * 3_000 + " Aziza",
        "'" * 500 + "Aziza" + "'" * 500,
    ],
)
def test_a_name_within_a_hostile_text_is_hidden_all_the_same(text: str) -> None:
    hidden = Tokens(FAMILY).hide(text)
    assert "⟦C1⟧" in hidden
    assert not re.search("aziza|азиза", hidden, re.IGNORECASE)


def test_an_address_behind_a_long_run_and_one_right_behind_another_are_hidden() -> None:
    hidden = Tokens(FAMILY).hide("y" * 300 + ":ona@mail.uz-ota@mail.uz")
    assert "ona@" not in hidden
    assert "ota@" not in hidden


_AS_A_PATTERN: Final = re.compile(
    "(?:jon|hon|bek|oi|boi|gina|cha)?"
    "(?:lar|m|im|ng|ing|i|si|miz|imiz|ngiz|ingiz)*"
    "(?:ning|niki|ni|ga|ka|dagi|dan|da|dai|dek|gacha)?"
    "(?:lar|ni|ga|da|mi|chi|ku|ham|dir|man|san|siz)*s?"
)
"""What the automaton stands for; searched only in what is too short to hurt."""
_PARTS: Final = ("jon", "cha", "lar", "m", "im", "ngiz", "ning", "ga", "dan", "mi", "chi", "s", "q", "a")


def test_the_automaton_knows_the_same_endings_as_the_pattern_it_replaces() -> None:
    for parts in product(_PARTS, repeat=4):
        ending = "".join(parts)
        expected = any(_AS_A_PATTERN.fullmatch(candidate) for candidate in (ending, "a" + ending))
        assert is_uzbek_ending("aziza", ending) == bool(expected), ending


def test_what_is_hidden_otherwise_than_before_has_another_version() -> None:
    """Texts are kept as they were hidden: raise RULES_VERSION when this digest changes, and write both down here."""
    texts = [*HOSTILE, "Азизанинг ва Oʻktamga, Софией; +998 90 111-22-33, ona@mail.uz, @ota, 12.10.2026, Aziza's"]
    texts += ["#AzizaKarimova, karimovaaziza, Сонечка, A z i z a, Ok-tam, Жахон гир; родилась 12.05.2014, 5 мая 2013"]
    texts += ["Coфия, Aз1за, S0fiya, Dilshodjon, Азизахон, MP3, 10а"]
    hidden = "\n".join(Tokens(FAMILY).hide(text) for text in texts)
    assert (RULES_VERSION, hashlib.sha256(hidden.encode()).hexdigest()[:12]) == ("4", "d631a6e3f96b")
