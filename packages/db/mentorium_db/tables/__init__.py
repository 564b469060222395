"""The tables around the eight main ones, a file a subject. Importing this package makes the metadata complete."""

from mentorium_db.tables.alerts import Alert, AlertCheck, FeedCursor
from mentorium_db.tables.billing import LedgerEntry, Order, Refund, SubscriptionGrant, SupportRequest
from mentorium_db.tables.email_channel import EmailChannel, EmailMessage
from mentorium_db.tables.identity import CodeAttempt, Consent, EmailCode, GuardianLink, UsedLinkCode
from mentorium_db.tables.inbox import InboxUpdate, WebhookRegistrationRow
from mentorium_db.tables.invitations import InvitationRow, JoinRequestRow
from mentorium_db.tables.model_budget import AIDailyUsage, AIParentUsage
from mentorium_db.tables.notification_settings import NotificationSettings
from mentorium_db.tables.outbox import NotificationPicture, ReportRun
from mentorium_db.tables.payments import ClickTransaction, PaymeTransaction, ProviderCall, StarsSubscription
from mentorium_db.tables.privacy import EraseRequest
from mentorium_db.tables.renewal import CardPageLink, RenewalAttempt, SavedCard
from mentorium_db.tables.report_runs import PaidBroadcast, PeriodRun, PeriodRunBatch, ReportShellRow
from mentorium_db.tables.rights import LentRight, UnlinkRecord
from mentorium_db.tables.staff import StaffNews

__all__ = [
    "AIDailyUsage",
    "AIParentUsage",
    "Alert",
    "AlertCheck",
    "CardPageLink",
    "ClickTransaction",
    "CodeAttempt",
    "Consent",
    "EmailChannel",
    "EmailCode",
    "EmailMessage",
    "EraseRequest",
    "FeedCursor",
    "GuardianLink",
    "InboxUpdate",
    "InvitationRow",
    "JoinRequestRow",
    "LedgerEntry",
    "LentRight",
    "NotificationPicture",
    "NotificationSettings",
    "Order",
    "PaidBroadcast",
    "PaymeTransaction",
    "PeriodRun",
    "PeriodRunBatch",
    "ProviderCall",
    "Refund",
    "RenewalAttempt",
    "ReportRun",
    "ReportShellRow",
    "SavedCard",
    "StaffNews",
    "StarsSubscription",
    "SubscriptionGrant",
    "SupportRequest",
    "UnlinkRecord",
    "UsedLinkCode",
    "WebhookRegistrationRow",
]
