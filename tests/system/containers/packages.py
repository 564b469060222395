"""Debian's packages, unpacked and not installed: nothing of this machine is changed but `.cache` of the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

CACHE: Final = Path(__file__).parents[3] / ".cache" / "containers"
"""What was fetched stays here for the next run."""
_UNREAD: Final = ("./usr/share/doc/*", "./usr/share/man/*", "./usr/share/locale/*")


def run(*command: str | Path, said: bool = False, **options: object) -> str:
    """What the command says. AssertionError, with all of it, where it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}"
    return str(done.stdout)


def fetch(names: Sequence[str], *, with_what_they_need: bool) -> list[Path]:
    """The packages of these names as files; the lists of what there is are renewed where they are missing or too old.

    With what they need: as on a machine on which nothing is installed, but for what is only recommended.
    """
    assert os.geteuid() == 0, "make test-system brings up a container engine: that takes root"
    assert shutil.which(
        "apt-get"
    ), "make test-system unpacks a container engine from Debian's packages: no apt-get here"
    archives = CACHE / "archives"
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    (nothing_installed := CACHE / "status").touch()
    command = [
        *("apt-get", "-qq", "--yes", "-o", f"Dir::State::status={nothing_installed}"),
        *("-o", f"Dir::Cache::archives={archives}", "-o", "APT::Install-Recommends=false"),
        *("-o", "APT::Sandbox::User=root", "-o", "Debug::NoLocking=1"),
    ]
    what = ["install", *names] if with_what_they_need else ["download", *names]
    download = [*command, *(["--download-only"] if with_what_they_need else []), *what]
    if subprocess.run(download, cwd=archives, capture_output=True).returncode != 0:
        run("apt-get", "-qq", "update")
        run(*download, cwd=archives)
    if not with_what_they_need:
        return [_newest(archives, name) for name in names]
    listed = run(*command, "-o", "Dir::Cache::archives=/nonexistent", "--print-uris", *what).splitlines()
    return [archives / line.split()[1] for line in listed if line.startswith("'")]


def _newest(archives: Path, name: str) -> Path:
    return max(archives.glob(f"{name}_*.deb"), key=lambda file: file.stat().st_mtime)


def unpack(packages: Sequence[Path], into: Path) -> Path:
    """A root of these packages, none of whose scripts has run: /bin and its like lead into /usr, as on any Debian."""
    for folder in ("bin", "sbin", "lib", "lib64"):
        (into / "usr" / folder).mkdir(parents=True, exist_ok=True)
        if not (into / folder).is_symlink():
            (into / folder).symlink_to(f"usr/{folder}")
    leave = [f"--exclude={pattern}" for pattern in _UNREAD]
    for package in packages:
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as archive:
            run("tar", "-x", "-C", into, "--keep-directory-symlink", *leave, stdin=archive.stdout)
        assert archive.returncode == 0, package
    return into
