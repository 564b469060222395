"""What the handlers may do: the use cases of core, and the services of this app."""

from __future__ import annotations

from dataclasses import dataclass

from mentorium_bot.services.activity import Activity
from mentorium_bot.services.ai_dialog_service import AIDialogService
from mentorium_bot.services.email_way import EmailWay
from mentorium_bot.services.telling import Telling
from mentorium_core.billing.service import StandingSubscription
from mentorium_core.identity.family import (
    AnswerJoinRequest,
    AskToJoin,
    CheckInvitation,
    FamilyOf,
    InviteAdult,
    LinkAgain,
    UnlinkChild,
)
from mentorium_core.identity.service import ChangeLanguage, CheckContact, CheckLinkCode, GiveConsent, LinkChildren
from mentorium_core.mentor.service import Forget, StoreQuestion
from mentorium_core.notifications.service import CloseChat, ReopenChat
from mentorium_core.privacy.service import EraseData, ExportData
from mentorium_core.reports.service import MakeReport


@dataclass(frozen=True, slots=True)
class UseCases:
    """`email_way` is None where there is no mail server to send codes by."""

    check_link_code: CheckLinkCode
    check_contact: CheckContact
    email_way: EmailWay | None
    give_consent: GiveConsent
    link_children: LinkChildren
    change_language: ChangeLanguage
    family_of: FamilyOf
    unlink_child: UnlinkChild
    link_again: LinkAgain
    invite_adult: InviteAdult
    check_invitation: CheckInvitation
    ask_to_join: AskToJoin
    answer_join_request: AnswerJoinRequest
    close_chat: CloseChat
    reopen_chat: ReopenChat
    telling: Telling
    standing_subscription: StandingSubscription
    make_report: MakeReport
    store_question: StoreQuestion
    forget: Forget
    dialogs: AIDialogService
    export_data: ExportData
    erase_data: EraseData
    activity: Activity
