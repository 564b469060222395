"""What a parent asks: language, subject, period and child, read from all that they have said so far."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Subject(StrEnum):
    GREETING = "greeting"
    THANKS = "thanks"
    OTHER_CHILDREN = "other_children"
    PROGRESS = "progress"
    TESTS = "tests"
    TOPICS = "topics"
    NEXT_STEPS = "next_steps"
    OFF_TOPIC = "off_topic"


STUDY = {Subject.PROGRESS, Subject.TESTS, Subject.TOPICS, Subject.NEXT_STEPS}


@dataclass(frozen=True, slots=True)
class Question:
    """`span` is week or month, `side` is this, last or before; `children` are tokens such as C1, none means all."""

    language: str
    subject: Subject = Subject.OFF_TOPIC
    span: str | None = None
    side: str | None = None
    children: tuple[str, ...] = ()


def understand(texts: Sequence[str], usual_language: str) -> Question:
    """The last of the texts; what it leaves unsaid is taken from those before it."""
    question = Question(usual_language)
    for text in texts:
        question = _next(question, text)
    return question


def _next(before: Question, text: str) -> Question:
    folded = fold(text)
    subject, span, side = _first(_SUBJECTS, folded), _first(_SPANS, folded), _first(_SIDES, folded)
    continues = subject is None and _continues(folded, span, side)
    if span is None and (continues or _FOLLOW_UP.search(folded)):
        span, side = before.span, side or before.side
    return Question(
        language=_language(folded, before.language),
        subject=_carried_on(before.subject) if continues else Subject(subject or Subject.OFF_TOPIC),
        span=span or (before.span if side is not None else None),
        side=side,
        children=_children(text, folded, before),
    )


def _continues(folded: str, span: str | None, side: str | None) -> bool:
    """Whether a text without a subject of its own goes on with the one before: "and last month?", "⟦C2⟧?"."""
    if span is not None or _TOKEN.search(folded) or side in ("last", "before"):
        return True
    return side is not None and _FOLLOW_UP.search(folded) is not None


def _carried_on(subject: Subject) -> Subject:
    return subject if subject in STUDY else Subject.PROGRESS


def fold(text: str) -> str:
    """Lower case, one apostrophe for the eight that people type, no ё."""
    return re.sub("[ʻʼ‘’`´ʹ′]", "'", text).casefold().replace("ё", "е")


def _children(text: str, folded: str, before: Question) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(_TOKEN.findall(text)))
    return named or (() if _ALL_CHILDREN.search(folded) else before.children)


def _language(folded: str, otherwise: str) -> str:
    plain = _TOKEN.sub("", folded)
    if re.search("[ўқғҳ]", plain):
        return "uz"
    if re.search("[а-я]", plain):
        return "ru"
    uzbek, english = len(_UZBEK.findall(plain)), len(_ENGLISH.findall(plain))
    if uzbek == english:
        return otherwise
    return "uz" if uzbek > english else "en"


def _first(patterns: Mapping[str, re.Pattern[str]], folded: str) -> str | None:
    return next((name for name, pattern in patterns.items() if pattern.search(folded)), None)


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts))


_TOKEN = re.compile(r"⟦([cC]\d+)[^⟧]*⟧")
_ALL_CHILDREN = _any(
    r"\bоб(а|е|оих)\b|\bдет(и|ей|ям)\b", r"\bboth\b|\bchildren\b|\bkids\b", r"ikkal|bolalar|farzandlar"
)
_FOLLOW_UP = _any(r"^\W*(а|и|ну а)\b", r"^\W*(and|what about|how about|then)\b", r"^\W*(va|unda)\b", r"chi\b\W*$")

# The first that fits wins, so what is more special stands first.
_SUBJECTS: Mapping[str, re.Pattern[str]] = {
    Subject.OTHER_CHILDREN: _any(
        r"друг(ие|их|ого|ой|им) (дет|реб|учен)|чужо|одноклассн|сосед|рейтинг|лучше (всех|друг)",
        r"по сравнению с (класс|друг)",
        r"other (child|kid|student|pupil|people)|classmate|someone else's|better than|\brank",
        r"compared (to|with) (the class|other)",
        r"boshqa (bola|o'quvchi|farzand)|sinfdosh|qo'shni|reyting|boshqalar",
    ),
    Subject.TESTS: _any(
        r"тест|контрольн|оцен(к|ок)|балл|результат|экзам",
        r"\btests?\b|\bquiz|\bexam|\bscore|\bgrades?\b|\bmarks?\b|\bresults?\b",
        r"\btest|\bbaho|\bball(ar|i|ni)?\b|natija|nazorat|imtihon",
    ),
    Subject.TOPICS: _any(
        r"\bтем(а|ы|у|е|ой|ам|ах)?\b|сложн|трудн|слаб|сильн|улучш|подтян|(не|хорошо|лучше|хуже) (получ|дает|понима)",
        r"topic|\bhard|difficult|struggl|weak|strong|good at|best at|improv|\beasy",
        r"mavzu|qiyin|kuchli|zaif|\boson|qiynal|tushun|yaxshila",
    ),
    Subject.NEXT_STEPS: _any(
        r"дальше|следующ|план|законч|конч|срок|предсто|впереди|что делать|посовет|рекоменд|помочь|долг|просроч",
        r"\bnext\b|upcoming|\bplan|finish|deadline|\bdue\b|ahead|when will|should (we|i)|recommend|advice|overdue",
        r"keyin|navbat|\breja|qachon|tugat|tugay|muddat|maslahat|tavsiya|yordam|nima qil",
    ),
    Subject.PROGRESS: _any(
        r"прогресс|уче?б|учит|занима|заняти|урок|успе|\bдела\b|\bвремя|времени|сколько|отчет|ребен|доч|\bсын",
        r"как (прошл|идет|идут)|серия|достижен|наград|курс",
        r"progress|stud(y|ie)|learn|lesson|doing|going|\bwent\b|\breport|how (much|many|long)",
        r"child|daughter|\bson\b|\bkid|course|streak|achiev|award|badge",
        r"o'qi|\bdars|o'zlashtir|qancha|\bnecha|vaqt|hisobot|farzand|\bbola|\bqiz|o'g'l|o'tdi|kurs|yutuq|nishon|ishlar",
    ),
    Subject.THANKS: _any(r"спасибо|благодар", r"\bthank|\bthx\b", r"rahmat|tashakkur"),
    Subject.GREETING: _any(
        r"привет|здравств|добр(ый|ое|ого)|салом|салам",
        r"\bhi\b|hello|\bhey\b|good (morning|day|evening)",
        r"salom|xayrli",
    ),
}
_SPANS: Mapping[str, re.Pattern[str]] = {
    "month": _any("месяц", "month", r"\boy(da|ning|i|lik|dagi|da\w*)?\b"),
    "week": _any("недел", "week", "hafta"),
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
    r"|\b(?:va|bilan|uchun|bu|hafta\w*|oy|dars\w*|mavzu\w*|farzand\w*|bola\w*|salom|rahmat|assalomu|alaykum|yaxshi|ha|yo'q)\b"
)
_ENGLISH = re.compile(
    r"\b(?:the|is|are|was|were|did|does|do|how|what|which|when|who|why|my|our|his|her|their|and|about|of|in|on|for|with|to|it"
    r"|week|month|hello|hi|hey|thanks?|you|yes|please|child|children|tests?|topics?|lessons?|good|next|last|this|before|tell|me|a|an|can|could|at|any)\b"
)
