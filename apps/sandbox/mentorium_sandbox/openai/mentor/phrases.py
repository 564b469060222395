"""The scripted mentor's words in three languages. Children are not declined and have no gender here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """Format strings; braces name what `telling` puts in."""

    decimal: str
    months: tuple[str, ...]
    months_standing: tuple[str, ...]
    day: str
    days_of_month: str
    days_across: str
    hours: str
    minutes: str
    periods: Mapping[str, str]
    verdicts: Mapping[str, str]
    time: str
    time_before: str
    idle: str
    active_days: str
    lessons: str
    tests_taken: str
    streak: str
    overdue: str
    award: str
    course: str
    next_lessons: str
    forecast: str
    strongest: str
    weakest: str
    too_few: str
    test: str
    no_tests: str
    average: str
    due: str
    nothing_ahead: str
    before: str
    troubles: Mapping[str, str]
    which_child: str
    either: str
    greeting: str
    thanks: str
    off_topic: str
    other_children: str
    no_data_here: str


_EN_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October")
_EN = Phrases(
    decimal=".",
    months=(*_EN_MONTHS, "November", "December"),
    months_standing=(*_EN_MONTHS, "November", "December"),
    day="{day} {month}",
    days_of_month="{first}–{last} {month}",
    days_across="{first} – {last}",
    hours="{hours} h",
    minutes="{minutes} min",
    periods={
        "this_week": "this week so far",
        "last_week": "last week",
        "this_month": "this month so far",
        "last_month": "last month",
        "last_12_weeks": "the last 12 weeks",
    },
    verdicts={
        "on_track": "The pace is good.",
        "as_usual": "The pace is about the same as before.",
        "uneven": "The pace was uneven.",
        "under_way": "Lessons are under way.",
        "slowed_down": "The pace has slowed down a little.",
        "paused": "Learning is paused at the moment.",
        "finished": "All courses are finished.",
        "too_early": "It is too early for a verdict.",
    },
    time="Study time: **{time}**{before}.",
    time_before=", the period before {time}",
    idle="No study was recorded.",
    active_days="Active days: {days} of {of}.",
    lessons="Lessons finished: {count}.",
    tests_taken="Tests: {count}, average result {percent}.",
    streak="Weeks in a row: {count}.",
    overdue="Overdue tasks: {count}.",
    award="New achievement: {title}.",
    course="Course “{title}”: {done} of {of} lessons done.",
    next_lessons="Next lessons: {titles}.",
    forecast="At this pace the course ends in {months}.",
    strongest="Strongest topic: {title}, {percent} (results: {count}).",
    weakest="Needs attention: {title}, {percent} (results: {count}).",
    too_few="There are too few graded results yet to compare topics.",
    test="• {title}: {score} of {of} points ({percent}), {day}",
    no_tests="no graded tests.",
    average="Average result: {percent}{before}.",
    due="Ahead: {title}, due {day}.",
    nothing_ahead="No deadlines are set for now.",
    before="The period before that: study time {time}, active days {days}, lessons finished {lessons}.",
    troubles={
        "not_covered": "The subscription does not cover this child yet. You can see the plans with /subscribe.",
        "unknown_child": "I can speak only about your own children.",
        "unavailable": "I cannot see the data on this right now. Please ask me again a little later.",
    },
    which_child="Which child do you mean: {names}?",
    either="or",
    greeting="Hello! I am the Mentorium mentor. Ask me how the week went, about tests, topics or what comes next.",
    thanks="You are welcome! Ask me whenever you want to know how the learning goes.",
    off_topic="I help with your child's learning at Mentorium. Ask me how the week went, about tests, topics or plans.",
    other_children="I can speak only about your own children, and I do not compare children with each other.",
    no_data_here="I have no child's data in this conversation, so I cannot give figures. I answer only from real data.",
)

_RU = Phrases(
    decimal=",",
    months=(
        *("января", "февраля", "марта", "апреля", "мая", "июня"),
        *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
    ),
    months_standing=(
        *("январь", "февраль", "март", "апрель", "май", "июнь"),
        *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
    ),
    day="{day} {month}",
    days_of_month="{first}–{last} {month}",
    days_across="{first} – {last}",
    hours="{hours} ч",
    minutes="{minutes} мин",
    periods={
        "this_week": "эта неделя на сегодня",
        "last_week": "прошлая неделя",
        "this_month": "этот месяц на сегодня",
        "last_month": "прошлый месяц",
        "last_12_weeks": "последние 12 недель",
    },
    verdicts={
        "on_track": "Темп хороший.",
        "as_usual": "Темп примерно прежний.",
        "uneven": "Темп был неровным.",
        "under_way": "Занятия идут.",
        "slowed_down": "Темп немного снизился.",
        "paused": "Сейчас в занятиях пауза.",
        "finished": "Все курсы пройдены.",
        "too_early": "Делать выводы пока рано.",
    },
    time="Время занятий: **{time}**{before}.",
    time_before=", за период до этого {time}",
    idle="Занятий не было.",
    active_days="Дней с занятиями: {days} из {of}.",
    lessons="Пройдено уроков: {count}.",
    tests_taken="Тестов: {count}, средний результат {percent}.",
    streak="Недель подряд: {count}.",
    overdue="Просроченных заданий: {count}.",
    award="Новое достижение: {title}.",
    course="Курс «{title}»: пройдено уроков {done} из {of}.",
    next_lessons="Следующие уроки: {titles}.",
    forecast="При таком темпе окончание курса: {months}.",
    strongest="Сильная тема: {title}, {percent} (результатов: {count}).",
    weakest="Стоит уделить внимание: {title}, {percent} (результатов: {count}).",
    too_few="Оценённых результатов пока мало, чтобы сравнить темы.",
    test="• {title}: {score} из {of} баллов ({percent}), {day}",
    no_tests="оценённых тестов нет.",
    average="Средний результат: {percent}{before}.",
    due="Впереди: {title}, срок {day}.",
    nothing_ahead="Сроков пока не назначено.",
    before="За период до этого: время занятий {time}, дней с занятиями {days}, пройдено уроков {lessons}.",
    troubles={
        "not_covered": "Подписка пока не включает этого ребёнка. Тарифы можно посмотреть командой /subscribe.",
        "unknown_child": "Я могу говорить только о ваших детях.",
        "unavailable": "Сейчас эти данные мне не видны. Пожалуйста, спросите чуть позже.",
    },
    which_child="О ком вы спрашиваете: {names}?",
    either="или",
    greeting="Здравствуйте! Я наставник Mentorium. Спросите, как прошла неделя, про тесты, темы или что дальше.",
    thanks="Пожалуйста! Спрашивайте, когда захотите узнать, как идёт учёба.",
    off_topic="Я помогаю с учёбой вашего ребёнка в Mentorium. Спросите, как прошла неделя, про тесты, темы или планы.",
    other_children="Я могу говорить только о ваших детях и не сравниваю детей между собой.",
    no_data_here="В этом разговоре у меня нет данных ребёнка, поэтому цифр не назову.",
)

_UZ_MONTHS = (
    "yanvar",
    "fevral",
    "mart",
    "aprel",
    "may",
    "iyun",
    "iyul",
    "avgust",
    "sentabr",
    "oktabr",
    "noyabr",
    "dekabr",
)
_UZ = Phrases(
    decimal=",",
    months=_UZ_MONTHS,
    months_standing=_UZ_MONTHS,
    day="{day}-{month}",
    days_of_month="{first}–{last}-{month}",
    days_across="{first} – {last}",
    hours="{hours} soat",
    minutes="{minutes} daqiqa",
    periods={
        "this_week": "shu hafta, bugungacha",
        "last_week": "oʻtgan hafta",
        "this_month": "shu oy, bugungacha",
        "last_month": "oʻtgan oy",
        "last_12_weeks": "oxirgi 12 hafta",
    },
    verdicts={
        "on_track": "Surʼat yaxshi.",
        "as_usual": "Surʼat deyarli avvalgidek.",
        "uneven": "Surʼat notekis boʻldi.",
        "under_way": "Darslar boryapti.",
        "slowed_down": "Surʼat biroz pasaydi.",
        "paused": "Hozir mashgʻulotlarda tanaffus.",
        "finished": "Barcha kurslar tugatildi.",
        "too_early": "Xulosa chiqarishga hali erta.",
    },
    time="Oʻqish vaqti: **{time}**{before}.",
    time_before=", undan oldingi davrda {time}",
    idle="Mashgʻulot boʻlmadi.",
    active_days="Faol kunlar: {of} kundan {days} kun.",
    lessons="Tugatilgan darslar: {count} ta.",
    tests_taken="Testlar: {count} ta, oʻrtacha natija {percent}.",
    streak="Ketma-ket haftalar: {count} ta.",
    overdue="Muddati oʻtgan vazifalar: {count} ta.",
    award="Yangi yutuq: {title}.",
    course="«{title}» kursi: {of} ta darsdan {done} tasi tugatildi.",
    next_lessons="Keyingi darslar: {titles}.",
    forecast="Shu surʼatda kurs tugaydigan vaqt: {months}.",
    strongest="Kuchli mavzu: {title}, {percent} (natijalar: {count} ta).",
    weakest="Eʼtibor berish kerak: {title}, {percent} (natijalar: {count} ta).",
    too_few="Mavzularni solishtirish uchun baholangan natijalar hali kam.",
    test="• {title}: {of} balldan {score} ball ({percent}), {day}",
    no_tests="baholangan test yoʻq.",
    average="Oʻrtacha natija: {percent}{before}.",
    due="Oldinda: {title}, muddati {day}.",
    nothing_ahead="Hozircha muddat belgilanmagan.",
    before="Undan oldingi davrda: oʻqish vaqti {time}, faol kunlar {days} ta, tugatilgan darslar {lessons} ta.",
    troubles={
        "not_covered": "Obuna bu farzandingizni hali qamrab olmagan. Tariflarni /subscribe buyrugʻi bilan koʻring.",
        "unknown_child": "Men faqat oʻz farzandlaringiz haqida gapira olaman.",
        "unavailable": "Hozir bu maʼlumotlar menga koʻrinmayapti. Iltimos, birozdan keyin soʻrang.",
    },
    which_child="Kim haqida soʻrayapsiz: {names}?",
    either="yoki",
    greeting="Assalomu alaykum! Men Mentorium ustoziman. Hafta, testlar, mavzular yoki rejalarni soʻrang.",
    thanks="Arzimaydi! Oʻqish qanday ketayotganini istalgan vaqtda soʻrang.",
    off_topic="Men farzandingizning Mentoriumdagi oʻqishi haqida gapiraman. Hafta, test, mavzu yoki rejani soʻrang.",
    other_children="Men faqat oʻz farzandlaringiz haqida gapira olaman va bolalarni bir-biri bilan solishtirmayman.",
    no_data_here="Bu suhbatda menda farzandingiz maʼlumotlari yoʻq, shuning uchun raqam ayta olmayman.",
)

WORDS: Mapping[str, Phrases] = {"en": _EN, "ru": _RU, "uz": _UZ}
