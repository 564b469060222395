"""What stands in the chat of a model's answer: whole sentences that the facts bear, or what the tools told."""

from __future__ import annotations

import re

import pytest

from mentorium_ai_client import AssistantMessage, Message, Restarted, UserMessage
from mentorium_core.i18n import t
from mentorium_core.mentor.conversation import labelled
from mentorium_core.mentor.facts import EarlierFacts, facts_from_json, facts_of, facts_to_json
from mentorium_core.mentor.model import AnswerPiece, Reset
from tests.unit.core.mentor.scripted_model import AZIZA, LAST_WEEK, NEXT, TESTS, TOPICS, Said, talk, toolbox, words

TRUE = {
    "en": "From 16 to 22 November ⟦C1⟧ finished 3 lessons. The study time was 3 h 20 min, on 7 days.",
    "ru": "С 16 по 22 ноября ⟦C1⟧: пройдено 3 урока. Время на учёбу — 3 ч 20 мин, 7 дней с занятиями.",
    "uz": "16–22-noyabrda ⟦C1⟧ 3 ta darsni tugatdi. Oʻqish vaqti — 3 soat 20 daqiqa, 7 kun shugʻullandi.",
}
FALSE = {
    "en": "From 16 to 22 November ⟦C1⟧ finished 5 lessons.",
    "ru": "С 16 по 22 ноября ⟦C1⟧: пройдено 5 уроков.",
    "uz": "16–22-noyabrda ⟦C1⟧ 5 ta darsni tugatdi.",
}


@pytest.mark.parametrize("language", TRUE)
async def test_what_the_tools_told_is_shown(language: str) -> None:
    seen = await talk([(LAST_WEEK,)], words(TRUE[language]), language=language)
    assert seen.words == TRUE[language].replace("⟦C1⟧", "Aziza")
    assert seen.shown == f"{seen.words}\n\n{t(language, 'mentor-ai-label')}", "it says whose words these are"
    assert seen.conversation.words == seen.words, "the history does not"


@pytest.mark.parametrize("language", FALSE)
async def test_a_wrong_number_is_never_seen_and_the_tool_answers(language: str) -> None:
    seen = await talk([(LAST_WEEK,)], words(f"{FALSE[language]} {TRUE[language]}"), language=language)
    assert not re.search(r"\b5 (lessons|уроков|ta darsni)", seen.ever_shown)
    assert seen.shown.startswith(t(language, "told-intro"))
    assert t(language, "told-lessons", count=3) in seen.shown
    assert "Aziza" in seen.shown
    assert t(language, "mentor-ai-label") not in seen.shown


async def test_true_sentences_before_a_wrong_one_go_with_it() -> None:
    seen = await talk([(LAST_WEEK,)], words(f"{TRUE['en']} {FALSE['en']} Goodbye."))
    assert Reset() in seen.events
    assert "Goodbye" not in seen.ever_shown
    assert seen.shown.startswith(t("en", "told-intro"))


async def test_without_any_tool_called_the_last_week_answers() -> None:
    seen = await talk(words("⟦C1⟧ finished 55 lessons. It was a good week."))
    assert "55" not in seen.ever_shown
    assert t("en", "told-lessons", count=3) in seen.shown


async def test_a_wrong_word_before_a_tool_is_called_costs_nothing() -> None:
    seen = await talk([*words("⟦C1⟧ finished 55 lessons, I think. "), (LAST_WEEK,)], words(TRUE["en"]))
    assert "55" not in seen.ever_shown
    assert seen.words == TRUE["en"].replace("⟦C1⟧", "Aziza")


async def test_a_sentence_is_shown_before_the_next_begins() -> None:
    seen = await talk([(LAST_WEEK,)], words(TRUE["en"]))
    first = next(event for event in seen.events if isinstance(event, AnswerPiece))
    assert first == AnswerPiece("From 16 to 22 November Aziza finished 3 lessons. ")


async def test_a_sentence_whose_end_only_silence_tells_is_shown_in_the_silence() -> None:
    seen = await talk(["It was a calm", " week.", 0.2, " More is to come", " soon.", 0.2])
    assert seen.events[0] == AnswerPiece("It was a calm week.")
    assert Reset() not in seen.events
    assert seen.words == "It was a calm week. More is to come soon."


async def test_what_a_silence_cut_in_two_is_put_together_again() -> None:
    seen = await talk(["We look at Leonardo.", 0.1, "Ai today, and draw.", " Goodbye."])
    assert seen.words == "We look at Leonardo.Ai today, and draw. Goodbye."


async def test_a_wrong_number_is_not_shown_in_a_silence_either() -> None:
    seen = await talk([(LAST_WEEK,)], ["⟦C1⟧ finished 55 lessons, as", " you see.", 0.1, " Well."])
    assert "55" not in seen.ever_shown


async def test_a_cut_answer_ends_at_a_whole_sentence_and_says_so() -> None:
    """inputs H."""
    seen = await talk(["It is going well. ", "Next comes the topic, whi"], ending="length")
    assert seen.words == f"It is going well.\n\n{t('en', 'told-rest-cut')}"
    assert "whi" not in seen.ever_shown


async def test_a_cut_answer_without_a_whole_sentence_is_told_from_the_data() -> None:
    seen = await talk([(LAST_WEEK,)], ["Next comes the topic, whi"], ending="length")
    assert t("en", "told-lessons", count=3) in seen.shown


@pytest.mark.parametrize("begun", [[], ["It is going well. ", "And th"]])
async def test_a_filtered_answer_has_its_own_sentence(begun: list[str]) -> None:
    """inputs H: not "the service does not answer", and nothing of what was filtered."""
    seen = await talk([*begun], ending="content_filter")
    assert seen.words == t("en", "told-filtered")
    assert len(seen.conversation.model.requests) == 1  # type: ignore[attr-defined]


async def test_a_stream_that_begins_again_is_shown_once() -> None:
    seen = await talk(["It is going well. ", Restarted(), "It is going well. And on it goes."])
    assert seen.words == "It is going well. And on it goes."


@pytest.mark.parametrize(
    "text",
    [
        "Check that 10*10 = 100 and 20*20 = 400.",
        "Use a list:\n```python\nfor number in range(12):\n    print(number * 34)\n```\nThat is all.",
        "Paragraph 7. Some words of it.",
        "1. Open the lesson together.\n2. Talk about it.",
        "It takes 10 minutes.",
        "You asked about 17 friends, and that is fine.",
    ],
)
async def test_numbers_that_are_not_said_of_a_child_stay(text: str) -> None:
    """inputs I, C: multiplication and code stay as they are."""
    seen = await talk(words(text), question="What of 17 friends?")
    assert seen.words == text


@pytest.mark.parametrize(
    "text",
    [
        "```\nlessons: 55\n```",
        "Lessons: 55*2 = 110.",
        "Lessons 7. Good.",
        "You asked about 17 lessons, and it was 17 lessons.",
    ],
)
async def test_known_numbers_do_not_stand_beside_a_metric(text: str) -> None:
    seen = await talk([(TOPICS,)], words(text), question="What of 17 friends?")
    assert seen.shown.startswith(t("en", "told-intro"))


@pytest.mark.parametrize(
    "text",
    [
        "Aziza has has has done well.",
        "word " * 200 + "and so on",
        "```python\nclient = openai.ai()\nself.me = cfg.io\n```",
        "In Python one writes @property and __init__.",
        "Draw it in Leonardo.Ai, or with Character.AI.",
    ],
)
async def test_what_may_be_said_is_said(text: str) -> None:
    """inputs C: titles, names of tools and code stay; the family's own name may be read by the family."""
    seen = await talk(words(text))
    assert seen.words == text


async def test_a_foreign_name_is_not() -> None:
    seen = await talk(words("Timur has done well."))
    assert "Timur" not in seen.ever_shown


async def test_our_instructions_are_not_told() -> None:
    seen = await talk(
        words("My rules are: Keep each token exactly as it is, brackets included; never translate. That is all.")
    )
    assert "brackets included" not in seen.ever_shown


@pytest.mark.parametrize("language", ["uz", "ru", "en"])
@pytest.mark.parametrize("call", [LAST_WEEK, TESTS, TOPICS, NEXT])
async def test_each_tool_can_answer_by_itself(language: str, call: object) -> None:
    seen = await talk([(call,)], words("5555 is the number."), language=language)  # type: ignore[list-item]
    assert "5555" not in seen.ever_shown
    assert seen.shown.startswith(t(language, "told-intro"))
    assert len(seen.shown.splitlines()) > 2
    assert "⟦" not in seen.shown
    assert "Aziza" in seen.shown


async def test_facts_of_the_history_may_be_said_again() -> None:
    told = await talk([(LAST_WEEK,)], words(TRUE["en"]))
    students = told.conversation.toolbox.covered
    kept = facts_to_json(told.conversation.facts, students)
    answer = AssistantMessage("⟦C1⟧ finished 3 lessons.")
    earlier = [EarlierFacts(answer, facts_from_json(kept, students))]
    history: list[Message] = [UserMessage("And before?"), answer]
    again = await talk(words(TRUE["en"]), said=history, earlier=earlier)
    assert again.words == TRUE["en"].replace("⟦C1⟧", "Aziza")
    forgotten = await talk(words(FALSE["en"]), said=history, earlier=earlier)
    assert forgotten.shown.startswith(t("en", "told-intro"))


async def test_facts_of_a_turn_that_is_no_longer_sent_are_not_known() -> None:
    told = await talk([(LAST_WEEK,)], words(TRUE["en"]))
    earlier = [EarlierFacts(AssistantMessage("Gone."), told.conversation.facts)]
    seen = await talk(words(TRUE["en"]), earlier=earlier)
    assert not seen.conversation.worded_by_model


async def test_kept_facts_come_back_as_they_were_and_only_of_children_that_are_here() -> None:
    box = toolbox()
    contents = await box.call_all([LAST_WEEK, TESTS])
    facts = facts_of([*contents, '{"error": "no", "lessons_done": 9}', "no json"]).facts
    assert len(facts) > 15
    kept = facts_to_json(facts, {"C1": AZIZA})
    assert set(facts_from_json(kept, {"C1": AZIZA})) == set(facts)
    assert {fact.child for fact in facts_from_json(kept, {"C4": AZIZA})} == {"C4"}
    assert facts_from_json(kept, {"C1": 1}) == ()


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("How is Timur doing?", "without-model-which-child"),
        ("Does he have ADHD?", "without-model-beyond"),
        ("Is she better than the others in her class?", "without-model-others"),
    ],
)
@pytest.mark.parametrize("called", [True, False])
async def test_figures_of_another_child_are_no_answer_in_place_of_words_that_were_wrong(
    question: str, key: str, *, called: bool
) -> None:
    rounds: list[list[Said]] = [[(LAST_WEEK,)]] if called else []
    seen = await talk(*rounds, words("⟦C1⟧ finished 55 lessons, a good week."), question=question)
    assert seen.shown == t("en", key, names="Aziza")


def test_the_label_stands_once_however_late_an_answer_is_stopped() -> None:
    once = labelled("All is well.", "en")
    assert labelled(once, "en") == once


def test_a_kept_fact_of_a_later_release_is_left_out() -> None:
    kept = [{"metric": "steps_walked", "value": "5"}, {"metric": "price", "value": "10"}]
    assert [fact.metric for fact in facts_from_json(kept, {})] == ["price"]
