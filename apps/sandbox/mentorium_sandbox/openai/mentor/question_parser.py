"""What a parent asks: language, subject, period and child, read from all that they have said so far."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mentorium_sandbox.openai.mentor.names import names_in
from mentorium_sandbox.openai.mentor.subjects import RESULT, STUDY, SUBJECTS, TOPICS, WEEKDAYS, Subject, first_fitting
from mentorium_sandbox.openai.mentor.uzbek import as_meant, is_uzbek_cyrillic


@dataclass(frozen=True, slots=True)
class Question:
    """`span` is week or month, `side` is this, last or before; `children` are tokens such as C1, none means all.

    `topic` is the code of the topic to explain, `weekdays` are numbered from Monday, 0; `of_yesterday` stands for one.
    """

    language: str
    subject: Subject = Subject.OFF_TOPIC
    span: str | None = None
    side: str | None = None
    children: tuple[str, ...] = ()
    topic: str | None = None
    weekdays: tuple[int, ...] = ()
    of_yesterday: bool = False

    def seen_from(self, today: date) -> Question:
        """Yesterday as a day of this week or the last."""
        if not self.of_yesterday:
            return self
        yesterday = today - timedelta(days=1)
        side = "this" if yesterday.weekday() < today.weekday() else "last"
        return replace(self, weekdays=(yesterday.weekday(),), span="week", side=side)


def understand(texts: Sequence[str], usual_language: str) -> Question:
    """The last of the texts; what it leaves unsaid is taken from those before it."""
    question = Question(usual_language)
    for text in texts:
        question = _next(question, text)
    return question


def _next(before: Question, text: str) -> Question:
    folded = fold(text)
    language = _language(folded, before.language)
    if language == "uz":
        folded = as_meant(folded)
    subject, span, side = first_fitting(SUBJECTS, folded), first_fitting(_SPANS, folded), first_fitting(_SIDES, folded)
    subject = _narrowed(Subject(subject) if subject else None, text, folded, before)
    continues = subject is None and _continues(folded, span, side)
    if span is None and (continues or _FOLLOW_UP.search(folded)):
        span, side = before.span, side or before.side
    return Question(
        language=language,
        subject=_carried_on(before.subject) if continues else subject or Subject.OFF_TOPIC,
        span=span or (before.span if side is not None else None),
        side=side,
        children=_children(text, folded, before),
        topic=first_fitting(TOPICS, folded),
        weekdays=tuple(number for number, day in enumerate(WEEKDAYS) if day.search(folded)),
        of_yesterday=subject is Subject.BY_DAY and _YESTERDAY.search(folded) is not None,
    )


def _narrowed(subject: Subject | None, text: str, folded: str, before: Question) -> Subject | None:
    """What the words alone do not tell: whose child is meant, two of the parent's own, a yes to what was offered."""
    tokens = set(_TOKEN.findall(text))
    if (subject is Subject.OTHER_CHILDREN and len(tokens) > 1) or (subject is None and len(tokens) > 1):
        return Subject.COMPARED
    if subject is Subject.YES:
        return Subject.TONIGHT if before.subject in STUDY else Subject.GREETING
    if subject is Subject.GREETING and (tokens or first_fitting(_SPANS, folded)):
        return Subject.PROGRESS
    about_a_child = subject is None or subject in STUDY - {Subject.COMMENTS}
    if about_a_child and not tokens and names_in(_one_apostrophe(text), only_common=subject is None):
        return Subject.UNKNOWN_CHILD
    if subject is Subject.WHY and RESULT.search(folded):
        return Subject.WHY_RESULT
    return subject


def _continues(folded: str, span: str | None, side: str | None) -> bool:
    """Whether a text without a subject of its own goes on with the one before: "and last month?", "⟦C2⟧?", "у неё?"."""
    if span is not None or _TOKEN.search(folded) or side in ("last", "before") or _PRONOUN.search(folded):
        return True
    return side is not None and _FOLLOW_UP.search(folded) is not None


def _carried_on(subject: Subject) -> Subject:
    return subject if subject in STUDY else Subject.PROGRESS


def fold(text: str) -> str:
    """Lower case, one apostrophe for the eight that people type, no ё."""
    return _one_apostrophe(text).casefold().replace("ё", "е")


def _one_apostrophe(text: str) -> str:
    return re.sub("[ʻʼ‘’`´ʹ′]", "'", text)


def _children(text: str, folded: str, before: Question) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(found.upper() for found in _TOKEN.findall(text)))
    return named or (() if _ALL_CHILDREN.search(folded) else before.children)


def _language(folded: str, otherwise: str) -> str:
    plain = _TOKEN.sub("", folded)
    if re.search("[а-яўқғҳ]", plain):
        return "uz" if is_uzbek_cyrillic(plain) else "ru"
    uzbek, english = len(_UZBEK.findall(plain)), len(_ENGLISH.findall(plain))
    if uzbek == english:
        return otherwise
    return "uz" if uzbek > english else "en"


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts))


_TOKEN = re.compile(r"⟦([cC]\d+)[^⟧]*⟧")
_ALL_CHILDREN = _any(
    r"\bоб(а|е|оих)\b|\bдет(и|ей|ям)\b|\bдвоих\b", r"\bboth\b|\bchildren\b|\bkids\b", r"ikkal|ikkov|bolalar|farzandlar"
)
_FOLLOW_UP = _any(r"^\W*(а|и|ну а)\b", r"^\W*(and|what about|how about|then)\b", r"^\W*(va|unda)\b", r"chi\b\W*$")
_PRONOUN = _any(
    r"^\W*(а |и )?у (нее|него|них)\W*$",
    r"^\W*(and )?(her|him|she|he)\W*$",
    r"^\W*(va )?(unga|unda|uniki|u)(-?chi)?\W*$",
)
_YESTERDAY = _any(r"вчера", r"yesterday", r"\bkecha\b")
_SPANS = {
    "month": _any("месяц", "month", r"\boy(da|ning|i|lik|dagi|da\w*)?\b"),
    "week": _any("нед?ел|ниде", "week", "hafta"),
}
_SIDES = {
    "before": _any(
        r"позапрошл|предыдущ|(недел|месяц)\w* (до|раньше|назад)|до (этого|того|нее|него)|перед (этим|ней)|раньше",
        r"(week|month) (before|earlier)|before (that|last)|previous|earlier",
        r"undan (oldin|avval)|avvalgi|oldingi|ilgari",
    ),
    "last": _any("прошл(ая|ой|ую|ый|ом|ого)", r"\blast\b|\bpast\b", "o'tgan"),
    "this": _any(
        r"\bэт(а|у|ой|от|ом|ого)\b|текущ|сейчас|сегодня",
        r"\bthis\b|current|today|so far",
        r"\bbu\b|\bshu\b|hozir|bugun",
    ),
}
_UZBEK = re.compile(
    r"\w*[og]'\w+|\b(?:qa|ne|ni)\w+|\b\w+(?:ning|lar|larning|dagi|yapti|yapman|ymi|mi|chi|siz|dan|gan|im)\b"
    r"|\b(?:va|bilan|uchun|bu|hafta\w*|oy|dars\w*|mavzu\w*|farzand\w*|bola\w*|salom|rahmat|assalomu|alaykum|yaxshi|ha|yo'q"
    r"|obuna\w*|ustoz\w*|kim\w*|oqi\w*|otgan|otdi|kechqurun|oxirgi|keyingi|prompt nima)\b"
)
_ENGLISH = re.compile(
    r"\b(?:the|is|are|was|were|did|does|do|how|what|which|when|who|why|my|our|his|her|their|and|about|of|in|on|for|with|to|it"
    r"|week|month|hello|hi|hey|thanks?|you|yes|please|child|children|tests?|topics?|lessons?|good|next|last|this|before|tell|me|a|an|can|could|at|any)\b"
)
