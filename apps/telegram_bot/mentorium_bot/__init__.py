"""The Telegram bot: translates a parent's messages and buttons into calls of core, and the answers back."""

from mentorium_gateways.deferred_build import defer_aiogram

defer_aiogram()
