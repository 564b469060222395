"""Who a parent is: plain data, and the ways of failing to prove it. Times are aware."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Protocol

from mentorium_domain.enums import Language, LinkSource
from mentorium_kit.errors import RefusedError

CONSENT_VERSION = "2026-11"
CONSENT_TEXT_KEY = "consent-text"
"""The catalogue key of the text that is shown before consent; what is logged is its hash in the parent's language."""
VOICE_CONSENT_VERSION = "2026-11"
VOICE_CONSENT_TEXT_KEY = "spoken-consent"
"""The same of the consent to have voice messages written down."""
_READ_BY_THE_RELEASE_BEFORE: dict[str, Any] = {"students": [], "phone": None}
"""Empty; while both releases run, either may be pressed "Yes" to."""


@dataclass(frozen=True, slots=True)
class ParentView:
    """A Telegram user who has given consent; `registered` once it is known which guardian they are.

    `reachable`: whether their chat takes messages, as far as we have heard. `report_in_doubt`: whether some report may
    not have arrived, and was not offered yet.
    """

    parent_id: int
    telegram_id: int
    language: Language
    registered: bool
    consented: bool
    reachable: bool = True
    report_in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class Child:
    """A child this parent may view at this moment."""

    student_id: int
    display_name: str
    guardian_id: int

    @property
    def first_name(self) -> str:
        return first_name(self.display_name)


@dataclass(frozen=True, slots=True)
class ChildLink:
    """A parent's link with a child, and the guardian on whose rights it stands."""

    guardian_id: int
    student_id: int


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Whose names are a family's secret. `children`: full names, those included whom the parent may no longer view."""

    children: tuple[str, ...]
    guardian_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class LinkClaim:
    """A proof, already checked, that somebody is a guardian.

    `expires_at` is the moment from which it no longer links anybody. `nonce` is the one of a deep link, in hex.
    """

    guardian_id: int
    source: LinkSource
    expires_at: datetime
    nonce: str | None = None
    phone: str | None = None
    email: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """What of a deep link is kept as JSON until consent is given: whose it is, and that it is used once. Of the
        children, and of anybody's name, phone or address, nothing is kept before a yes.
        """
        kept = {"guardian_id": self.guardian_id, "nonce": self.nonce}
        return kept | {
            "source": self.source.value,
            "expires_at": self.expires_at.isoformat(),
            **_READ_BY_THE_RELEASE_BEFORE,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> LinkClaim:
        return cls(
            guardian_id=data["guardian_id"],
            source=LinkSource(data["source"]),
            expires_at=datetime.fromisoformat(data["expires_at"]),
            nonce=data["nonce"],
        )


@dataclass(frozen=True, slots=True)
class RegistrationResult:
    """How the parent stands now. `children` are those the claim linked; empty where there was no claim."""

    parent: ParentView
    children: tuple[Child, ...] = ()


class LinkCodeRefusal(StrEnum):
    MALFORMED = "malformed"
    FORGED = "forged"
    EXPIRED = "expired"
    USED = "used"
    UNKNOWN_GUARDIAN = "unknown_guardian"


class LinkCodeRefusedError(RefusedError):
    """A deep link that links nobody."""

    def __init__(self, reason: LinkCodeRefusal) -> None:
        super().__init__("link_code_refused", reason=reason.value)
        self.reason = reason


class ContactRefusal(StrEnum):
    NOT_OWN = "not_own"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"


class ContactRefusedError(RefusedError):
    """A shared contact that links nobody. `ambiguous`: several guardians have verified this phone."""

    def __init__(self, reason: ContactRefusal) -> None:
        super().__init__("contact_refused", reason=reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class InlinePicture:
    """A picture that the HTML shows as `cid:<name>`; `kind`: png or jpeg."""

    name: str
    kind: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter to one address; `html` says the same as `text`. A POST to `unsubscribe_url` ends letters (RFC 8058)."""

    to: str
    subject: str
    text: str
    html: str
    picture: InlinePicture | None = None
    unsubscribe_url: str | None = None


MAIL_NOT_HANDED_OVER: Final = "mail_not_handed_over"
"""What a CancelledError of `Mailer.send` says where the letter has certainly not been handed over. It is a plain one:
`asyncio.timeout` knows no subclass of it for its own."""


class MailRefusedError(RefusedError):
    """The mail server will never take a letter to this address."""


class MailboxRefusedError(MailRefusedError):
    """It says that it is for the mailbox's sake: there is none, or it takes nothing (RFC 3463, 5.1 and 5.2)."""


class Mailer(Protocol):
    """Whoever carries letters. UnavailableError where the letter was not taken, OutcomeUnknownError where nobody knows.
    MailRefusedError for good; RefusedError for an address that is none.
    """

    async def send(self, mail: Mail) -> None: ...


class EmailRefusal(StrEnum):
    MALFORMED = "malformed"
    TOO_SOON = "too_soon"
    TOO_MANY = "too_many"


class EmailRefusedError(RefusedError):
    """No code for now; `wait` is how long until the next one may be asked for, where that is known."""

    def __init__(self, reason: EmailRefusal, wait: timedelta | None = None) -> None:
        super().__init__("email_refused", reason=reason.value)
        self.reason = reason
        self.wait = wait


class EmailCodeRefusal(StrEnum):
    NONE_AWAITED = "none_awaited"
    WRONG = "wrong"
    BURNED = "burned"
    EXPIRED = "expired"


class EmailCodeRefusedError(RefusedError):
    """What was typed links nobody; `tries_left` where another try is possible."""

    def __init__(self, reason: EmailCodeRefusal, tries_left: int = 0) -> None:
        super().__init__("email_code_refused", reason=reason.value)
        self.reason = reason
        self.tries_left = tries_left


@dataclass(frozen=True, slots=True)
class LinkedChild:
    """A child of the family list; `own` where the parent stands on rights of their own."""

    student_id: int
    first_name: str
    display_name: str
    own: bool


@dataclass(frozen=True, slots=True)
class Guest:
    """An adult whom this parent lets see children. `right_id` names the right by which all of them are taken back.

    `children`: the first names of those that the parent may view now.
    """

    right_id: int
    name: str
    children: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FamilyView:
    children: tuple[LinkedChild, ...]
    may_invite: bool
    guests: tuple[Guest, ...] = ()


@dataclass(frozen=True, slots=True)
class Unlinked:
    """The child that was left. `borrowers` are those who saw it by this parent's leave, and see it no more."""

    child: Child
    borrowers: tuple[ParentView, ...] = ()


@dataclass(frozen=True, slots=True)
class Expelled:
    """The adult, called by the name the lender knows, who has no right of this lender's any more.

    `loses`: whether they see fewer children than a moment ago.
    """

    name: str
    borrower: ParentView
    loses: bool


@dataclass(frozen=True, slots=True)
class Invitation:
    """`payload` is what a deep link to the bot carries."""

    payload: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationClaim:
    """An invitation that was good when it was opened; kept as JSON until consent is given."""

    invitation_id: int

    def to_dict(self) -> dict[str, Any]:
        return {"invitation_id": self.invitation_id}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> InvitationClaim:
        return cls(data["invitation_id"])


class InvitationRefusal(StrEnum):
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"


class InvitationRefusedError(RefusedError):
    """An invitation that brings nobody into the family."""

    def __init__(self, reason: InvitationRefusal) -> None:
        super().__init__("invitation_refused", reason=reason.value)
        self.reason = reason


class InvitationLimitError(RefusedError):
    """Too many invitations are open, or were made today."""

    message_key = "invite-too-many"


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """`name` wants to see these children of `inviter`, who has to say yes or no."""

    id: int
    inviter: ParentView
    name: str
    children: tuple[Child, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """The inviter has answered; `children` are those linked now, none after a no."""

    invitee: ParentView
    name: str
    children: tuple[Child, ...]


def first_name(display_name: str) -> str:
    """The platform writes the first name first."""
    return display_name.split(maxsplit=1)[0] if display_name.strip() else display_name
