"""`mentorium <subcommand>`. Each subcommand is a module with `add_parser(subparsers)` and `run(arguments) -> int`.

Only the module of the chosen subcommand is imported: who grants a subscription waits for no typesetter.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Final

from mentorium_kit.errors import ConfigurationError, MentoriumError
from mentorium_kit.garbage import spare_what_was_loaded
from mentorium_kit.interrupts import interrupts_are_raised
from mentorium_kit.trace import tracing
from mentorium_operator.command_line import EXPLAINED, FAILURE, MISUSE, complain, explained, fail

SUBCOMMANDS: Final = {
    "grant": "give a parent a subscription without payment",
    "extend": "give a parent more days without payment",
    "refund": "give a payment back",
    "reports": "make the reports of the last finished week or month now",
    "migrate": "bring the bot's database to the newest schema",
    "backup": "write the bot's database into a file",
    "restore": "bring the bot's database back from such a file",
    "roles": "make the database role that the product runs as",
    "verify": "check this machine, or the platform's database against the contract",
    "inbox": "look at updates that were set aside, and requeue them",
    "doctor": "say of machine, settings, servers and roles whether they are well",
}
_INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0; 1: refused, or a server is away; 2: a wrong call or setting; 75: the outcome is unknown."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    chosen = _parser(next((word for word in words if not word.startswith("-")), "")).parse_args(words)
    spare_what_was_loaded()
    interrupts_are_raised()
    try:
        with tracing(None):
            status: int = chosen.run(chosen)
        sys.stdout.flush()
    except ConfigurationError as error:
        return complain(explained(error) if error.code in EXPLAINED else str(error), MISUSE)
    except MentoriumError as error:
        return fail(error)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:  # `mentorium doctor | head`
        return _unread()
    except OSError as error:  # of its own words alone: what it was about may hold data
        return complain(f"failed: {type(error).__name__} ({error.strerror})", FAILURE)
    except Exception as error:  # noqa: BLE001 - the edge of the command line: what an error says may hold data
        return complain(f"failed: {type(error).__name__}", FAILURE)
    return status


def _unread() -> int:
    """Whoever reads what we print has had enough, and Python would complain of what is left of it at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILURE


def _parser(chosen: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mentorium", description="For operators of the Mentorium bot.")
    subparsers = parser.add_subparsers(dest="subcommand", required=True, metavar="subcommand")
    for name, purpose in SUBCOMMANDS.items():
        if name == chosen:
            importlib.import_module(f"mentorium_operator.{name}").add_parser(subparsers)
        else:
            subparsers.add_parser(name, help=purpose)
    return parser
