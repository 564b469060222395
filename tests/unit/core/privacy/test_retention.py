"""`docs/PRIVACY.md` says what the one list of retention says (durability 19)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from mentorium_core.identity.one_time_code import CODE_LIFE, DAY, INVITATION_LIFE
from mentorium_core.identity.rules import LINK_CODE_LIFE
from mentorium_core.privacy.retention import RETENTION
from mentorium_core.reports.rules import ACTION_NOT_REPEATED

DOCUMENT = Path(__file__).parents[4] / "docs" / "PRIVACY.md"
KEPT = {(entry.table, sweep.part): sweep.kept_for for entry in RETENTION for sweep in entry.sweeps}


def test_the_document_lists_each_table_with_its_retention() -> None:
    expected = ["| table | what it holds | kept | why |", "|---|---|---|---|"]
    expected += [f"| `{one.table}` | {one.holds} | {one.kept} | {one.why} |" for one in RETENTION]
    text = DOCUMENT.read_text(encoding="utf-8")
    assert "\n".join(expected) in text, "paste this:\n" + "\n".join(expected)


def test_each_table_stands_once() -> None:
    names = [entry.table for entry in RETENTION]
    assert len(names) == len(set(names))


def test_the_figures_of_the_product() -> None:
    """durability 19"""
    days = {
        ("dialogs", None): 90,
        ("inbox", "ended"): 3,
        ("inbox", "set_aside"): 14,
        ("notifications", "texts"): 90,
        ("event_logs", None): 400,
    }
    assert {part: KEPT[part] for part in days} == {part: timedelta(days=number) for part, number in days.items()}


def test_nothing_is_forgotten_that_a_rule_still_asks_for() -> None:
    assert KEPT["code_attempts", None] > DAY, "limits on codes look a day back"
    assert KEPT["used_link_codes", None] > LINK_CODE_LIFE, "a link works once, and is refused by its age afterwards"
    assert KEPT["report_history", None] > ACTION_NOT_REPEATED
    assert KEPT["email_codes", None] > CODE_LIFE
    assert KEPT["invitations", None] > INVITATION_LIFE
