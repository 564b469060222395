"""What the handlers may do: the use cases of core, and the services of this app."""

from __future__ import annotations

from dataclasses import dataclass

from mentorium_bot.services.ai_dialog_service import AIDialogService
from mentorium_core.billing.service import StandingSubscription
from mentorium_core.identity.service import ChangeLanguage, CheckContact, CheckLinkCode, GiveConsent, LinkChildren
from mentorium_core.mentor.service import Forget, StoreQuestion
from mentorium_core.reports.service import MakeReport


@dataclass(frozen=True, slots=True)
class UseCases:
    check_link_code: CheckLinkCode
    check_contact: CheckContact
    give_consent: GiveConsent
    link_children: LinkChildren
    change_language: ChangeLanguage
    standing_subscription: StandingSubscription
    make_report: MakeReport
    store_question: StoreQuestion
    forget: Forget
    dialogs: AIDialogService
