"""The objects that an overlay of deploy/kubernetes becomes: rendered by kubectl, which asks no cluster."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
KUBERNETES: Final = ROOT / "deploy" / "kubernetes"
OVERLAYS: Final = ("staging", "production")
_OWN_KUBECTL: Final = Path(__file__).parent / "kubectl" / "bin" / "kubectl"
"""Where scripts/system.sh puts one, if the machine's cannot do it."""

Manifest = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Overlay:
    """All that `kubectl apply --kustomize` would send."""

    name: str
    text: str
    objects: tuple[Manifest, ...]

    def of(self, kind: str) -> list[Manifest]:
        return [one for one in self.objects if one["kind"] == kind]

    def one(self, kind: str, name: str) -> Manifest:
        (found,) = (one for one in self.of(kind) if one["metadata"]["name"] == name)
        return found

    def workloads(self) -> Iterator[tuple[str, Manifest]]:
        """The name and the pod's spec of whatever starts pods."""
        for one in self.objects:
            spec = one.get("spec", {})
            spec = spec.get("jobTemplate", {}).get("spec", spec)
            if "template" in spec:
                yield one["metadata"]["name"], spec["template"]["spec"]

    def of_ours(self) -> Iterator[Manifest]:
        """The pods' specs of our own image: the backup is made by PostgreSQL's."""
        yield from (spec for name, spec in self.workloads() if name != "backup")

    def container(self, name: str) -> Manifest:
        """The only one of this workload."""
        ((_, spec),) = ((n, s) for n, s in self.workloads() if n == name)
        (container,) = spec["containers"]
        return dict(container)

    @property
    def config(self) -> dict[str, str]:
        return dict(self.config_map("mentorium-config")["data"])

    def config_map(self, name: str) -> Manifest:
        """By its name without the hash of its content."""
        (found,) = (one for one in self.of("ConfigMap") if one["metadata"]["name"].rpartition("-")[0] == name)
        return found


def render(folder: Path) -> Overlay:
    """CalledProcessError where kustomize refuses it."""
    kubectl = str(_OWN_KUBECTL) if _OWN_KUBECTL.exists() else "kubectl"
    done = subprocess.run([kubectl, "kustomize", str(folder)], capture_output=True, text=True, check=True)
    assert not done.stderr, done.stderr  # a warning: something is deprecated
    return Overlay(folder.name, done.stdout, tuple(yaml.safe_load_all(done.stdout)))


def secret_keys(container: Manifest) -> dict[str, tuple[str, str]]:
    """By the variable's name: which secret, and which key of it."""
    return {
        entry["name"]: (reference["name"], reference["key"])
        for entry in container.get("env", [])
        if (reference := entry.get("valueFrom", {}).get("secretKeyRef"))
    }


def selects(selector: Manifest, labels: dict[str, str]) -> bool:
    """As Kubernetes matches a label selector; `In` is the only expression that we use."""
    wanted = selector.get("matchLabels", {})
    expressions = selector.get("matchExpressions", [])
    assert all(one["operator"] == "In" for one in expressions)
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        labels.get(one["key"]) in one["values"] for one in expressions
    )
