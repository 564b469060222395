"""How long a question may be, what language to answer in, and which days a named period means: pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from mentorium_core.billing.model import FamilyAccess
from mentorium_core.i18n import fold_apostrophes, question_words
from mentorium_core.mentor.links import without_links
from mentorium_core.progress.model import Period, last_finished_month, last_finished_week, month_of, week_of
from mentorium_core.pseudonymisation.skeleton import WORD, skeleton, skeletons
from mentorium_core.pseudonymisation.tokens import OPEN
from mentorium_domain.claims import MOST_TRIES
from mentorium_domain.enums import Language
from mentorium_domain.language import LANGUAGES

LONGEST_QUESTION: Final = 2000
"""In characters."""
ANSWERABLE_FOR: Final = timedelta(minutes=15)
"""A question that could not be answered for so long is apologised for: nobody waits for it any more."""
_OWNERLESS_FOR: Final = timedelta(minutes=1)

_PERSON_TOKEN = re.compile(rf"{OPEN}([CP]\d+)\b")
_CYRILLIC_LETTERS = re.compile("[а-яё]{2,}")
_VOCABULARY = {language: {skeleton(word) for word in question_words(language)} for language in Language}
_OWN_LETTERS = {language: re.compile(own) for language in Language if (own := LANGUAGES[language].own_letters)}
_OWNER_OF_CYRILLIC = next(language for language in Language if LANGUAGES[language].owns_cyrillic)


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


def is_too_long(text: str) -> bool:
    """Whether a text is over what the mentor is asked at once."""
    return len(text) > LONGEST_QUESTION


def period_named(name: PeriodName, today: date) -> Period:
    """The days meant on the Tashkent day `today`; a period still going on ends today."""
    return _PERIODS[name](today)


def reply_language(text: str, usual: Language) -> Language:
    """The language to answer in: the parent's usual one unless the message is clearly in another, in any script.

    Links and @names are in no language.
    """
    folded = fold_apostrophes(without_links(text).lower())
    words = WORD.findall(folded)
    bones = skeletons(words)
    scores = {language: sum(bone in known for bone in bones) for language, known in _VOCABULARY.items()}
    for language, own_letters in _OWN_LETTERS.items():
        if own_letters.search(folded):
            scores[language] += 2
    is_cyrillic = len(_CYRILLIC_LETTERS.findall(folded)) > max(1, len(words) // 2)
    if is_cyrillic and not any(scores[language] for language in _OWN_LETTERS):
        scores[_OWNER_OF_CYRILLIC] += 1
    best = max(scores.values())
    winners = [language for language, score in scores.items() if score == best]
    return usual if usual in winners or len(winners) > 1 else winners[0]


def names_a_stranger(hidden_question: str, family: Collection[str]) -> bool:
    """Whether the question names somebody we know of who is none of the `family`'s tokens, and no child who is.

    Who was unlinked keeps a token of their own (⟦P1⟧), also where only hashes know the name: what is told of another
    child must not be told of them.
    """
    named = set(_PERSON_TOKEN.findall(hidden_question))
    return bool(named) and named.isdisjoint(family)


def is_given_up(tries: int, asked_at: datetime, now: datetime, *, written: bool) -> bool:
    """Whether a question that was left behind is apologised for instead of answered, at its `tries`-th take.

    One that killed its process at every try is not tried again; one that nobody waits for any more is not begun.
    """
    return tries > MOST_TRIES or (not written and now - asked_at > ANSWERABLE_FOR)


def ownerless_before(now: datetime) -> datetime:
    """A question without an owner is a release's that knows no claims: it is its own for a while."""
    return now - _OWNERLESS_FOR


def question_key(bot_id: int, update_id: int, received_at: datetime) -> str:
    """The idempotency key of the question that an update brings: Telegram draws update ids anew, but not in a day."""
    return f"{bot_id}:{update_id}:{received_at:%Y%m%d}"


def voice_key(bot_id: int, telegram_id: int, message_id: int) -> str:
    """The idempotency key of the question in a voice message, whether it was sent or agreed to be written down."""
    return f"{bot_id}:voice:{telegram_id}:{message_id}"


def may_still_be_read(student_ids: Collection[int], family: FamilyAccess) -> bool:
    """Whether an answer made from the data of these children may be delivered: all of them may be viewed now."""
    return bool(family.children) and set(student_ids) <= {child.student_id for child in family.children}
