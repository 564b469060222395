"""The words that stand in the database. Their values never change; a new word needs a migration."""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    UZ = "uz"
    RU = "ru"
    EN = "en"


class LinkSource(StrEnum):
    """How a parent proved to be the guardian."""

    DEEP_LINK = "deep_link"
    CONTACT = "contact"
    EMAIL = "email"
    INVITATION = "invitation"
    SUPPORT = "support"


class ConsentKind(StrEnum):
    """VOICE: that a voice message goes to the speech service as it is."""

    DATA_PROCESSING = "data_processing"
    VOICE = "voice"


class CodeAttemptKind(StrEnum):
    """What is counted of e-mail codes."""

    REQUEST = "request"
    FAILURE = "failure"


class JoinStatus(StrEnum):
    """How a request to join a family stands."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Tariff(StrEnum):
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    ANNUAL = "annual"


class SubscriptionStatus(StrEnum):
    """ACTIVE includes the days of grace."""

    ACTIVE = "ACTIVE"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"


class EndReason(StrEnum):
    """Why a subscription was CANCELLED."""

    REFUND = "refund"
    OPERATOR = "operator"


class Currency(StrEnum):
    """UZS is counted in tiyin (1/100 of a soum), XTR in whole Stars."""

    UZS = "UZS"
    XTR = "XTR"


class PaymentStatus(StrEnum):
    PENDING = "PENDING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    REFUNDED = "REFUNDED"


class ProviderName(StrEnum):
    TELEGRAM_STARS = "TELEGRAM_STARS"
    PAYME = "PAYME"
    CLICK = "CLICK"


class OrderStatus(StrEnum):
    """PENDING: may be paid until it expires; what a provider has begun by then may be finished."""

    PENDING = "pending"
    PAID = "paid"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


class OrderKind(StrEnum):
    """STARS_SUBSCRIPTION is renewed by Telegram, CARD_RENEWAL is one charge of a saved card by us."""

    ONE_OFF = "one_off"
    STARS_SUBSCRIPTION = "stars_subscription"
    CARD_RENEWAL = "card_renewal"


class LedgerEvent(StrEnum):
    """What an entry of the ledger books: at most one of each a payment."""

    PAYMENT = "payment"
    REFUND = "refund"


class LedgerAccount(StrEnum):
    """CLEARING: what the provider of the entry owes us; REVENUE: what we have earned by it."""

    CLEARING = "clearing"
    REVENUE = "revenue"


class ClickStatus(StrEnum):
    """DUPLICATE: a debit that opens nothing, such as one for an order that was paid already; it is to be reversed."""

    PREPARED = "prepared"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    DUPLICATE = "duplicate"


class RefundStatus(StrEnum):
    """UNKNOWN: the provider was told, its answer was lost; what stands there is asked before it is told again."""

    REQUESTED = "requested"
    UNKNOWN = "unknown"
    DONE = "done"
    FAILED = "failed"


class StarsRenewal(StrEnum):
    """What Telegram will do at the end of the period: charge again (ACTIVE) or not."""

    ACTIVE = "active"
    CANCELLED = "cancelled"
    FAILED = "failed"


class RenewalStatus(StrEnum):
    """One charge of a saved card. UNKNOWN: it may have been debited, and is asked about before anything else."""

    PLANNED = "planned"
    CHARGING = "charging"
    UNKNOWN = "unknown"
    PAID = "paid"
    RETRYING = "retrying"
    STOPPED = "stopped"


class InboxStatus(StrEnum):
    """How a stored update stands. ENDED: handled, refused or dropped, and emptied. SET_ASIDE: nobody takes it."""

    WAITING = "waiting"
    TAKEN = "taken"
    ENDED = "ended"
    SET_ASIDE = "set_aside"


class DialogStatus(StrEnum):
    """The life of a question. WRITTEN: the answer is there and not delivered yet; ANSWERED: it is delivered."""

    PENDING = "pending"
    ANSWERING = "answering"
    WRITTEN = "written"
    ANSWERED = "answered"
    FAILED = "failed"
    STOPPED = "stopped"


class NotificationType(StrEnum):
    REPORT = "REPORT"
    SUBSCRIPTION = "SUBSCRIPTION"
    ACHIEVEMENT = "ACHIEVEMENT"
    REMINDER = "REMINDER"
    PAYMENT = "PAYMENT"


class Notice(StrEnum):
    """What a message is about, finer than its type; `notifications.notice`. The policy of each stands in core."""

    REPORT_WEEKLY = "report_weekly"
    REPORT_MONTHLY = "report_monthly"
    REPORT_OFFER = "report_offer"
    """That a report was missed, told to who is back: asked for as good as by themselves."""
    SUBSCRIPTION_ENDS = "subscription_ends"
    SUBSCRIPTION_GRACE = "subscription_grace"
    SUBSCRIPTION_RENEWED = "subscription_renewed"
    SUBSCRIPTION_CAUSED = "subscription_caused"
    """The parent or an operator has done something to it."""
    ACHIEVEMENT_COURSE = "achievement_course"
    ACHIEVEMENT_DAY = "achievement_day"
    """Tests without a mistake and milestones: what a day has brought is told in one message."""
    REMINDER_IDLE = "reminder_idle"
    REMINDER_MATERIALS = "reminder_materials"
    REMINDER_COMMENT = "reminder_comment"
    REMINDER_DUE = "reminder_due"
    PAYMENT = "payment"


class AlertKind(StrEnum):
    """What happened to a child between two reports, or did not."""

    COURSE_FINISHED = "course_finished"
    FULL_SCORE = "full_score"
    MILESTONE = "milestone"
    """A quarter, half or three quarters of a course."""
    AWARD = "award"
    COMMENT = "comment"
    MATERIAL = "material"
    DUE = "due"
    IDLE = "idle"


class AlertOutcome(StrEnum):
    """What became of an alert: in a message, left to the next report, or told to nobody."""

    TOLD = "told"
    FOLDED = "folded"
    NOT_WANTED = "not_wanted"
    """Switched off, not covered by a subscription, or the parent may not view the child."""
    STOPPED = "stopped"
    """Too many children turned idle on one day: the platform's feed is doubted."""


class ReportFrequency(StrEnum):
    """Which of the scheduled reports a parent wants; OFF is the switch of REPORT."""

    BOTH = "both"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    OFF = "off"


class ReportTone(StrEnum):
    """How a report speaks to its parent."""

    WARM = "warm"
    NEUTRAL = "neutral"
    BRIEF = "brief"


class ChatState(StrEnum):
    """Whether the chat with a parent takes messages: BLOCKED until they come back."""

    OPEN = "open"
    BLOCKED = "blocked"


class JobKind(StrEnum):
    """What the worker is asked to do besides sending messages; the names of pgqueuer's entrypoints."""

    MAIL_CODE = "mail_code"
    MAIL_ADDRESS_CODE = "mail_address_code"
    MAIL_MESSAGE = "mail_message"
    MAKE_REPORTS = "make_reports"
    EXPORT_DATA = "export_data"
    SEND_VOICE = "send_voice"
    CHECK_BOOKS = "check_books"
    CHECK_RENEWALS = "check_renewals"
    REFUND_PAYMENT = "refund_payment"
    END_RENEWAL = "end_renewal"
    CLICK_REVERSAL = "click_reversal"
    CLICK_CHECK = "click_check"
    CLICK_RECEIPT = "click_receipt"
    RESUME_RENEWAL = "resume_renewal"
    RETURN_STARS = "return_stars"
    RECONCILE_STARS = "reconcile_stars"
    TELL_STAFF = "tell_staff"
    TELL_STAFF_NEWS = "tell_staff_news"
    CHARGE_CARD = "charge_card"
    REMOVE_CARD = "remove_card"
    CANCEL_RECEIPT = "cancel_receipt"
    END_CARD_RENEWAL = "end_card_renewal"


class WebhookStatus(StrEnum):
    """What became of a call to one of our webhooks; the metric's word.

    REFUSED: of a stranger, or nothing that its provider would send. FAILED: to be made again. ABANDONED: its caller
    has hung up.
    """

    ANSWERED = "answered"
    REFUSED = "refused"
    FAILED = "failed"
    ABANDONED = "abandoned"


class CrisisKind(StrEnum):
    """What somebody's words speak of. DESPAIR: nobody says whose; FLAGGED: the moderation endpoint's doubt alone."""

    OWN_DESPAIR = "own_despair"
    CHILD_DESPAIR = "child_despair"
    DESPAIR = "despair"
    DANGER = "danger"
    FLAGGED = "flagged"


class CrisisSource(StrEnum):
    """Who has noticed it."""

    LEXICON = "lexicon"
    MODERATION = "moderation"


class EmailWish(StrEnum):
    """Which letters a parent wants: all reports, or only what no longer reaches the chat."""

    ALWAYS = "always"
    WHEN_BLOCKED = "when_blocked"
    OFF = "off"


class AddressSource(StrEnum):
    """Who knows that the address is the parent's: the platform, or a code that was mailed there."""

    PLATFORM = "platform"
    CODE = "code"


class EmailOff(StrEnum):
    """Why there are no more letters. ADDRESS_GONE: it is the parent's on the platform no more."""

    PARENT = "parent"
    UNSUBSCRIBED = "unsubscribed"
    REFUSED = "refused"
    ADDRESS_GONE = "address_gone"


class EmailStatus(StrEnum):
    """UNKNOWN: it was handed over, and no answer came back; it is not sent again."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    EXPIRED = "expired"


class DeliveryStatus(StrEnum):
    """UNKNOWN: Telegram may have taken the message, its answer was lost. SKIPPED: nobody could be reached."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class ReportType(StrEnum):
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    ON_DEMAND = "ON_DEMAND"


class ModelPurpose(StrEnum):
    """What the language model is asked for: each purpose has a budget of its own."""

    CHAT = "chat"
    REPORT = "report"


class EventType(StrEnum):
    USER_ACTION = "USER_ACTION"
    PAYMENT = "PAYMENT"
    ERROR = "ERROR"
    SYSTEM = "SYSTEM"


class Severity(StrEnum):
    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"
    CRITICAL = "CRITICAL"
