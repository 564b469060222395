"""Uzbek apostrophes: people type eight characters for two letters; we store and show one form."""

from __future__ import annotations

import re

OKINA = "\u02bb"  # the sign in oʻ and gʻ
TUTUQ = "\u02bc"  # tutuq belgisi, as in maʼlumot
_TYPED = "'\u2018\u2019\u02bb\u02bc`\u00b4\u02b9"
_AFTER_O_OR_G = re.compile(f"(?<=[oOgG])[{_TYPED}]")
_AFTER_ANOTHER_LETTER = re.compile(rf"(?<=[^\W\d_oOgG])[{_TYPED}](?=[^\W\d_])")


def fold_apostrophes(text: str) -> str:
    """One form for every apostrophe of an Uzbek text: U+02BB after o and g, U+02BC between other letters.

    Quotation marks, which stand at the edges of words, are left alone.
    """
    return _AFTER_ANOTHER_LETTER.sub(TUTUQ, _AFTER_O_OR_G.sub(OKINA, text))
