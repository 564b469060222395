"""The page for operators: a row a failure, and one question followed by its id."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

_PROCESSES: Final = ("bot", "worker", "webhook")
_TOLD: Final = ("warning", "error", "critical")
_COUNTERS: Final = (
    "errors_total",
    "ai_requests_total",
    "telegram_messages_total",
    "inbox_updates_total",
    "jobs_total",
    "notifications_total",
)
_UNEVENTFUL: Final = re.compile(r'status="(success|ok|stored|ended|sent|done|repeated)"')
_LABEL: Final = re.compile(r'(\w+)="([^"]*)"')
_MOST_EVENTS: Final = 9
_WELL: Final = 200
_HEAD: Final = """# What health, log and metrics say when something fails

Made by `make failures`, from real processes. First the outside world, cut away piece by piece, with what parents read
and which alert fires; then every failure that the tests of `tests/hardship` survive, with log and metrics.

| question | 503 where |
|---|---|
| `/health/live` | a supervised loop has not got on for 60 s: start the process again |
| `/health/ready` | closing; our database away, read-only, or of a schema this code does not know: send no work |
| `/health` | either of these, or another process has been polling with this token for 30 s: somebody must look |

Redis, platform, Telegram, language model, PayMe (where cards are saved) and mail away make `/health` 200 with
`"status": "degraded"`; of Telegram's calls, the model, PayMe and mail each process knows what became of its last
requests, for five minutes. Nothing answers 500. Each process looks at itself every 5 s: the log says `health_changed`,
the metrics are `health_http_status` and `health_part_ok`. An outage is told when it begins, then ever more rarely, with
its reason and for how long it has lasted, and as `..._no_more` when it is over. In `pg_stat_activity` each process
goes by its own name: `mentorium-worker-8003`, `mentorium-worker-8003-jobs`.

"""
EACH: Final = "## Each failure"
_TABLE: Final = f"""{EACH}

By `tests/hardship/watch_failures.py`: each is made to happen while a parent asks a question and for `/children`.
Numbers are the worst HTTP status that a process answered meanwhile; where only one is given, all processes said the
same. The metrics are what one scrape of port 8001 tells of all processes (`PROMETHEUS_MULTIPROC_DIR`).

"""
_QUESTION: Final = """## One question, followed by one id

Everything that follows from an update bears its `trace_id`: log lines of all processes, the rows of `dialogs`,
`notifications` and `event_logs`, and the jobs that it stored; so do a due run and its reports. Find a parent's question
in `dialogs`, then `grep` its id. Each line also says `process`, `version` and `handler`, and nothing of a person:

| line | one for each | says |
|---|---|---|
| `update_handled` | update | status, kind, duration |
| `question_stored`, `answer_delivered` | question | `dialog_id` |
| `model_called` | request to the language model | model, reason (`ok` or what went wrong), duration, tokens |
| `message_sent` | message of the bot | method, tries, duration |
| `message_done`, `message_not_delivered` | message of the outbox | type, status, lag, reason |
| `report_made`, `report_repeated`, `report_advice_done` | report | `report_id`; of the first two type and period |
| `job_done`, `job_failed`, `job_held` | try of a job | `job_id`, tries, code |
| `mail_sent` | letter | |
| `refused` | refusal: a link code, an e-mail code, a question | code and reason |

"""


@dataclass(frozen=True, slots=True)
class Row:
    """What was seen during one failure; `afterwards` is what the log said when it was over."""

    name: str
    tests: tuple[str, ...]
    statuses: dict[tuple[str, str], int]
    unwell: dict[str, dict[str, str]]
    said: list[dict[str, Any]]
    before: dict[str, float]
    after: dict[str, float]
    afterwards: list[dict[str, Any]]


def page(rows: list[Row], question: str, cuts: str) -> str:
    """The whole document, in Markdown. `cuts`: the section of the outside world cut in turn, made by watch_cuts."""
    table = ["| failure | live | ready | `/health` | log | metrics |", "|---|---|---|---|---|---|"]
    table += [_line(row) for row in rows]
    tests = [f"- {row.name}: {', '.join(f'`{name}`' for name in row.tests)}" for row in rows if row.tests]
    survived = "\n".join(["", "Survived in `tests/hardship/` by:", "", *tests, ""])
    return (
        _HEAD
        + (f"{cuts}\n\n" if cuts else "")
        + _TABLE
        + "\n".join(table)
        + "\n"
        + survived
        + "\n"
        + _QUESTION
        + question
    )


def _line(row: Row) -> str:
    cells = [
        row.name,
        _status(row, "/health/live"),
        _status(row, "/health/ready"),
        _full(row),
        _log(row),
        _metrics(row),
    ]
    return "| " + " | ".join(cells) + " |"


def _status(row: Row, path: str) -> str:
    told = {process: row.statuses.get((process, path), 0) for process in _PROCESSES}
    if len(set(told.values())) == 1:
        return _word(next(iter(told.values())))
    return ", ".join(f"{process} {_word(status)}" for process, status in told.items())


def _word(status: int) -> str:
    return str(status) if status else "no answer"


def _full(row: Row) -> str:
    by_state: dict[str, list[str]] = {}
    for process in _PROCESSES:
        for part, state in sorted(row.unwell.get(process, {}).items()):
            by_state.setdefault(f"`{part}`: {state}", []).append(process)
    parts = [what if len(who) == len(_PROCESSES) else f"{what} ({', '.join(who)})" for what, who in by_state.items()]
    return "<br>".join([_status(row, "/health"), *parts])


def _log(row: Row) -> str:
    """Each kind of line once, by process; then what says that it is over."""
    told: dict[str, set[str]] = {}
    for line in row.said:
        if line.get("level") in _TOLD:
            told.setdefault(_event(line), set()).add(str(line.get("process")))
    lines = [f"{event} ({', '.join(sorted(who))})" for event, who in told.items()]
    if len(lines) > _MOST_EVENTS:
        lines = [*lines[:_MOST_EVENTS], f"and {len(lines) - _MOST_EVENTS} more kinds"]
    over = sorted({f"`{line['event']}`" for line in row.afterwards if str(line.get("event", "")).endswith("_no_more")})
    return "<br>".join([*lines, *([f"then {', '.join(over)}"] if over else [])]) or "nothing above INFO"


def _event(line: dict[str, Any]) -> str:
    detail = line.get("code") or line.get("reason") or line.get("status") or ""
    event = str(line["event"]).partition("\n")[0]  # a library's words may have several lines
    return f"`{event}`" + (f" {detail}" if detail else "")


def _metrics(row: Row) -> str:
    risen = [
        f"`{series}` +{row.after[series] - row.before.get(series, 0):.0f}"
        for series in sorted(row.after)
        if series.startswith(_COUNTERS)
        and not _UNEVENTFUL.search(series)
        and row.after[series] > row.before.get(series, 0)
    ]
    return "<br>".join([*_red(row.after), *risen]) or "no change"


def _red(after: dict[str, float]) -> list[str]:
    """Gauges of health that are not as they should be, each kind with the processes that say so."""
    told: dict[str, list[str]] = {}
    for series, value in sorted(after.items()):
        labels = dict(_LABEL.findall(series))
        if series.startswith("health_part_ok") and value == 0:
            told.setdefault(f'`health_part_ok{{part="{labels["part"]}"}}` 0', []).append(labels["process"])
        elif series.startswith("health_http_status") and value not in (0, _WELL):
            what = f'`health_http_status{{question="{labels["question"]}"}}` {value:.0f}'
            told.setdefault(what, []).append(labels["process"])
    return [f"{what} ({', '.join(who)})" for what, who in told.items()]


def followed_question(stored: dict[str, Any], lines: list[dict[str, Any]]) -> str:
    """The row of `dialogs`, and every line of the log with its trace."""
    trace = stored["trace_id"]
    hidden = {"event", "level", "logger", "timestamp", "process", "version", "handler", "trace_id"}
    table = [
        f"`SELECT ... FROM dialogs`: `trace_id` {trace}, status {stored['status']}, {stored['tokens_used']} tokens.",
        "",
        "| moment | process | handler | line | fields |",
        "|---|---|---|---|---|",
    ]
    for line in lines:
        if line.get("trace_id") == trace:
            fields = ", ".join(f"{name} {value}" for name, value in line.items() if name not in hidden)
            moment = str(line["timestamp"])[11:23]
            table.append(f"| {moment} | {line['process']} | {line['handler']} | `{line['event']}` | {fields} |")
    return "\n".join(table) + "\n"
