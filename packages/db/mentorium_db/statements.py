"""Statements in SQL whose parameters have types of the database's, so that it need not guess them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.types import TypeEngine


def prepared(statement: str, **types: TypeEngine[Any]) -> TextClause:
    """The statement with these types of its named parameters."""
    return text(statement).bindparams(*(bindparam(name, type_=kind) for name, kind in types.items()))
