"""Making a message of a notice: when it is told, until when, in which voice, and how its type is switched off."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from mentorium_core.i18n import cut_to_utf16, t
from mentorium_core.notifications.policy import POLICIES, expiry_of, moment_for
from mentorium_domain.enums import Language, Notice, NotificationType
from mentorium_domain.outbox import Buttons, MessageButton, OutboxMessage

SWITCH_OFF: Final = {
    NotificationType.ACHIEVEMENT: "notify:achievement:off",
    NotificationType.REMINDER: "notify:reminder:off",
}
"""What the button under such a message sends."""
OPEN_REPORTS: Final = "notify:reports:new"
_LONGEST_LINE: Final = 300


def notice_message(
    notice: Notice,
    telegram_id: int,
    language: Language,
    text: str,
    dedup_key: str,
    now: datetime,
    *,
    line: str | None = None,
    student_id: int | None = None,
    expires_at: datetime | None = None,
    buttons: Buttons = (),
) -> OutboxMessage:
    """A message for `notify`, as the policy of its notice wants it; `now` is aware.

    `line`: the same in one line, for the next report, where the first line of `text` does not say it; empty where every
    report says it by itself. `expires_at`: as its fact says; ValueError where neither fact nor policy has an end, or
    where it would be over before it is told.
    A type that may be switched off has a button for that under its message.
    """
    send_at = moment_for(notice, now)
    ends = expires_at or expiry_of(notice, send_at)
    if ends is None or ends <= send_at:
        raise ValueError(f"{notice} is over before it is told")
    kind = POLICIES[notice].kind
    return OutboxMessage(
        telegram_id=telegram_id,
        kind=kind,
        message=text,
        dedup_key=dedup_key,
        send_at=send_at,
        expires_at=ends,
        student_id=student_id,
        buttons=(*buttons, *switch_off_row(kind, language)),
        notice=notice,
        line=cut_to_utf16(text.split("\n", 1)[0] if line is None else line, _LONGEST_LINE),
    )


def switch_off_row(kind: NotificationType, language: Language) -> Buttons:
    """The row under a message by which its type is switched off; none for a type that has no such switch."""
    if kind not in SWITCH_OFF:
        return ()
    return ((MessageButton(t(language, f"notify-off-{kind.lower()}"), data=SWITCH_OFF[kind]),),)


def report_settings_row(language: Language) -> Buttons:
    """The row under a scheduled report by which a parent chooses which of them come, and when, or none."""
    return ((MessageButton(t(language, "notify-reports"), data=OPEN_REPORTS),),)
