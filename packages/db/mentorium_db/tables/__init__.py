"""The tables around the eight main ones, a file a subject. Importing this package makes the metadata complete."""

from mentorium_db.tables.billing import SubscriptionGrant
from mentorium_db.tables.identity import Consent, GuardianLink, UsedLinkCode

__all__ = ["Consent", "GuardianLink", "SubscriptionGrant", "UsedLinkCode"]
