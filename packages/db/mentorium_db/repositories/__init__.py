"""One small class a table or two. They never commit and never look at the clock: times come as arguments."""

from mentorium_db.repositories.access_hot_path import AccessHotPathRepository
from mentorium_db.repositories.alert import AlertRepository
from mentorium_db.repositories.card_page_link import CardPageLinkRepository
from mentorium_db.repositories.click_transaction import ClickTransactionRepository
from mentorium_db.repositories.dialog import DialogRepository
from mentorium_db.repositories.email_channel import EmailChannelRepository
from mentorium_db.repositories.email_code import EmailCodeRepository
from mentorium_db.repositories.erase_request import EraseRequestRepository
from mentorium_db.repositories.event_log import EventLogRepository
from mentorium_db.repositories.hot_path import HotPathRepository
from mentorium_db.repositories.identity import ConsentRepository
from mentorium_db.repositories.inbox import InboxRepository
from mentorium_db.repositories.invitation import InvitationRepository
from mentorium_db.repositories.learner import LearnerRepository
from mentorium_db.repositories.ledger import LedgerRepository
from mentorium_db.repositories.lent_right import LentRightRepository
from mentorium_db.repositories.model_budget import ModelBudgetRepository
from mentorium_db.repositories.notice import NoticeRepository
from mentorium_db.repositories.notification import NotificationRepository
from mentorium_db.repositories.notification_settings import NotificationSettingsRepository
from mentorium_db.repositories.order import OrderRepository
from mentorium_db.repositories.paid_broadcast import PaidBroadcastRepository
from mentorium_db.repositories.parent import ParentRepository
from mentorium_db.repositories.payme_transaction import PaymeTransactionRepository
from mentorium_db.repositories.payment import PaymentRepository
from mentorium_db.repositories.personal_data import PersonalDataRepository
from mentorium_db.repositories.platform import PlatformRepository
from mentorium_db.repositories.provider_call import ProviderCallRepository
from mentorium_db.repositories.recovery import RecoveryRepository
from mentorium_db.repositories.refund import RefundRepository
from mentorium_db.repositories.renewal_attempt import RenewalAttemptRepository
from mentorium_db.repositories.report_history import ReportHistoryRepository
from mentorium_db.repositories.report_run import ReportRunRepository
from mentorium_db.repositories.report_shell import ReportShellRepository
from mentorium_db.repositories.retention import RetentionRepository
from mentorium_db.repositories.saved_card import SavedCardRepository
from mentorium_db.repositories.staff_news import StaffNewsRepository
from mentorium_db.repositories.stars_subscription import StarsSubscriptionRepository
from mentorium_db.repositories.subscription import SubscriptionRepository
from mentorium_db.repositories.support_request import SupportRequestRepository
from mentorium_db.repositories.unlink_record import UnlinkRecordRepository

__all__ = [
    "AccessHotPathRepository",
    "AlertRepository",
    "CardPageLinkRepository",
    "ClickTransactionRepository",
    "ConsentRepository",
    "DialogRepository",
    "EmailChannelRepository",
    "EmailCodeRepository",
    "EraseRequestRepository",
    "EventLogRepository",
    "HotPathRepository",
    "InboxRepository",
    "InvitationRepository",
    "LearnerRepository",
    "LedgerRepository",
    "LentRightRepository",
    "ModelBudgetRepository",
    "NoticeRepository",
    "NotificationRepository",
    "NotificationSettingsRepository",
    "OrderRepository",
    "PaidBroadcastRepository",
    "ParentRepository",
    "PaymeTransactionRepository",
    "PaymentRepository",
    "PersonalDataRepository",
    "PlatformRepository",
    "ProviderCallRepository",
    "RecoveryRepository",
    "RefundRepository",
    "RenewalAttemptRepository",
    "ReportHistoryRepository",
    "ReportRunRepository",
    "ReportShellRepository",
    "RetentionRepository",
    "SavedCardRepository",
    "StaffNewsRepository",
    "StarsSubscriptionRepository",
    "SubscriptionRepository",
    "SupportRequestRepository",
    "UnlinkRecordRepository",
]
