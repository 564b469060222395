"""How the three processes are, and what they measure: `make health`, `make metrics`. Any Python, nothing installed.

    python scripts/health.py health|metrics [bot] [webhook] [worker]

Asks /health, or /metrics, of each on this machine, at the ports that the environment or .env sets. Exit status 0: each
of them answers, and is well (a server beyond it may be away: "degraded"); 1: one does not; 2: a wrong call.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import sys
import urllib.error
import urllib.request
from pathlib import Path

PATIENCE_S = 15.0
PROCESSES = {
    "bot": ("BOT_HEALTH_HOST", "BOT_HEALTH_PORT", 8002),
    "webhook": ("WEBHOOK_HOST", "WEBHOOK_PORT", 8001),
    "worker": ("WORKER_HEALTH_HOST", "WORKER_HEALTH_PORT", 8003),
}
STARTED_BY = {"bot": "make dev", "webhook": "make webhook", "worker": "make worker"}
_LINE = re.compile(r"^\s*(?:export\s+)?(\w+)\s*=\s*['\"]?([^'\"\s#]*)")
_ANYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}
_COLOURS = {"ok": "32", "degraded": "33"}


def settings() -> dict[str, str]:
    """Those of .env, where there is one; what the environment says wins."""
    try:
        lines = Path(".env").read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        lines = []
    found = {match[1]: match[2] for line in lines if (match := _LINE.match(line))}
    return {**found, **{name: value for name, value in os.environ.items() if value}}


def address(process: str, known: dict[str, str]) -> str:
    host_setting, port_setting, port = PROCESSES[process]
    host = known.get(host_setting, "")
    host = _ANYWHERE.get(host, host)
    return f"http://{f'[{host}]' if ':' in host else host}:{known.get(port_setting) or port}"


def ask(url: str) -> tuple[int, str]:
    """Status and body; status 0 and the kind of failure where nobody answers."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # this machine is asked, no proxy
    try:
        with opener.open(url, timeout=PATIENCE_S) as answer:
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")
    except (OSError, ValueError, http.client.HTTPException) as error:  # a port that is none, or of something else
        reason = getattr(error, "reason", error)
        return 0, "refused" if isinstance(reason, ConnectionRefusedError) else type(reason).__name__


def health(chosen: list[str]) -> int:
    known = settings()
    answers = {process: ask(f"{address(process, known)}/health") for process in chosen}
    if not any(status for status, _ in answers.values()):
        where = ", ".join(address(process, known) for process in chosen)
        return complain(f"Nothing answers at {where}: is it running? ({', '.join(STARTED_BY[p] for p in chosen)})")
    rows = [(process, address(process, known), *told(*answers[process])) for process in chosen]
    heads = ("process", "address", "status", "not well", "next due", "busy")
    widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads))]
    for row in [heads, *rows]:
        cells = [text.ljust(width) for text, width in zip(row, widths)]  # noqa: B905 - any Python
        cells[2] = coloured(cells[2]) if row is not heads else cells[2]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")
    return 0 if all(status == 200 for status, _ in answers.values()) else 1


def told(status: int, body: str) -> tuple[str, str, str, str]:
    """The columns behind the address: status, which parts are not well, when something is due, what is in hand."""
    if not status:
        return "away", body, "", ""
    try:
        said = json.loads(body)
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    parts = said.get("parts")
    ill = [f"{name} ({state})" for name, state in (parts if isinstance(parts, dict) else {}).items() if state != "ok"]
    word = str(said.get("status", "")) or f"status {status}"
    return word, ", ".join(ill) or "-", str(said.get("next_due") or "-"), str(said.get("busy", "-"))


def coloured(cell: str) -> str:
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return cell
    return f"\033[{_COLOURS.get(cell.strip(), '31')}m{cell}\033[0m"


def metrics(chosen: list[str]) -> int:
    known = settings()
    away = []
    for process in chosen:
        status, body = ask(f"{address(process, known)}/metrics")
        if status == 200:
            sys.stdout.write(f"# {process}: {address(process, known)}/metrics\n{body.rstrip()}\n\n")
        else:
            away.append(f"{process} at {address(process, known)} ({body if not status else f'status {status}'})")
    return complain(f"No metrics of {', '.join(away)}.") if away else 0


def complain(text: str) -> int:
    sys.stderr.write(f"{text}\n")
    return 1


def main(words: list[str]) -> int:
    what = {"health": health, "metrics": metrics}.get(words[0] if words else "")
    chosen = words[1:] or list(PROCESSES)
    if what is None or set(chosen) - PROCESSES.keys():
        sys.stderr.write((__doc__ or "").split("\n\n")[1] + "\n")
        return 2
    return what(chosen)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # `make metrics | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(0)
