"""An answer gives no links and no @names: the language model has none to give. What a link is says `guard.links`."""

from __future__ import annotations

import re
from typing import Final

from mentorium_core.guard.links import addresses_with_scheme, link_spans

LONGEST_HELD: Final = 300
_BACKTICKS: Final = re.compile("(`+)")
_SHORTEST_FENCE: Final = 3
# Markdown's links lose their target, and a definition of one its colon, without which it defines nothing.
# None reaches over a further "[": a thousand of them would each be read to the end. The nested go from within.
_MARKDOWN: Final = (
    (re.compile(r"!?\[([^\[\]\n]*)\]\([^)\n]*\)?"), r"\1"),
    (re.compile(r"!?\[([^\[\]\n]+)\]\[[^\]\n]*\]?"), r"\1"),
    (re.compile(r"\[([^\[\]\n]+)\]:[ \t]*<?(?=[^\s<>./:]*[./:])[^\s<>]++>?(?=\s|$)"), r""),
    (re.compile(r"(\[[^\[\]\n]+\]):"), r"\1"),
)
_DEEPEST_NESTED: Final = 4
_AROUND: Final = {"(": ")", "**": "**", "__": "__", "*": "*", "_": "_", "«": "»"}
_WHOLE_BRACKET: Final = re.compile(
    r"\[[^\]\n]*(?:\n|\](?![(\[:]).|\]\n|\]\([^)\n]*[)\n]|\]\[[^\]\n]*[\]\n]|\]:[ \t]*\n?[ \t]*\S+\s)"
)


class LinkRemover:
    """Takes links and @names out of a text while it is being written; holds back the word that is not finished.

    Program code keeps what stands in it, but for what carries a scheme or `www.`
    """

    def __init__(self) -> None:
        self._held = ""
        self._code = ""

    def feed(self, text: str) -> str:
        """What can be shown of everything fed so far and not shown yet."""
        self._held += text
        ready = _finished(self._held)
        shown, self._held = self._held[:ready], self._held[ready:]
        return self._cleaned(shown)

    def finish(self) -> str:
        """The end of what was fed."""
        shown, self._held = self._held, ""
        return self._cleaned(shown)

    def _cleaned(self, text: str) -> str:
        """`_code` are the backticks that have opened the code in which the text begins."""
        cleaned = []
        for number, piece in enumerate(_BACKTICKS.split(text)):
            if number % 2:
                if self._code == piece:
                    self._code = ""
                elif not self._code:
                    self._code = piece
                cleaned.append(piece)
                continue
            before, end_of_line, after = piece.partition("\n")
            if 0 < len(self._code) < _SHORTEST_FENCE and end_of_line:
                cleaned.append(_without_links(before, in_code=True))
                self._code, piece = "", end_of_line + after  # noqa: PLW2901 - code within a line ends with it
            cleaned.append(_without_links(piece, in_code=bool(self._code)))
        return "".join(cleaned)


def without_links(text: str) -> str:
    """The text without links; of a Markdown link its words stay."""
    remover = LinkRemover()
    return remover.feed(text) + remover.finish()


def _without_links(text: str, *, in_code: bool) -> str:
    if in_code:
        spans = list(addresses_with_scheme(text))
    else:
        text = _without_targets(text)
        spans = sorted(link_spans(text))
    kept, at = "", 0
    for start, end in spans:
        if start >= at:
            kept += text[at:start]
        at = max(at, end)
        for mark in _AROUND:  # nothing is left to stand between them
            if kept.endswith(mark) and text.startswith(_AROUND[mark], at):
                kept, at = kept.removesuffix(mark), at + len(_AROUND[mark])
    return kept + text[at:]


def _without_targets(text: str) -> str:
    for _ in range(_DEEPEST_NESTED):
        before = text
        for pattern, replacement in _MARKDOWN:
            text = pattern.sub(replacement, text)
        if text == before:
            break
    return text


def _finished(text: str) -> int:
    """How much of the text no further letter can turn into a link: up to the last space outside brackets."""
    if len(text) > LONGEST_HELD:
        return len(text)
    end = max(text.rfind(mark) for mark in " \n\t") + 1
    bracket = text.rfind("[")
    whole = _WHOLE_BRACKET.match(text, bracket) if bracket >= 0 else None
    if bracket < 0 or (whole is not None and end >= whole.end()):
        return end
    return max(text.rfind(mark, 0, bracket) for mark in " \n\t") + 1
