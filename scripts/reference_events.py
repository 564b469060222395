"""Every event of the log and of `event_logs`, read out of the code: its name, level, fields and place."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from mentorium_core.privacy.retention import RETENTION

ROOT: Final = Path(__file__).parents[1]
_ROOMS: Final = ("apps/telegram_bot", "apps/reporting_worker", "apps/operator", "packages")
_LEVELS: Final = ("debug", "info", "warning", "error", "critical", "exception")
_KEPT: Final = {
    "log_user_action": "USER_ACTION",
    "log_payment": "PAYMENT",
    "log_system": "SYSTEM",
    "log_error": "ERROR",
}
_NO_FIELDS: Final = {"exc_info", "severity", "user_telegram_id"}
_OUTAGES: Final = "outage.py"
Function = ast.FunctionDef | ast.AsyncFunctionDef
Functions = tuple[Function, ...]


@dataclass(frozen=True, slots=True)
class Event:
    name: str
    level: str
    fields: frozenset[str]
    place: str


@dataclass(frozen=True)
class Module:
    path: Path

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"))

    @cached_property
    def calls(self) -> list[tuple[ast.Call, Functions]]:
        """Each with the functions that it stands in, the outermost first."""
        return list(_calls(self.tree, ()))

    @property
    def place(self) -> str:
        """`mentorium_core/inbox/commands.py`: a package's name says which room it is."""
        parts = self.path.relative_to(ROOT).parts
        return "/".join(parts[next(at for at, part in enumerate(parts) if part.startswith("mentorium_")) :])


def _calls(node: ast.AST, within: Functions) -> Iterator[tuple[ast.Call, Functions]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child, within
        yield from _calls(child, (*within, child) if isinstance(child, Function) else within)


class Code:
    """All product code; the sandbox is none."""

    def __init__(self) -> None:
        paths = (path for room in _ROOMS for path in sorted((ROOT / room).rglob("*.py")))
        self.modules = [Module(path) for path in paths]

    def log_events(self) -> Iterator[Event]:
        """What is written to the log."""
        for module in self.modules:
            for call, within in module.calls:
                function = call.func
                if isinstance(function, ast.Name) and function.id == "Outage":
                    yield from self._outage(module, call)
                elif (
                    isinstance(function, ast.Attribute)
                    and function.attr in _LEVELS
                    and "log" in ast.unparse(function.value)
                    and module.path.name != _OUTAGES
                ):
                    level = "error" if function.attr == "exception" else function.attr
                    yield from self._events(module, call, within, level)

    def kept_events(self) -> Iterator[Event]:
        """What is written to the table `event_logs`; its level is kind and severity."""
        for module in self.modules:
            for call, within in module.calls:
                function = call.func
                if isinstance(function, ast.Attribute) and ast.unparse(function.value) == "EventLogService":
                    severity = "ERROR" if function.attr == "log_error" else "INFO"
                    for keyword in call.keywords:
                        if keyword.arg == "severity":
                            severity = " or ".join(_severities(keyword.value)) or "as it is"
                    yield from self._events(module, call, within, f"{_KEPT[function.attr]}, {severity}")

    def _events(self, module: Module, call: ast.Call, within: Functions, level: str) -> Iterator[Event]:
        names = self._texts(call.args[0], module, within)
        if not names:
            raise ValueError(f"which event is it? {module.place}:{call.lineno}")
        fields = {keyword.arg or "..." for keyword in call.keywords} - _NO_FIELDS
        for name in sorted(names):
            yield Event(name, level, frozenset(fields), module.place)

    def _outage(self, module: Module, call: ast.Call) -> Iterator[Event]:
        for name in self._texts(call.args[1], module, ()):
            yield Event(name, "warning", frozenset({"code", "reason", "for_s"}), module.place)
            yield Event(f"{name}_no_more", "info", frozenset({"for_s"}), module.place)

    def _texts(self, node: ast.expr, module: Module, within: Functions) -> set[str]:
        """The texts that this expression may be: a literal, a choice of them, or a name that stands for one."""
        match node:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.IfExp(body=one, orelse=other):
                return self._texts(one, module, within) | self._texts(other, module, within)
            case ast.Call(func=ast.Attribute(value=pattern, attr="format")):
                return {text.replace("{", "<").replace("}", ">") for text in self._texts(pattern, module, within)}
            case ast.Name(id=name):
                return self._named(name, module, within)
        return set()

    def _named(self, name: str, module: Module, within: Functions) -> set[str]:
        for function in reversed(within):
            if name in (parameters := _parameters(function)):
                return self._handed_in(function.name, name, parameters.index(name))
        for scope in (*reversed(within), module.tree):
            if values := list(_assigned(scope, name)):
                return set().union(*(self._texts(value, module, within) for value in values))
        return set()

    def _handed_in(self, function: str, parameter: str, position: int) -> set[str]:
        """What callers hand in for this parameter, wherever they are."""
        found: set[str] = set()
        for module, call, within in self._calls_of.get(function, ()):
            given = [keyword.value for keyword in call.keywords if keyword.arg == parameter]
            for one in given or call.args[position : position + 1]:
                found |= self._texts(one, module, within)
        return found

    @cached_property
    def _calls_of(self) -> dict[str, list[tuple[Module, ast.Call, Functions]]]:
        """By the plain name that is called."""
        found: dict[str, list[tuple[Module, ast.Call, Functions]]] = {}
        for module in self.modules:
            for call, within in module.calls:
                if isinstance(call.func, ast.Name):
                    found.setdefault(call.func.id, []).append((module, call, within))
        return found


def _parameters(function: Function) -> list[str]:
    return [one.arg for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]


def _assigned(scope: ast.AST, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                yield value
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value) if target == name:
                yield value


def _severities(node: ast.expr) -> list[str]:
    return sorted({one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute) and one.attr.isupper()})


_HEAD: Final = """# Events

Written by `scripts/reference_pages.py` from the code; a test says when it is old. Two kinds: lines of the log, and rows
of the table `event_logs`, which stand if and only if what they tell of was committed.

## The log

One JSON object a line. Each has `event`, `level`, `timestamp` (UTC), `logger`; in a process `process` and `version`;
and where there is one `trace_id` (all that follows from one update, due moment or command: search for it in the logs of
all processes) and `handler`. An update's lines have `update_id`; whose it was no line says
(`event_logs` does, of what was done). Names, phones, e-mail addresses, tokens and card
numbers are cut out of every field (`packages/observability/mentorium_observability/redaction.py`).
`..._no_more` says that the outage of the same name is over; `for_s` how long it was.

| event | level | fields | where |
|---|---|---|---|
"""
_KEPT_HEAD: Final = """
## The table event_logs

Kept: {kept} (docs/PRIVACY.md). `metadata` holds the fields.

| event_name | event_type, severity | fields | where |
|---|---|---|---|
"""


@cache
def page() -> str:
    """The page as it should be."""
    code = Code()
    (kept_for,) = (one.kept for one in RETENTION if one.table == "event_logs")
    kept = _KEPT_HEAD.format(kept=kept_for)
    return _HEAD + "".join(_rows(code.log_events())) + kept + "".join(_rows(code.kept_events()))


def _rows(events: Iterable[Event]) -> Iterator[str]:
    """One row a name: an event may be told in several places, at several levels."""
    by_name: dict[str, list[Event]] = {}
    for event in events:
        by_name.setdefault(event.name, []).append(event)
    for name, found in sorted(by_name.items()):
        levels = "; ".join(sorted({event.level for event in found}))
        fields = ", ".join(f"`{field}`" for field in sorted({field for event in found for field in event.fields}))
        places = ", ".join(f"`{place}`" for place in sorted({event.place for event in found}))
        yield f"| `{name}` | {levels} | {fields} | {places} |\n"
