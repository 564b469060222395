"""A Docker engine unpacked from Debian's packages, on a socket and in a folder of its own; it leaves nothing."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from tests.system.containers.packages import fetch, run, unpack

BRIDGE: Final = "172.31.77.1"
"""This machine's address as containers see it (`host.docker.internal`)."""
_NETWORK: Final = "docker0"
_PACKAGES: Final = [
    "docker.io",
    "containerd",
    "runc",
    "tini",
    "iptables",
    "libxtables12",
    "libip4tc2",
    "libip6tc2",
    "libnftnl11",
    "libmnl0",
    "libnetfilter-conntrack3",
    "libnfnetlink0",
]
_EMPTY: Final = {
    "filter": "*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\nCOMMIT\n",
    "nat": "*nat\n:PREROUTING ACCEPT\n:INPUT ACCEPT\n:OUTPUT ACCEPT\n:POSTROUTING ACCEPT\nCOMMIT\n",
}
_FORWARDING: Final = Path("/proc/sys/net/ipv4/ip_forward")
_SIOCSIFFLAGS, _SIOCBRDELBR = 0x8914, 0x89A1
_STARTS_WITHIN_S: Final = 60
_ENDS_WITHIN_S: Final = 60


@dataclass(frozen=True, slots=True)
class Engine:
    """`environment` is what docker, docker compose and make need to reach it."""

    folder: Path
    environment: dict[str, str]

    def docker(self, *arguments: str, stdin: IO[bytes] | None = None, cwd: Path | None = None) -> str:
        """What docker says. AssertionError where it fails."""
        return run("docker", *arguments, env=self.environment, stdin=stdin or subprocess.DEVNULL, cwd=cwd)


@contextmanager
def running_engine(folder: Path) -> Iterator[Engine]:
    """Where the machine does not let it run (no root, cgroups, mounts, networks) this fails with its own words."""
    (folder / "home").mkdir(parents=True)
    programs = unpack(fetch(_PACKAGES, with_what_they_need=False), folder / "programs")
    engine = Engine(folder, _environment(folder, programs))
    before = _rules(engine)
    words = folder / "dockerd.log"
    with words.open("wb") as output:
        daemon = subprocess.Popen(_command(folder, engine), env=engine.environment, stdout=output, stderr=output)
    try:
        _wait_until_it_answers(daemon, engine, words)
        yield engine
    finally:
        _end(daemon, engine, before)


def _environment(folder: Path, programs: Path) -> dict[str, str]:
    """Its programs come before this machine's; docker's settings and plug-ins are those of `folder`."""
    for name in ("iptables", "ip6tables", "iptables-save", "iptables-restore"):
        if not (link := programs / "usr/sbin" / name).is_symlink():
            link.symlink_to("xtables-nft-multi")
    plugins = folder / "home/cli-plugins"
    plugins.mkdir()
    # The wheel's own command loses the exit status.
    (plugins / "docker-compose").symlink_to(Path(sysconfig.get_path("purelib")) / "compose/docker-compose")
    libraries = programs / "usr/lib" / sysconfig.get_config_var("MULTIARCH")
    path = f"{plugins}:{programs / 'usr/sbin'}:{programs / 'usr/bin'}:{os.environ['PATH']}"
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("DOCKER_", "COMPOSE_"))},
        "PATH": path,
        "LD_LIBRARY_PATH": str(libraries),
        "XTABLES_LIBDIR": str(libraries / "xtables"),
        "DOCKER_HOST": f"unix://{folder}/docker.sock",
        "DOCKER_CONFIG": str(folder / "home"),
        "DOCKER_BUILDKIT": "1",
    }


def _command(folder: Path, engine: Engine) -> list[str]:
    return [
        *("dockerd", "--host", engine.environment["DOCKER_HOST"], "--storage-driver", "overlay2"),
        *("--data-root", str(folder / "data"), "--exec-root", str(folder / "run"), "--pidfile", str(folder / "pid")),
        *("--bip", f"{BRIDGE}/24", "--default-address-pool", "base=172.31.80.0/20,size=24", "--shutdown-timeout", "10"),
    ]


def _wait_until_it_answers(daemon: subprocess.Popen[bytes], engine: Engine, words: Path) -> None:
    until = time.monotonic() + _STARTS_WITHIN_S
    while subprocess.run(["docker", "info"], env=engine.environment, capture_output=True).returncode != 0:
        assert daemon.poll() is None, f"the container engine cannot run on this machine:\n{words.read_text()[-2000:]}"
        assert time.monotonic() < until, f"the container engine does not answer:\n{words.read_text()[-2000:]}"
        time.sleep(0.1)


def _told(rules: dict[str, str]) -> dict[str, list[str]]:
    """Without remarks and counters; a table that nobody has asked for yet is an empty one."""
    return {
        name: [re.sub(r" \[\d+:\d+\]$", "", line) for line in (text or _EMPTY[name]).splitlines() if line[:1] != "#"]
        for name, text in rules.items()
    }


def _rules(engine: Engine) -> dict[str, str]:
    """iptables as they stand, table by table, and whether this machine forwards for others."""
    rules = {table: run("iptables-save", "--table", table, env=engine.environment) for table in _EMPTY}
    return {**rules, "forwarding": _FORWARDING.read_text(encoding="ascii")}


def _delete_bridge() -> None:
    with socket.socket() as any_socket, suppress(OSError):
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh", _NETWORK.encode(), 0))
        fcntl.ioctl(any_socket, _SIOCBRDELBR, _NETWORK.encode())


def _end(daemon: subprocess.Popen[bytes], engine: Engine, before: dict[str, str]) -> None:
    """Containers, networks, the daemon, its rules, its bridge, its mounts, its folder: in this order."""
    for ids, remove in (
        (("ps", "--all", "--quiet"), ("rm", "--force", "--volumes")),
        (("network", "ls", "--quiet", "--filter", "type=custom"), ("network", "rm")),
        (("volume", "ls", "--quiet"), ("volume", "rm", "--force")),
    ):
        found = subprocess.run(["docker", *ids], env=engine.environment, capture_output=True, text=True).stdout.split()
        if found:
            subprocess.run(["docker", *remove, *found], env=engine.environment, capture_output=True)
    daemon.send_signal(signal.SIGTERM)
    try:
        daemon.wait(_ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        daemon.kill()
        daemon.wait()
    for table, rules in _EMPTY.items():
        given = {"input": before[table] or rules, "env": engine.environment, "text": True}
        subprocess.run(["iptables-restore"], **given)  # type: ignore[call-overload]
    _delete_bridge()
    _FORWARDING.write_text(before["forwarding"], encoding="ascii")
    left = _rules(engine)
    for mount in mounts_under(engine.folder):
        subprocess.run(["umount", "--lazy", mount], capture_output=True, check=False)
    shutil.rmtree(engine.folder)
    assert _told(left) == _told(before), "the engine's rules stand after it"


def mounts_under(folder: Path) -> list[str]:
    """The innermost first."""
    points = (line.split()[1] for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines())
    return sorted((point for point in points if point.startswith(f"{folder}/")), reverse=True)
