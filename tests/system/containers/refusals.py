"""Run within a container by its own Python: tries what it must not do, and prints what was not refused, as JSON."""

from __future__ import annotations

import ctypes
import json
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWUSER = 0x10000000
PTRACE_ATTACH = 16


def call(name: str, *arguments: object) -> None:
    if getattr(libc, name)(*arguments) != 0:
        raise OSError(ctypes.get_errno(), name)


def execute_from_tmp() -> None:
    program = Path("/tmp/program")
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    os.posix_spawn(program, [str(program)], {})


def give_away() -> None:
    (own := Path("/tmp/own")).write_text("x")
    os.chown(own, 0, 0)


ATTEMPTS: dict[str, Callable[[], object]] = {
    "become root": lambda: os.setuid(0),
    "take root's group": lambda: os.setgid(0),
    "write into the product": lambda: Path("/opt/mentorium/new").write_text("x"),
    "change a file of the product": lambda: os.open("/opt/mentorium/bin/mentorium", os.O_WRONLY),
    "write into the root": lambda: Path("/new").write_text("x"),
    "write into /etc": lambda: os.open("/etc/passwd", os.O_WRONLY),
    "write into /var/tmp": lambda: Path("/var/tmp/new").write_text("x"),
    "give a file away": give_away,
    "run a program out of /tmp": execute_from_tmp,
    "listen to the network": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
    "forge packets": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW),
    "mount": lambda: call("mount", b"none", b"/tmp", b"tmpfs", 0, None),
    "change the root": lambda: os.chroot("/tmp"),
    "make a device": lambda: os.mknod("/tmp/device", stat.S_IFBLK | 0o600, os.makedev(8, 0)),
    "rename the machine": lambda: socket.sethostname("mine"),
    "set the clock": lambda: call("settimeofday", ctypes.create_string_buffer(16), None),
    "have a namespace of its own": lambda: call("unshare", CLONE_NEWUSER),
    "watch the first process": lambda: call("ptrace", PTRACE_ATTACH, 1, 0, 0) if os.getpid() != 1 else None,
    "raise its priority": lambda: os.nice(-5),
    "change the kernel": lambda: Path("/proc/sys/kernel/hostname").write_text("mine"),
    "read the kernel's words": lambda: os.open("/dev/kmsg", os.O_RDONLY),
}


def done() -> list[str]:
    succeeded = []
    for name, attempt in ATTEMPTS.items():
        try:
            attempt()
        except OSError:
            continue
        succeeded.append(name)
    return succeeded


def state() -> dict[str, str]:
    lines = Path("/proc/self/status").read_text().splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def rights_given_by_programs() -> list[str]:
    found = []
    for folder, folders, files in os.walk("/"):
        folders[:] = [] if folder == "/proc" else folders
        for name in files:
            mode = os.lstat(path := os.path.join(folder, name)).st_mode  # noqa: PTH118 - of thousands, quickly
            if stat.S_ISREG(mode) and mode & (stat.S_ISUID | stat.S_ISGID):
                found.append(path)
    return found


seen = state()
print(
    json.dumps(
        {
            "done": done(),
            "uid": os.getuid(),
            "gid": os.getgid(),
            "groups": os.getgroups(),
            "capabilities": {seen[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16},
            "no_new_privileges": seen["NoNewPrivs"],
            "seccomp": seen["Seccomp"],
            "setuid": rights_given_by_programs(),
        }
    )
)
