"""Writes `deploy/grafana/*.json`: `.venv/bin/python scripts/dashboards.py`. A test tells where they are old.

A dashboard is a list of panels, a panel its queries; where each stands and all that Grafana asks for beside is the same
for all of them.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parents[1] / "deploy" / "grafana"
_DATASOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
_WIDTH: Final = 12
_HEIGHT: Final = 8
_WINDOW: Final = "$__rate_interval"


@dataclass(frozen=True, slots=True)
class Panel:
    """`queries`: an expression and the legend of its series. `unit`: in Grafana's words. `kind`: of the picture."""

    title: str
    queries: tuple[tuple[str, str], ...]
    unit: str = "short"
    kind: str = "timeseries"
    tells: str = ""


def _rate(metric: str, by: str) -> str:
    return f"sum by ({by}) (rate({metric}[{_WINDOW}]))"


def _quantiles(metric: str, by: str = "", matching: str = "") -> tuple[tuple[str, str], ...]:
    labels, legend = (f"le, {by}", f"{{{{{by}}}}} ") if by else ("le", "")
    rates = f"sum by ({labels}) (rate({metric}_bucket{matching}[{_WINDOW}]))"
    return tuple((f"histogram_quantile({part}, {rates})", f"{legend}p{round(part * 100)}") for part in (0.5, 0.95))


def _share(part: str, whole: str) -> str:
    return f"sum(rate({part}[{_WINDOW}])) / sum(rate({whole}[{_WINDOW}]))"


OVERVIEW: Final = (
    Panel(
        "Processes that answer",
        (('sum by (job) (up{job=~"mentorium.*"})', "{{job}}"),),
        kind="stat",
        tells="Targets of each kind that gave their metrics",
    ),
    Panel(
        "Releases", (("count by (process, version) (mentorium_build_info)", "{{process}} {{version}}"),), kind="stat"
    ),
    Panel(
        "Parts of health",
        (("min by (process, part) (health_part_ok)", "{{process}} {{part}}"),),
        kind="state-timeline",
        tells="1 is well. The alerts of the group servers look at the same",
    ),
    Panel(
        "Answers of /health",
        (("max by (process, question) (health_http_status)", "{{process}} {{question}}"),),
        kind="state-timeline",
    ),
    Panel("Errors", ((_rate("errors_total", "error_type"), "{{error_type}}"),), "ops"),
    Panel("Alerts that fire", (('sum by (alertname, severity) (ALERTS{alertstate="firing"})', "{{alertname}}"),)),
    Panel("Memory", (('process_resident_memory_bytes{job=~"mentorium.*"}', "{{job}} {{instance}}"),), "bytes"),
    Panel(
        "CPU",
        ((f'rate(process_cpu_seconds_total{{job=~"mentorium.*"}}[{_WINDOW}])', "{{job}} {{instance}}"),),
        "percentunit",
    ),
    Panel("The bot runs for", (("max(bot_uptime_seconds)", "bot"),), "s", "stat"),
    Panel("Age of the platform's activity", (("min(platform_activity_age_seconds)", "activity"),), "s", "stat"),
    Panel(
        "Contract last seen well",
        (("time() - max by (version) (platform_contract_seen_at_seconds)", "contract {{version}}"),),
        "s",
        "stat",
    ),
    Panel("Open files", (('process_open_fds{job=~"mentorium.*"}', "{{job}} {{instance}}"),)),
)
PARENTS: Final = (
    Panel("People who wrote within 24 hours", (("max(telegram_active_users)", "people"),), kind="stat"),
    Panel("What parents write", ((_rate("telegram_messages_total", "message_type"), "{{message_type}}"),), "ops"),
    Panel("What became of it", ((_rate("telegram_messages_total", "status"), "{{status}}"),), "ops"),
    Panel("Commands", ((_rate("telegram_commands_total", "command"), "{{command}}"),), "ops"),
    Panel("Time of handling", _quantiles("telegram_update_duration_seconds", "message_type"), "s"),
    Panel("First words of an answer", _quantiles("answer_first_words_seconds"), "s"),
    Panel("The oldest update waits for", (("max(inbox_oldest_seconds)", "oldest"),), "s"),
    Panel("Updates that wait", (("max by (status) (inbox_waiting)", "{{status}}"),)),
    Panel("Updates", ((_rate("inbox_updates_total", "status"), "{{status}}"),), "ops"),
    Panel("Last poll", (("time() - max(telegram_polled_at_seconds)", "ago"),), "s", "stat"),
    Panel("Calls of the Bot API", ((_rate("telegram_requests_total", "status"), "{{status}}"),), "ops"),
    Panel("Time of a call", _quantiles("telegram_request_duration_seconds", "method"), "s"),
    Panel("Crisis messages", (("sum by (kind) (increase(crisis_messages_total[1d]))", "{{kind}}"),), kind="stat"),
)
WORKER: Final = (
    Panel("How late the outbox is", (("max by (lane) (notification_outbox_lag_seconds)", "{{lane}}"),), "s"),
    Panel("Messages", ((_rate("notifications_total", "status"), "{{status}}"),), "ops"),
    Panel(
        "Messages that did not arrive",
        (
            (
                'sum by (type, status) (increase(notifications_total{status=~"failed|unknown|expired"}[1h]))',
                "{{type}} {{status}}",
            ),
        ),
    ),
    Panel("Due until delivered", _quantiles("notification_delivery_lag_seconds", "type"), "s"),
    Panel("Jobs by state", (("max by (job_name, state) (jobs_by_state) > 0", "{{job_name}} {{state}}"),)),
    Panel("Ends of jobs", ((_rate("jobs_total", "job_name, status"), "{{job_name}} {{status}}"),), "ops"),
    Panel("Duties: last done", (("time() - max by (duty) (worker_ticked_at_seconds)", "{{duty}}"),), "s"),
    Panel("Alerts to parents", (("sum by (outcome) (increase(alerts_total[1d]))", "{{outcome}}"),)),
    Panel(
        "Days on which too many turned idle", (("sum(increase(idle_checks_stopped_total[7d]))", "days"),), kind="stat"
    ),
    Panel("Checks put off by old activity", (("sum(increase(dead_feed_checks_total[7d]))", "checks"),), kind="stat"),
    Panel("Letters by their end", (("sum by (status) (increase(letters_total[1d]))", "{{status}}"),)),
)
MONEY: Final = (
    Panel("Subscriptions", (("max by (tariff) (subscriptions_active)", "{{tariff}}"),), kind="stat"),
    Panel(
        "Payments of a day",
        (("sum by (provider, status) (increase(payments_total[1d]))", "{{provider}} {{status}}"),),
        kind="stat",
    ),
    Panel(
        "Calls to webhooks", ((_rate("webhook_duration_seconds_count", "provider, status"), "{{provider}} {{status}}"),)
    ),
    Panel("Time of a webhook's answer", _quantiles("webhook_duration_seconds", "provider"), "s"),
    Panel("Charges of saved cards", (("sum by (outcome) (increase(card_charges_total[1d]))", "{{outcome}}"),)),
    Panel(
        "What the books object to",
        (("max by (check) (billing_disagreements)", "{{check}}"),),
        tells="Of the last nightly check, since the worker's start",
    ),
    Panel("Stars that no update told of", (("sum by (found) (increase(stars_disagreements_total[1d]))", "{{found}}"),)),
    Panel(
        "Errors about payments",
        ((f'sum by (job) (rate(errors_total{{error_type="payment"}}[{_WINDOW}]))', "{{job}}"),),
        "ops",
    ),
)
MODEL: Final = (
    Panel("Requests", ((_rate("ai_requests_total", "model, status"), "{{model}} {{status}}"),), "ops"),
    Panel("Time of a request", _quantiles("ai_request_duration_seconds", "model"), "s"),
    Panel("Tokens of a day", (("sum by (type) (increase(ai_tokens_used_total[1d]))", "{{type}}"),), kind="stat"),
    Panel("Circuit open", (("max(ai_circuit_open)", "open"),), kind="state-timeline"),
    Panel("Answers from the data alone", ((_rate("ai_fallback_answers_total", "reason"), "{{reason}}"),), "ops"),
    Panel("The guard on answers", ((_rate("ai_answer_guard_total", "result"), "{{result}}"),), "ops"),
    Panel("The guard on reports", ((_rate("ai_report_guard_total", "result"), "{{result}}"),), "ops"),
    Panel(
        "Share of answers that the guard changed",
        ((_share('ai_answer_guard_total{result=~"replaced|cut|filtered"}', "ai_answer_guard_total"), "changed"),),
        "percentunit",
    ),
)
DASHBOARDS: Final = {
    "overview": ("Mentorium: overview", OVERVIEW),
    "parents": ("Mentorium: parents and answers", PARENTS),
    "worker": ("Mentorium: messages and worker", WORKER),
    "money": ("Mentorium: money", MONEY),
    "model": ("Mentorium: language model", MODEL),
}


def dashboard(name: str) -> str:
    """The file as it should be."""
    title, panels = DASHBOARDS[name]
    content = {
        "uid": f"mentorium-{name}",
        "title": title,
        "tags": ["mentorium"],
        "schemaVersion": 39,
        "editable": True,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "Asia/Tashkent",
        "links": [{"type": "dashboards", "tags": ["mentorium"], "title": "Mentorium", "asDropdown": True}],
        "templating": {
            "list": [{"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"}]
        },
        "panels": [_panel(number, panel) for number, panel in enumerate(panels, 1)],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    row, column = divmod(number - 1, 2)
    return {
        "id": number,
        "title": panel.title,
        "description": panel.tells,
        "type": panel.kind,
        "datasource": _DATASOURCE,
        "gridPos": {"h": _HEIGHT, "w": _WIDTH, "x": column * _WIDTH, "y": row * _HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit}, "overrides": []},
        "targets": [
            {"refId": chr(ord("A") + place), "datasource": _DATASOURCE, "expr": expression, "legendFormat": legend}
            for place, (expression, legend) in enumerate(panel.queries)
        ],
    }


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for name in DASHBOARDS:
        (FOLDER / f"{name}.json").write_text(dashboard(name), encoding="utf-8")
        logging.info("%s.json is written", name)
