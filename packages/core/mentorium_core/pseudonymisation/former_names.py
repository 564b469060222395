"""Names once known, of which keyed hashes are left: they stay hidden although the child is the parent's no more."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Final

from mentorium_core.pseudonymisation.forms import forms_of, is_uzbek_ending
from mentorium_core.pseudonymisation.pet_names import pet_endings, short_names
from mentorium_core.pseudonymisation.skeleton import skeleton

_BYTES: Final = 6
_LONGEST_STEM: Final = 24
_SHORTEST_STEM: Final = 3
_SHORTEST_CUT: Final = 4
_WHOLE, _CUT = "=", "~"
_LETTERS_CUT: Final = 2
_CASE_ENDINGS: Final = (
    "a u e i oi ei iu ia ii om em am ami ah oiu eiu iei ov ev im ih imi ogo omu uiu aia ie ies ium iam iami iah"
)
_RUSSIAN: Final = frozenset(_CASE_ENDINGS.split())


def names_key(secret: bytes, parent_id: int) -> bytes:
    """What the names of one parent's family are hashed with: whoever has the tables alone learns no name."""
    return hashlib.blake2b(f"names {parent_id}".encode(), key=secret[:64], digest_size=32).digest()


def stem_hashes(key: bytes, words: Iterable[str]) -> frozenset[str]:
    """Hashes of the stems by which each of these words of names is known again in any case or ending."""
    return frozenset(_hash(key, kind, stem) for word in words for kind, stem in _stems(word))


class FormerNames:
    """`hashes` are those of `stem_hashes` under the same `key`."""

    def __init__(self, key: bytes, hashes: Collection[str]) -> None:
        self.hashes = frozenset(hashes)
        self._key = key
        self._known: dict[str, bool] = {}

    def stem_of(self, bones: str) -> str | None:
        """The longest stem of a name that the skeleton of a word begins with; None if it is nobody's."""
        if not self.hashes:
            return None
        for length in range(min(len(bones), _LONGEST_STEM), _SHORTEST_STEM - 1, -1):
            stem, ending = bones[:length], bones[length:]
            russian = ending in _RUSSIAN or ending in pet_endings(longer=length >= _SHORTEST_CUT)
            if (not ending or russian or is_uzbek_ending(stem, ending)) and self._is_known(_WHOLE, stem):
                return stem
            if russian and self._is_known(_CUT, stem):
                return stem
        return None

    def _is_known(self, kind: str, stem: str) -> bool:
        asked = kind + stem
        known = self._known.get(asked)
        if known is None:
            known = self._known[asked] = _hash(self._key, kind, stem) in self.hashes
        return known


@lru_cache(maxsize=4096)
def _stems(word: str) -> frozenset[tuple[str, str]]:
    """Whole ones, behind which any ending may stand; and those cut before a Russian ending, which has to follow."""
    name = skeleton(word)
    whole = {name, *short_names(name)}
    cut = {stem for stem in (_without_ending(form, len(name)) for form in forms_of(word)) if stem is not None}
    cut |= {short[:-1] for short in whole if short[-1:] in "ai" and len(short) > _SHORTEST_CUT - 1}
    known = [(_WHOLE, stem) for stem in whole if len(stem) >= _SHORTEST_STEM]
    return frozenset([*known, *((_CUT, stem) for stem in cut - whole)])


def _without_ending(form: str, length: int) -> str | None:
    for at in range(max(length - _LETTERS_CUT, _SHORTEST_CUT - 1), len(form)):
        if form[at:] in _RUSSIAN:
            return form[:at]
    return None


def _hash(key: bytes, kind: str, stem: str) -> str:
    return hashlib.blake2b(f"{kind}{stem}".encode(), key=key, digest_size=_BYTES).hexdigest()
