"""An answer gives no links and no @names: the language model has none to give."""

from __future__ import annotations

import re

LONGEST_HELD = 300

_DOMAINS = "com|net|org|uz|ru|io|me|info|app|ai|dev"
# In this order: an address holds what looks like a mention, and a mention what looks like a domain.
_REMOVALS = (
    (re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)?"), r"\1"),
    (re.compile(r"<?(?:\w*://|www\.)\S*", re.IGNORECASE), ""),
    (re.compile(r"[\w.+-]{0,64}+@[\w-](?:[\w-]|\.(?=[\w-]))*"), ""),
    (re.compile(rf"\b[\w-](?:[\w-]|\.(?=[\w-]))*\.(?:{_DOMAINS})\b(?:/\S*)?", re.IGNORECASE), ""),
)


class LinkRemover:
    """Takes links and @names out of a text while it is being written; holds back the word that is not finished."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """What can be shown of everything fed so far and not shown yet."""
        self._held += text
        ready = _finished(self._held)
        shown, self._held = self._held[:ready], self._held[ready:]
        return without_links(shown)

    def finish(self) -> str:
        """The end of what was fed."""
        shown, self._held = self._held, ""
        return without_links(shown)


def without_links(text: str) -> str:
    """The text without addresses; of a Markdown link its words stay."""
    for pattern, replacement in _REMOVALS:
        text = pattern.sub(replacement, text)
    return text


def _finished(text: str) -> int:
    """How much of the text no further letter can turn into a link: up to the last space outside brackets."""
    if len(text) > LONGEST_HELD:
        return len(text)
    bracket = text.rfind("[")
    if bracket >= 0 and not re.match(r"\[[^\]\n]*(?:\](?!\()\s|\n)|\[[^\]\n]*\]\([^)\n]*\)\s", text[bracket:]):
        return max(text.rfind(mark, 0, bracket) for mark in " \n\t") + 1
    return max(text.rfind(mark) for mark in " \n\t") + 1
