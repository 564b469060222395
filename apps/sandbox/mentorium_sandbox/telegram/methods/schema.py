"""Every method of Bot API 10.3 with its parameters, for those that this sandbox knows by name only.

The data file is written by scripts/bot_api_schema.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any, NoReturn

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.errors import bad_request
from mentorium_sandbox.telegram.nested_fields import whole_number
from mentorium_sandbox.telegram.parameters import Parameters

_Method = dict[str, dict[str, str]]
SCHEMA: dict[str, _Method] = json.loads((files(__package__) / "bot_api.json").read_text("utf-8"))
BOT_API_METHODS = frozenset(SCHEMA)
_BOOLEANS = frozenset({"true", "false", "yes", "no", "1", "0", ""})


def refusal(name: str) -> Callable[[Call], NoReturn]:
    """The method as far as the sandbox has it: its parameters are checked, and then it says loudly that it is a gap."""

    def refuse(call: Call) -> NoReturn:
        check(SCHEMA[name], call.parameters)
        raise bad_request(f"not in the sandbox: {name}")

    return refuse


def check(method: _Method, parameters: Parameters) -> None:
    """Raises ApiError 400 for a parameter that is missing or of a wrong kind."""
    for key, kinds in method["required"].items():
        if parameters.values.get(key) in (None, "") and parameters.upload(key) is None:
            raise bad_request(f'parameter "{key}" is required')
        _check_kind(key, kinds.split("|"), parameters)
    for key, kinds in method["optional"].items():
        if key in parameters.values:
            _check_kind(key, kinds.split("|"), parameters)


def _check_kind(key: str, kinds: list[str], parameters: Parameters) -> None:
    if not any(_fits(key, kind, parameters) for kind in kinds):
        raise bad_request(f'parameter "{key}" must be of type {" or ".join(kinds)}')


def _fits(key: str, kind: str, parameters: Parameters) -> bool:
    value = parameters.values.get(key)
    if value is None or value == "":
        return True
    if kind in ("Array", "Object"):
        return isinstance(parameters.structure(key), list if kind == "Array" else dict)
    if kind == "String":
        return isinstance(value, str | int | float)
    if kind == "Boolean":
        return isinstance(value, bool) or str(value).lower() in _BOOLEANS
    return _is_number(value) if kind == "Float" else whole_number(value) is not None


def _is_number(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and abs(float(value)) < float("inf")
    except (TypeError, ValueError, OverflowError):
        return False
