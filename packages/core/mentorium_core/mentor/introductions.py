"""A parent who says who is writing (`Это Лола, как дела у сына?`): that name is not whom they ask about."""

from __future__ import annotations

import re
from typing import Final

from mentorium_core.i18n import fold_apostrophes
from mentorium_core.pseudonymisation.tokens import CLOSE, OPEN

_NAME: Final = (
    rf"(?P<name>{OPEN}P\d+(?::\w+)?{CLOSE}\w{{0,20}}|(?-i:[A-ZА-ЯЁЎҚҒҲ])[^\W\d_]{{1,30}})"
    r"(?:\s+(?-i:[A-ZА-ЯЁЎҚҒҲ])[^\W\d_]{1,30})?"
)
_WHOSE: Final = (
    r"(?:(?:мама|папа|мать|отец|бабушка|дедушка|онаси|отаси|онасиман|onasi|otasi|mom|mum|dad|mother|father|here)"
    r"[\s,:–—-]+)?"
)
_GOES_ON: Final = r"(?=\s*[,.;:!–—-]|\s+(?:va|and|и|ва)\b)"
_SAYS_WHO: Final = re.compile(
    r"\b(?:это|я|бу|мен|bu|men|this\s+is|it[ʻʼ'’]?s|i[ʻʼ'’]?m|i\s+am)[\s,:–—-]+" + _WHOSE + _NAME + _GOES_ON,
    re.IGNORECASE,
)
"""May be said of a child, too, who is asked about next."""
_SURELY_SAYS_WHO: Final = (
    re.compile(
        r"\b(?:меня\s+зовут|мо[её]\s+имя|исмим|ismim|my\s+name(?:\s+is|[ʻʼ'’]?s)|hello,?\s+i[ʻʼ'’]?m|hi,?\s+i[ʻʼ'’]?m"
        r"|(?:^|(?<=[.!?] ))пишет|пишет\s+вам|вас\s+беспокоит)[\s,:–—-]+" + _WHOSE + _NAME + _GOES_ON,
        re.IGNORECASE,
    ),
    re.compile(
        _NAME
        + r"\s+(?:пишет|на\s+связи|здесь|here|speaking|writing|yozyapti|yozyapman|ёзяпти|ёзяпман)(?=\s*[,.;:!–—-])",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:с\s+уважением|заранее\s+спасибо|hurmat\s+bilan|ҳурмат\s+билан|(?:kind|best)?\s*regards|sincerely"
        r"|[.!?\n]\s*[–—-])[\s,:–—-]+" + _NAME + r"\s*[.!]?\s*$",
        re.IGNORECASE,
    ),
)
"""In words that say it of nobody else: who writes, or signs."""
_OWN_CHILD: Final = re.compile(
    r"\b(?:сын|доч|реб[её]н|дет(?:и|ей|ям|ьми)\b|oʻgʻl|ўғл|угл|qiz|қиз|bola|бола|farzand|фарзанд|sons?\b|daughter|child|kids?\b)",
    re.IGNORECASE,
)


def without_introduction(question: str) -> str:
    """The question without the name that its writer goes by.

    Where that may be the name of whom is asked about, only if it asks of a child of theirs all the same.
    """
    folded = fold_apostrophes(question)
    for says_who in _SURELY_SAYS_WHO:
        if says_who.search(folded) is not None:
            return says_who.sub(" ", folded, count=1)
    if not _OWN_CHILD.search(folded):
        return question
    return _SAYS_WHO.sub(" ", folded, count=1)
