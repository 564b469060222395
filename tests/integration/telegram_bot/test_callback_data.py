"""Callback data are stable handles: the text of each button is pinned here, and nothing else is read as one."""

from __future__ import annotations

from enum import EnumType
from typing import Any

import pytest
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, User
from hypothesis import given
from hypothesis import strategies as st

from mentorium_bot.keyboards import callback_data
from mentorium_bot.keyboards.callback_data import (
    AgreeToVoice,
    Answer,
    AnswerConsent,
    AnswerErase,
    AnswerEraseRequest,
    AnswerJoinRequest,
    AskOfReport,
    AskSupport,
    ChangeAddress,
    ChooseChild,
    ChooseChildOf,
    ChooseEmail,
    ChooseEmailBefore,
    ChooseEmailForTheCase,
    ChooseFrequency,
    ChooseHour,
    ChooseLanguage,
    ChoosePeriod,
    ChoosePeriodOf,
    ChooseProvider,
    ChooseProviderAlone,
    ChooseReportLanguage,
    ChooseTariff,
    ChooseTone,
    ChooseWeekday,
    ExpelAdult,
    LeaveSupport,
    NewInvitation,
    OpenReportSettings,
    PayButton,
    RenewByCard,
    RenewWithStars,
    ReportPeriod,
    ReportQuestion,
    SettingsPage,
    ShowEmail,
    ShowSettings,
    Switch,
    SwitchAI,
    Switched,
    SwitchInSettings,
    SwitchName,
    SwitchNotice,
    SwitchRenewal,
    SwitchSpoken,
    SwitchVoice,
    ToggleNotice,
    UndoUnlink,
    UnlinkChild,
)
from mentorium_domain.enums import EmailWish, Language, ReportFrequency, ReportTone, Tariff

LARGEST = 2**63 - 1
CLASSES = CallbackData.__subclasses__()
HANDLES: list[tuple[CallbackData, str]] = [
    *[(ChooseLanguage(language=language), f"lang:{language.value}") for language in Language],
    (AnswerConsent(answer=Answer.YES), "consent:yes"),
    (AnswerConsent(answer=Answer.NO), "consent:no"),
    (AgreeToVoice(what="voice"), "consent:voice"),
    (SwitchSpoken(action="show"), "spoken:show"),
    (SwitchSpoken(action="off"), "spoken:off"),
    (ChooseChild(student_id=LARGEST), f"child:{LARGEST}"),
    (ChooseTariff(tariff=Tariff.MONTHLY), "tariff:monthly"),
    (ChooseTariff(tariff=Tariff.QUARTERLY), "tariff:quarterly"),
    (ChooseTariff(tariff=Tariff.ANNUAL), "tariff:annual"),
    *[(ChooseProviderAlone(provider=provider), f"pay:{provider}") for provider in PayButton],
    *[
        (ChooseProvider(provider=provider, tariff=tariff), f"pay:{provider}:{tariff}")
        for provider in PayButton
        for tariff in Tariff
    ],
    (RenewWithStars(provider=PayButton.STARS, action="renew"), "pay:stars:renew"),
    (SwitchRenewal(switch=Switch.ON), "renew:on"),
    (SwitchRenewal(switch=Switch.OFF), "renew:off"),
    *[(RenewByCard(switch=Switch.ON, tariff=tariff), f"renew:on:{tariff}") for tariff in Tariff],
    (AskSupport(about="mnt234567abcdefg"), "support:mnt234567abcdefg"),
    (AskSupport(about="other"), "support:other"),
    (LeaveSupport(action="leave"), "support:leave"),
    (ChoosePeriod(period=ReportPeriod.WEEK), "report:week"),
    (ChoosePeriod(period=ReportPeriod.MONTH), "report:month"),
    (ChoosePeriodOf(period=ReportPeriod.MONTH, id=LARGEST), f"report:month:{LARGEST}"),
    (ChoosePeriodOf(period=ReportPeriod.WEEK, id=7), "report:week:7"),
    (ChooseChildOf(student_id=LARGEST, report_id=7), f"child:{LARGEST}:7"),
    (AskOfReport(question=ReportQuestion.WHY, report_id=7), "report:why:7"),
    (AskOfReport(question=ReportQuestion.TONIGHT, report_id=7), "report:tonight:7"),
    (AskOfReport(question=ReportQuestion.DONE, report_id=7), "report:done:7"),
    (AskOfReport(question=ReportQuestion.MISSED, report_id=7), "report:missed:7"),
    (SwitchNotice(name=SwitchName.REMINDER, switch=Switch.OFF), "notify:reminder:off"),
    (SwitchNotice(name=SwitchName.ACHIEVEMENT, switch=Switch.ON), "notify:achievement:on"),
    (SwitchNotice(name=SwitchName.SUBSCRIPTION, switch=Switch.OFF), "notify:subscription:off"),
    (SwitchNotice(name=SwitchName.PAYMENT, switch=Switch.OFF), "notify:payment:off"),
    *[
        (SwitchInSettings(name=name, switch=Switch.ON, page=SettingsPage.ALL), f"notify:{name}:on:all")
        for name in SwitchName
    ],
    (
        SwitchInSettings(name=SwitchName.PAYMENT, switch=Switch.OFF, page=SettingsPage.ALL),
        "notify:payment:off:all",
    ),
    *[(ShowSettings(page=page), f"notify:{page}") for page in SettingsPage],
    (OpenReportSettings(page=SettingsPage.REPORTS, where="new"), "notify:reports:new"),
    *[(ChooseFrequency(frequency=frequency), f"freq:{frequency}") for frequency in ReportFrequency],
    (ChooseWeekday(weekday=7), "weekday:7"),
    (ChooseHour(hour=0), "time:00"),
    *[(ChooseHour(hour=hour), f"time:{hour:02}") for hour in range(8, 21)],
    (AskOfReport(question=ReportQuestion.PDF, report_id=7), "report:pdf:7"),
    *[(SwitchAI(switch=switch), f"ai:{switch}") for switch in Switch],
    *[(ChooseTone(tone=tone), f"tone:{tone}") for tone in ReportTone],
    *[(ChooseReportLanguage(language=language), f"reportlang:{language}") for language in Language],
    *[(SwitchVoice(switch=switch), f"voice:{switch}") for switch in Switch],
    (AskOfReport(question=ReportQuestion.VOICE, report_id=7), "report:voice:7"),
    (ShowEmail(action="show"), "email:show"),
    *[(ChooseEmail(channel="email", switch=switch), f"channel:email:{switch}") for switch in Switch],
    (
        ChooseEmailForTheCase(channel="email", switch=Switch.ON, wish=EmailWish.WHEN_BLOCKED),
        "channel:email:on:when_blocked",
    ),
    *[(ChooseEmailBefore(wish=wish), f"email:{wish}") for wish in EmailWish],
    *[(ToggleNotice(name=name), f"notify:{name}") for name in Switched],
    (ChangeAddress(action="address"), "email:address"),
    (ChangeAddress(action="leave"), "email:leave"),
    (NewInvitation(action="new"), "invite:new"),
    (AnswerJoinRequest(answer=Answer.YES, request_id=7), "invite:yes:7"),
    (AnswerJoinRequest(answer=Answer.NO, request_id=7), "invite:no:7"),
    (UnlinkChild(student_id=42), "unlink:42"),
    (UndoUnlink(student_id=42, action="undo"), "unlink:42:undo"),
    (AnswerErase(answer=Answer.YES), "erase:yes"),
    (AnswerErase(answer=Answer.NO), "erase:no"),
    (AnswerEraseRequest(answer=Answer.YES, request_id=7), "erase:yes:7"),
    (AnswerEraseRequest(answer=Answer.NO, request_id=7), "erase:no:7"),
    (ExpelAdult(right_id=7), "expel:7"),
]
ODD_IDS = ("0", "-1", "+1", " 1", "1 ", "1_0", "1.0", "1e3", "0x1", "", "a", "١٢", "１２", "²", "\u0663", "9" * 5000)
TOO_LARGE = (2**63, 10**19, 10**57)


def query(data: str) -> CallbackQuery:
    person = User(id=1, is_bot=False, first_name="P")
    return CallbackQuery(id="1", from_user=person, chat_instance="1", data=data)


async def read_by(data: str) -> list[CallbackData]:
    """What the filters of all buttons make of it."""
    found: list[Any] = [await kind.filter()(query(data)) for kind in CLASSES]
    return [each["callback_data"] for each in found if each]


@pytest.mark.parametrize(("handle", "text"), HANDLES)
async def test_each_button_is_its_stable_text_and_read_back_by_one_class(handle: CallbackData, text: str) -> None:
    assert handle.pack() == text
    assert await read_by(text) == [handle]


def test_no_button_is_left_out() -> None:
    defined = {kind for kind in vars(callback_data).values() if isinstance(kind, type) and kind in CLASSES}
    assert defined == set(CLASSES) == {type(handle) for handle, _ in HANDLES}


def test_no_word_of_a_button_is_left_out() -> None:
    """What is added to an enum, such as a tariff, is a text that must stay, too."""
    for kind in CLASSES:
        for name, field in kind.model_fields.items():
            if isinstance(field.annotation, EnumType):
                said = {getattr(handle, name) for handle, _ in HANDLES if type(handle) is kind}
                assert said == set(field.annotation.__members__.values()), f"{kind.__name__}.{name}"


@pytest.mark.parametrize("odd", [*ODD_IDS, *map(str, TOO_LARGE)])
@pytest.mark.parametrize(
    "form", ["child:{}", "unlink:{}", "unlink:{}:undo", "invite:yes:{}", "expel:{}", "erase:yes:{}"]
)
async def test_what_is_no_id_is_no_button(form: str, odd: str) -> None:
    assert await read_by(form.format(odd)) == []


@pytest.mark.parametrize(
    "data",
    [
        *("lang:", "lang:xx", "lang:UZ", "lang:uz:ru", "consent:maybe", "consent", "tariff:free", "report:year", ":"),
        *(
            "invite:new:1",
            "invite:yes",
            "invite:old",
            f"invite:no:{2**31}",
            "unlink:5:",
            "unlink:5:redo",
            "unlink:5:undo:undo",
            "erase:",
            *("pay:", "pay:cash", "pay:payme:renew", "pay:stars:weekly", "pay:stars:renew:", "renew:", "renew:maybe"),
            *("support:", "support:mnt", "support:mnt234567ABCDEFG", "support:leave:1", "support:mnt234567abcdefg\n"),
            "expel:",
            f"expel:{2**31}",
            f"erase:yes:{2**31}",
            *(
                "notify:",
                "notify:report:off",
                "notify:reminder:off:reports",
                "freq:daily",
                "often:daily",
                "weekday:0",
                "weekday:8",
            ),
            *("time:7", "time:21", "time:-1", "time:9.0", "time:", "hour:7", "channel:email:maybe", "channel:sms:on"),
            "erase:maybe:1",
        ),
    ],
)
async def test_what_does_not_fit_exactly_is_no_button(data: str) -> None:
    assert await read_by(data) == []


@given(st.sampled_from([ChooseChild, UnlinkChild]), st.integers(1, LARGEST))
async def test_every_id_goes_there_and_back(kind: type[ChooseChild | UnlinkChild], student_id: int) -> None:
    packed = kind(student_id=student_id).pack()
    assert len(packed.encode()) <= 64
    assert kind.unpack(packed).student_id == student_id


@given(
    st.text()
    | st.lists(st.sampled_from(["lang", "child", "unlink", "invite", "yes", "undo", "7", "x", ""])).map(":".join)
)
async def test_no_text_raises_and_none_is_read_twice(data: str) -> None:
    assert len(await read_by(data)) <= 1
