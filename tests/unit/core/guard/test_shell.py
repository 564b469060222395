"""The shell of a report: whole and in order, and nothing in it that counts, names, leads away or judges."""

from __future__ import annotations

import pytest

from mentorium_core.guard.model import Breach
from mentorium_core.guard.rules import check_shell, fill_shell, join_shell, split_shell
from mentorium_domain.enums import Language
from tests.evaluation.shell_attacks import KINDS, SENTENCES, clean_shells, shell_attacks

EACH = 20
"""Of each kind and language: about a thousand a language; `make eval` makes a thousand of each kind."""
CLEAN = "Здравствуйте!\n[[S1]]\nА вот подробности: [[S2]] Хорошего вечера!"


def breaches(text: str, language: Language = Language.RU, sentences: int = 2) -> set[Breach]:
    return set(check_shell(text, sentences, language, children=("C1",)).breaches)


@pytest.mark.parametrize("language", Language)
def test_no_attack_gets_through(language: Language) -> None:
    through = [
        (attack.kind, attack.text)
        for attack in shell_attacks(language, EACH)
        if check_shell(attack.text, SENTENCES, language, children=("C1",)).ok
    ]
    assert through == []
    assert len(KINDS) >= 25
    assert len(KINDS) * EACH >= 1000


def test_at_most_two_of_a_hundred_clean_shells_are_held_up() -> None:
    shells = [(shell, language) for language in Language for shell in clean_shells(language)]
    held_up = [shell for shell, of in shells if not check_shell(shell, SENTENCES, of, children=("C1",)).ok]
    assert len(shells) >= 100
    assert len(held_up) * 50 <= len(shells), held_up


@pytest.mark.parametrize(
    ("text", "breach"),
    [
        ("Привет! [[S1]] Ещё [[S3]] и [[S2]]", Breach.SENTENCE_UNKNOWN),
        ("[[S2]] [[S1]]", Breach.SENTENCE_ORDER),
        ("[[S1]] [[S1]] [[S2]]", Breach.SENTENCE_DOUBLED),
        ("[[S1]] Всё.", Breach.SENTENCE_MISSING),
        ("[[S1]] Готово уже ٣ [[S2]]", Breach.NUMBER),
        ("[[S1]] Готово уже дв\u200bа [[S2]]", Breach.NUMBER),
        ("[[S1]] Готово уже двa [[S2]]", Breach.MIXED_SCRIPT),
        ("[[S1]] Темп вырос. [[S2]]", Breach.DIRECTION),
        ("[[S1]] У сверстников иначе. [[S2]]", Breach.COMPARISON),
        ("[[S1]] Молодец, Егор! [[S2]]", Breach.NAME),
        ("[[S1]] Молодец, ⟦C2⟧! [[S2]]", Breach.NAME),
        ("[[S1]] Подробнее: bit.ly/abc [[S2]]", Breach.LINK),
        ("[[S1]] **Важно** [[S2]]", Breach.MARKUP),
        ("[[S1]] Похоже на СДВГ. [[S2]]", Breach.DIAGNOSIS),
        ("[[S1]] Well done, it was a good week. [[S2]]", Breach.LANGUAGE),
        ("[[S1]] \u202eотчёт\u202c [[S2]]", Breach.HIDDEN_CHARACTER),
        (f"[[S1]] {'И ещё кое-что приятное. ' * 60} [[S2]]", Breach.TOO_LONG),
    ],
)
def test_each_breach_is_told_by_its_kind(text: str, breach: Breach) -> None:
    assert breaches(CLEAN) == set()
    assert breach in breaches(text)


def test_the_part_to_be_asked_for_again_and_the_words_that_are_wrong_are_told() -> None:
    text = "Здравствуйте! [[S1]] Темп вы\u200bрос, молодец. [[S2]] Хорошего вечера!"
    verdict = check_shell(text, 2, Language.RU)
    (violation,) = verdict.violations
    assert (verdict.parts, verdict.tokens_hold) == ((1,), True)
    assert text[violation.start : violation.end] == "вы\u200bрос"


def test_a_missing_sentence_is_no_parts_fault() -> None:
    verdict = check_shell("Здравствуйте! [[S1]]", 2, Language.RU)
    assert (verdict.parts, verdict.tokens_hold) == ((), False)


def test_a_shell_comes_apart_and_together() -> None:
    assert join_shell(split_shell(CLEAN)) == CLEAN
    assert fill_shell(CLEAN, ["Раз.", "[[S1]]"]) == "Здравствуйте!\nРаз.\nА вот подробности: [[S1]] Хорошего вечера!"


def test_a_childs_token_with_case_or_ending_is_free_to_stand() -> None:
    assert breaches("[[S1]] Похвалите ⟦C1:acc⟧. [[S2]]") == set()
    assert breaches("[[S1]] ⟦C1⟧ning darslari haqida. [[S2]]", Language.UZ) == set()
