"""Tokens become names again, in whatever spelling and whatever chunks the model writes them."""

from __future__ import annotations

import random
import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.pseudonymisation.restorer import StreamingRestorer
from mentorium_core.pseudonymisation.tokens import NamedPersons, Tokens

CHILDREN: Final = ["Aziza Karimova", "Oʻktam Karimov", "София Иванова", "Жахонгир Юсупов", "Jasurbek Toshmatov"]
TOKENS: Final = Tokens(NamedPersons.of(CHILDREN, ["Dilnoza Karimova", "Ольга Иванова"]))


def restore(*chunks: str) -> str:
    restorer = StreamingRestorer(TOKENS, "your child")
    return "".join(restorer.feed(chunk) for chunk in chunks) + restorer.finish()


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("⟦C3⟧", "София"),
        ("⟦C3:gen⟧", "Софии"),
        ("⟦C3:ins⟧", "Софией"),
        ("⟦C4:dat⟧", "Жахонгиру"),
        ("⟦C4:dative⟧", "Жахонгиру"),
        ("⟦C4:дат⟧", "Жахонгиру"),
        ("⟦С4:родительный⟧", "Жахонгира"),
        ("⟦C4:неведомый⟧", "Жахонгир"),
        ("⟦c3:GEN⟧", "Софии"),
        ("⟦C1:gen⟧", "Aziza"),
        ("⟦C1⟧ning", "Azizaning"),
        ("⟦C3:nonsense⟧", "София"),
        ("⟦C9⟧", "your child"),
        ("⟦⟧", ""),
        ("⟦C", "your child"),
        ("⟦C3", "София"),
        ("⟦C3 и дальше", "София и дальше"),
        ("⟦⟦C3⟧⟧", "София"),
        ("⟦C1⟦C3⟧", "AzizaСофия"),
        ("⟦" + "x" * 60 + "⟧", "your child" + "x" * 36),
        ("⟦" * 60 + "C3⟧", "София"),
    ],
)
def test_tokens_become_names(token: str, name: str) -> None:
    assert restore(token) == restore(*token) == name


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("[C1] прошла 3 урока.", "Aziza прошла 3 урока."),
        ("[[C1]], {C1}, {{C1}}, <C1>, 【C1】, 〚C1〛", "Aziza, Aziza, Aziza, Aziza, Aziza, Aziza"),
        ("⟦ C1 ⟧ прошла", "Aziza прошла"),
        ("⟦C1, C2⟧ молодцы", "Aziza, Oʻktam молодцы"),
        ("⟦C3:gen и C4:gen⟧", "Софии и Жахонгира"),
        ("[C1 va C2]", "Aziza va Oʻktam"),
        ("C1 прошла, у C3:gen тоже, C1: вот", "Aziza прошла, у Софии тоже, Aziza: вот"),
        ("C1ning, C1's, (C1), «C1», **C1**, `C1`", "Azizaning, Aziza's, (Aziza), «Aziza», **Aziza**, `Aziza`"),
        ("⟦С1⟧ и [С1], С1", "Aziza и Aziza, Aziza"),  # Cyrillic letters
        ("⟦C 3⟧ ⟦C-3⟧ ⟦C_3⟧ ⟦C3|gen⟧ ⟦C3: gen⟧", "София София София Софии Софии"),
        ("\\[C1\\] \\[x\\]", "Aziza \\[x\\]"),
        ("⟦c1⟧ [c1]", "Aziza Aziza"),
        ("[C9] и ⟦C9, C1⟧", "your child и your child, Aziza"),
        ("⟦C1ʼs⟧ week", "Azizaʼs week"),
        ("A1, this is A2", "Dilnoza, this is Ольга"),
    ],
)
def test_spellings_that_models_make_of_a_token(written: str, read: str) -> None:
    """inputs G"""
    assert restore(written) == restore(*written) == read


@pytest.mark.parametrize(
    "text",
    ["HTML5, C9, B2, C1000, XC1, _C1", "[1] [x] [ ] [кабинет] [B2] {a} <b> 2<3", "c1 = a1", "C++ и C#, A", "\\ \\n"],
)
def test_what_is_no_token_stays(text: str) -> None:
    assert restore(text) == restore(*text) == text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("⟦C5⟧ga ayting, ⟦C5⟧gacha", "Jasurbekka ayting, Jasurbekkacha"),
        ("⟦C5⟧ning, ⟦C5⟧ gap", "Jasurbekning, Jasurbek gap"),
        ("⟦C1⟧ga, ⟦C2⟧ga", "Azizaga, Oʻktamga"),
    ],
)
def test_an_uzbek_ending_is_glued_as_it_is_said(written: str, read: str) -> None:
    assert restore(written) == restore(*written) == read


_PIECES: Final = (
    *("⟦C1⟧", "⟦C3:gen⟧", "⟦C2⟧ning", "⟦C5⟧ga", "⟦C9⟧", "[C1]", "[[C1]]", "⟦ C1 ⟧", "⟦C1, C2⟧", "{C3}", "C1", "C3:gen"),
    *(
        "⟦",
        "⟧",
        "⟦⟦",
        "[",
        "]",
        "{",
        "}",
        "\\",
        "\\[C1\\]",
        "⟦C",
        "C",
        "A",
        "A1",
        "1",
        "9",
        ":gen",
        ":",
        "g",
        "ga",
        "ning",
    ),
    *(" ", ", ", " и ", "**", "\n", "(", ")", "слово ", "Слово ", "week ", "C9", "[x]", "Ў", "👨‍👩‍👧"),
)


def test_twenty_thousand_chunkings_restore_every_name_and_leak_no_token() -> None:
    draw = random.Random(14)
    for _ in range(4_000):
        text = "".join(draw.choices(_PIECES, k=draw.randint(1, 12)))
        whole = restore(text)
        assert not re.search("[⟦⟧]", whole), text
        assert not re.search(r"(?<![\w:])[CA][12](?!\w)", whole), text
        for _ in range(5):
            cuts = sorted(draw.choices(range(len(text) + 1), k=draw.randint(0, 12)))
            chunks = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
            assert restore(*chunks) == whole, chunks


@given(st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=8)), max_size=12).map("".join), st.data())
def test_no_piece_holds_a_bracket_of_ours_in_any_chunks_of_any_text(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=10)))
    restorer = StreamingRestorer(TOKENS, "your child")
    pieces = [restorer.feed(text[start:end]) for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    pieces.append(restorer.finish())
    assert "".join(pieces) == restore(text)
    assert not any("⟦" in piece or "⟧" in piece for piece in pieces)


@given(st.text(st.characters(exclude_characters="⟦⟧〚〛[{<【⟨\\ACDENPUСАЕР"), max_size=60))
def test_only_what_may_become_a_token_is_held_back(text: str) -> None:
    assert StreamingRestorer(TOKENS, "?").feed(text) == text


def test_long_text_in_foreign_brackets_is_not_held_back() -> None:
    assert StreamingRestorer(TOKENS, "?").feed("Смотрите [кабинет, {x} и <b") == "Смотрите [кабинет, {x} и "
