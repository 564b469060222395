"""The tables around the eight main ones, a file a subject. Importing this package makes the metadata complete."""

from mentorium_db.tables.billing import SubscriptionGrant
from mentorium_db.tables.identity import CodeAttempt, Consent, GuardianLink, LinkCode, UsedLinkCode
from mentorium_db.tables.invitations import Invitation, JoinRequest
from mentorium_db.tables.outbox import NotificationPicture, ReportRun

__all__ = [
    "CodeAttempt",
    "Consent",
    "GuardianLink",
    "Invitation",
    "JoinRequest",
    "LinkCode",
    "NotificationPicture",
    "ReportRun",
    "SubscriptionGrant",
    "UsedLinkCode",
]
