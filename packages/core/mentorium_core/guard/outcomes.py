"""What a sentence says became of tests, work, courses and days, without a number: only what a fact bears out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from mentorium_core.guard import borne_out
from mentorium_core.guard.borne_out import OF_TAKEN_TESTS, Claim, is_one_day
from mentorium_core.guard.folding import title_key
from mentorium_core.guard.model import Breach, Fact, Metric, PeriodWords
from mentorium_core.guard.periods import Mention
from mentorium_core.guard.scanning import SET_ASIDE, Token

_NOT_BORNE_BY: Final = 5
"""So many tokens before the verb a negation is still the verb's."""
_UZBEK_NOT: Final = re.compile(r"\w+(?:ma(?:di|gan|yapti|ydi|bdi)|olmadi|olmagan)(?:lar)?")
_UZBEK_NOT_BEHIND: Final = frozenset({"olmadi", "olmagan", "olmayapti", "emas", "yoq"})
_LETTER_GRADE: Final = re.compile(r"(?<![\w+])[A-F](?: ?[+\-\u2212\u2013](?![\w%])|(?![\w'+]))")
_PARTICIPLES: Final = frozenset({"did_pass", "did_fail", "did_do", "did_hand_in", "did_miss", "ends"})
_OF_TESTS: Final = frozenset({"did_pass", "did_fail"})
_OF_NO_TEST: Final = frozenset({"time_noun", "m_lesson", "m_course", "unit_works", "unit_lessons", "on_time"})
_FINE_AT_TIMES: Final = frozenset({"best", "outdo"})
_BESIDE: Final = 8
"""So many letters between titles are a comma, or an "and", and quotation marks."""
_INFINITIVE: Final = frozenset({"to", "will", "can"})
_MANAGED: Final = frozenset({"managed", "able"})
_ARTICLES: Final = frozenset({"the", "a", "an", "this", "each", "any", "every"})


@dataclass(frozen=True, slots=True)
class SentenceContext:
    """Of whom, of what and of when a sentence speaks, by its own words and by what was said before it.

    `strange_titles`: the places of what is quoted and is no title that the tools told.
    """

    tokens: Sequence[Token]
    clauses: Sequence[range]
    titles: Sequence[tuple[int, str]]
    strange_titles: Sequence[range]
    mentions: Sequence[Mention]
    child_at: Callable[[int], str | None]
    period_before: PeriodWords | None = None
    title_before: str | None = None
    of_tests_before: bool = False


@dataclass(frozen=True, slots=True)
class _Family:
    """One kind of claim: its verbs, the words one of which its clause must have, and what bears it out.

    `denied`: whether the opposite, too, needs a fact; else it is enough that no fact speaks against it.
    """

    verbs: str
    nouns: frozenset[str]
    holds: Callable[[Sequence[Fact], Claim], bool | None]
    denied: bool = False
    breach: Breach = Breach.OUTCOME


_TEST: Final = frozenset({"m_test"})
_WORK: Final = frozenset({"unit_works", "on_time"})
_COURSE: Final = frozenset({"m_course"})
_TITLED: Final = _TEST | _WORK | _COURSE
_CIRCLE: Final = frozenset({"circle"})
_ANY: Final = frozenset[str]()
_FAMILIES: Final = (
    _Family("did_pass", _TEST, borne_out.test_is_passed, denied=True),
    _Family("did_fail", _TEST, borne_out.test_is_failed, denied=True),
    _Family("did_take", _TEST, borne_out.test_is_taken),
    _Family("did_finish", _TEST, borne_out.test_is_taken),
    _Family("did_hand_in", _WORK, borne_out.work_is_done, denied=True),
    _Family("did_do", _WORK, borne_out.work_is_done, denied=True),
    _Family("ends", _COURSE, borne_out.course_is_finished),
    _Family("did_begin", _COURSE, borne_out.course_is_begun),
    _Family("did_leave", _COURSE, borne_out.course_is_left),
    _Family("did_get", frozenset({"m_award"}), borne_out.has_awards),
    _Family("miss_deadline", _ANY, borne_out.has_late_work),
    _Family("did_miss", frozenset({"lesson_all", "p_day"}), borne_out.nobody_knows, denied=True),
    _Family("did_attend", frozenset({"lesson_all", "p_day"}), borne_out.nobody_knows, denied=True),
    _Family("did_stop", _ANY, borne_out.nobody_knows),
    _Family("did_graduate", _ANY, borne_out.course_is_finished),
    _Family("did_master", _ANY, borne_out.nobody_knows),
    _Family("did_judge", _ANY, borne_out.nobody_knows),
    _Family("trophy", frozenset({"did_get"}), borne_out.nobody_knows),
    _Family("did_win", _ANY, borne_out.nobody_knows),
    _Family("grade_phrase", _ANY, borne_out.nobody_knows),
    _Family("grade_noun", frozenset({"grade_word"}), borne_out.nobody_knows),
    _Family("best", _CIRCLE, borne_out.nobody_knows, True, Breach.COMPARISON),
    _Family("outdo", _CIRCLE, borne_out.nobody_knows, True, Breach.COMPARISON),
    _Family("nobody", frozenset({"as_much"}), borne_out.nobody_knows, True, Breach.COMPARISON),
    _Family("did_study", frozenset({"p_day"}), borne_out.was_studied_on, denied=True),
    _Family("did_rest", frozenset({"p_day"}), borne_out.was_studied_on, denied=True),
    _Family("none_study", frozenset({"p_day"}), borne_out.was_studied_on, denied=True),
)

_BY_VERB: Final = {family.verbs: family for family in _FAMILIES}


@lru_cache(20_000)
def _families(meanings: frozenset[str]) -> tuple[_Family, ...]:
    return tuple(_BY_VERB[name] for name in sorted(meanings & _BY_VERB.keys()))


def find_outcomes(text: str, context: SentenceContext, facts: Sequence[Fact]) -> Iterator[tuple[Breach, int, int]]:
    """Claims that no fact bears out, with their places in the text."""
    has_letters = _LETTER_GRADE.search(text) is not None
    for place, clause in enumerate(context.clauses):
        tokens = [context.tokens[at] for at in clause]
        verbs = [(token, family) for token in tokens for family in _families(token.meanings)]
        if verbs:
            yield from _told(verbs, place, tokens, context, facts)
        if has_letters and not _is_free(tokens[-1], tokens, context):
            yield from ((Breach.OUTCOME, *found) for found in _letter_grades(text, tokens))


def _told(
    verbs: Sequence[tuple[Token, _Family]],
    place: int,
    clause: Sequence[Token],
    context: SentenceContext,
    facts: Sequence[Fact],
) -> Iterator[tuple[Breach, int, int]]:
    mentions = _mentions(context, clause)
    nouns = _nouns(context, clause, facts, has_day=any(map(is_one_day, mentions)))
    if _counts_behind(context, place):
        nouns -= {"m_test"}
    for token, family in verbs:
        is_strange = not family.nouns.isdisjoint(_TITLED) and _is_of_a_strange_title(context, token, clause)
        if _is_told(family, token, clause, context, family.nouns if is_strange else nouns):
            claim = _claim(context, token, clause, mentions)
            known = () if is_strange else facts
            if not _stands(family, claim, known, denies=_is_denied(token, clause)):
                yield family.breach, token.start, token.end


def _is_of_a_strange_title(context: SentenceContext, token: Token, clause: Sequence[Token]) -> bool:
    """`finished “Gravity”`, `Finished: “Gravity”`, where no tool told of one; so many finished are told by number."""
    if not context.strange_titles or any(near.value is not None for near in clause):
        return False
    if "did_write" in token.meanings and not any("m_test" in near.meanings for near in clause):
        return False  # what a teacher wrote
    begin, end = clause[0].start, max(near.end for near in [*clause, *_behind_a_colon(context, clause)])
    listed = [range(start, start + len(title)) for start, title in context.titles if begin <= start < end]
    return any(
        token.start not in title
        and ((title.start < end and begin < title.stop) or any(_are_beside(title, other) for other in listed))
        for title in context.strange_titles
    )


def _are_beside(title: range, other: range) -> bool:
    """`“Facts” and “Gravity”`: what is said of the one is said of the other."""
    return 0 <= max(title.start - other.stop, other.start - title.stop) <= _BESIDE


def _stands(family: _Family, claim: Claim, facts: Sequence[Fact], *, denies: bool) -> bool:
    """Of every child, where it is not said of whom."""
    known = sorted({fact.child for fact in facts if fact.child is not None})
    children: Sequence[str | None] = [claim.child] if claim.child is not None else known or [None]
    for child in children:
        held = family.holds([fact for fact in facts if child in {None, fact.child}], claim)
        if denies and held is not None:
            held = not held
        if held is False or (held is None and (family.denied or not denies)):
            return False
    return True


def _claim(context: SentenceContext, token: Token, clause: Sequence[Token], mentions: Sequence[Mention]) -> Claim:
    here = [title for start, title in context.titles if clause[0].start <= start < clause[-1].end]
    earlier = [title for start, title in context.titles if start < token.start]
    before = [context.title_before] if context.title_before and not context.titles else []
    wide = [mention for mention in context.mentions if not is_one_day(mention)]
    return Claim(
        child=context.child_at(token.start),
        titles=frozenset(map(title_key, here or earlier[-1:] or before)),
        days=tuple(filter(is_one_day, mentions)),
        period=wide[0] if wide else context.period_before,
        in_time=any("on_time" in near.meanings for near in clause),
    )


def _is_told(
    family: _Family, token: Token, clause: Sequence[Token], context: SentenceContext, nouns: frozenset[str]
) -> bool:
    """Whether the verb is said of what the family is about, and as a fact."""
    meanings = token.meanings
    if "idiom" in meanings or (family.verbs in _FINE_AT_TIMES and "fine" in meanings):
        return False
    if family.verbs == "nobody" and _is_of_parents(context.tokens):
        return False
    if meanings & {"p_last_week", "p_last_month", "m_overdue", "m_pass", "grades_none"} and family.verbs in {
        "did_pass",
        "grade_noun",
    }:
        return False
    of_all = family.verbs in _OF_TESTS and "everything" in nouns and nouns.isdisjoint(_OF_NO_TEST)
    if family.nouns and family.nouns.isdisjoint(nouns) and not of_all:
        return False
    if _is_told_otherwise(family, token, clause, nouns):
        return False
    return not (_is_part_of_a_name(family, token, clause) or _is_free(token, clause, context))


def _is_told_otherwise(family: _Family, token: Token, clause: Sequence[Token], nouns: frozenset[str]) -> bool:
    """Whether the verb is another family's here, or tells nothing of what the family is about."""
    match family.verbs:
        case "did_hand_in" | "did_do":
            return "m_test" in nouns  # a test that is handed in is passed or taken
        case "did_take":
            return "did_pass" in token.meanings
        case "did_finish":  # a test that was taken may not be finished, for all we know
            return not nouns.isdisjoint(_OF_NO_TEST) or _is_denied(token, clause)
        case "did_win":
            return "m_award" in nouns
        case "ends":
            return any("unit_lessons" in near.meanings for near in clause)  # told by their number
        case "best":  # the strongest topic of the course
            return not nouns.isdisjoint({"m_topic", "m_test", "m_result", "m_lesson"})
        case _:
            return False


def _is_of_parents(tokens: Sequence[Token]) -> bool:
    """`Nobody knows them like you`: of children nothing is compared."""
    meanings = frozenset().union(*(token.meanings for token in tokens))
    if not meanings >= {"nobody", "knowing", "like_parents"} or meanings & {"circle", "others"}:
        return False
    behind = next(place for place, token in enumerate(tokens) if "like_parents" in token.meanings)
    return all(token.folded != SET_ASIDE for token in tokens[behind:])


def _is_part_of_a_name(family: _Family, token: Token, clause: Sequence[Token]) -> bool:
    """`the finished work`, `to pass`: no verb of its own."""
    before = [near.folded for near in clause if near.end <= token.start][-2:]
    if not before:
        return False
    if before[-1] in _ARTICLES:
        return family.verbs in _PARTICIPLES
    return before[-1] in _INFINITIVE and before[0] not in _MANAGED


def _is_free(token: Token, clause: Sequence[Token], context: SentenceContext) -> bool:
    """Whether it is asked, supposed or refused, and so nothing is said to have become."""
    place = next((at for at, near in enumerate(clause) if near is token), len(clause) - 1)
    before = clause[:place]
    if any(near.meanings & {"supposed", "refuse", "absent"} for near in clause if near is not token):
        return True
    if [near.folded for near in clause[place + 1 : place + 2]] == ["-"]:
        return True  # oʻtgan-oʻtmagani: whether
    asks = any("asking" in near.meanings for near in before)
    if asks and any("inviting" in near.meanings for near in context.tokens):
        return True
    return context.tokens[-1].folded == "?" and clause[-1].end >= context.tokens[-2].end


def _is_denied(token: Token, clause: Sequence[Token]) -> bool:
    if token.meanings & {"none_study", "did_rest"} or _UZBEK_NOT.fullmatch(token.folded):
        return True
    place = next(at for at, near in enumerate(clause) if near is token)
    near = clause[max(place - _NOT_BORNE_BY, 0) : place]
    if any("negation" in one.meanings and "idiom" not in one.meanings for one in near):
        return True
    return any(one.folded in _UZBEK_NOT_BEHIND for one in clause[place + 1 : place + 3])


def _mentions(context: SentenceContext, clause: Sequence[Token]) -> Sequence[Mention]:
    """The days of the clause, else those said last before it, else the first behind it."""
    here = [mention for mention in context.mentions if clause[0].start <= mention.start < clause[-1].end]
    earlier = [mention for mention in context.mentions if mention.start < clause[0].start]
    return here or earlier[-1:] or context.mentions[:1]


def _nouns(
    context: SentenceContext, clause: Sequence[Token], facts: Sequence[Fact], *, has_day: bool
) -> frozenset[str]:
    """What the clause speaks of; of tests also by their titles, or because the sentence or the one before does."""
    nouns = frozenset().union(*(token.meanings for token in [*clause, *_behind_a_colon(context, clause)]))
    if has_day:
        nouns |= {"p_day"}
    scored = {title_key(fact.title) for fact in facts if fact.metric in OF_TAKEN_TESTS and fact.title}
    of_course = {title_key(fact.title) for fact in facts if fact.metric is Metric.COURSE_LESSONS and fact.title}
    here = {title_key(title) for start, title in context.titles if clause[0].start <= start < clause[-1].end}
    nouns |= {"m_test"} if here & scored else set()
    nouns |= {"m_course"} if here & of_course else set()
    if here - scored - of_course:
        nouns |= {"unit_works"}
    elsewhere = context.of_tests_before or any("m_test" in token.meanings for token in context.tokens)
    if elsewhere and nouns.isdisjoint(_OF_NO_TEST):
        nouns |= {"m_test"}
    return nouns


def _behind_a_colon(context: SentenceContext, clause: Sequence[Token]) -> Sequence[Token]:
    """`Grade: excellent` is one saying."""
    place = next(at for at, token in enumerate(context.tokens) if token is clause[-1])
    behind = context.tokens[place + 1 : place + 3]
    return behind[1:] if behind and behind[0].folded == ":" else ()


def _counts_behind(context: SentenceContext, place: int) -> bool:
    """`Tests handed in: 3`, `3 tests`: told by the number."""
    clause = context.clauses[place]
    tokens = [context.tokens[at] for at in clause]
    if not any("unit_tests" in token.meanings for token in tokens):
        return False
    behind = context.tokens[clause.stop : clause.stop + 2]
    follows = len(behind) > 1 and behind[0].folded == ":" and behind[1].value is not None
    return follows or any(token.value is not None for token in tokens)


def _letter_grades(text: str, clause: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """`B+`, `Grade: A`."""
    begin, end = clause[0].start, clause[-1].end
    graded = any(token.meanings & {"grade_noun", "did_get", "m_result"} for token in clause)
    for found in _LETTER_GRADE.finditer(text, begin, end):
        if len(found[0]) > 1 or (graded and found.start() > begin):
            yield found.span()
