"""The worker: notices what is due, does the jobs, sends the messages."""

from mentorium_gateways.deferred_build import defer_aiogram
from mentorium_kit.garbage import rest_while_loading

rest_while_loading()
defer_aiogram()
