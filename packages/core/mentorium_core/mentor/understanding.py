"""What a question is about, by its words: which tools answer it where no language model is there to choose them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from mentorium_ai_client import ToolCall
from mentorium_core.i18n import asked_about, fold_apostrophes, question_words
from mentorium_core.mentor.introductions import without_introduction
from mentorium_core.mentor.rules import PeriodName, names_a_stranger
from mentorium_core.pseudonymisation.skeleton import WORD, skeleton, skeletons
from mentorium_core.pseudonymisation.tokens import CLOSE, OPEN
from mentorium_domain.enums import Language

MOST_CALLS: Final = 4
_MOST_SUBJECTS: Final = 2
_FOLLOW_UP_WORDS: Final = 4
_CHILD: Final = re.compile(rf"{OPEN}(C\d+)(?::\w+)?{CLOSE}")
_STRANGER: Final = re.compile(rf"{OPEN}P\d+(?::\w+)?{CLOSE}")
_TOKEN: Final = re.compile(rf"{OPEN}[^{CLOSE}\s]{{1,20}}{CLOSE}")
_MORE_THAN_THANKS: Final = re.compile(rf"[?？؟;\d{OPEN}]")
_BESIDE_SIGNS: Final = r"\s!.+\U0001F3FB-\U0001F3FF\uFE0F\u200D"
_SIGNS: Final = "👍👌🙏🤝👏🙌💪❤♥💙💚💛🧡💜🤍🥰😍😊🙂☺😀😃😄🤗🌹🌷🌺🌸💐🎉🔥💯✅✔🫶🤲"
_SIGN_OF_THANKS: Final = re.compile(rf"[{_BESIDE_SIGNS}]*[{_SIGNS}][{_BESIDE_SIGNS}{_SIGNS}]*")
"""Nothing but thumbs, hearts and flowers, in whatever colour."""
_CLAUSE_END: Final = re.compile(r"[.!,:…()\n]|\s[-–—]+\s")
_THANKED_AFTER: Final = frozenset({"for", "za", "aprekiate", "aprekiated"})
_THANKED_BEFORE: Final = "uchun"
_PERCENT: Final = re.compile(r"\d\s{0,2}(?:%|foiz|фоиз|процент|percent)", re.IGNORECASE)
_TOOLS: Final = {
    "subscription": ("get_subscription",),
    "comments": ("get_comments", "get_progress"),
    "advice": ("get_advice", "get_topics"),
    "tests": ("get_tests",),
    "topics": ("get_topics",),
    "next": ("get_next_steps",),
}
"""The first that is offered; what is more special stands first."""
_ABOUT_A_PERIOD: Final = frozenset({"get_progress", "get_tests"})
_SENTENCES: Final = ("others", "beyond", "team")
_TOPIC: Final = "topic-"
UNKNOWN_NAME: Final = "without-model-which-child"
"""The key of the sentence that asks whom a question means."""


@dataclass(frozen=True, slots=True)
class _SubjectWords:
    """Skeletons, so that one list serves every script; `beginnings` are those of longer words."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]

    @classmethod
    def of(cls, words: Sequence[str]) -> _SubjectWords:
        whole = frozenset(skeleton(word) for word in words if not word.endswith("*"))
        return cls(whole, tuple(skeleton(word[:-1]) for word in words if word.endswith("*")))

    def tell(self, bones: Collection[str]) -> bool:
        return any(bone in self.whole or bone.startswith(self.beginnings) for bone in bones)


_WORDS: Final = {
    subject: _SubjectWords.of([word for language in Language for word in asked_about(language)[subject]])
    for subject in asked_about(Language.EN)
}
_NAMES_TOO: Final = frozenset({"thanked", "thanks-again", "wished"})
_NOBODY: Final = tuple(words for subject, words in _WORDS.items() if subject not in _NAMES_TOO)
"""Words of which none is a name; luck and joy may be."""
_FREQUENT: Final = frozenset(skeleton(word) for language in Language for word in question_words(language))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with its names hidden, taken apart: `bones` are the skeletons of its words."""

    text: str
    words: tuple[str, ...]
    bones: tuple[str, ...]

    @classmethod
    def of(cls, question: str) -> _Asked:
        words = WORD.findall(fold_apostrophes(_TOKEN.sub(" ", question)))
        return cls(question, tuple(words), tuple(skeletons([word.lower() for word in words])))

    @property
    def children(self) -> list[str]:
        return list(dict.fromkeys(_CHILD.findall(self.text)))

    def is_about(self, subject: str) -> bool:
        return _WORDS[subject].tell(self.bones)

    def subjects(self) -> list[str]:
        found = [subject for subject in _TOOLS if self.is_about(subject)]
        return ["tests", *(one for one in found if one != "tests")] if _PERCENT.search(self.text) else found

    def topic(self) -> str | None:
        """The topic of the curriculum whose meaning is asked for."""
        if self.children or not self.is_about("explain"):
            return None
        return next((key[len(_TOPIC) :] for key in _WORDS if key.startswith(_TOPIC) and self.is_about(key)), None)


def sentence_for(question: str) -> str | None:
    """The key of a sentence that answers instead of figures: about other people's children, health, a human or an
    unknown name, or to who asks nothing and says thanks.

    Names that we know are hidden in the question: what stands there as one is nobody's of this family.
    """
    asked = _Asked.of(without_introduction(question))
    if _is_thanks(asked):
        return "without-model-thanks"
    if asked.topic() is not None:
        return None
    if (about := next((one for one in _SENTENCES if asked.is_about(one)), None)) is not None:
        return None if about == "team" and asked.is_about("subscription") else f"without-model-{about}"
    return UNKNOWN_NAME if _is_of_an_unknown_name(asked) else None


def _is_thanks(asked: _Asked) -> bool:
    """`Thank you very much!`, `Понятно, спасибо за поддержку`, a thumb: nothing but that, and no question."""
    if _MORE_THAN_THANKS.search(asked.text):
        return False
    if not asked.words:
        return _SIGN_OF_THANKS.fullmatch(asked.text) is not None
    thanks = asked.is_about("thanks")
    if not (thanks or asked.is_about("agreed")):
        return False
    return all(_thanks_only(_Asked.of(clause), thanks=thanks) for clause in _CLAUSE_END.split(asked.text))


def _thanks_only(clause: _Asked, *, thanks: bool) -> bool:
    """Help and reports are thanked for beside a word that says so; else they are asked for, as is anything again."""
    polite = {"thanks", "agreed", "politely", "wished"} | ({"thanks-again"} if clause.is_about("thanks") else set())
    for place, bone in enumerate(clause.bones):
        if any(_WORDS[subject].tell([bone]) for subject in polite):
            continue
        bound = not _THANKED_AFTER.isdisjoint(clause.bones[:place]) or _THANKED_BEFORE in clause.bones[place:]
        if not (thanks and bound and _WORDS["thanked"].tell([bone])):
            return False
    return True


def asks_of_a_stranger(hidden_question: str, family: Collection[str]) -> bool:
    """As `names_a_stranger`; but who names themselves, a teacher, or who paid, asks of their own child."""
    question = without_introduction(hidden_question)
    return names_a_stranger(question, family) and not _may_name_adults(_Asked.of(question))


def _may_name_adults(asked: _Asked) -> bool:
    return asked.is_about("comments") or asked.is_about("subscription")


def _is_of_an_unknown_name(asked: _Asked) -> bool:
    """`How is Timur doing?`, `Timur qanday oʻqiyapti?`; not where anything else tells what it is about."""
    if asked.children:
        return False
    if _STRANGER.search(asked.text):  # a given name that is nobody's here any more, or never was
        return not _may_name_adults(asked)
    if asked.subjects() or not asked.is_about("how"):
        return False
    for place, (word, bone) in enumerate(zip(asked.words, asked.bones, strict=True)):
        if not word[0].isupper() or bone in _FREQUENT or any(words.tell([bone]) for words in _NOBODY):
            continue
        if place > 0 or _WORDS["how"].tell(asked.bones[1:2]):
            return True
    return False


def calls_for(question: str, covered: Sequence[str], offered: Collection[str], before: str = "") -> list[ToolCall]:
    """The tools to call for a question whose names are hidden, at most `MOST_CALLS`; the week, where it tells nothing.

    Only about the children it names, where it names any: a child that is not `covered` is asked for all the same, and
    the tool says no. What a short question leaves unsaid is taken from the one `before` it.
    """
    asked, earlier = _Asked.of(question), _Asked.of(before)
    if (topic := asked.topic()) is not None and "explain_topic" in offered:
        return [_call("explain_topic", topic=topic)]
    goes_on = len(asked.words) <= _FOLLOW_UP_WORDS
    tools = _tools(asked.subjects() or (earlier.subjects() if goes_on else []), offered)
    children = asked.children or (earlier.children if goes_on else []) or list(covered)
    periods = _periods(asked, at_most=MOST_CALLS // max(1, len(children) * len(tools)))
    calls: list[ToolCall] = []
    for tool in tools:
        if tool == "get_subscription":
            calls.append(_call(tool))
            continue
        for child in children:
            if tool in _ABOUT_A_PERIOD:
                calls += [_call(tool, child=child, period=period.value) for period in periods]
            else:
                calls.append(_call(tool, child=child))
    return calls[:MOST_CALLS]


def _tools(subjects: Sequence[str], offered: Collection[str]) -> list[str]:
    found = [next((tool for tool in _TOOLS[subject] if tool in offered), None) for subject in subjects]
    return list(dict.fromkeys(tool for tool in found if tool is not None))[:_MOST_SUBJECTS] or ["get_progress"]


def _periods(asked: _Asked, at_most: int) -> list[PeriodName]:
    """What is named; else the last finished one, and the one under way where there is room for it.

    Of tests, which are few, the months.
    """
    by_month = asked.is_about("month") or ("tests" in asked.subjects() and not asked.is_about("week"))
    last, this = (
        (PeriodName.LAST_MONTH, PeriodName.THIS_MONTH) if by_month else (PeriodName.LAST_WEEK, PeriodName.THIS_WEEK)
    )
    named = [period for period, word in ((last, "last"), (this, "this")) if asked.is_about(word)]
    usual = [this, last] if by_month else [last, this]
    return (named or usual)[: max(1, at_most)]


def _call(tool: str, **arguments: str) -> ToolCall:
    return ToolCall("", tool, json.dumps(arguments))
