"""`python -m mentorium_sandbox`: the whole product on this machine; `... grant <telegram_id> <tariff>` gives access."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from mentorium_sandbox.launcher import run
from mentorium_sandbox.product_process import StartProcess, start_interpreter
from mentorium_sandbox.settings import DEFAULT_PORT, HOST, from_command_line


def command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mentorium_sandbox", description=__doc__)
    parser.add_argument("--headless", action="store_true", help="open no browser")
    parser.add_argument("--fresh", action="store_true", help="start from empty data, new keys and the right time")
    parser.add_argument("--telegram-limits", action="store_true", help="enforce Telegram's real limits")
    parser.add_argument("--webhook", action="store_true", help="Telegram delivers to the webhook app; no polling")
    parser.add_argument(
        "--direct", action="store_true", help="databases and Redis without relays, for measuring: no faults on them"
    )
    parser.add_argument(
        "--port", type=int, help=f"the chat page and all stand-ins (default {DEFAULT_PORT} or the next)"
    )
    parser.add_argument("--data", type=Path, default=Path(".sandbox"), help="where data and logs are kept")
    commands = parser.add_subparsers(dest="command")
    grant = commands.add_parser("grant", help="give a fake parent of the running sandbox a subscription")
    grant.add_argument("telegram_id", type=int)
    grant.add_argument("tariff", choices=["monthly", "quarterly", "annual"])
    return parser


def _grant(arguments: argparse.Namespace) -> int:
    """Ask the running sandbox, which runs the product's own operator command."""
    address = arguments.data / "address"
    url = address.read_text(encoding="utf-8").strip() if address.exists() else f"http://{HOST}:{DEFAULT_PORT}"
    request = urllib.request.Request(
        f"{url}/sandbox/users/{arguments.telegram_id}/grant",
        data=json.dumps({"tariff": arguments.tariff}).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            print(json.load(answer)["output"])
            return 0
    except urllib.error.HTTPError as error:
        print(json.load(error)["error"], file=sys.stderr)
    except urllib.error.URLError:
        print(f"No sandbox answers at {url}; start one with `make demo`.", file=sys.stderr)
    return 1


def main(words: Sequence[str] | None = None, start_process: StartProcess = start_interpreter) -> int:
    """The exit status. `start_process`: how programs of the product are started."""
    arguments = command_line().parse_args(words)
    if arguments.command == "grant":
        return _grant(arguments)
    return asyncio.run(run(from_command_line(arguments), start_process))


if __name__ == "__main__":
    sys.exit(main())
