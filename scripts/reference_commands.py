"""Everything that can be called: the bot's commands, the operators' command, make's targets."""

from __future__ import annotations

import argparse
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mentorium_bot.routers import MENU
from mentorium_core.i18n import t
from mentorium_domain.enums import Language
from mentorium_operator.main import SUBCOMMANDS

ROOT: Final = Path(__file__).parents[1]
_HEAD: Final = """# Commands

Written by `scripts/reference_pages.py` from the code; a test says when it is old.

## Of parents, in Telegram

The menu of commands, as each language shows it. Large letters are taken, too.

| command | uz | ru | en |
|---|---|---|---|
"""
_OPERATORS: Final = """
## Of operators: mentorium

`.venv/bin/mentorium <subcommand>`, in the folder where `.env` is (or with the settings in the environment). It never
shows a traceback. Exit statuses, of all subcommands:

| status | what it says |
|---|---|
| 0 | done |
| 1 | refused, or a server that is needed is away |
| 2 | a wrong call, or a wrong setting |
| 75 | nobody knows whether it was done: it prints the command that finds out |
| 130 | interrupted from the keyboard |

"""
_PROCESSES: Final = """
## Processes

| what runs | command |
|---|---|
| bot | `.venv/bin/python -m mentorium_bot.main` (`make dev`) |
| webhook app | `.venv/bin/python -m mentorium_bot.webhook_app` (`make webhook`) |
| worker | `.venv/bin/python -m mentorium_reporting.main` (`make worker`) |
| the product with a toy world around it, for trying out | `.venv/bin/python -m mentorium_sandbox` (`make demo`) |

They end with 0 where a signal stopped them, with 1 where they cannot go on (to be started again), and with 2 where a
setting is wrong: then a new start changes nothing, and a supervisor should leave it (`RestartPreventExitStatus=2`).

## Of make

| target | what it does |
|---|---|
"""


def page() -> str:
    """The page as it should be."""
    return "".join((_HEAD, *_menu(), _OPERATORS, *_subcommands(), _PROCESSES, *_targets()))


def _menu() -> Iterator[str]:
    for name in MENU:
        words = " | ".join(t(language, f"command-{name}") for language in (Language.UZ, Language.RU, Language.EN))
        yield f"| `/{name}` | {words} |\n"


def _subcommands() -> Iterator[str]:
    parser = argparse.ArgumentParser(prog="mentorium")
    subparsers = parser.add_subparsers()
    for name, purpose in SUBCOMMANDS.items():
        module = importlib.import_module(f"mentorium_operator.{name}")
        module.add_parser(subparsers)
        yield f"### mentorium {name}\n\n{_sentence(purpose)}\n\n"
        statuses = [line for line in (module.run.__doc__ or "").split("\n\n") if "xit status" in line]
        rows = list(_arguments(subparsers.choices[name], ""))
        yield f"| argument | what it is |\n|---|---|\n{''.join(rows)}\n" if rows else "No arguments.\n\n"
        yield from (f"{' '.join(line.split())}\n\n" for line in statuses if "giving.give" not in line)


def _arguments(parser: argparse.ArgumentParser, before: str) -> Iterator[str]:
    """One row each, those of actions behind the action's own."""
    for action in parser._actions:  # argparse offers no public way
        if isinstance(action, argparse._SubParsersAction):
            purposes = {one.dest: one.help for one in action._choices_actions}
            for name, one in action.choices.items():
                yield f"| `{name}` | {purposes.get(name) or ''} |\n"
                yield from _arguments(one, f"{name} ")
        elif not isinstance(action, argparse._HelpAction):
            yield f"| `{before}{_written(action)}` | {_meaning(action)} |\n"


def _written(action: argparse.Action) -> str:
    value = action.metavar or ("/".join(map(str, action.choices)) if action.choices else action.dest.upper())
    if not action.option_strings:
        return str(value)
    return action.option_strings[-1] + ("" if action.nargs == 0 else f" {value}")


def _meaning(action: argparse.Action) -> str:
    needed = "; required" if action.option_strings and action.required else ""
    words = (action.help or "").replace("|", "\\|")
    if action.dest == "operator":  # its default is whoever runs this
        words = "who does it (default: the user of this machine)"
    return f"{words}{needed}"


def _targets() -> Iterator[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name, purpose in sorted(re.findall(r"^([a-z-]+):.*?## (.+)$", makefile, re.MULTILINE)):
        yield f"| `make {name}` | {purpose.replace('|', '&#124;')} |\n"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
