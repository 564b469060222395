"""What a migration may not do beside the release before: rules over the SQL that it emits, one statement at a time.

Expand, migrate, contract: what is added is nullable or has a constant default, indexes are built CONCURRENTLY, checks
and foreign keys are added NOT VALID and validated by a statement of their own, nothing that exists is renamed, changed
or dropped. Of a table that the migration itself has made, none of this matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_NAME: Final = r'(?:ONLY\s+)?"?(?P<table>[a-z_.0-9]+)"?'
_CREATE_TABLE: Final = re.compile(rf"^CREATE TABLE (?:IF NOT EXISTS )?{_NAME}", re.I)
_ALTER_TABLE: Final = re.compile(rf"^ALTER TABLE (?:IF EXISTS )?{_NAME}\s+(?P<actions>.*)$", re.I | re.S)
_CREATE_INDEX: Final = re.compile(rf"^CREATE (?:UNIQUE )?INDEX (?P<how>CONCURRENTLY )?.*?\sON {_NAME}", re.I | re.S)
_DROP_INDEX: Final = re.compile(r"^DROP INDEX (?!CONCURRENTLY)", re.I)
_DROP: Final = re.compile(r"^DROP (TABLE|SCHEMA|TYPE|FUNCTION|VIEW|SEQUENCE)\b", re.I)
_LOCKING: Final = re.compile(r"^(LOCK TABLE|TRUNCATE|VACUUM FULL|CLUSTER|REINDEX (?!.*CONCURRENTLY))", re.I)
_CONSTANT: Final = re.compile(r"DEFAULT\s+(?:'[^']*'(?:::[a-z ]+)?|-?\d+(?:\.\d+)?|true|false|NULL)(?=\s|$)", re.I)
_STABLE: Final = re.compile(r"DEFAULT\s+(?:now\(\)|CURRENT_TIMESTAMP)", re.I)
"""Evaluated once for all rows that exist, as a constant is."""
_KEY: Final = re.compile(r"PRIMARY KEY|\bUNIQUE\b(?!\s+USING)|EXCLUDE", re.I)


def objections(statements: Iterable[str]) -> list[str]:
    """What a reviewer would refuse, in the order of the statements; empty for a migration that is in order."""
    own: set[str] = set()
    found = []
    for statement in statements:
        words = " ".join(statement.split())
        if (made := _CREATE_TABLE.match(words)) is not None:
            own.add(made["table"].lower())
            continue
        found += [f"{what}: {words[:120]}" for what in _of_statement(words, own)]
    return found


def _of_statement(words: str, own: set[str]) -> list[str]:
    if (altered := _ALTER_TABLE.match(words)) is not None:
        if altered["table"].lower() in own:
            return []
        return [what for action in _split(altered["actions"]) if (what := _of_action(action))]
    index = _CREATE_INDEX.match(words)
    if index is not None and not index["how"] and index["table"].lower() not in own:
        return ["CREATE INDEX without CONCURRENTLY holds all writing up"]
    if _DROP_INDEX.match(words):
        return ["DROP INDEX without CONCURRENTLY waits for all who read"]
    if _DROP.match(words):
        return ["DROP of what the release before may use"]
    return ["a lock on the whole table"] if _LOCKING.match(words) else []


def _of_action(action: str) -> str | None:
    upper = action.upper()
    if upper.startswith("RENAME"):
        return "RENAME of what the release before uses"
    if upper.startswith("DROP") and not upper.startswith("DROP CONSTRAINT"):
        return "DROP of what the release before may use"
    if upper.startswith("ALTER") and re.search(r"\bTYPE\b", upper):
        return "ALTER COLUMN TYPE rewrites the table"
    if upper.startswith("ALTER") and "SET NOT NULL" in upper:
        return "SET NOT NULL reads the whole table under a lock"
    if upper.startswith("ADD CONSTRAINT") or re.match(r"ADD (CHECK|FOREIGN|UNIQUE|PRIMARY)", upper):
        return _of_constraint(upper)
    return _of_column(action) if upper.startswith("ADD") else None


def _of_constraint(upper: str) -> str | None:
    if re.search(r"\b(CHECK|FOREIGN KEY)\b", upper):
        return None if upper.endswith("NOT VALID") else "a CHECK or FOREIGN KEY without NOT VALID reads the whole table"
    return None if "USING INDEX" in upper else "a key builds its index under a lock: CONCURRENTLY, then USING INDEX"


def _of_column(action: str) -> str | None:
    if _KEY.search(action):
        return "a key builds its index under a lock: CONCURRENTLY, then USING INDEX"
    if re.search(r"\b(REFERENCES|CHECK)\b", action, re.I):
        return "a CHECK or REFERENCES with the column reads the whole table: add it NOT VALID by itself"
    has_default = re.search(r"\bDEFAULT\b", action, re.I)
    if has_default and not (_CONSTANT.search(action) or _STABLE.search(action)):
        return "a volatile default rewrites the table"
    if re.search(r"\bGENERATED\b|\b(BIG|SMALL)?SERIAL\b", action, re.I):
        return "a computed column rewrites the table"
    if re.search(r"\bNOT NULL\b", action, re.I) and not has_default:
        return "NOT NULL without a default: the release before does not say this column"
    return None


def _split(actions: str) -> list[str]:
    """The actions of one ALTER TABLE: at commas outside of parentheses and quotes."""
    parts, depth, quoted, begin = [], 0, False, 0
    for place, letter in enumerate(actions):
        if letter == "'":
            quoted = not quoted
        elif not quoted and letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == "," and not quoted and depth == 0:
            parts.append(actions[begin:place].strip())
            begin = place + 1
    return [*parts, actions[begin:].strip()]
