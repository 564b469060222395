"""Is a file of settings fit for production? `python scripts/validate_env.py [FILE]`, by default .env; `make validate`.

Names every variable that is missing, malformed, left as in the template, unknown or dangerous, and prints no value. It
calls nobody. Without a .env and a FILE the environment is judged. Exit status 1 if anything fails.
"""

from __future__ import annotations

from in_venv import go_on_in_venv  # type: ignore[import-not-found]

if __name__ == "__main__":  # before what may not be there with this Python
    go_on_in_venv()

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from mentorium_bot.config import BotSettings, WebhookAppSettings
from mentorium_db.platform_check import Finding
from mentorium_db.platform_check.finding import failure, note
from mentorium_operator import findings
from mentorium_operator.backup import BackupSettings
from mentorium_operator.config import ProductSettings
from mentorium_reporting.config import WorkerSettings
from mentorium_runtime.env_check import check_env_file, check_settings
from mentorium_runtime.setting_names import SETTING_NAMES
from mentorium_runtime.settings import SettingsError

KINDS = (BotSettings, WebhookAppSettings, WorkerSettings, ProductSettings, BackupSettings)
TEMPLATE = Path(__file__).resolve().parents[1] / ".env.template"
DEFAULT = Path(".env")


async def examine(chosen: Path | None) -> AsyncIterator[Finding]:
    """What holds of each variable."""
    path = chosen or DEFAULT
    if chosen is None and not path.exists():
        yield note("settings", "there is no .env here: the environment is judged")
        known = {name: value for name, value in os.environ.items() if name in SETTING_NAMES}
        for finding in check_settings(known, TEMPLATE, KINDS):
            yield finding
        return
    if not path.is_file():
        yield failure("settings", f"there is no file {path}: cp .env.template {path}")
        return
    try:
        for finding in check_env_file(path, TEMPLATE, KINDS):
            yield finding
    except SettingsError as error:
        for problem in error.problems:
            yield failure("settings", problem)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, help="the file to be judged; .env unless it is named")
    findings.add_options(parser)
    arguments = parser.parse_args(words)
    arguments.table = not arguments.json
    return asyncio.run(findings.show(examine(arguments.file), arguments))


if __name__ == "__main__":
    sys.exit(main())
