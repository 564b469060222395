"""One family of errors. Each carries a code for operators and, where a person reads it, the key of a kind sentence.

    MentoriumError
    ├── ConfigurationError        a setting is missing or wrong: the process does not start
    ├── RefusedError              a rule says no; the parent reads `message_key`
    │   ├── NotFoundError
    │   └── AccessDeniedError
    ├── UnavailableError          a server does not answer, or takes nothing now: try again later
    │   └── ConflictError         two at once, and the database chose this one as the loser: nothing was done
    ├── OutcomeUnknownError       the answer to a COMMIT was lost: it may have been done; ask before doing it again
    └── UnitOfWorkError           a programming error: an outside call inside a unit of work

Each edge (update loop, HTTP app, command line) maps the base once; nothing else catches broadly.
"""

from __future__ import annotations

from typing import ClassVar


class MentoriumError(Exception):
    """`code` names the case in logs and metrics; `message_key` is a key of the Fluent catalogues."""

    message_key: ClassVar[str] = "error-unexpected"

    def __init__(self, code: str, **context: object) -> None:
        self.code = code
        self.context = context
        super().__init__(code if not context else f"{code}: " + ", ".join(f"{k}={v}" for k, v in context.items()))


class ConfigurationError(MentoriumError):
    pass


class RefusedError(MentoriumError):
    message_key = "error-refused"


class NotFoundError(RefusedError):
    message_key = "error-not-found"


class AccessDeniedError(RefusedError):
    message_key = "error-access-denied"


class UnavailableError(MentoriumError):
    message_key = "error-unavailable"


class ConflictError(UnavailableError):
    """A serialisation failure or a deadlock. The whole use case may be repeated (`mentorium_kit.retry`)."""


class SchemaUnknownError(UnavailableError):
    """Our own database lacks what this code asks for: a deploy in the wrong order, or a mistake of ours.

    What was asked is kept and tried again, as in any outage; the team is told, since it may not pass by itself.
    """


class OutcomeUnknownError(MentoriumError):
    """Whether the unit of work stands is not known; never to be told as "it did not happen"."""

    message_key = "error-outcome-unknown"


class UnitOfWorkError(MentoriumError):
    pass
