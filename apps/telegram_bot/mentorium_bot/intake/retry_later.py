"""How the error edge tells the consumer that an update is not over: it is to be handled again by itself."""

from __future__ import annotations


class RetryLaterError(Exception):
    """`reason`: a code for operators. Whoever wrote has been told, where that could be done."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
