"""Deferred build: pydantic makes the validators of aiogram's 440 types and 180 methods when each is first used.

aiogram builds them all while it is imported, half of the CPU seconds in which a process starts; a process uses thirty.
So does FastAPI with its models of an API's description, which ours gives to nobody: two megabytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any

_PACKAGES = ("aiogram", "fastapi")


def defer_models() -> None:
    """Have effect on the import that is to come; none on what was imported before. Harmless twice."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in _PACKAGES:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        with _deferred():
            super().exec_module(module)


@contextmanager
def _deferred() -> Iterator[None]:
    """Models made meanwhile are built at first use; `model_rebuild` finds out what their fields are, and no more.

    The fields have to be known now: later nobody hands over the names that their annotations are made of. With a
    pydantic that has no such insides (any more) all is built at once, as without this.
    """
    from pydantic import BaseModel  # noqa: PLC0415 - not before aiogram itself is asked for

    try:
        from pydantic._internal._config import ConfigWrapper  # noqa: PLC0415
        from pydantic._internal._fields import rebuild_model_fields  # noqa: PLC0415
        from pydantic._internal._namespace_utils import NsResolver  # noqa: PLC0415
    except ImportError:
        yield
        return

    at_once, config = BaseModel.__dict__["model_rebuild"], BaseModel.model_config

    def rebuild(
        cls: type[BaseModel], /, *, _types_namespace: Mapping[str, Any] | None = None, **options: Any
    ) -> object:
        if _types_namespace is None:
            # Without options it is a module's own call while it is imported; by pydantic, at first use, it has some.
            return at_once.__get__(None, cls)(**options) if options else None
        if not cls.__pydantic_fields_complete__:
            cls.__pydantic_fields__, cls.__pydantic_extra_info__ = rebuild_model_fields(
                cls,
                config_wrapper=ConfigWrapper(cls.model_config, check=False),
                ns_resolver=NsResolver(parent_namespace=_types_namespace),
                typevars_map={},
            )
        return None

    BaseModel.model_config = {**config, "defer_build": True}
    BaseModel.model_rebuild = classmethod(rebuild)  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        BaseModel.model_config = config
        BaseModel.model_rebuild = at_once  # type: ignore[method-assign]
