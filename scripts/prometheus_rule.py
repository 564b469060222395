"""Writes the PrometheusRule for Kubernetes from `deploy/prometheus/rules`: run it without arguments.

The Prometheus operator takes no rule files, only objects; a test tells where this one is old.
"""

from __future__ import annotations

import logging
from importlib import import_module
from pathlib import Path
from typing import Any, Final

yaml: Any = import_module("yaml")  # it brings no types

_DEPLOY: Final = Path(__file__).parents[1] / "deploy"
RULES: Final = _DEPLOY / "prometheus" / "rules"
FILE: Final = _DEPLOY / "kubernetes" / "components" / "prometheus-operator" / "prometheus-rule.yaml"
_HEAD: Final = "# Written by scripts/prometheus_rule.py from deploy/prometheus/rules: change those.\n"


def prometheus_rule() -> str:
    """The file as it should be."""
    groups = [
        group
        for file in sorted(RULES.glob("*.yml"))
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]
    ]
    content = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "mentorium", "labels": {"app.kubernetes.io/name": "mentorium"}},
        "spec": {"groups": groups},
    }
    return _HEAD + str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    FILE.write_text(prometheus_rule(), encoding="utf-8")
    logging.info("%s is written", FILE.name)
