"""Where a sentence ends while it is still being written."""

from __future__ import annotations

import random

import pytest

from mentorium_core.mentor.sentences import LONGEST_SENTENCE, SentenceBuffer, looks_whole

TEXTS = [
    ("Хорошо! Дальше? Да… Всё.", ["Хорошо! ", "Дальше? ", "Да… ", "Всё."]),
    ("Учёба заняла 3 ч. 20 мин. за неделю. Хорошо.", ["Учёба заняла 3 ч. 20 мин. за неделю. ", "Хорошо."]),
    ("Средний балл — 83. Дальше тема.", ["Средний балл — 83. ", "Дальше тема."]),
    ("Оценка 4.5 из 5. хорошо", ["Оценка 4.5 из 5. хорошо"]),
    ("1. Открыть урок.\n2. Поговорить.\n", ["1. Открыть урок.\n", "2. Поговорить.\n"]),
    ("**Важно.** Далее «Тест.» Конец.", ["**Важно.** ", "Далее «Тест.» ", "Конец."]),
    ("Oʻqish vaqti 2 soat 15 daq. boʻldi. Zoʻr!", ["Oʻqish vaqti 2 soat 15 daq. boʻldi. ", "Zoʻr!"]),
    (
        "It took approx. 2 h. and more, e.g. on Monday. Good.",
        ["It took approx. 2 h. and more, e.g. on Monday. ", "Good."],
    ),
    ("В Leonardo.Ai и ASP.NET. Да.", ["В Leonardo.Ai и ASP.NET. ", "Да."]),
    ("строка\n\nещё строка", ["строка\n\n", "ещё строка"]),
]


@pytest.mark.parametrize(("text", "sentences"), TEXTS)
def test_sentences_whole(text: str, sentences: list[str]) -> None:
    buffer = SentenceBuffer()
    found = [*buffer.feed(text), buffer.finish()]
    assert [sentence for sentence in found if sentence] == sentences


def test_nothing_is_lost_however_it_is_cut() -> None:
    rng = random.Random(14)
    whole = " ".join(text for text, _ in TEXTS) + " слово" * 300
    for _ in range(200):
        buffer, found, at = SentenceBuffer(), [], 0
        while at < len(whole):
            step = rng.randint(1, 9)
            found += buffer.feed(whole[at : at + step])
            at += step
        assert "".join([*found, buffer.finish()]) == whole
        assert max(map(len, found)) <= LONGEST_SENTENCE + 10


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("The week went well.", True),
        ("Да!", True),
        ("«Хорошо.»", True),
        ("Average is 83%.", True),
        ("Average is 83.", False),
        ("It took 15 min.", False),
        ("and so on", False),
        ("т.е.", False),
        ("", False),
    ],
)
def test_what_silence_tells(text: str, whole: bool) -> None:
    assert looks_whole(text) is whole
