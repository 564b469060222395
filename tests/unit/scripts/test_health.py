"""`make health`, `make metrics`: what answers in a process's place, or a port that is none, is said in one line."""

from __future__ import annotations

import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "scripts" / "health.py"


class _Banner(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")


@pytest.fixture
def another_server() -> Iterator[str]:
    """The port of something that speaks no HTTP."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Banner) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield str(server.server_address[1])
        server.shutdown()


def _said(what: str, port: str, folder: Path) -> tuple[int, str]:
    """With no .env there."""
    environment = {"PATH": os.environ["PATH"], "BOT_HEALTH_PORT": port}
    ended = subprocess.run(
        [sys.executable, str(SCRIPT), what, "bot"], cwd=folder, env=environment, capture_output=True, text=True
    )
    return ended.returncode, ended.stdout + ended.stderr


@pytest.mark.parametrize("what", ["health", "metrics"])
def test_what_is_no_process_of_ours_is_said_in_one_line(what: str, another_server: str, tmp_path: Path) -> None:
    for port in (another_server, "eight-thousand"):
        status, said = _said(what, port, tmp_path)
        assert (status, len(said.splitlines())) == (1, 1), said
        assert f"http://127.0.0.1:{port}" in said
