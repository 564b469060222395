"""What may be sent to whom and when, as a table: class, quiet hours, moment, caps, life, and what doubt means.

The types without a policy row of their own are written by the release before: they go out at any hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from mentorium_domain.enums import Notice, NotificationType
from mentorium_domain.preferences import FIRST_HOUR, Preferences
from mentorium_kit.clock import TASHKENT, local_day, start_of_day

QUIET_FROM: Final = 21
QUIET_UNTIL: Final = FIRST_HOUR
"""Full hours by the clock of Tashkent."""
A_DAY: Final = 1
A_WEEK: Final = 3
"""The caps: so many messages that were not asked for (`Policy.capped`) to one parent, in days of Tashkent."""
_DAY: Final = timedelta(days=1)


class NoticeClass(StrEnum):
    """CORE: the scheduled reports; what is over a cap is folded into them. SERVICE and ASKED count for no cap."""

    CORE = "core"
    SERVICE = "service"
    JOY = "joy"
    NUDGE = "nudge"
    ASKED = "asked"


class Night(StrEnum):
    """Between 21 and 8. WAIT: until it is over. SILENT: at once, and without sound."""

    WAIT = "wait"
    SILENT = "silent"


class Doubt(StrEnum):
    """After a time-out nobody knows whether Telegram has the message; it knows no idempotency key."""

    LEAVE = "leave"
    """At most once: a second report looks like a broken product."""
    RESEND_ONCE = "resend_once"
    """At least once: a payment that is not confirmed looks like a theft."""


@dataclass(frozen=True, slots=True)
class Policy:
    """`at`: the time of the day it is told, as soon as possible where there is none. `life`: after that moment; None:
    its fact says when it ends. `bundled`: what one day has brought is one message. `most_a_week`: of this notice alone,
    besides the caps. `switchable`: a parent may switch its type off; all are on by default.
    """

    kind: NotificationType
    notice_class: NoticeClass
    night: Night
    life: timedelta | None
    doubt: Doubt = Doubt.LEAVE
    at: time | None = None
    bundled: bool = False
    most_a_week: int | None = None
    switchable: bool = True

    @property
    def capped(self) -> bool:
        return self.notice_class in {NoticeClass.CORE, NoticeClass.JOY, NoticeClass.NUDGE}

    @property
    def folds(self) -> bool:
        """Whether it gives way where it is over a cap."""
        return self.notice_class in {NoticeClass.JOY, NoticeClass.NUDGE}


def _report(notice_class: NoticeClass, night: Night, life: timedelta | None) -> Policy:
    return Policy(NotificationType.REPORT, notice_class, night, life)


def _service(
    kind: NotificationType, night: Night, life: timedelta | None, *, doubt: Doubt = Doubt.LEAVE, at: time | None = None
) -> Policy:
    return Policy(kind, NoticeClass.SERVICE, night, life, doubt, at, switchable=False)


def _joy(life: timedelta, *, at: time | None = None, bundled: bool = False) -> Policy:
    return Policy(NotificationType.ACHIEVEMENT, NoticeClass.JOY, Night.WAIT, life, at=at, bundled=bundled)


def _nudge(life: timedelta | None, *, at: time | None = None, most_a_week: int | None = None) -> Policy:
    return Policy(NotificationType.REMINDER, NoticeClass.NUDGE, Night.WAIT, life, at=at, most_a_week=most_a_week)


POLICIES: Final = {
    Notice.REPORT_WEEKLY: _report(NoticeClass.CORE, Night.WAIT, None),
    Notice.REPORT_MONTHLY: _report(NoticeClass.CORE, Night.WAIT, None),
    Notice.REPORT_OFFER: _report(NoticeClass.ASKED, Night.SILENT, _DAY),
    Notice.SUBSCRIPTION_ENDS: _service(NotificationType.SUBSCRIPTION, Night.WAIT, None, at=time(9)),
    Notice.SUBSCRIPTION_GRACE: _service(NotificationType.SUBSCRIPTION, Night.WAIT, None, at=time(9)),
    Notice.SUBSCRIPTION_RENEWED: _service(NotificationType.SUBSCRIPTION, Night.SILENT, _DAY),
    Notice.SUBSCRIPTION_CAUSED: _service(NotificationType.SUBSCRIPTION, Night.SILENT, _DAY),
    Notice.ACHIEVEMENT_COURSE: _joy(3 * _DAY),
    Notice.ACHIEVEMENT_DAY: _joy(2 * _DAY, at=time(19), bundled=True),
    Notice.REMINDER_IDLE: _nudge(2 * _DAY, at=time(18)),
    Notice.REMINDER_MATERIALS: _nudge(7 * _DAY, most_a_week=1),
    Notice.REMINDER_COMMENT: _nudge(3 * _DAY),
    Notice.REMINDER_DUE: _nudge(None, at=time(18)),
    Notice.PAYMENT: _service(NotificationType.PAYMENT, Night.SILENT, _DAY, doubt=Doubt.RESEND_ONCE),
}
RESENT_IN_DOUBT: Final = frozenset(one.kind for one in POLICIES.values() if one.doubt is Doubt.RESEND_ONCE)


def is_night(moment: datetime) -> bool:
    """Whether an aware moment lies in the quiet hours."""
    return not QUIET_UNTIL <= moment.astimezone(TASHKENT).hour < QUIET_FROM


def morning_after(moment: datetime) -> datetime:
    """When the quiet hours end that `moment` (aware) lies in, or the next ones."""
    day = local_day(moment)
    morning = start_of_day(day) + timedelta(hours=QUIET_UNTIL)
    return morning if moment < morning else start_of_day(day + _DAY) + timedelta(hours=QUIET_UNTIL)


def moment_for(notice: Notice, now: datetime) -> datetime:
    """When a notice of this moment (aware) is to be told: never in the quiet hours where it has to wait for their end.

    Where its time of the day is over it is told at once; what is bundled, with what the next day brings.
    """
    policy = POLICIES[notice]
    moment = now
    if policy.at is not None:
        at = datetime.combine(local_day(now), policy.at, TASHKENT)
        if now < at:
            moment = at
        elif (policy.bundled and now > at) or is_night(now):
            moment = at + _DAY
    if policy.night is Night.WAIT and is_night(moment):
        moment = morning_after(moment)
    return moment


def expiry_of(notice: Notice, moment: datetime) -> datetime | None:
    """When a notice that is told at `moment` is not worth telling any more; None: its fact says that."""
    life = POLICIES[notice].life
    return moment + life if life is not None else None


def is_silent(kind: NotificationType, preferences: Preferences, now: datetime) -> bool:
    """Whether a message that goes out now (aware) makes no sound."""
    return is_night(now) or not preferences.with_sound(kind)
