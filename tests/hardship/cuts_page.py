"""The first table of docs/FAILURES.md: a row a cut, and under it what each parent read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.hardship.failures_page import EACH
from tests.hardship.outside_cuts import CUTS, Cut
from tests.hardship.real_prometheus import Rule

BEGIN: Final = "<!-- the outside world, cut in turn: by tests/hardship/watch_cuts.py -->"
END: Final = "<!-- /cut in turn -->"
_PROCESSES: Final = ("bot", "worker", "webhook")
_LOUD: Final = ("warning", "error", "critical")
_LONGEST: Final = 150


@dataclass(frozen=True, slots=True)
class DeedRow:
    """`served…`: how often the parent had what was asked for: meanwhile, by itself afterwards, when asked again."""

    name: str
    first_after_s: float | None
    told: tuple[str, ...]
    served_meanwhile: int
    served: int
    served_again: int
    at_last: int
    failed: str

    @property
    def is_well(self) -> bool:
        """Nothing was lost and nothing came twice."""
        return self.at_last == 1


@dataclass(frozen=True, slots=True)
class CutRow:
    """What was seen during one cut and after it."""

    cut: Cut
    statuses: dict[tuple[str, str], int]
    unwell: dict[str, dict[str, str]]
    fired_after_s: dict[str, float]
    pending: set[str]
    well_after_s: float
    deeds: tuple[DeedRow, ...]
    said: list[dict[str, Any]]


def cuts_section(rows: Sequence[CutRow], rules: Mapping[str, Rule], speed: float, known: str = "") -> str:
    """In Markdown, between its marks. `known`: the section as it stands, of which other cuts' rows are kept."""
    lines, read = _known_lines(known), _known_reading(known)
    for row in rows:
        lines[_title(row.cut)] = _line(row, rules)
        read[_title(row.cut)] = "\n".join(_what_parents_read(row))
    in_order = [title for title in map(_title, CUTS) if title in lines]
    table = [_COLUMNS, "|---|---|---|---|---|---|---|", *(lines[title] for title in in_order)]
    head = _HEAD.format(speed=f"{speed:g}")
    return "\n".join([BEGIN, head, *table, "", _READ, "", *(read[title] for title in in_order), END])


def _title(cut: Cut) -> str:
    return f"{cut.name} {cut.how}"


def _known_lines(section: str) -> dict[str, str]:
    table = section.partition(_COLUMNS)[2].partition(_READ)[0].splitlines()[2:]
    return {line.split(" | ")[0].removeprefix("| "): line for line in table if line}


def _known_reading(section: str) -> dict[str, str]:
    parts = section.partition(_READ)[2].removesuffix(END).split("\n**")[1:]
    return {part.partition("**\n")[0]: f"**{part.rstrip()}\n" for part in parts}


_COLUMNS: Final = (
    "| cut | seconds | `/health` | alerts (severity, `for`) | lines logged, warnings and worse"
    " | well again after | parents |"
)
_READ: Final = "### What parents read"
_HEAD: Final = """## The outside world, cut in turn

Made by `python -m tests.hardship.watch_cuts` (`make failures` runs it): each piece of the outside world is refused, or
hangs, while every parent below does one thing a second after it was cut. Alerts are those of a real Prometheus with
the rules of `deploy/prometheus`, whose waits and windows are divided by {speed} (told is what is written there), so
that half a minute shows what {speed} times as long would. One whose condition held for too short a time is *pending*.
Nobody restarts anything.
"""


def _line(row: CutRow, rules: Mapping[str, Rule]) -> str:
    well = [deed for deed in row.deeds if deed.is_well]
    lost = [f"**{deed.name}: {deed.at_last} times**" for deed in row.deeds if not deed.is_well]
    verdict = f"{len(well)} of {len(row.deeds)} served once" + "".join(f"<br>{one}" for one in lost)
    cells = [
        _title(row.cut),
        f"{row.cut.lasts_s:g}",
        _health(row),
        _alerts(row, rules),
        _log(row),
        f"{row.well_after_s:.0f} s",
        verdict,
    ]
    return "| " + " | ".join(cells) + " |"


def _health(row: CutRow) -> str:
    """The worst status of each process, by ready and full, and the parts that it named."""
    lines = []
    for path in ("/health/live", "/health/ready", "/health"):
        told = {process: row.statuses.get((process, path), 0) for process in _PROCESSES}
        if len(set(told.values())) == 1:
            said = _word(next(iter(told.values())))
        else:
            said = ", ".join(f"{process} {_word(status)}" for process, status in told.items())
        lines.append(f"{path.rpartition('/')[2]} {said}")
    parts: dict[str, list[str]] = {}
    for process in _PROCESSES:
        for part, state in sorted(row.unwell.get(process, {}).items()):
            parts.setdefault(f"`{part}`: {state}", []).append(process)
    named = [what if len(who) == len(_PROCESSES) else f"{what} ({', '.join(who)})" for what, who in parts.items()]
    return "<br>".join(["; ".join(lines), *named])


def _word(status: int) -> str:
    return str(status) if status else "no answer"


def _alerts(row: CutRow, rules: Mapping[str, Rule]) -> str:
    fired = [f"{_alert(rules[name])}: after {after:.0f} s" for name, after in sorted(row.fired_after_s.items())]
    waiting = [f"*pending* {_alert(rules[name])}" for name in sorted(row.pending - row.fired_after_s.keys())]
    return "<br>".join([*fired, *waiting]) or "**none**"


def _alert(rule: Rule) -> str:
    return f"`{rule.name}` ({rule.severity}, {rule.waits})"


def _log(row: CutRow) -> str:
    told = Counter(str(line.get("event", "")).partition("\n")[0] for line in row.said if line.get("level") in _LOUD)
    kinds = [f"`{event}` {count}" for event, count in told.most_common(4)]
    return "<br>".join([f"{len(row.said)}, {told.total()}", *kinds])


def _what_parents_read(row: CutRow) -> list[str]:
    table = ["| a parent who … | first word after | reads meanwhile | afterwards |", "|---|---|---|---|"]
    for deed in row.deeds:
        after = "nothing" if deed.first_after_s is None else f"{deed.first_after_s:.0f} s"
        told = [f"“{_short(words)}”" for words in deed.told] + ([f"({deed.failed})"] if deed.failed else [])
        table.append(f"| {deed.name} | {after} | {'<br>'.join(told) or '-'} | {_afterwards(deed)} |")
    return [f"**{_title(row.cut)}**", "", *table, ""]


def _short(words: str) -> str:
    words = words.replace("|", "/")
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST].rsplit(' ', 1)[0]} …"


def _afterwards(deed: DeedRow) -> str:
    if deed.at_last > 1:
        return f"**{deed.at_last} times**"
    if deed.served_meanwhile:
        return "served meanwhile"
    if deed.served:
        return "came by itself, once"
    return "tried again: served, once" if deed.served_again else "**lost**"


def put_section(target: Path, section: str) -> None:
    """In the place of the section that stands there, or before the first table."""
    page = target.read_text(encoding="utf-8")
    if BEGIN in page:
        before, _, rest = page.partition(BEGIN)
        page = before + section + rest.partition(END)[2]
    else:
        before, title, rest = page.partition(EACH)
        page = f"{before.rstrip()}\n\n{section}\n\n{title}{rest}"
    target.write_text(page, encoding="utf-8")


def section_of(target: Path) -> str:
    """What stands there; empty where there is none yet."""
    page = target.read_text(encoding="utf-8") if target.exists() else ""
    return BEGIN + page.partition(BEGIN)[2].partition(END)[0] + END if BEGIN in page else ""
