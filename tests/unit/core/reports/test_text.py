"""Whole reports, word for word, for learners whose figures are known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mentorium_core.advice.model import Memory
from mentorium_core.billing.model import Access
from mentorium_core.progress.model import CourseStatus, DueTest, LearnerFacts, Titles, last_finished_month
from mentorium_core.reports.model import IdleReason
from mentorium_core.reports.rules import compose, idle_reason
from mentorium_core.reports.text import render_text
from mentorium_kit.clock import start_of_day
from tests.unit.core.reports.known import COURSE, NOW, aziza

WEEK_RU = """\
📘 Азиза — неделя 16–22 ноября
Последняя завершённая неделя, с понедельника по воскресенье.
Темп хороший.
⏱ Время на учёбу: 3 ч 20 мин, неделей раньше — 2 ч 40 мин. Занятия в 7 дней из 7.
📚 Пройдено: 3 урока (неделей раньше — 2).
📝 Проверено тестов: 2, в среднем 80\u00a0% (раньше — 75\u00a0%).
• «Факты»: 6 из 10
• «Промпты для картинок»: 18 из 20

✅ Получилось: тест «Промпты для картинок» — 18 из 20 (90\u00a0%), лучший результат за месяц.
🎯 Что улучшить: тема «Проверка фактов» — 11 из 20 баллов за двенадцать недель (55\u00a0%).
На это уйдёт 10 минут: попросите показать один ответ нейросети и найти в нём ошибку.
💬 Вопрос за ужином: «Где ты проверяешь ответ, если он кажется странным?»

📅 Сейчас на очереди: урок 17 «Картинка и текст».
🗓 Впереди: «Промпты» — срок 27 ноября (пт). Что сделать: выбрать вместе день для подготовки.
🎓 «Основы нейросетей»: пройдено 16 из 40 уроков. Окончание при таком темпе: январь–февраль 2027.
✍️ Нодира: «Хорошая неделя!»"""

WEEK_UZ = """\
📘 Азиза — 16–22-noyabr haftasi
Surʼat yaxshi.
⏱ Oʻqish vaqti: 3 soat 20 daqiqa, oldingi haftada — 2 soat 40 daqiqa. 7 kunning 7 kunida shugʻullandi.
📚 3 ta dars tugatildi (oldingi haftada — 2 ta).
📝 Baholangan testlar: 2 ta, oʻrtacha 80% (avval — 75%).
• «Faktlar»: 10 balldan 6 ball
• «Rasm uchun promptlar»: 20 balldan 18 ball

✅ Yaxshi natija: «Rasm uchun promptlar» testi — 20 balldan 18 ball (90%), bir oydagi eng yaxshi natija.
🎯 Nimani yaxshilash kerak: «Faktlarni tekshirish» mavzusi — oʻn ikki haftada 20 balldan 11 ball (55%).
Buning uchun 10 daqiqa yetadi: neyrotarmoqning bitta javobini koʻrsatib, undagi xatoni topishni soʻrang.
💬 Kechki ovqatda savol: «Javob gʻalati koʻrinsa, uni qayerdan tekshirasan?»

📅 Hozir navbatda: 17-dars «Rasm va matn».
🗓 Oldinda: «Promptlar» — muddati 27-noyabr (Ju). Nima qilish kerak: tayyorlanish uchun birga kun tanlang.
🎓 «Neyrotarmoqlar asoslari»: 40 ta darsdan 16 tasi tugatildi. Shu surʼatda tugashi: 2027-yil yanvar–fevral.
✍️ Нодира: «Хорошая неделя!»"""

WEEK_EN = """\
📘 Азиза — week of 16–22 November
The last finished week, Monday to Sunday.
A good pace.
⏱ Study time: 3 h 20 min, the week before 2 h 40 min. Study on 7 days of 7.
📚 Finished: 3 lessons (the week before: 2).
📝 Tests graded: 2, average 80% (before: 75%).
• “Facts”: 6 of 10
• “Prompts for images”: 18 of 20

✅ Went well: test “Prompts for images” — 18 of 20 (90%), the best in a month.
🎯 To improve: topic “Checking facts” — 11 of 20 points in twelve weeks (55%).
It takes 10 minutes: ask to see one answer of an AI and find a mistake in it together.
💬 A question for dinner: “Where do you check an answer that looks strange?”

📅 Up next now: lesson 17 “Picture and text”.
🗓 Coming up: “Prompts” — due 27 November (Fri). What to do: choose a day together to prepare.
🎓 “Neural network basics”: 16 of 40 lessons done. At this pace it ends in January–February 2027.
✍️ Нодира: “Хорошая неделя!”"""

IDLE_UZ = """\
📘 Азиза — 16–22-noyabr haftasi
Oxirgi tugagan hafta, dushanbadan yakshanbagacha.
Dars boʻlmadi, bunday ham boʻlib turadi.
Oson qadam: «Rasm va matn» darsini birga oching va dastlabki 10 daqiqasini koʻring.

🗓 Oldinda: «Promptlar» — muddati 27-noyabr (Ju). Nima qilish kerak: tayyorlanish uchun birga kun tanlang."""

LIMITED_RU = """\
📘 Азиза — неделя 16–22 ноября
Последняя завершённая неделя, с понедельника по воскресенье.
Темп хороший.

✅ Получилось: тест «Промпты для картинок» — 18 из 20 (90\u00a0%), лучший результат за месяц.

🔒 По подписке в отчёте есть ещё: результаты тестов, ближайшие сроки, совет на 10 минут, слова преподавателя и картинка. Открыть: /subscribe"""  # noqa: E501


def report(facts: LearnerFacts, language: str, access: Access = Access.FULL) -> str:
    return render_text(compose(facts, NOW, access, Memory(), asked=True), language)


def idle() -> LearnerFacts:
    return replace(aziza(), day_seconds=(0,) * 7, lessons_done=0, tests=(), awards=(), comments=())


@pytest.mark.parametrize(("language", "text"), [("ru", WEEK_RU), ("uz", WEEK_UZ), ("en", WEEK_EN)])
def test_a_week(language: str, text: str) -> None:
    assert report(aziza(), language) == text


def test_an_idle_week_is_short_and_blames_nobody() -> None:
    assert report(idle(), "uz") == IDLE_UZ


def test_without_a_subscription() -> None:
    assert report(aziza(), "ru", Access.LIMITED) == LIMITED_RU


def test_a_scheduled_report_does_not_explain_its_period() -> None:
    document = compose(aziza(), NOW, Access.FULL, Memory(), asked=False)
    assert "Последняя завершённая" not in render_text(document, "ru")


def test_a_month_has_trend_topics_awards_and_forecast() -> None:
    november = last_finished_month(date(2026, 12, 1))
    month = replace(
        aziza(),
        period=november,
        day_seconds=(0, 0, *(600,) * 7, *(1200,) * 14, *(1800,) * 7),
        before_day_seconds=(300,) * 31,
        data_as_of=start_of_day(date(2026, 12, 1)),
    )
    lines = report(month, "ru").splitlines()
    assert lines[0] == "📘 Азиза — ноябрь 2026"
    assert "⏱ Время на учёбу: 9 ч 20 мин, месяцем раньше — 2 ч 35 мин. Занятия в 28 дней из 30." in lines
    assert "📈 Занятия в неделю: сначала 1 ч 10 мин, в конце месяца 3 ч 30 мин." in lines
    assert "💪 Сильная тема: «Промпты для картинок» — 90\u00a0%." in lines
    assert "🏅 Награды: «Первый проект»." in lines
    assert any(line.endswith("Окончание при таком темпе: январь–февраль 2027.") for line in lines)
    assert lines.count("• «Факты»: 6 из 10") == 1, "tests counted are tests listed"


def test_the_first_week_is_compared_with_nothing() -> None:
    first = replace(aziza(), first_active_day=date(2026, 11, 16), before_day_seconds=(0,) * 7, before_lessons_done=0)
    text = report(first, "en")
    assert "Learning has just begun; it is too early to judge." in text
    assert "Study time: 3 h 20 min. Study on 7 days of 7.\n" in text
    assert "Finished: 3 lessons.\n" in text


def test_a_week_after_a_week_without_study_says_so() -> None:
    assert ", неделей раньше занятий не было." in report(replace(aziza(), before_day_seconds=(0,) * 7), "ru")


def test_two_courses_have_a_line_each() -> None:
    other = replace(COURSE, course_id=2, title=Titles(en="Chatbots"), done_lessons=3, busy_weeks_of_4=1)
    text = report(replace(aziza(), courses=(COURSE, other), comments=(), due_next=()), "en")
    assert "🎓 “Neural network basics”: 16 of 40 lessons done. At this pace" in text
    assert "🎓 “Chatbots”: 3 of 40 lessons done." in text


def test_late_work_is_told_by_title_and_date_with_what_to_do_now() -> None:
    """parents A10"""
    late = tuple(
        DueTest(Titles(en=f"Work {name}"), date(2026, 11, day)) for name, day in (("A", 13), ("B", 6), ("C", 1))
    )
    told = "⏰ Overdue now: “Work A” (due 13 November), “Work B” (due 6 November) and 1 more. What to do: open"
    assert told in report(replace(aziza(), late=late), "en")
    assert told in report(replace(aziza(), late=late), "en", Access.LIMITED)
    assert told in report(replace(idle(), late=late), "en")
    alone = report(replace(aziza(), late=late[:1], topics=(), tests=()), "en")
    assert "🎯 To improve: hand in what is overdue — “Work A” (due 13 November)." in alone
    assert "⏰" not in alone, "once is enough"


def test_data_that_ends_too_early_is_told() -> None:
    text = report(replace(aziza(), data_as_of=start_of_day(date(2026, 11, 22)) - timedelta(hours=6)), "en")
    assert "Platform data as of 21 November, 18:00; anything later is not included." in text


def test_missing_data_hides_its_figures_and_is_told() -> None:
    text = report(replace(aziza(), missing_views=frozenset({"v_activity_day"})), "en")
    assert "Study time" not in text
    assert "The platform does not send all its data" in text


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        (IdleReason.NO_STUDY, {}),
        (IdleReason.NOT_BEGUN, {"first_active_day": None}),
        (IdleReason.COURSE_PAUSED, {"courses": (replace(COURSE, status=CourseStatus.PAUSED),)}),
        (IdleReason.COURSE_PAUSED, {"courses": (replace(COURSE, status=CourseStatus.DROPPED),)}),
        (IdleReason.FINISHED, {"courses": (replace(COURSE, status=CourseStatus.COMPLETED),)}),
        (IdleReason.NO_DATA, {"data_as_of": start_of_day(date(2026, 11, 18))}),
        (IdleReason.NO_DATA, {"missing_views": frozenset({"v_activity_day"})}),
    ],
)
def test_why_a_week_is_idle(reason: IdleReason, changes: dict[str, object]) -> None:
    facts = replace(idle(), **changes)  # type: ignore[arg-type]
    document = compose(facts, NOW, Access.FULL, Memory(), asked=True)
    assert idle_reason(facts, document.verdict) is reason
    assert len(render_text(document, "ru")) <= 310


def test_long_titles_push_the_least_important_out_first() -> None:
    long = Titles(en="A title that goes on and on " * 8)
    crowded = replace(
        aziza(),
        courses=(replace(COURSE, title=long),),
        due_next=tuple(replace(due, title=long) for due in aziza().due_next * 2),
        topics=tuple(replace(topic, title=long) for topic in aziza().topics),
        tests=tuple(replace(test, title=long) for test in aziza().tests),
    )
    text = report(crowded, "en")
    assert "Нодира" not in text
    assert "⏱" in text
    assert "🎯" in text
    assert "A title that goes on and on A title that goes on and on A t…" in text
    assert text == report(crowded, "en")
