"""The product's processes from outside: where they listen, what they have logged, what they count."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from tests.e2e.sandbox import Sandbox

_PORTS: Final = {"webhook": "WEBHOOK_PORT", "bot": "BOT_HEALTH_PORT", "worker": "WORKER_HEALTH_PORT"}
_MODULES: Final = {"webhook": "mentorium_bot.webhook_app", "bot": "mentorium_bot.main", "worker": "mentorium_reporting"}
_SAMPLE: Final = re.compile(r"(?P<name>\w+)(?P<labels>\{[^}]*\})? (?P<value>\S+)")


def addresses(sandbox_pid: int) -> dict[str, int]:
    """The port of each process that the sandbox has running now."""
    found = {}
    for child in Path(f"/proc/{sandbox_pid}/task/{sandbox_pid}/children").read_text().split():
        try:
            command = Path(f"/proc/{child}/cmdline").read_bytes().decode()
            environment = Path(f"/proc/{child}/environ").read_bytes().decode().split("\0")
        except OSError:
            continue
        for name, module in _MODULES.items():
            if module in command:
                said = dict(line.partition("=")[::2] for line in environment)
                found[name] = int(said.get(_PORTS[name], 0))
    return found


async def metrics_of(sandbox: Sandbox) -> dict[str, float]:
    """Series -> value, of all processes, as one of them tells."""
    url = (await sandbox.state())["urls"]["metrics"]
    shown = await sandbox.get_text(url)
    samples = (_SAMPLE.fullmatch(line) for line in shown.splitlines() if not line.startswith("#"))
    return {f"{one['name']}{one['labels'] or ''}": float(one["value"]) for one in samples if one is not None}


class LogReader:
    """Reads what is new in the logs of all processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, int] = {}
        self.new_lines()

    def new_lines(self) -> list[dict[str, Any]]:
        """In the order of their moments."""
        lines = []
        for path in self._folder.glob("*.jsonl"):
            text = path.read_bytes()
            new = text[self._read.get(path, 0) :].rpartition(b"\n")[0]
            self._read[path] = self._read.get(path, 0) + len(new) + bool(new)
            for line in new.splitlines():
                try:
                    lines.append(json.loads(line))
                except ValueError:
                    continue
        return sorted(lines, key=lambda line: str(line.get("timestamp", "")))
