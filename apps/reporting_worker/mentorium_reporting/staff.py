"""What the worker does for the team: its chat hears of what needs a person."""

from __future__ import annotations

from typing import Final

from aiogram import Bot

from mentorium_core.staff.news import TellStaffNews, ask_for_news
from mentorium_domain.enums import JobKind
from mentorium_gateways.telegram import TelegramStaffChat
from mentorium_reporting.config import WorkerSettings
from mentorium_reporting.job_loop import Handler
from mentorium_reporting.jobs.tell_staff_news import TellStaffNewsJob
from mentorium_reporting.ticker import Duty

NEWS_S: Final = 15.0


def staff_duties(settings: WorkerSettings) -> tuple[Duty, ...]:
    """Without a chat of the staff nothing is asked for."""
    if settings.staff_chat_id is None:
        return ()
    return (Duty("ask-for-staff-news", ask_for_news, NEWS_S, by_the_clock=False),)


def staff_jobs(settings: WorkerSettings, bot: Bot) -> dict[JobKind, Handler]:
    staff = settings.staff_chat_id
    tell = TellStaffNews(TelegramStaffChat(bot, staff)) if staff is not None else None
    return {JobKind.TELL_STAFF_NEWS: TellStaffNewsJob(tell)}
