"""What a parent has chosen about messages. A parent without a row has the defaults of `Preferences`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mentorium_domain.enums import Language, NotificationType, ReportFrequency, ReportTone, ReportType

FIRST_HOUR: Final = 8
LAST_HOUR: Final = 20
"""Reports may be chosen for the full hours between the quiet ones, by the clock of Tashkent."""
WEEKLY_HOUR: Final = 9
MONTHLY_HOUR: Final = 10
"""Where no hour was chosen."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """`report_weekday`: ISO, 1 is Monday. `report_hour`: of both reports, by the clock of Tashkent; None: 9 and 10.

    `achievement` and `reminder` are switches. What a parent has paid for or has to pay is always told; with the sound
    off it comes silently. `report_voice`: each report is also said, where we have a voice.
    `report_language`: None for the parent's own. `ai`: whether a model may write to this parent.
    """

    report_frequency: ReportFrequency = ReportFrequency.BOTH
    report_weekday: int = 1
    report_hour: int | None = None
    achievement: bool = True
    reminder: bool = True
    subscription_sound: bool = True
    payment_sound: bool = True
    report_voice: bool = False
    report_tone: ReportTone = ReportTone.WARM
    report_language: Language | None = None
    ai: bool = True

    def wants_report(self, report_type: ReportType) -> bool:
        """What is asked for (ON_DEMAND) is always wanted."""
        match report_type:
            case ReportType.WEEKLY:
                return self.report_frequency in {ReportFrequency.BOTH, ReportFrequency.WEEKLY}
            case ReportType.MONTHLY:
                return self.report_frequency in {ReportFrequency.BOTH, ReportFrequency.MONTHLY}
            case ReportType.ON_DEMAND:
                return True

    def hour_of(self, report_type: ReportType) -> int:
        """The full hour at which a scheduled report is due, by the clock of Tashkent."""
        return self.report_hour or (MONTHLY_HOUR if report_type is ReportType.MONTHLY else WEEKLY_HOUR)

    def switched_on(self, kind: NotificationType) -> bool:
        """Whether messages of this type are sent at all."""
        match kind:
            case NotificationType.REPORT:
                return self.report_frequency is not ReportFrequency.OFF
            case NotificationType.ACHIEVEMENT:
                return self.achievement
            case NotificationType.REMINDER:
                return self.reminder
            case NotificationType.SUBSCRIPTION | NotificationType.PAYMENT:
                return True

    def with_sound(self, kind: NotificationType) -> bool:
        match kind:
            case NotificationType.SUBSCRIPTION:
                return self.subscription_sound
            case NotificationType.PAYMENT:
                return self.payment_sound
            case _:
                return True


DEFAULTS: Final = Preferences()
