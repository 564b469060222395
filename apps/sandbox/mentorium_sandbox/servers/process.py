"""Starting a server that cannot outlive us, under an account that may run it."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import stat
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from mentorium_sandbox.product_process import RunningProcess

LOOPBACK = "127.0.0.1"
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class ServerError(Exception):
    """An embedded server did not start or stop; the message holds the end of its log."""


@dataclass(frozen=True, slots=True)
class Account:
    """The system account a server runs under: our own, or `nobody` for one that refuses to run as root."""

    uid: int
    gid: int

    @classmethod
    def own(cls) -> Account:
        return cls(os.geteuid(), os.getegid())

    @classmethod
    def for_servers(cls) -> Account:
        if os.geteuid() != 0:
            return cls.own()
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid)

    @property
    def is_ours(self) -> bool:
        return self.uid == os.geteuid()

    def can_enter(self, folder: Path) -> bool:
        """Whether the account may pass through the folder and each of its parents."""
        return self.is_ours or all(self._passes(place.stat()) for place in (folder, *folder.parents))

    def owns(self, path: Path) -> None:
        """Give the file or folder to the account."""
        if not self.is_ours:
            os.chown(path, self.uid, self.gid)

    def _passes(self, status: os.stat_result) -> bool:
        bit = stat.S_IXUSR if status.st_uid == self.uid else stat.S_IXOTH
        return bool(status.st_mode & bit)


def place_for(account: Account, wanted: Path) -> Path:
    """The folder itself, made if missing; where the account cannot enter it, one of the same meaning in /var/tmp."""
    wanted = wanted.resolve()
    wanted.mkdir(parents=True, exist_ok=True)
    if account.can_enter(wanted):
        return wanted
    return own_folder(shared_name(f"mentorium-{sha256(bytes(wanted)).hexdigest()[:12]}"))


def shared_name(name: str) -> Path:
    """A path in the machine's folder for temporary files that survive a reboot."""
    kept = Path("/var/tmp")
    return (kept if kept.is_dir() else Path(tempfile.gettempdir())) / name


def own_folder(path: Path) -> Path:
    """Make the folder, open to all for passing through; refuse one that somebody else has put there before us."""
    path.mkdir(mode=0o755, exist_ok=True)
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        raise ServerError(f"{path} belongs to somebody else: remove it")
    path.chmod(0o755)
    return path


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def dying_with_parent(last_signal: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends the child this signal when we end, however we end (Linux)."""
    parent = os.getpid()

    def tie() -> None:
        if _libc is None:
            return
        _libc.prctl(_PR_SET_PDEATHSIG, int(last_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return tie


async def launch(
    command: Sequence[str | Path],
    *,
    account: Account,
    last_signal: signal.Signals,
    log: Path,
    folder: Path,
    environment: Mapping[str, str],
) -> asyncio.subprocess.Process:
    """Start a command in a session of its own (Ctrl-C is ours to handle); its output is added to `log`."""
    other: dict[str, object] = (
        {} if account.is_ours else {"user": account.uid, "group": account.gid, "extra_groups": []}
    )
    with log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            *map(str, command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            env=dict(environment),
            start_new_session=True,
            preexec_fn=dying_with_parent(last_signal),
            **other,  # type: ignore[arg-type]
        )


async def end(process: asyncio.subprocess.Process, *signals: signal.Signals, patience: float = 10.0) -> None:
    """Send one signal after another, each with `patience` seconds to take effect, until the process has gone."""
    for each in (*signals, signal.SIGKILL):
        if process.returncode is not None:
            return
        try:
            process.send_signal(each)
            await asyncio.wait_for(process.wait(), patience)
        except ProcessLookupError:
            await process.wait()
        except TimeoutError:
            continue


async def kill_group(process: RunningProcess) -> None:
    """As a power cut would: the process and all of its children at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, for an error message."""
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"


def remove(folder: Path) -> None:
    """Delete a folder and all in it, if it is there."""
    if folder.exists():
        shutil.rmtree(folder)
