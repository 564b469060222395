"""Which tools answer a question where no model chooses them: three languages, Uzbek in both scripts."""

from __future__ import annotations

import json

import pytest

from mentorium_core.advice.rules import TOPIC_CODES
from mentorium_core.i18n import asked_about
from mentorium_core.mentor.crisis.rules import find_crisis
from mentorium_core.mentor.understanding import MOST_CALLS, UNKNOWN_NAME, asks_of_a_stranger, calls_for, sentence_for
from mentorium_domain.enums import Language

OFFERED = {"get_progress", "get_topics", "get_tests", "get_next_steps"}
ALL = OFFERED | {"get_advice", "get_comments", "get_subscription", "explain_topic"}

# What is asked: the tools, and the periods.
ASKED = {
    "How was last week?": ("get_progress", "last_week"),
    "How is ⟦C1⟧ doing this month?": ("get_progress", "this_month"),
    "Как прошла неделя?": ("get_progress", "last_week"),
    "Как дела у ⟦C1⟧ на прошлой неделе?": ("get_progress", "last_week"),
    "Oʻtgan hafta qanday oʻtdi?": ("get_progress", "last_week"),
    "Ўтган ҳафта қандай ўтди?": ("get_progress", "last_week"),
    "bu oy qanday?": ("get_progress", "this_month"),
    "Бу ой қандай?": ("get_progress", "this_month"),
    "hello": ("get_progress", "last_week this_week"),
    "Which tests did she take last week?": ("get_tests", "last_week"),
    "Which tests did she take last month?": ("get_tests", "last_month"),
    "Какие оценки за тесты?": ("get_tests", "this_month last_month"),
    "Testlar natijasi qanday?": ("get_tests", "this_month last_month"),
    "Тестлар натижаси қандай?": ("get_tests", "this_month last_month"),
    "Какая тема самая слабая?": ("get_topics", ""),
    "qaysi mavzular qiyin": ("get_topics", ""),
    "What is due next, any homework?": ("get_next_steps", ""),
    "Что дальше по плану?": ("get_next_steps", ""),
    "Keyingi darslar qaysi?": ("get_next_steps", ""),
    "Кейинги дарслар қайси?": ("get_next_steps", ""),
    "Почему так мало занимается?": ("get_advice", ""),
    "What shall we do tonight?": ("get_advice", ""),
    "Nega yomon?": ("get_advice", ""),
    "What does the teacher say?": ("get_comments", ""),
    "Как связаться с учителем?": ("get_comments", ""),
    "Oʻqituvchi nima deydi?": ("get_comments", ""),
    "How much does the subscription cost?": ("get_subscription", ""),
    "Сколько стоит подписка?": ("get_subscription", ""),
    "Obuna narxi qancha?": ("get_subscription", ""),
    "What is a neural network?": ("explain_topic", ""),
    "Что такое нейросеть простыми словами?": ("explain_topic", ""),
    "Prompt degani nima?": ("explain_topic", ""),
}


@pytest.mark.parametrize("question", ASKED)
def test_the_question_chooses_tool_and_period(question: str) -> None:
    tool, periods = ASKED[question]
    calls = calls_for(question, ["C1"], ALL)
    told = [json.loads(call.arguments_json) for call in calls]
    assert {call.name for call in calls} == {tool}
    assert [one["period"] for one in told if "period" in one] == periods.split()
    assert all(one.get("child", "C1") == "C1" for one in told)


@pytest.mark.parametrize("question", ASKED)
def test_a_tool_that_is_not_offered_has_another_in_its_place(question: str) -> None:
    assert {call.name for call in calls_for(question, ["C1"], OFFERED)} <= OFFERED


def test_only_the_child_that_is_named_is_asked_about() -> None:
    for question in ("How is ⟦C2:gen⟧ doing?", "⟦C2⟧ning testlari qanday?"):
        calls = calls_for(question, ["C1", "C2", "C3"], OFFERED)
        assert {json.loads(call.arguments_json)["child"] for call in calls} == {"C2"}


def test_a_short_question_goes_on_with_the_one_before() -> None:
    (call,) = calls_for("And last month?", ["C1", "C2"], OFFERED, "Which tests did ⟦C2⟧ take?")
    assert (call.name, json.loads(call.arguments_json)) == ("get_tests", {"child": "C2", "period": "last_month"})


def test_a_question_about_a_percentage_has_the_tests_it_is_of() -> None:
    for question in ("Is 40 % bad?", "40 процентов – это плохо?", "40 foiz yomonmi?", "40 фоиз ёмонми?"):
        assert next(call.name for call in calls_for(question, ["C1"], ALL)) == "get_tests"


SAID_INSTEAD = {
    "How is Timur doing?": "which-child",
    "Как учится Тимур?": "which-child",
    "Timur qanday oʻqiyapti?": "which-child",
    "Темур қандай ўқияпти?": "which-child",
    "How is ⟦P1⟧ doing?": "which-child",
    "⟦P1⟧ning testlari qanday?": "which-child",
    "Какие тесты у ⟦P1:gen⟧?": "which-child",
    "What did the teacher, ⟦P1⟧, write?": None,
    "How are ⟦C1⟧ and ⟦P1⟧ doing?": None,
    "How does ⟦C1⟧ compare with her class?": "others",
    "Какие оценки у других детей в классе?": "others",
    "Sinfdoshlari orasida nechanchi oʻrinda?": "others",
    "Does she have ADHD?": "beyond",
    "Дочь ссорится с мужем, что делать?": "beyond",
    "Позовите живого человека": "team",
    "How is ⟦C1⟧ doing?": None,
    "How is my daughter doing?": None,
    "Как прошла неделя?": None,
    "Qanday natijalar?": None,
    "Как прошёл тест по Python?": None,
    "What is ChatGPT?": None,
    "Сколько стоит подписка?": None,
}


@pytest.mark.parametrize("question", SAID_INSTEAD)
def test_what_is_no_matter_of_figures_gets_a_sentence(question: str) -> None:
    key = SAID_INSTEAD[question]
    assert sentence_for(question) == (f"without-model-{key}" if key else None)


def test_every_language_has_the_same_subjects_and_every_topic_has_its_meaning() -> None:
    subjects = {language: set(asked_about(language)) for language in Language}
    assert subjects[Language.UZ] == subjects[Language.RU] == subjects[Language.EN]
    topics = {key.removeprefix("topic-") for key in subjects[Language.EN] if key.startswith("topic-")}
    assert topics <= TOPIC_CODES


def test_a_name_that_is_hidden_is_no_word_of_the_question() -> None:
    assert {call.name for call in calls_for("⟦C1⟧?", ["C1"], OFFERED)} == {"get_progress"}


def test_of_many_children_and_subjects_no_more_is_asked_than_an_answer_holds() -> None:
    for count in range(12):
        children = [f"C{number}" for number in range(1, count + 1)]
        for question in ("tests, topics, plans?", "hi", "Сколько стоит подписка и какие тесты?"):
            calls = calls_for(question, children, ALL)
            assert len(calls) <= MOST_CALLS
            if count:
                assert calls


@pytest.mark.parametrize(
    "question",
    ["Ну как там?", "Привет, как дела?", "Как Python учить?", "How is Python going?", "Salom, qalaysiz?"],
)
def test_a_greeting_and_a_tool_are_nobodys_name(question: str) -> None:
    assert sentence_for(question) is None


@pytest.mark.parametrize(
    "words",
    [
        "Спасибо",
        "Спасибо большое за ответ!",
        "Понятно, спасибо 🙏",
        "Ок",
        "Хорошо, я поняла. Всего доброго",
        "Thank you very much!",
        "ok, got it, thanks for your answer",
        "Rahmat!",
        "Katta rahmat sizga, tushundim",
        "Катта раҳмат",
        "Xoʻp, mayli",
        "Cheers mate!",
        "tysm",
        "thanks a million, you're the best",
        "thanks for all your help and support",
        "I really appreciate your help",
        "Thanks for letting me know",
        "👍",
        "👍🏽",
        "🙏🙏 ❤️!",
        "Спасибо за поддержку",
        "Спасибо за вашу поддержку и заботу!",
        "Спасибо большое за подробный ответ!",
        "Спасибо за отчёт",
        "Спасибо, класс",
        "Класс!",
        "Рахмат вам, очень помогли",
        "От души, здоровья и успехов, спасибо",
        "rahmat sizga katta",
        "Минг раҳмат",
        "Yordamingiz uchun rahmat",
        "Ёрдамингиз учун катта раҳмат",
        "Qoʻllab-quvvatlaganingiz uchun rahmat!",
        "Maʼlumot uchun rahmat, omad",
        "Раҳмат, Аллоҳ рози бўлсин",
        "Barakalla",
        "Спасибо ещё раз!",
        "Thanks again",
        "Yana bir bor rahmat",
    ],
)
def test_who_says_thanks_and_asks_nothing_gets_no_figures(words: str) -> None:
    assert sentence_for(words) == "without-model-thanks"


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("Спасибо за поддержку, где ваш оператор?", "team"),
        ("Спасибо за поддержку, позовите оператора", "team"),
        ("Спасибо, поддержку", "team"),
        ("Thanks, support", "team"),
        ("Rahmat, operator", "team"),
        ("Спасибо, а какое место в классе", "others"),
        ("Omad qanday oʻqiyapti?", "which-child"),
        ("How is Joy doing?", "which-child"),
    ],
)
def test_thanks_and_wishes_hide_no_question(question: str, key: str) -> None:
    assert sentence_for(question) == f"without-model-{key}"


def test_no_sign_of_despair_is_taken_for_thanks() -> None:
    for words in (
        "Спасибо за всё, я не хочу жить",
        "Thanks for everything, I want to die",
        "Rahmat, yashagim kelmayapti",
    ):
        assert find_crisis(words) is not None
        assert sentence_for(words) != "without-model-thanks"


@pytest.mark.parametrize(
    "question",
    [
        "Спасибо, а как прошла неделя?",
        "Спасибо. Покажите тесты",
        "Хорошо?",
        "Всё хорошо?",
        "Хорошо учится",
        "Thanks, and last month",
        "Rahmat, testlari qanday",
        "Is it good?",
        "⟦C1⟧, спасибо за неделю",
        "Отлично ли идёт курс",
        "⟦C1⟧ хорошо",
        "is ⟦C1⟧ ok",
        "Ok, help me",
        "Хорошо, помощь",
        "Раҳмат, ёрдам",
        "Ясно, а отчет за день",
        "Thanks, now the report",
        "Mayli, hisobot",
        "Спасибо？",
        "Спасибо, а что дальше?",
        "Thanks, show me last week",
        "Спасибо за помощь, отчёт",
        "Спасибо за отчёт, а план",
        "thank you help me",
        "👍?",
        "👎",
        "👍👎",
        "1️⃣👍",
        "...",
        "Спасибо за всё, прощайте",
        "Хорошо, ещё раз",
        "Ok, again",
        "Спасибо, ещё раз",
        "Хорошо, за отчёт",
        "Mayli, hisobot uchun",
    ],
)
def test_who_asks_while_saying_thanks_is_answered(question: str) -> None:
    assert sentence_for(question) is None


@pytest.mark.parametrize("question", ["Хочу поговорить с человеком", "I want a person", "odamga yozmoqchiman"])
def test_who_wants_a_human_is_told_where_they_are(question: str) -> None:
    assert sentence_for(question) == "without-model-team"


@pytest.mark.parametrize(
    ("question", "of_a_stranger"),
    [
        ("How is ⟦P1⟧ doing?", True),
        ("What did the teacher, ⟦P1⟧, write?", False),
        ("⟦P1⟧ ustoz nima dedi?", False),
        ("Учительница ⟦P1⟧ что пишет?", False),
        ("How are ⟦C1⟧ and ⟦P1⟧ doing?", False),
    ],
)
def test_a_teacher_may_be_named_by_who_asks_of_their_own_child(question: str, *, of_a_stranger: bool) -> None:
    assert asks_of_a_stranger(question, {"C1"}) is of_a_stranger


@pytest.mark.parametrize(
    "question",
    [
        "Это Лола, как дела у сына?",
        "Здравствуйте, это ⟦P1⟧. Как дела у сына?",
        "Меня зовут Лола Каримова, как учится моя дочь?",
        "Я мама Лола. Как там ребёнок?",
        "Bu Lola, oʻgʻlim qanday oʻqiyapti?",
        "Assalomu alaykum, men ⟦P1⟧, bolam qanday?",
        "Мен Лола, ўғлим қандай ўқияпти?",
        "Hi, this is Lola, how is my son?",
        "I'm ⟦P1⟧ and how is my daughter doing?",
        "Как дела у дочки? С уважением, ⟦P1⟧",
        "Пишет вам ⟦P1⟧, отец. Как сын?",
        "Вас беспокоит ⟦P1⟧, как прошла неделя?",
        "Hello, I'm ⟦P1⟧, how was the week?",
        "My name's ⟦P1⟧. How is my child?",
        "How was the week? — ⟦P1⟧",
        "Hi, ⟦P1⟧ here. How is my son?",
        "Salom, ismim ⟦P1⟧, hafta qanday oʻtdi?",
        "Qizim qanday oʻqiyapti? Hurmat bilan, ⟦P1⟧",
        "⟦P1⟧ yozyapti, qizim qanday?",
    ],
)
def test_who_says_who_is_writing_asks_of_their_own_child(question: str) -> None:
    assert sentence_for(question) is None
    assert not asks_of_a_stranger(question, ["C1"])


@pytest.mark.parametrize(
    "question",
    [
        "Как дела у Лолы?",
        "Как учится сын ⟦P1⟧?",
        "Это мой сын Тимур, как он учится?",
        "Это Тимур? Как он учится?",
        "How is ⟦P1⟧ doing?",
        "This is about my son ⟦P1⟧, how is he?",
        "Oʻgʻlim ⟦P1⟧ qanday?",
        "Lola qanday oʻqiyapti?",
        "⟦P1⟧ здесь учится?",
        "Как пишет ⟦P1⟧, хорошо?",
        "Is ⟦P1⟧ here?",
        "Как дела? — ⟦P1⟧ как?",
    ],
)
def test_a_name_that_is_nobodys_is_still_asked_about(question: str) -> None:
    assert sentence_for(question) == UNKNOWN_NAME
