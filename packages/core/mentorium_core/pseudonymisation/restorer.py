"""The restorer of a stream: puts names back in place of tokens, however the text is cut into chunks.

Models keep no token as it is: `[C1]`, `⟦ C1 ⟧`, `⟦C1, C2⟧` and a bare `C1` stand for the child, too.
"""

from __future__ import annotations

import re
from typing import Final

from mentorium_core.pseudonymisation.forms import CASES
from mentorium_core.pseudonymisation.tokens import Tokens

LONGEST_HELD: Final = 48
"""In characters: no token is longer, whatever stands around it."""
_OWN_OPENING, _OWN_CLOSING = "⟦〚", "⟧〛"
_OPENING, _CLOSING = _OWN_OPENING + "[{<【⟨", _OWN_CLOSING + "]}>】⟩"
_OPENED: Final = re.compile(rf"\\?[{re.escape(_OPENING)}][\\{re.escape(_OPENING)} ]{{0,15}}")
_PLAIN: Final = re.compile(rf"[^\\{re.escape(_OPENING + _CLOSING)}A-ZСАЕР]+")
_INSIDE: Final = frozenset(" \t\u00a0:_,;/&|.-'ʼ’\\")
_LOOK_ALIKE: Final = str.maketrans("САЕРсаер", "CAEPcaep")
_ITEM: Final = re.compile(
    r"\s?(?P<token>[A-Z][ _-]?\d{1,3})(?!\d)(?:\s?[:|.]\s?(?P<case>[^\W\d_]{1,14}))?", re.IGNORECASE
)
_WRITTEN_CASES: Final = {
    written.translate(_LOOK_ALIKE): case
    for case, beginnings in {
        "nom": "nom им",
        "gen": "gen ро",
        "dat": "dat да",
        "acc": "acc ви",
        "ins": "ins тв",
        "prep": "pre loc пр",
    }.items()
    for written in beginnings.split()
}
"""What the name of a case begins with, as a model may write it: `dative`, `дат`."""
_BETWEEN: Final = re.compile(r"\s?(?:,|;|/|&|\+|и|va|ва|and)\s?(?=[A-Z])", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W_]{1,24}")
_BARE: Final = re.compile(r"[A-Z][0-9]{1,3}(?!\d)")
_BARE_BEGUN: Final = re.compile(r"[ACDENPU][0-9]{0,3}")
_CASE_BEHIND: Final = re.compile(r":([a-z]{3,4})(?![^\W_])")
_CASE_BEGUN: Final = re.compile(r":[a-z]{0,4}")
_LONGEST_BARE: Final = 10
_DATIVE: Final = {"k": "k", "g": "k", "q": "q", "к": "к", "г": "к", "қ": "қ", "ғ": "қ"}
"""What the Uzbek ending -ga begins with behind a name that ends so: Azizbekka."""


class StreamingRestorer:
    """Puts names back while the answer is being written; holds back what may become a token and nothing else.

    A token in our own brackets that stands for nothing becomes `fallback` ("your child"), and so does a child's in any.
    Of our brackets none gets out, nor half a token in them.
    """

    def __init__(self, tokens: Tokens, fallback: str) -> None:
        self._tokens = tokens
        self._fallback = fallback
        self._held = ""
        self._before = ""
        self._closing = 0
        self._last_of_name = ""

    def feed(self, text: str) -> str:
        """What can be shown of everything fed so far and not shown yet."""
        self._held += text
        return self._scan(is_over=False)

    def finish(self) -> str:
        """The end of what was fed."""
        return self._scan(is_over=True)

    def _scan(self, *, is_over: bool) -> str:
        text, at, shown = self._held, 0, []
        while at < len(text):
            step = self._step(text, at, is_over)
            if step is None:
                break
            piece, at = step
            shown.append(piece)
        self._held = text[at:]
        return "".join(shown)

    def _step(self, text: str, at: int, is_over: bool) -> tuple[str, int] | None:
        """What is shown from here on, and where to go on; None where more has to be known."""
        character = text[at]
        closing, self._closing = self._closing, 0
        last_of_name, self._last_of_name = self._last_of_name, ""
        if character in _CLOSING and (closing or character in _OWN_CLOSING):
            self._closing, self._last_of_name = max(closing - 1, 0), last_of_name
            return "", at + 1
        step: tuple[str, int] | None
        if last_of_name and character in "gг":
            step = _dative(text, at, last_of_name, is_over)
        elif (plain := _PLAIN.match(text, at)) is not None:
            step = plain[0], plain.end()
        elif character in _OPENING or character == "\\":
            step = self._bracketed(text, at, is_over)
        elif character not in _CLOSING and not _goes_on(self._before):
            step = self._bare(text, at, is_over)
        else:
            step = character, at + 1
        if step is None:
            self._closing, self._last_of_name = closing, last_of_name
        else:
            self._before = text[step[1] - 1]
        return step

    def _bracketed(self, text: str, at: int, is_over: bool) -> tuple[str, int] | None:
        opened = _OPENED.match(text, at)
        if opened is None:  # a backslash alone
            return None if at + 1 == len(text) and not is_over else (text[at], at + 1)
        ours = any(mark in _OWN_OPENING for mark in opened[0])
        end = opened.end()
        while end < len(text) and end - at < LONGEST_HELD and (text[end].isalnum() or text[end] in _INSIDE):
            end += 1
        body = text[opened.end() : end].translate(_LOOK_ALIKE)
        if not ours and not _may_be_token(body):
            return text[at], at + 1
        if end == len(text) and end - at < LONGEST_HELD and not is_over:
            return None
        is_closed = end < len(text) and text[end] in _CLOSING
        names = self._list(body.rstrip("\\ \t\u00a0"), ours) if is_closed or ours else None
        if names is not None and is_closed:
            self._closing = max(sum(mark in _OPENING for mark in opened[0]) - 1, 0)
            return names, end + 1
        self._last_of_name = ""
        return self._broken(body, opened.end()) if ours else (text[at], at + 1)

    def _broken(self, body: str, start: int) -> tuple[str, int]:
        """Our bracket with something else in it than tokens, or never closed."""
        if (item := _ITEM.match(body)) is not None:
            return self._value(item["token"], item["case"]) or self._fallback, start + item.end()
        word = _WORD.match(body)
        return (self._fallback, start + word.end()) if word is not None else ("", start)

    def _list(self, body: str, ours: bool) -> str | None:
        """The tokens of a bracket as names, with what stands between them; None where it holds something else."""
        at, shown, known = 0, [], ours
        while True:
            item = _ITEM.match(body, at)
            if item is None:
                return None
            value = self._value(item["token"], item["case"])
            known = known or value is not None or item["token"][0] in "Cc"
            shown.append(value or self._fallback)
            if item.end() == len(body):
                return "".join(shown) if known else None
            between = _BETWEEN.match(body, item.end())
            if between is None:
                return None
            shown.append(f"{between[0].rstrip()} ")
            at = between.end()

    def _bare(self, text: str, at: int, is_over: bool) -> tuple[str, int] | None:
        word = text[at : at + _LONGEST_BARE].translate(_LOOK_ALIKE)
        may_go_on = not is_over and at + len(word) == len(text)
        if may_go_on and _BARE_BEGUN.fullmatch(word):
            return None
        token = _BARE.match(word)
        if token is None or self._tokens.value(token[0]) is None:
            return text[at], at + 1
        behind = word[token.end() :]
        if may_go_on and _CASE_BEGUN.fullmatch(behind):
            return None
        case = _CASE_BEHIND.match(behind)
        if case is not None and case[1] in CASES:
            return self._value(token[0], case[1]) or "", at + token.end() + case.end()
        return self._value(token[0], None) or "", at + token.end()

    def _value(self, token: str, case: str | None) -> str | None:
        bare = re.sub("[ _-]", "", token).upper()
        value = self._tokens.value(bare, _case_of(case))
        if value is not None and value[-1:].lower() in _DATIVE and bare[0] in "AC":
            self._last_of_name = value[-1].lower()
        return value


def _case_of(written: str | None) -> str:
    letters = (written or "nom").lower()
    return _WRITTEN_CASES.get(letters[:3]) or _WRITTEN_CASES.get(letters[:2]) or "nom"


def _may_be_token(body: str) -> bool:
    """Whether what stands in a foreign bracket so far may be a token: a letter, then a figure."""
    return not body or (body[0].isascii() and body[0].isalpha() and (len(body) == 1 or body[1] in "0123456789 _-"))


def _dative(text: str, at: int, last_of_name: str, is_over: bool) -> tuple[str, int] | None:
    if at + 1 == len(text) and not is_over:
        return None
    return (_DATIVE[last_of_name] if text[at + 1 : at + 2] in {"a", "а"} else text[at]), at + 1


def _goes_on(before: str) -> bool:
    return before.isalnum() or before == "_"
