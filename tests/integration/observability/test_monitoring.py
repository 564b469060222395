"""Alerts, dashboards and runbooks name what there is. That alerts fire, `tests/system/test_prometheus.py` shows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from prometheus_client import Counter, Gauge, Histogram

from mentorium_observability import metrics
from scripts import prometheus_rule
from scripts.dashboards import DASHBOARDS, FOLDER, dashboard
from tests.fixtures.promql import unknown_names

ROOT: Final = Path(__file__).parents[3]
PROMETHEUS: Final = ROOT / "deploy" / "prometheus"
GUIDE: Final = (ROOT / "docs" / "PHASE_7_MONITORING.md").read_text(encoding="utf-8")
RULE_FILES: Final = sorted((PROMETHEUS / "rules").glob("*.yml"))
RUNBOOKS: Final = re.findall(r"^### (\w+)$", GUIDE, re.MULTILINE)

_TARGET: Final = frozenset({"job", "instance"})
"""Labels that Prometheus adds to every series."""
_OF_TARGETS: Final = _TARGET | {"namespace", "pod", "service", "container", "endpoint", "node"}
"""And those that the Prometheus operator adds."""
_OTHERS: Final = {
    "up": _TARGET,
    "process_start_time_seconds": _TARGET,
    "process_resident_memory_bytes": _TARGET,
    "process_cpu_seconds_total": _TARGET,
    "process_open_fds": _TARGET,
    "ALERTS": _TARGET | {"alertname", "alertstate", "severity"},
}


def known_metrics() -> dict[str, frozenset[str]]:
    """The labels of each series that a process of ours can show."""
    known = dict(_OTHERS)
    for each in vars(metrics).values():
        if isinstance(each, Counter | Gauge | Histogram):
            name, labels = each._name, frozenset(each._labelnames) | _TARGET  # the client offers no public way
            if isinstance(each, Histogram):
                known |= {f"{name}_bucket": labels | {"le"}, f"{name}_count": labels, f"{name}_sum": labels}
            else:
                known[name + ("_total" if isinstance(each, Counter) else "")] = labels
    return known


KNOWN: Final = known_metrics()


def alerts() -> list[dict[str, Any]]:
    return [
        rule
        for file in RULE_FILES
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]
        for rule in group["rules"]
    ]


ALERTS: Final = {alert["alert"]: alert for alert in alerts()}


@pytest.mark.parametrize("alert", ALERTS.values(), ids=ALERTS)
def test_an_alert_asks_for_what_there_is_and_leads_to_its_runbook(alert: dict[str, Any]) -> None:
    assert unknown_names(alert["expr"], KNOWN) == []
    assert alert["labels"] == {"severity": alert["labels"]["severity"]}
    assert alert["labels"]["severity"] in {"critical", "warning"}
    told = alert["annotations"]
    assert told.keys() == {"summary", "description", "runbook_url"}
    assert told["runbook_url"].endswith(f"/docs/PHASE_7_MONITORING.md#{alert['alert'].lower()}")


def test_each_alert_has_a_runbook_and_each_runbook_an_alert() -> None:
    assert len(ALERTS) == len(alerts()), "two alerts have one name"
    assert sorted(RUNBOOKS) == sorted(ALERTS)


@pytest.mark.parametrize("name", RUNBOOKS)
def test_a_runbook_says_what_is_felt_what_to_look_at_what_to_do_and_when_it_is_over(name: str) -> None:
    text = GUIDE.partition(f"### {name}\n")[2].partition("\n#")[0]
    assert re.findall(r"^- \*\*(\w+)\*\*: \S", text, re.MULTILINE) == ["Parents", "Look", "Do", "Over"]
    assert set(re.findall(r"\bMentorium[A-Z]\w+", text)) <= ALERTS.keys()


def test_each_alert_is_tested_quiet_and_firing() -> None:
    """promtool runs the tests; here that none is forgotten."""
    seen: dict[str, set[bool]] = {}
    for file in (PROMETHEUS / "tests").glob("*.yml"):
        for test in yaml.safe_load(file.read_text(encoding="utf-8"))["tests"]:
            for asked in test["promql_expr_test"]:
                (name,) = re.findall(r'alertname="(\w+)"', asked["expr"])
                seen.setdefault(name, set()).add(bool(asked["exp_samples"]))
    assert seen == {name: {True, False} for name in ALERTS}


def test_no_label_of_ours_is_one_that_prometheus_puts_in_its_place() -> None:
    """It would come as `exported_job`, and whoever asks by `job` would be told of targets."""
    ours = {
        each._name: frozenset(each._labelnames) & _OF_TARGETS  # the client offers no public way
        for each in vars(metrics).values()
        if isinstance(each, Counter | Gauge | Histogram)
    }
    assert {name: labels for name, labels in ours.items() if labels} == {}


def test_kubernetes_has_the_same_rules() -> None:
    written = prometheus_rule.FILE.read_text(encoding="utf-8")
    assert written == prometheus_rule.prometheus_rule(), "run .venv/bin/python scripts/prometheus_rule.py"
    groups = yaml.safe_load(written)["spec"]["groups"]
    assert [rule["alert"] for group in groups for rule in group["rules"]] == list(ALERTS)


def test_whoever_is_silenced_by_another_alert_exists() -> None:
    sample = (PROMETHEUS / "alertmanager.yml").read_text(encoding="utf-8")
    named = set(re.findall(r"Mentorium\w+(?:\.\*)?", sample))
    assert named
    assert [name for name in named if not any(re.fullmatch(name, alert) for alert in ALERTS)] == []


@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_dashboard_is_up_to_date(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == dashboard(
        name
    ), "run .venv/bin/python scripts/dashboards.py"


def test_there_is_no_other_dashboard() -> None:
    files = {file.stem for file in FOLDER.glob("*.json")}
    contents = [json.loads(file.read_text(encoding="utf-8")) for file in FOLDER.glob("*.json")]
    assert files == set(DASHBOARDS)
    assert (
        len({content["uid"] for content in contents}) == len({content["title"] for content in contents}) == len(files)
    )


@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_dashboard_asks_for_what_there_is(name: str) -> None:
    content = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    (variable,) = content["templating"]["list"]
    assert (variable["name"], variable["type"], variable["query"]) == ("datasource", "datasource", "prometheus")
    panels = content["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len(set(places)) == len(panels)
    wrong = []
    for panel in panels:
        assert panel["targets"], panel["title"]
        for target in panel["targets"]:
            assert target["datasource"] == panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
            expression = target["expr"].replace("$__rate_interval", "5m")
            wrong += unknown_names(expression, KNOWN)
            legend = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            wrong += sorted(legend - set(re.findall(r"\w+", expression)) - _TARGET)
    assert wrong == []


def test_every_metric_of_ours_is_in_a_dashboard_or_an_alert() -> None:
    """What nobody looks at need not be counted."""
    asked = "\n".join(
        [alert["expr"] for alert in ALERTS.values()]
        + [query for _, panels in DASHBOARDS.values() for panel in panels for query, _ in panel.queries]
    )
    ours = {re.sub(r"_(?:bucket|count|sum)$", "", name) for name in KNOWN.keys() - _OTHERS.keys()}
    assert [name for name in sorted(ours) if name not in asked] == []


@pytest.mark.parametrize(
    ("expression", "wrong"),
    [
        ('sum by (job) (rate(errors_total{error_type="api"}[5m])) > 0', []),
        ("sum by (colour) (rate(errors_total[5m]))", ["colour"]),
        ("rate(mistakes_total[5m])", ["mistakes_total"]),
        ('up{colour="red"} == 0', ["up{colour}"]),
        ("histogram_quantile(0.95, sum by (le) (rate(answer_first_words_seconds_bucket[5m])))", []),
    ],
)
def test_what_is_wrong_in_an_expression_is_found(expression: str, wrong: list[str]) -> None:
    assert unknown_names(expression, KNOWN) == wrong
