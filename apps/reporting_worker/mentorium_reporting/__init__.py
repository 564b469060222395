"""The worker: notices what is due, does the jobs, sends the messages."""

from mentorium_gateways.deferred_build import defer_aiogram

defer_aiogram()
