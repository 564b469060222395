"""What language to answer in, and which days a named period means: pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum

from mentorium_core.i18n import fold_apostrophes
from mentorium_core.progress.model import Period, last_finished_month, last_finished_week, month_of, week_of
from mentorium_core.pseudonymisation.skeleton import skeleton
from mentorium_domain.enums import Language

_WORD = re.compile(r"[^\W\d_]+(?:[ʻʼ'][^\W\d_]+)*")
_UZBEK_LETTERS = re.compile("[қғҳў]|[og]ʻ")
_CYRILLIC_LETTERS = re.compile("[а-яё]{2,}")
_SIGNS = {
    Language.UZ: "assalomu alaykum salom rahmat iltimos qanday qalay qanaqa nima nega nechta necha qancha qachon "
    "qaysi bu shu va bilan uchun hafta haftada oy oyda bugun kecha dars darslar darslari bola bolam "
    "farzandim qizim oʻgʻlim yaxshi yomon kerak bormi bor yoʻq qildi oʻqidi oʻtdi boʻldi bering "
    "ayting koʻrsating natija natijalari mavzu mavzular testlar kurs ham lekin haqida oxirgi oʻtgan "
    "nimani keyin keyingi ishlash tushuntiring mumkin",
    Language.RU: "привет здравствуйте спасибо пожалуйста как что где когда почему зачем сколько какой какая какие "
    "какую кто это эта этой этот мой моя мою моего дела неделю неделе неделя месяц месяце прошла "
    "прошел прошлой прошлую урок уроки уроков тест тесты тестам тестами ребёнок ребёнка сын дочь "
    "дочка сегодня вчера успехи учёба можно нужно расскажите покажите дальше следующий курс чем про "
    "лучше хуже тема темы",
    Language.EN: "hello hi hey thanks thank please how what where when why which who is are was were did does do "
    "has have the an my his her their your this that last next week month lesson lessons test tests "
    "child son daughter kid going about can could should tell show me and or not of to in for with "
    "good bad well today yesterday progress course",
}
_VOCABULARY = {language: {skeleton(word) for word in words.split()} for language, words in _SIGNS.items()}


class PeriodName(StrEnum):
    THIS_WEEK = "this_week"
    LAST_WEEK = "last_week"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"


_PERIODS: dict[PeriodName, Callable[[date], Period]] = {
    PeriodName.THIS_WEEK: lambda today: week_of(today).until(today),
    PeriodName.LAST_WEEK: last_finished_week,
    PeriodName.THIS_MONTH: lambda today: month_of(today).until(today),
    PeriodName.LAST_MONTH: last_finished_month,
}


def period_named(name: PeriodName, today: date) -> Period:
    """The days meant on the Tashkent day `today`; a period still going on ends today."""
    return _PERIODS[name](today)


def reply_language(text: str, usual: Language) -> Language:
    """The language to answer in: the parent's usual one unless the message is clearly in another, in any script."""
    folded = fold_apostrophes(text.lower())
    words = _WORD.findall(folded)
    bones = [skeleton(word) for word in words]
    scores = {language: sum(bone in known for bone in bones) for language, known in _VOCABULARY.items()}
    if _UZBEK_LETTERS.search(folded):
        scores[Language.UZ] += 2
    elif len(_CYRILLIC_LETTERS.findall(folded)) > max(1, len(words) // 2) and not scores[Language.UZ]:
        scores[Language.RU] += 1
    best = max(scores.values())
    winners = [language for language, score in scores.items() if score == best]
    return usual if usual in winners or len(winners) > 1 else winners[0]
