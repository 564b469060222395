"""The callback data of every button: what a press sends, packed by the keyboards and read by the handlers.

The texts are stable handles, whatever the wording or language of a button. What does not fit its class exactly is no
button of ours; its filter lets it pass, and the fallback answers it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Literal

from aiogram.filters.callback_data import CallbackData
from pydantic import AfterValidator, BeforeValidator, Field

from mentorium_domain.enums import EmailWish, Language, ReportFrequency, ReportTone, Tariff
from mentorium_domain.preferences import FIRST_HOUR, LAST_HOUR

_LARGEST_BIGINT: Final = 2**63 - 1
_LARGEST_INTEGER: Final = 2**31 - 1


def _refuse_odd_digits(value: object) -> object:
    """pydantic alone would also read `+1`, ` 1`, `1_0`, `1.0` and the digits of other scripts as numbers."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError("not written in decimal digits")
    return value


def _refuse_night(hour: int) -> int:
    if hour != 0 and not FIRST_HOUR <= hour <= LAST_HOUR:
        raise ValueError("not an hour at which a report may come")
    return hour


PlatformId = Annotated[int, BeforeValidator(_refuse_odd_digits), Field(ge=1, le=_LARGEST_BIGINT)]
RowId = Annotated[int, BeforeValidator(_refuse_odd_digits), Field(ge=1, le=_LARGEST_INTEGER)]
"""The key of one of our own rows."""


class Answer(StrEnum):
    YES = "yes"
    NO = "no"


class Switch(StrEnum):
    ON = "on"
    OFF = "off"


class ReportPeriod(StrEnum):
    WEEK = "week"
    MONTH = "month"


class ChooseLanguage(CallbackData, prefix="lang"):
    """`lang:uz`"""

    language: Language


class AnswerConsent(CallbackData, prefix="consent"):
    """`consent:yes`"""

    answer: Answer


class AgreeToVoice(CallbackData, prefix="consent"):
    """`consent:voice`: voice messages may be written down"""

    what: Literal["voice"]


class SwitchSpoken(CallbackData, prefix="spoken"):
    """`spoken:show`: how it stands, and the other way; `spoken:off`: no voice message is written down any more"""

    action: Literal["show", "off"]


class ChooseChild(CallbackData, prefix="child"):
    """`child:<student_id>`"""

    student_id: PlatformId


class ChooseChildOf(CallbackData, prefix="child"):
    """`child:<student_id>:<report_id>`, under a report: another child, over the period of that one"""

    student_id: PlatformId
    report_id: RowId


class ChoosePeriodOf(CallbackData, prefix="report"):
    """`report:week:<report_id>`, under a report: its child over this period; under older ones the student's id"""

    period: ReportPeriod
    id: PlatformId


class ReportQuestion(StrEnum):
    WHY = "why"
    TONIGHT = "tonight"
    DONE = "done"
    MISSED = "missed"
    """Under the offer of a report: the report itself, as it was kept."""
    PDF = "pdf"
    VOICE = "voice"


class AskOfReport(CallbackData, prefix="report"):
    """`report:why:<report_id>`, under a report"""

    question: ReportQuestion
    report_id: RowId


class SwitchVoice(CallbackData, prefix="voice"):
    """`voice:on`: each report is also said aloud"""

    switch: Switch


class ChoosePeriod(CallbackData, prefix="report"):
    """`report:week`"""

    period: ReportPeriod


class SwitchName(StrEnum):
    """The switches of messages; the words are those of `Preferences`, but for the sounds."""

    ACHIEVEMENT = "achievement"
    REMINDER = "reminder"
    SUBSCRIPTION = "subscription"
    PAYMENT = "payment"


class SettingsPage(StrEnum):
    ALL = "all"
    REPORTS = "reports"


class SwitchNotice(CallbackData, prefix="notify"):
    """`notify:reminder:off`, under such a message; of what is paid for, the sound alone"""

    name: SwitchName
    switch: Switch


class SwitchInSettings(CallbackData, prefix="notify"):
    """`notify:reminder:off:all`, in /settings, where what is chosen then is shown"""

    name: SwitchName
    switch: Switch
    page: Literal[SettingsPage.ALL]


class Switched(StrEnum):
    """All types of messages that have a switch: reports, and those of `SwitchName`."""

    REPORT = "report"
    ACHIEVEMENT = "achievement"
    REMINDER = "reminder"
    SUBSCRIPTION = "subscription"
    PAYMENT = "payment"


class ToggleNotice(CallbackData, prefix="notify"):
    """`notify:report`: off where it is on, and on where it is off"""

    name: Switched


class ShowSettings(CallbackData, prefix="notify"):
    """`notify:reports`"""

    page: SettingsPage


class OpenReportSettings(CallbackData, prefix="notify"):
    """`notify:reports:new`, under a report, which stays as it is"""

    page: Literal[SettingsPage.REPORTS]
    where: Literal["new"]


class ChooseFrequency(CallbackData, prefix="freq"):
    """`freq:weekly`"""

    frequency: ReportFrequency


class ChooseFrequencyBefore(ChooseFrequency, prefix="often"):
    """`often:weekly`, under settings that the release before has shown"""


class ChooseWeekday(CallbackData, prefix="weekday"):
    """`weekday:1`: ISO, 1 is Monday"""

    weekday: Annotated[int, BeforeValidator(_refuse_odd_digits), Field(ge=1, le=7)]


class ChooseHour(CallbackData, prefix="time"):
    """`time:09`; 00: the hours of those who have chosen none"""

    hour: Annotated[int, AfterValidator(_refuse_night), BeforeValidator(_refuse_odd_digits)]

    def pack(self) -> str:
        return f"{self.__prefix__}{self.__separator__}{self.hour:02}"


class ChooseHourBefore(ChooseHour, prefix="hour"):
    """`hour:9`, under settings that the release before has shown"""


class ChooseTone(CallbackData, prefix="tone"):
    """`tone:warm`: how reports speak"""

    tone: ReportTone


class ChooseReportLanguage(CallbackData, prefix="reportlang"):
    """`reportlang:uz`"""

    language: Language


class SwitchAI(CallbackData, prefix="ai"):
    """`ai:off`: no model writes to this parent"""

    switch: Switch


class ChooseTariff(CallbackData, prefix="tariff"):
    """`tariff:monthly`"""

    tariff: Tariff


class PayButton(StrEnum):
    """The providers by their buttons; `ProviderTerms.button` is the same word."""

    STARS = "stars"
    PAYME = "payme"
    CLICK = "click"


class ChooseProvider(CallbackData, prefix="pay"):
    """`pay:stars:monthly`"""

    provider: PayButton
    tariff: Tariff


class ChooseProviderAlone(CallbackData, prefix="pay"):
    """`pay:stars`: of the tariff that its message offers"""

    provider: PayButton


class RenewWithStars(CallbackData, prefix="pay"):
    """`pay:stars:renew`: the monthly tariff, renewed by Telegram"""

    provider: Literal[PayButton.STARS]
    action: Literal["renew"]


class SwitchRenewal(CallbackData, prefix="renew"):
    """`renew:off`"""

    switch: Switch


class RenewByCard(CallbackData, prefix="renew"):
    """`renew:on:monthly`: a card that renews this tariff, another one where a card is saved"""

    switch: Literal[Switch.ON]
    tariff: Tariff


class ShowEmail(CallbackData, prefix="email"):
    """`email:show`: whether reports come by e-mail, and where"""

    action: Literal["show"]


class ChooseEmail(CallbackData, prefix="channel"):
    """`channel:email:on`, `channel:email:off`"""

    channel: Literal["email"]
    switch: Switch

    @property
    def wish(self) -> EmailWish:
        return EmailWish.ALWAYS if self.switch is Switch.ON else EmailWish.OFF


class ChooseEmailForTheCase(CallbackData, prefix="channel"):
    """`channel:email:on:when_blocked`"""

    channel: Literal["email"]
    switch: Literal[Switch.ON]
    wish: Literal[EmailWish.WHEN_BLOCKED]


class ChooseEmailBefore(CallbackData, prefix="email"):
    """`email:always`, `email:when_blocked`, `email:off`, under what the release before has shown"""

    wish: EmailWish


class ChangeAddress(CallbackData, prefix="email"):
    """`email:address`: another one is asked for; `email:leave`: it stays"""

    action: Literal["address", "leave"]


class AskSupport(CallbackData, prefix="support"):
    """`support:<order>`: help with the payment of this order; `support:other`: with anything else about paying"""

    about: Annotated[str, Field(pattern=r"^(mnt[a-z2-7]{13}|other)$")]


class LeaveSupport(CallbackData, prefix="support"):
    """`support:leave`"""

    action: Literal["leave"]


class UnlinkChild(CallbackData, prefix="unlink"):
    """`unlink:<student_id>`"""

    student_id: PlatformId


class UndoUnlink(CallbackData, prefix="unlink"):
    """`unlink:<student_id>:undo`"""

    student_id: PlatformId
    action: Literal["undo"]


class NewInvitation(CallbackData, prefix="invite"):
    """`invite:new`"""

    action: Literal["new"]


class AnswerJoinRequest(CallbackData, prefix="invite"):
    """`invite:yes:<request_id>`"""

    answer: Answer
    request_id: RowId


class ExpelAdult(CallbackData, prefix="expel"):
    """`expel:<right_id>`"""

    right_id: RowId


class AnswerErase(CallbackData, prefix="erase"):
    """`erase:yes`: of the newest request"""

    answer: Answer


class AnswerEraseRequest(CallbackData, prefix="erase"):
    """`erase:yes:<request_id>`"""

    answer: Answer
    request_id: RowId
