"""The matrix of rights leaves out no button, command or job through which a child could be seen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from aiogram.filters.callback_data import CallbackData

from mentorium_bot.keyboards import callback_data
from mentorium_bot.keyboards.callback_data import ReportQuestion
from mentorium_bot.routers import MENU
from mentorium_domain.enums import JobKind
from tests.integration.telegram_bot.test_matrix_of_rights import TABLE

ROOT: Final = Path(__file__).parents[3]
SHOWS_NO_CHILD: Final[frozenset[type[CallbackData]]] = frozenset(
    {
        callback_data.ChooseLanguage,
        callback_data.AgreeToVoice,
        callback_data.SwitchSpoken,
        callback_data.SwitchVoice,
        callback_data.SwitchNotice,
        callback_data.SwitchInSettings,
        callback_data.ShowSettings,
        callback_data.OpenReportSettings,
        callback_data.ChooseFrequency,
        callback_data.ChooseWeekday,
        callback_data.ChooseHour,
        callback_data.ChooseTone,
        callback_data.ChooseReportLanguage,
        callback_data.SwitchAI,
        callback_data.ChooseProviderAlone,
        callback_data.RenewWithStars,
        callback_data.ShowEmail,
        callback_data.ChooseEmail,
        callback_data.ChangeAddress,
        callback_data.LeaveSupport,
        callback_data.AnswerErase,
    }
)
"""Buttons of settings, money and one's own account."""
OF_A_CHILD: Final = {
    JobKind.MAKE_REPORTS: "job: a report of the run",
    JobKind.SEND_VOICE: "job: a voice that was asked for",
    JobKind.MAIL_MESSAGE: "core/reports/test_mailed.py::test_the_right_is_judged_when_the_letter_is_sent",
    JobKind.EXPORT_DATA: "core/privacy/test_privacy.py::test_an_export_holds_all_of_ones_own_and_nothing_of_the_other",
}
"""Where each is tried against rights that are gone: a row, or a test of tests/integration."""
OF_NO_CHILD: Final = frozenset(
    {
        JobKind.MAIL_CODE,
        JobKind.MAIL_ADDRESS_CODE,
        JobKind.CHECK_BOOKS,
        JobKind.CHECK_RENEWALS,
        JobKind.REFUND_PAYMENT,
        JobKind.END_RENEWAL,
        JobKind.CLICK_REVERSAL,
        JobKind.CLICK_CHECK,
        JobKind.CLICK_RECEIPT,
        JobKind.RESUME_RENEWAL,
        JobKind.RETURN_STARS,
        JobKind.RECONCILE_STARS,
        JobKind.TELL_STAFF,
        JobKind.TELL_STAFF_NEWS,
        JobKind.CHARGE_CARD,
        JobKind.REMOVE_CARD,
        JobKind.CANCEL_RECEIPT,
        JobKind.END_CARD_RENEWAL,
    }
)
EXPORT: Final = "/export"
"""What it gives is a file: the test of its job, above."""


def reads(kind: type[CallbackData], row: str) -> bool:
    """Whether this class reads the button that a row names."""
    data = row.rpartition(" ")[2].replace("<order>", "mnt234567abcdefg")
    try:
        kind.unpack(re.sub("<[a-z]+>", "7", data))
    except (ValueError, TypeError):
        return False
    return True


def test_every_button_has_a_row_or_shows_no_child() -> None:
    tried = {kind for kind in CallbackData.__subclasses__() for row in TABLE if reads(kind, row)}
    assert tried & SHOWS_NO_CHILD == set()
    assert tried | SHOWS_NO_CHILD == set(CallbackData.__subclasses__())


def test_every_question_about_a_report_has_a_row() -> None:
    assert {f"old report:{question}:<report>" for question in ReportQuestion} <= TABLE.keys()


def test_every_command_has_a_row() -> None:
    assert {row for row in TABLE if re.fullmatch("/[a-z]+", row)} == {f"/{name}" for name in MENU} - {EXPORT}


def test_every_job_has_a_row_or_a_test_or_is_of_no_child() -> None:
    assert set(JobKind) == OF_A_CHILD.keys() | OF_NO_CHILD
    for place in OF_A_CHILD.values():
        file, is_test, name = place.partition("::")
        if is_test:
            assert f"def {name}(" in (ROOT / "tests" / "integration" / file).read_text(encoding="utf-8"), place
        else:
            assert place in TABLE
