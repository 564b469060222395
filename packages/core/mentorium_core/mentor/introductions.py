"""A parent who says who is writing (`Это Лола, как дела у сына?`): that name is not whom they ask about."""

from __future__ import annotations

import re
from typing import Final

from mentorium_core.i18n import fold_apostrophes
from mentorium_core.pseudonymisation.tokens import CLOSE, OPEN

_SAYS_WHO: Final = re.compile(
    r"\b(?:это|я|меня\s+зовут|моё\s+имя|мое\s+имя|бу|мен|исмим|bu|men|ismim|this\s+is|i[ʻʼ'’]?m|i\s+am|my\s+name\s+is)"
    r"[\s,:–—-]+(?:(?:мама|папа|мать|отец|бабушка|дедушка|онаси|отаси|онасиман|onasi|otasi|mom|mum|dad|mother|father"
    r"|here)[\s,:–—-]+)?"
    rf"(?P<name>{OPEN}P\d+(?::\w+)?{CLOSE}\w{{0,20}}|(?-i:[A-ZА-ЯЁЎҚҒҲ])[^\W\d_]{{1,30}})"
    r"(?:\s+(?-i:[A-ZА-ЯЁЎҚҒҲ])[^\W\d_]{1,30})?(?=\s*[,.;:!–—-]|\s+(?:va|and|и|ва)\b)",
    re.IGNORECASE,
)
_OWN_CHILD: Final = re.compile(
    r"\b(?:сын|доч|реб[её]н|дет(?:и|ей|ям|ьми)\b|oʻgʻl|ўғл|угл|qiz|қиз|bola|бола|farzand|фарзанд|sons?\b|daughter|child|kids?\b)",
    re.IGNORECASE,
)


def without_introduction(question: str) -> str:
    """The question without the name that its writer goes by, where it asks of a child of theirs all the same."""
    folded = fold_apostrophes(question)
    if not _OWN_CHILD.search(folded):
        return question
    return _SAYS_WHO.sub(" ", folded, count=1)
