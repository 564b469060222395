"""The menu, the handlers and the help speak of the same commands."""

from __future__ import annotations

import re
from typing import Final

import pytest
from aiogram.filters import Command

from mentorium_bot.routers import MENU, ROUTERS
from mentorium_core.i18n import has_text, t
from mentorium_domain.enums import Language
from tests.integration.telegram_bot.intake.hostile import COMMANDS

HIDDEN: Final[frozenset[str]] = frozenset()
"""Commands that are handled and meant to be found by nobody."""
NOT_IN_HELP: Final = {"help", "language"}
"""The help itself, and what the settings lead to."""


def handled() -> list[str]:
    """Every command that a handler waits for, as often as one does."""
    filters = [
        found.callback
        for make_router in ROUTERS
        for handler in make_router().message.handlers
        for found in handler.filters or ()
    ]
    return [str(name) for found in filters if isinstance(found, Command) for name in found.commands]


def test_every_command_of_the_menu_has_one_handler_and_every_handled_one_is_in_it() -> None:
    assert sorted(handled()) == sorted([*MENU, *HIDDEN])


@pytest.mark.parametrize("language", Language)
def test_every_command_is_described_within_telegrams_limits(language: Language) -> None:
    for name in MENU:
        assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
        assert has_text(language, f"command-{name}")
        assert 1 <= len(t(language, f"command-{name}")) <= 256


@pytest.mark.parametrize("language", Language)
def test_the_help_names_every_command_and_no_other(language: Language) -> None:
    named = re.findall(r"/([a-z_]+)", t(language, "help-text"))
    assert sorted(named) == sorted(set(MENU) - NOT_IN_HELP)


def test_every_command_is_tried_among_the_hostile_updates() -> None:
    assert {f"/{name}" for name in handled()} <= set(COMMANDS)
