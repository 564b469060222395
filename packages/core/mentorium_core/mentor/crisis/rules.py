"""Whether a text speaks of despair or danger, by the words alone: pure functions, no server, no model."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise
from typing import Final

from mentorium_core.mentor.crisis.lexicon import lexicon
from mentorium_core.mentor.crisis.model import CrisisSign
from mentorium_core.mentor.crisis.spelling import parts_of, spellings, with_letters, words_of
from mentorium_domain.enums import CrisisKind, CrisisSource, Language

LONGEST_READ: Final = 8_000
"""In characters: more than a message of Telegram holds."""
_ALONE: Final = frozenset({"kms"})
"""Despair where it is all that is said; among other words kilometres, and spelt like CMS, which children build with."""
_ALL_SAID: Final = re.compile(r"kms|(?:men|mani|mening|juda|rosa|bugun|hozir)*olgimke(?:l|vot)\w{1,8}")
"""Likewise, without its apostrophe, that one would like to die: with an object before it, to take or to buy."""
_MEASURED: Final = re.compile(r"\b(?:cms|кмс)\b|(?<![\w.,])(?!2\b)\d[\d.,]*\s*kms\b", re.IGNORECASE)
"""Websites, candidates for master of sport and so many kilometres; but "2" is written for "to"."""
_TWO_KMS: Final = re.compile(
    r"\b(wan+a|want|wants|gon+a|gunna|going|need|needs|about|ready|trying|tryna|tempted|rather|like|have|has|gotta|id)?"
    r"(\s*\b2\s*kms\b)",
    re.IGNORECASE,
)
_DISTANCE: Final = re.compile(r"\b(?:miles?|conver\w+|met(?:re|er)s?|distance|kilomet\w+|kmh?|units?)\b", re.IGNORECASE)
_KMS: Final = re.compile(r"\bkms\b", re.IGNORECASE)
_LONG: Final = re.compile(r"[A-Za-z0-9_-]{24,}")
"""No word: a code, a key, a part of an address."""
_PAYLOAD: Final = re.compile(r"(?:^/start(?:@\w{1,32})?[ ]+|[?&]start(?:app)?=)[A-Za-z0-9_-]{1,64}(?![\w-])")
"""What a link to the bot carries is its code, whatever it spells."""
_LETTERS: Final = re.compile(r"[A-Za-z]+")
_OF_A_WORD: Final = re.compile(r"[A-Z]?[a-z]*|[A-Z]+")
_MOST_OF_NO_WORD: Final = 1 / 3
_SHORTEST_ALTERNATING: Final = 3
_FEWEST_JOINED: Final = 2
_SHORTEST_PART: Final = 3
_MOST_OF_JOINED: Final = 2 / 3
_SELF_HARM: Final = "self-harm"
_DANGER: Final = frozenset(
    {"violence", "violence/graphic", "harassment/threatening", "hate/threatening", "illicit/violent", "sexual/minors"}
)
_HARMS_NOBODY: Final = frozenset({"harassment", "hate", "sexual", "illicit"})
"""What who swears at us, or asks of what we do not speak of, is flagged for: a question that the model may decline."""


def load_lexicons() -> None:
    """Read the files now, which takes a tenth of a second; else the first text does."""
    for language in Language:
        lexicon(language)


def find_crisis(text: str) -> CrisisSign | None:
    """What the lexicons of all languages find in a text; a parent may write in any of them, in either script."""
    plain = _unmeasured(_without_codes(text[:LONGEST_READ]))
    lettered = with_letters(plain)
    found = _found(plain) | (_found(lettered) if lettered != plain else set())
    kind = _kind(found)
    return CrisisSign(kind, CrisisSource.LEXICON) if kind is not None else None


def _unmeasured(text: str) -> str:
    """Without kilometres: so many of them, two of them that nobody wants to, and those of distances."""
    text = _TWO_KMS.sub(lambda found: found[0] if found[1] else " ", _MEASURED.sub(" ", text))
    return _KMS.sub(" ", text) if _DISTANCE.search(text) else text


def _found(text: str) -> set[str]:
    words = words_of(text)
    alone = bool(_ALL_SAID.fullmatch("".join(words))) or ({word for word in words if word} <= _ALONE and any(words))
    found = {"despair"} if alone else set[str]()
    for language in Language:
        here = lexicon(language).groups(spellings(words, language))
        if "own" in here and here & {"says", "others"}:
            here = (here - {"own"}) | {"child" if "says" in here else "despair"}
        found |= here
    return found


def _without_codes(text: str) -> str:
    """Nobody has written what a link's code spells: of random letters one in a thousand has three of despair."""
    return _LONG.sub(lambda found: " " if _is_random(found[0]) else found[0], _PAYLOAD.sub(" ", text))


def _is_random(code: str) -> bool:
    """Words that somebody has joined by signs are none, whatever digits and capitals are among them."""
    kinds = (str.isdigit, str.isupper, str.islower)
    runs = _LETTERS.findall(code)
    of_no_word = sum(len(run) for run in runs if not _is_of_words(run))
    return all(any(map(is_of, code)) for is_of in kinds) and of_no_word > _MOST_OF_NO_WORD * sum(map(len, runs))


def _is_of_words(run: str) -> bool:
    """`want`, `WANT`, `IWantTo`, `wAnT`: random letters are seldom written so."""
    return bool(_OF_A_WORD.fullmatch(run)) or _is_joined(run) or _alternates(run)


def _is_joined(run: str) -> bool:
    parts = parts_of(run)
    of_words = [len(part) for part in parts if len(part) >= _SHORTEST_PART]
    return len(of_words) >= _FEWEST_JOINED and sum(of_words) >= _MOST_OF_JOINED * len(run)


def _alternates(run: str) -> bool:
    return len(run) >= _SHORTEST_ALTERNATING and all(a.isupper() != b.isupper() for a, b in pairwise(run))


def _kind(found: Collection[str]) -> CrisisKind | None:
    """Whose it is said to be; where that is in doubt, nobody's, so that the answer fits both."""
    if "own" in found:
        return CrisisKind.OWN_DESPAIR
    if "despair" in found or "child" in found:
        return CrisisKind.CHILD_DESPAIR if "child" in found else CrisisKind.DESPAIR
    return CrisisKind.DANGER if "danger" in found else None


def sign_of_categories(flagged: Collection[str]) -> CrisisSign | None:
    """What the moderation endpoint's flagged categories come to; None where they are none, or of nobody's harm.

    A category that we do not know holds back as a doubt.
    """
    if not set(flagged) - _HARMS_NOBODY:
        return None
    if any(category.partition("/")[0] == _SELF_HARM for category in flagged):
        kind = CrisisKind.DESPAIR
    else:
        kind = CrisisKind.DANGER if _DANGER & set(flagged) else CrisisKind.FLAGGED
    return CrisisSign(kind, CrisisSource.MODERATION)
