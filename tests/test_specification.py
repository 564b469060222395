"""The specification's names exist and its samples run as written."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path
from types import CodeType

import pytest
import pytest_asyncio
from aiogram import Dispatcher
from prometheus_client import REGISTRY
from sqlalchemy import BigInteger, Column, DateTime, Integer, Numeric, String, Text
from sqlalchemy.dialects.postgresql import JSONB

import mentorium_bot.handlers
import mentorium_db.models
import mentorium_db.repositories
from mentorium_bot import webhook_app
from mentorium_bot.config import WebhookAppSettings
from mentorium_db.models import Base
from mentorium_observability import metrics
from sandbox_tests.openai.stand_in import running_stand_in
from tests import specification as spec

_TYPES = {
    "SERIAL": Integer,
    "INTEGER": Integer,
    "BIGINT": BigInteger,
    "VARCHAR": String,
    "TEXT": Text,
    "TIMESTAMP": DateTime,
    "DECIMAL": Numeric,
    "BOOLEAN": object,
    "JSONB": JSONB,
}


def _holds(kind: str, name: str, *, exists: bool) -> None:
    assert exists, f"the specification names the {kind} {name}"


@pytest.mark.parametrize("path", spec.paths())
def test_path(path: str) -> None:
    _holds("path", path, exists=(spec.ROOT / path).exists())


@pytest.mark.parametrize("column", spec.columns(), ids=str)
def test_column(column: spec.Column) -> None:
    ours = Base.metadata.tables[column.table].c[column.name]
    # platform ids are bigint and times carry their zone (docs/decisions); the name and the kind are the specification's
    expected = BigInteger if column.name == "platform_student_id" else _TYPES[column.type.split("(")[0]]
    assert isinstance(ours.type, expected)
    if column.required:
        assert not ours.nullable
    if column.unique:
        assert ours.unique or any(
            [c.name for c in index.columns] == [column.name] and index.unique for index in ours.table.indexes
        )
    if size := re.search(r"VARCHAR\((\d+)\)", column.type):
        assert isinstance(ours.type, String)
        assert ours.type.length == int(size[1])


@pytest.mark.parametrize("target", spec.make_targets())
def test_make_target(target: str) -> None:
    makefile = (spec.ROOT / "Makefile").read_text(encoding="utf-8")
    _holds("target", target, exists=re.search(rf"^{target}:", makefile, flags=re.MULTILINE) is not None)


@pytest.mark.parametrize("variable", spec.variables())
def test_variable(variable: str) -> None:
    template = (spec.ROOT / ".env.template").read_text(encoding="utf-8")
    _holds("variable", variable, exists=re.search(rf"^(# )?{variable}=", template, flags=re.MULTILINE) is not None)


@pytest.mark.parametrize("metric", spec.metrics(), ids=str)
def test_metric(metric: spec.Metric) -> None:
    importlib.import_module(metrics.__name__)
    family = metric.name.removesuffix("_total")
    known = {
        name: getattr(collector, "_labelnames", ())  # the client offers no public way to read labels
        for collector in set(REGISTRY._collector_to_names)
        if (name := getattr(collector, "_name", ""))
    }
    _holds("metric", metric.name, exists=family in known)
    assert set(known[family]) >= metric.labels


@pytest.mark.parametrize("endpoint", spec.endpoints())
async def test_endpoint(endpoint: str, bot_environment: None) -> None:
    app = webhook_app.build(WebhookAppSettings())
    paths = {getattr(route, "path", None) for route in app.routes}
    _holds("endpoint", endpoint, exists=endpoint in paths)


@pytest_asyncio.fixture
async def bot_environment(bot_dsn: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """As an operator leaves it: variables are set, nothing is configured."""
    secrets = {"PAYME_MERCHANT_ID": "1", "PAYME_SECRET_KEY": "2", "CLICK_SERVICE_ID": "3", "CLICK_SECRET_KEY": "4"}
    for name, value in {"BOT_DB_URL": bot_dsn, **secrets}.items():
        monkeypatch.setenv(name, value)
    yield
    await mentorium_db.dispose()


@pytest_asyncio.fixture
async def openai_environment(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The SDK's own variable leads the sample to the stand-in."""
    async with running_stand_in() as stand_in:
        monkeypatch.setenv("OPENAI_BASE_URL", stand_in.base_url)
        yield


async def _run(code: str, names: dict[str, object]) -> dict[str, object]:
    """Run a sample as it stands, `await` at its top level included; returns what it defined."""
    compiled: CodeType = compile(code, "PROJECT_OVERVIEW.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    outcome = eval(compiled, names)
    if inspect.isawaitable(outcome):
        await outcome
    return names


async def test_sample_of_the_ai_client(openai_environment: None) -> None:
    names = await _run(spec.sample("MentoriumAIClient(api_key"), {})
    assert isinstance(names["reply"], str)
    assert names["reply"]
    await names["client"].aclose()  # type: ignore[attr-defined]


async def test_sample_of_the_repository(bot_environment: None) -> None:
    names = await _run(spec.sample("get_by_telegram_id(123456789)"), {})
    assert names["parent"] is None


async def test_sample_of_logging_and_events(bot_environment: None, capsys: pytest.CaptureFixture[str]) -> None:
    await _run(spec.sample("configure_logging(level="), {})
    assert "user_registered" in capsys.readouterr().out
    async with mentorium_db.get_session() as session:
        events = (await session.scalars(mentorium_db.models.EventLog.__table__.select())).all()
    assert len(events) == 2


async def test_sample_of_a_new_handler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my_feature.py").write_text(spec.sample("my_command_handler"), encoding="utf-8")
    monkeypatch.setattr(mentorium_bot.handlers, "__path__", [*mentorium_bot.handlers.__path__, str(tmp_path)])
    dispatcher = Dispatcher()
    await _run(spec.sample("dp.include_router(my_router)"), {"dp": dispatcher})
    assert [router.name for router in dispatcher.sub_routers] == ["my_feature"]
    sys.modules.pop("mentorium_bot.handlers.my_feature")


@pytest.mark.own_databases
async def test_sample_of_a_new_table_and_its_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bot_environment: None
) -> None:
    names = {**vars(mentorium_db.models), "Column": Column, "Integer": Integer, "String": String}
    model = (await _run(spec.sample("class MyModel(Base)"), names))["MyModel"]
    monkeypatch.setattr(mentorium_db.models, "MyModel", model, raising=False)
    try:
        (tmp_path / "my_repo.py").write_text(spec.sample("class MyRepository"), encoding="utf-8")
        monkeypatch.setattr(mentorium_db.repositories, "__path__", [*mentorium_db.repositories.__path__, str(tmp_path)])
        repository = importlib.import_module("mentorium_db.repositories.my_repo").MyRepository
        async with mentorium_db.get_session() as session:
            await (await session.connection()).run_sync(Base.metadata.tables["my_table"].create)
            assert await repository(session).get_by_id(1) is None
    finally:
        Base.metadata.remove(Base.metadata.tables["my_table"])
        sys.modules.pop("mentorium_db.repositories.my_repo", None)


def test_make_lists_its_targets_without_being_asked() -> None:
    makefile = textwrap.dedent((spec.ROOT / "Makefile").read_text(encoding="utf-8"))
    assert ".DEFAULT_GOAL := help" in makefile
