"""Names, phones, e-mails and user names go out as tokens, whatever their form, and come back."""

from __future__ import annotations

import logging
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.pseudonymisation.restorer import StreamingRestorer
from mentorium_core.pseudonymisation.tokens import NamedPersons, Tokens

FAMILY = NamedPersons.of(
    ["Aziza Karimova", "Oʻktam Karimov", "София Иванова", "Жахонгир Юсупов"], ["Dilnoza Karimova", "Ольга Иванова"]
)


def hide(text: str) -> str:
    return Tokens(FAMILY).hide(text)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Aziza qanday oʻqiyapti?", "⟦C1⟧ qanday oʻqiyapti?"),
        ("AZIZA, aziza", "⟦C1⟧, ⟦C1⟧"),
        ("Азиза Каримова и София", "⟦C1⟧ и ⟦C3⟧"),
        ("Aziza Karimova", "⟦C1⟧"),
        ("Karimova-Aziza", "⟦C1⟧"),
        ("Jahongir Yusupov", "⟦C4⟧"),
        ("Jaxongir", "⟦C4⟧"),
        ("Sofiya, Sofia, Sofiia", "⟦C3⟧, ⟦C3⟧, ⟦C3⟧"),
        ("Men Dilnoza, Aziza ning onasi", "Men ⟦A1⟧, ⟦C1⟧ ning onasi"),
        ("Это Ольга", "Это ⟦A2⟧"),
        ("#Aziza_Karimova", "#⟦C1⟧_⟦C1⟧"),
        ("Aziza2013", "⟦C1⟧2013"),
        ("Aziza's, Aziza’s and the Karimovs' week", "⟦C1⟧ʼs, ⟦C1⟧ʼs and the ⟦C2⟧s' week"),
        ("O'ktam's", "⟦C2⟧ʼs"),
        ("A\u200bzi\u00adza", "⟦C1⟧"),
        ("Ａｚｉｚａ", "⟦C1⟧"),
        ("Азизa", "⟦C1⟧"),
        ("Со\u0301фии", "⟦C3⟧"),
        ("Ázìza", "⟦C1⟧"),
    ],
)
def test_names_in_any_script_and_case(text: str, hidden: str) -> None:
    assert hide(text) == hidden


@pytest.mark.parametrize("apostrophe", list("'‘’ʻʼ`´ʹ"))
def test_every_apostrophe_people_type(apostrophe: str) -> None:
    assert hide(f"O{apostrophe}ktamning darslari") == "⟦C2⟧ning darslari"
    assert hide(f"o{apostrophe}ktam") == "⟦C2⟧"


@pytest.mark.parametrize(
    "form",
    ["Софии", "Софию", "Софией", "о Софии", "СОФИЕЙ", "Ивановой", "Ивановы", "Ивановых", "Жахонгира", "Жахонгиром"],
)
def test_russian_cases(form: str) -> None:
    assert re.fullmatch(r"(о )?⟦C[34]⟧", hide(form))


@pytest.mark.parametrize("form", ["Азизы", "Азизе", "Азизу", "Азизой", "Azizu", "Azizoy", "Каримовой", "Каримовым"])
def test_russian_cases_of_a_name_written_in_latin(form: str) -> None:
    assert re.fullmatch(r"⟦C[12]⟧", hide(form))


@pytest.mark.parametrize(
    "ending",
    [
        "ning",
        "ni",
        "ga",
        "da",
        "dan",
        "jon",
        "xon",
        "jonning",
        "lar",
        "larga",
        "mga",
        "cha",
        "dek",
        "mi",
        "niki",
        "gacha",
    ],
)
def test_uzbek_endings_stay_and_the_name_goes(ending: str) -> None:
    assert hide(f"Aziza{ending}") == f"⟦C1⟧{ending}"
    assert hide(f"aziza'{ending} yaxshimi") == f"⟦C1⟧ʼ{ending} yaxshimi"


def test_an_ending_that_doubles_the_last_letter() -> None:
    tokens = Tokens(NamedPersons.of(["Rustamjon Tosh", "Azizbek Tosh"]))
    assert tokens.hide("Rustamjonning, Рустамжоннинг") == "⟦C1⟧ning, ⟦C1⟧нинг"
    assert tokens.hide("Azizbekka ayting") == "⟦C2⟧ ayting", "which is also a Russian case"


def test_other_words_stay() -> None:
    text = "aziz akamning bolasi, азот, диван и софа; ofis, kim biladi? karim emas."
    assert hide(text) == text


def test_short_names_that_are_words_are_masked_with_a_capital_only() -> None:
    tokens = Tokens(NamedPersons.of(["Alina Kim"]))
    assert tokens.hide("kim biladi? Знает ли Kim?") == "kim biladi? Знает ли ⟦C1⟧?"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("+998 90 111-22-33", "⟦N1⟧"),
        ("998901112233", "⟦N1⟧"),
        ("tel: 111-22-33 yoki 111 22 44", "tel: ⟦N1⟧ yoki ⟦N2⟧"),
        ("id 123456789", "id ⟦N1⟧"),
        ("AB1234567", "AB⟦N1⟧"),
        ("ona@mail.uz va Ota.Ism@mail.co.uk", "⟦E1⟧ va ⟦E2⟧"),
        ("@onajon, t.me/onajon https://t.me/onajon?x=1", "⟦U1⟧, ⟦U2⟧ ⟦U3⟧"),
        ("+998901112233 va yana +998901112233", "⟦N1⟧ va yana ⟦N1⟧"),
        ("aziza.karimova@mail.uz", "⟦E1⟧"),
    ],
)
def test_contacts(text: str, hidden: str) -> None:
    assert hide(text) == hidden


@pytest.mark.parametrize(
    "text",
    ["2026-11-16 dan 22.11.2026 gacha", "16.11.2026-22.11.2026", "85 90 75", "1 000 000 soʻm", "99,5 % в 2026 году"],
)
def test_dates_marks_and_amounts_stay(text: str) -> None:
    assert hide(text) == text


def test_a_parent_cannot_smuggle_tokens_in() -> None:
    assert hide("⟦C1⟧ ⟦A1⟧") == "C1 A1"


def test_contacts_come_back_as_they_were_written() -> None:
    tokens = Tokens(FAMILY)
    hidden = tokens.hide("Aziza: +998 90 111-22-33")
    assert StreamingRestorer(tokens, "?").feed(hidden) == "Aziza: +998 90 111-22-33"


@given(st.text(max_size=60))
def test_no_text_breaks_the_masking(text: str) -> None:
    hidden = hide(text)
    assert not re.search("aziza|karimov", re.sub(r"⟦\w+⟧", "", hidden), re.IGNORECASE)


names = st.sampled_from(
    ["Aziza", "Азиза", "Азизе", "azizaning", "KARIMOVA", "Софию", "O`ktam", "Жахонгиром", "Dilnozaga"]
)
other = st.text(st.sampled_from("бвг xyz.,!?\n-\"'12"), max_size=6).map(lambda text: f" {text} ")


@given(st.lists(st.tuples(other, names, other), min_size=1, max_size=5))
def test_every_name_goes_whatever_stands_around_it(parts: list[tuple[str, str, str]]) -> None:
    hidden = hide("".join(before + name + after for before, name, after in parts))
    assert not re.search("азиз|aziz|karim|софи|ktam|жахон|dilno", hidden, re.IGNORECASE)


def test_names_are_not_written_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        tokens = Tokens(NamedPersons.of(["Саша Петрова", "Мария Иванов"]))
        tokens.value("C2", "gen")
    assert not caplog.records


def test_a_text_hidden_earlier_is_taken_over_with_its_contacts_called_as_here() -> None:
    earlier, now = Tokens(FAMILY), Tokens(FAMILY)
    hidden = earlier.hide("Aziza: ona@mail.uz, ota@mail.uz, +998 90 111-22-33")
    contacts = earlier.contacts_in(hidden)
    assert contacts == {"E1": "ona@mail.uz", "E2": "ota@mail.uz", "N1": "+998 90 111-22-33"}
    assert now.hide("ota@mail.uz") == "⟦E1⟧"
    assert now.version == earlier.version
    assert now.adopt(hidden, contacts) == "⟦C1⟧: ⟦E2⟧, ⟦E1⟧, ⟦N1⟧"
    assert now.value("E2") == "ona@mail.uz"


def test_another_family_is_another_version() -> None:
    versions = {Tokens(NamedPersons.of(names)).version for names in ([], ["Aziza"], ["Aziza", "Jasur"], ["Jasur"])}
    assert len(versions) == 4
