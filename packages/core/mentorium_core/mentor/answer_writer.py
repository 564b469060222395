"""What the model writes, as the parent may read it: sentence by sentence, without links, checked, with names."""

from __future__ import annotations

from copy import copy

from mentorium_core.mentor.answer_check import AnswerCheck
from mentorium_core.mentor.links import LinkRemover
from mentorium_core.mentor.sentences import CLOSING, SentenceBuffer, looks_whole
from mentorium_core.pseudonymisation.restorer import StreamingRestorer
from mentorium_core.pseudonymisation.tokens import Tokens


class UnfitAnswerError(Exception):
    """A sentence says what the data do not: nothing of this answer is shown. `breaches`: what was wrong with it."""

    def __init__(self, breaches: tuple[str, ...]) -> None:
        super().__init__(*breaches)
        self.breaches = breaches


class AnswerWriter:
    """One text of the model's. UnfitAnswerError comes with the first sentence that may not be shown.

    `may_be_a_preamble`: the model may go on to call a tool, and what it says before is nobody's answer: the error
    waits for `finish`, and nothing is shown any more.
    """

    def __init__(self, check: AnswerCheck, tokens: Tokens, fallback: str, *, may_be_a_preamble: bool = False) -> None:
        self._check = check
        self._tokens = tokens
        self._fallback = fallback
        self._links = LinkRemover()
        self._sentences = SentenceBuffer()
        self._last = ""
        """The last character heard since the last silence."""
        self._may_be_a_preamble = may_be_a_preamble
        self._breaches: tuple[str, ...] = ()
        self.text = ""
        """What may be shown for good."""

    def feed(self, piece: str) -> None:
        """The next words; whole sentences go into `text`."""
        if self._breaches:
            return
        self._last = piece[-1:]
        for sentence in self._sentences.feed(self._links.feed(piece)):
            self._take(sentence)

    @property
    def waits_for_silence(self) -> bool:
        """Whether what is held back is most likely a whole sentence, which only silence can tell."""
        return self._last in CLOSING and not self._breaches and looks_whole(self._held())

    def text_in_a_lull(self) -> str:
        """`text` with what is held back, where that may be shown as a sentence; the next words may still change it."""
        self._last = ""
        held = self._held()
        if copy(self._check).breaches(held):
            return self.text
        return self.text + self._restored(held)

    def finish(self, *, is_cut: bool) -> None:
        """The end of the text; of one that was cut, the begun sentence is left out."""
        self._may_be_a_preamble = False
        if self._breaches:
            raise UnfitAnswerError(self._breaches)
        for sentence in self._sentences.feed(self._links.finish()):
            self._take(sentence)
        rest = self._sentences.finish()
        if not is_cut or looks_whole(rest):
            self._take(rest)

    def _held(self) -> str:
        return self._sentences.held + copy(self._links).finish()

    def _take(self, sentence: str) -> None:
        if self._breaches:
            return
        self._breaches = self._check.breaches(sentence)
        if self._breaches and self._may_be_a_preamble:
            self.text = ""
        elif self._breaches:
            raise UnfitAnswerError(self._breaches)
        else:
            self.text += self._restored(sentence)

    def _restored(self, sentence: str) -> str:
        names = StreamingRestorer(self._tokens, self._fallback)
        return names.feed(sentence) + names.finish()
