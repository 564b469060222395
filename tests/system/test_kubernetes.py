"""What deploy/kubernetes would send to a cluster: valid, without any privilege, and about the processes that there are.

No cluster is asked. What kubectl renders is judged by Kubernetes' own schemas, and by rules of ours.
"""

from __future__ import annotations

import copy
import re
import tomllib
from typing import Any

import kubernetes_validate
import pytest
import yaml
from pydantic_settings import BaseSettings
from starlette.routing import Route

from mentorium_bot import webhook_app
from mentorium_bot.config import BotSettings, WebhookAppSettings
from mentorium_bot.handlers.webhooks import TELEGRAM_PATH
from mentorium_observability.health import PROBE_TIMEOUT_S
from mentorium_reporting.config import WorkerSettings
from mentorium_runtime.settings import DatabaseSettings
from tests.system.manifests import (
    KUBERNETES,
    OVERLAYS,
    ROOT,
    Manifest,
    Overlay,
    render,
    secret_keys,
    selects,
)
from tests.system.processes import DRAINS_S, HANGING_UP_S, MODULES, PROCESSES

OLDEST, NEWEST = "1.31", "1.37"
"""Of Kubernetes: podFailurePolicy is stable since the first."""
SETTINGS: dict[str, type[BaseSettings]] = {
    "bot": BotSettings,
    "webhook": WebhookAppSettings,
    "worker": WorkerSettings,
    "migrations": DatabaseSettings,
}
PORTS = {"bot": "bot_health_port", "webhook": "webhook_port", "worker": "worker_health_port"}
HOSTS = {"bot": "bot_health_host", "webhook": "webhook_host", "worker": "worker_health_host"}
OPERATORS_KINDS = {"ServiceMonitor", "PrometheusRule"}
"""Of the Prometheus operator: Kubernetes' own schemas know none of it."""
SECRETS = {
    "BOT_TELEGRAM_TOKEN": "12345:abcdefghijkl",
    "BOT_WEBHOOK_SECRET": "s" * 32,
    "BOT_OPENAI_API_KEY": "sk-nobody",
    "DB_PASSWORD": "nobody's",
    "PLATFORM_DB_URL": "postgresql://reader:nobody@platform.example.internal/platform",
    "PLATFORM_LINK_KEY": "k" * 32,
}
PROVIDERS = {
    "PAYMENT_PROVIDERS": "stars,payme,click",
    "PAYME_MERCHANT_ID": "merchant",
    "PAYME_SECRET_KEY": "k" * 20,
    "CLICK_SERVICE_ID": "1",
    "CLICK_MERCHANT_ID": "2",
    "CLICK_MERCHANT_USER_ID": "3",
    "CLICK_SECRET_KEY": "secret",
    "FISCAL_IKPU": "1" * 17,
    "FISCAL_PACKAGE_CODE": "1",
    "FISCAL_VAT_PERCENT": "12",
    "FISCAL_TIN": "1" * 9,
}


@pytest.fixture(scope="module", params=OVERLAYS)
def overlay(request: pytest.FixtureRequest) -> Overlay:
    return render(KUBERNETES / "overlays" / request.param)


def _template() -> str:
    return (ROOT / ".env.template").read_text(encoding="utf-8")


def _secret_fields(name: str) -> set[str]:
    fields = SETTINGS[name].model_fields
    return {field.upper() for field in fields if "SecretStr" in str(fields[field].annotation)}


def _settings(overlay: Overlay, name: str, monkeypatch: pytest.MonkeyPatch, **more: str) -> Any:
    """The settings that this process would have in its container, from the environment as it stands there."""
    environment = overlay.config | {key: SECRETS[key] for key in secret_keys(overlay.container(name)) if key in SECRETS}
    for key in [field.upper() for field in SETTINGS[name].model_fields]:
        monkeypatch.delenv(key, raising=False)
    for key, value in (environment | more).items():
        monkeypatch.setenv(key, value)
    return SETTINGS[name](_env_file=None)


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_every_object_is_valid(overlay: Overlay, version: str) -> None:
    for one in overlay.objects:
        if one["kind"] not in OPERATORS_KINDS:
            kubernetes_validate.validate(one, version, strict=True)


def test_what_is_misspelt_is_found(overlay: Overlay) -> None:
    deployment = copy.deepcopy(overlay.one("Deployment", "bot"))
    deployment["spec"]["template"]["spec"]["terminationGraceperiodSeconds"] = 1
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(deployment, NEWEST, strict=True)


def test_all_live_in_one_namespace_that_refuses_privileges(overlay: Overlay) -> None:
    (namespace,) = overlay.of("Namespace")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    others = [one for one in overlay.objects if one is not namespace]
    assert {one["metadata"].get("namespace") for one in others} == {namespace["metadata"]["name"]}


def test_no_pod_has_a_privilege(overlay: Overlay) -> None:
    specs = dict(overlay.workloads())
    assert specs.keys() >= {*PROCESSES, "migrations"}
    for spec in specs.values():
        pod = spec["securityContext"]
        assert (pod["runAsNonRoot"], pod["runAsUser"], pod["runAsGroup"]) == (True, 1000, 1000)
        assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["automountServiceAccountToken"] is False
        assert spec["serviceAccountName"] == "mentorium"
        assert spec["enableServiceLinks"] is False  # a Service's name would make variables that settings are read from
        assert not {"hostNetwork", "hostPID", "hostIPC", "initContainers", "ephemeralContainers"} & spec.keys()
        kept = {"backups", "script"} if spec is specs["backup"] else set[str]()
        assert all("emptyDir" in volume for volume in spec["volumes"] if volume["name"] not in kept)
        for container in spec["containers"]:
            assert container["securityContext"] == {
                "privileged": False,
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }


def test_nobody_has_a_right_or_a_token_of_the_cluster(overlay: Overlay) -> None:
    (account,) = overlay.of("ServiceAccount")
    assert account["automountServiceAccountToken"] is False
    assert not [one["kind"] for one in overlay.objects if "Role" in one["kind"]]


def test_no_secret_stands_in_the_files(overlay: Overlay) -> None:
    secret_names = set().union(*map(_secret_fields, SETTINGS))
    assert not overlay.of("Secret")
    assert not overlay.config.keys() & secret_names
    for spec in overlay.of_ours():
        for entry in spec["containers"][0].get("env", []):
            assert "value" not in entry
    assert not re.search(r"://[^/\s]*:[^/\s]*@|\d{5,}:[A-Za-z0-9_-]{30,}|sk-\w{8,}", overlay.text)


@pytest.mark.parametrize("name", [*PROCESSES, "migrations"])
def test_a_process_is_given_the_secrets_that_it_reads_and_no_other(overlay: Overlay, name: str) -> None:
    given = secret_keys(overlay.container(name))
    if name == "migrations":  # as the owner of the tables, who is nobody else's
        assert given.keys() == {"DB_USER", "DB_PASSWORD", "BOT_DB_URL"}
        assert {secret for secret, _ in given.values()} == {"mentorium-owner"}
    else:
        assert given.keys() == _secret_fields(name)
        assert {secret for secret, _ in given.values()} == {"mentorium-secrets"}
    assert all(variable == key for variable, (_, key) in given.items())


def test_the_template_of_secrets_names_what_is_referenced(overlay: Overlay) -> None:
    template = (KUBERNETES / "secrets.template").read_text(encoding="utf-8")
    names = re.findall(r"^(# )?([A-Z_]+)=(.*)$", template, flags=re.MULTILINE)
    assert not [name for _, name, value in names if value]
    entries = [entry for name in PROCESSES for entry in overlay.container(name)["env"]]
    assert {name for _, name, _ in names} == {entry["name"] for entry in entries}
    needed = {entry["name"] for entry in entries if not entry["valueFrom"]["secretKeyRef"].get("optional")}
    # either of DB_PASSWORD and BOT_DB_URL is enough
    assert {name for optional, name, _ in names if not optional} == needed | {"DB_PASSWORD"}


def test_every_setting_is_documented_and_read_by_somebody(overlay: Overlay) -> None:
    read = {field.upper() for kind in SETTINGS.values() for field in kind.model_fields}
    variables = {
        *overlay.config,
        *(key for spec in overlay.of_ours() for key in secret_keys(spec["containers"][0])),
    }
    assert variables <= read
    documented = set(re.findall(r"^(?:# )?([A-Z_]+)=", _template(), flags=re.MULTILINE))
    assert variables <= documented


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_starts_with_these_settings(overlay: Overlay, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _settings(overlay, name, monkeypatch)
    assert overlay.config["BOT_MODE"] == "webhook"  # which any number of bots may share
    assert settings.clock_file is None
    assert settings.db_user != "postgres"
    assert getattr(settings, HOSTS[name]) == "0.0.0.0"
    container = overlay.container(name)
    assert container["command"] == ["python", "-m", MODULES[name]]
    assert [port["containerPort"] for port in container["ports"]] == [getattr(settings, PORTS[name])]
    assert {"configMapRef": {"name": overlay.config_map("mentorium-config")["metadata"]["name"]}} in container[
        "envFrom"
    ]


@pytest.mark.parametrize("name", PROCESSES)
def test_probes_ask_what_the_process_answers(overlay: Overlay, name: str) -> None:
    container = overlay.container(name)
    asked = {probe: container[probe] for probe in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert {probe: one["httpGet"] for probe, one in asked.items()} == {
        "startupProbe": {"path": "/health/live", "port": "http"},
        "livenessProbe": {"path": "/health/live", "port": "http"},
        "readinessProbe": {"path": "/health/ready", "port": "http"},
    }
    assert all(one["timeoutSeconds"] > PROBE_TIMEOUT_S for one in asked.values())


@pytest.mark.parametrize("name", PROCESSES)
def test_there_is_time_to_finish_what_is_in_hand(overlay: Overlay, name: str) -> None:
    spec = dict(overlay.workloads())[name]
    (container,) = spec["containers"]
    before = int(container["lifecycle"]["preStop"]["exec"]["command"][1]) if "lifecycle" in container else 0
    assert (before > 0) == (name == "webhook")  # whom a load balancer still calls for a moment
    assert spec["terminationGracePeriodSeconds"] >= before + DRAINS_S[name] + HANGING_UP_S


@pytest.mark.parametrize("name", [*PROCESSES, "migrations"])
def test_memory_is_bounded_and_the_processor_is_not(overlay: Overlay, name: str) -> None:
    resources = overlay.container(name)["resources"]
    assert resources["requests"].keys() == {"cpu", "memory"}
    assert resources["limits"].keys() == {"memory"}


@pytest.mark.parametrize("name", PROCESSES)
def test_autoscaler_budget_and_service_are_about_the_same_pods(overlay: Overlay, name: str) -> None:
    deployment = overlay.one("Deployment", name)
    template_labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert "replicas" not in deployment["spec"]  # each `apply` would undo what the autoscaler has done
    autoscaler = overlay.one("HorizontalPodAutoscaler", name)["spec"]
    assert autoscaler["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
    assert 1 <= autoscaler["minReplicas"] < autoscaler["maxReplicas"]
    budget = overlay.one("PodDisruptionBudget", name)["spec"]
    assert budget["maxUnavailable"] == 1
    service = overlay.one("Service", name)["spec"]
    spread = deployment["spec"]["template"]["spec"]["topologySpreadConstraints"]
    for selector in [
        deployment["spec"]["selector"],
        budget["selector"],
        {"matchLabels": service["selector"]},
        *(one["labelSelector"] for one in spread),
    ]:
        assert selects(selector, template_labels)
        others = [one for one in overlay.of("Deployment") if one is not deployment]
        assert not any(selects(selector, one["spec"]["template"]["metadata"]["labels"]) for one in others)
    assert [port["targetPort"] for port in service["ports"]] == ["http"]


def test_no_update_waits_for_a_rollout(overlay: Overlay) -> None:
    for name in PROCESSES:
        strategy = overlay.one("Deployment", name)["spec"]["strategy"]
        assert strategy == {"rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}


def test_migrations_end_by_their_exit_status(overlay: Overlay) -> None:
    job = overlay.one("Job", "migrations")["spec"]
    assert job["template"]["spec"]["restartPolicy"] == "Never"
    fails, _ = job["podFailurePolicy"]["rules"]
    assert fails == {"action": "FailJob", "onExitCodes": {"containerName": "app", "operator": "In", "values": [2]}}
    assert overlay.container("migrations")["command"] == ["mentorium", "migrate"]


def test_only_what_the_outside_needs_is_published(overlay: Overlay, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = _settings(overlay, "webhook", monkeypatch, **PROVIDERS)
    app = webhook_app.build(settings)
    inside = {"/health/live", "/health/ready", "/health", "/metrics"}
    served = {route.path for route in app.routes if isinstance(route, Route)} | {TELEGRAM_PATH}
    assert served > inside
    rules = [rule for one in overlay.of("Ingress") for rule in one["spec"]["rules"]]
    paths = [path for rule in rules for path in rule["http"]["paths"]]

    def reached(path: str) -> bool:
        return any(
            path == one["path"] or (one["pathType"] == "Prefix" and path.startswith(f"{one['path']}/")) for one in paths
        )

    assert {path for path in served if reached(path)} == served - inside
    assert {path["backend"]["service"]["name"] for path in paths} == {"webhook"}
    (host,) = {rule["host"] for rule in rules}
    assert settings.bot_webhook_url == f"https://{host}{TELEGRAM_PATH}"
    assert settings.public_url == f"https://{host}"
    assert all(one["spec"]["tls"][0]["hosts"] == [host] for one in overlay.of("Ingress"))


def _ways(overlay: Overlay, component: str, direction: str) -> set[tuple[str, object]]:
    """(name of the policy, port) of whatever may come in or go out."""
    labels = {"app.kubernetes.io/name": "mentorium", "app.kubernetes.io/component": component}
    found: set[tuple[str, object]] = set()
    for policy in overlay.of("NetworkPolicy"):
        if selects(policy["spec"]["podSelector"], labels):
            for way in policy["spec"].get(direction, []):
                found |= {(policy["metadata"]["name"], port["port"]) for port in way["ports"]}
    return found


def test_the_network_lets_through_what_is_needed_and_no_more(overlay: Overlay) -> None:
    deny = overlay.one("NetworkPolicy", "default-deny")["spec"]
    assert deny == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    for everybody in [one["spec"] for one in overlay.of("NetworkPolicy")]:
        assert all(way.get("from") for way in everybody.get("ingress", []))
    servers: set[tuple[str, object]] = {("dns", 53), ("postgresql", 5432)}
    product = servers | {("redis", 6379), ("https-outside", 443)}
    assert _ways(overlay, "migrations", "egress") == servers
    assert _ways(overlay, "bot", "egress") == product
    assert _ways(overlay, "webhook", "egress") == product
    assert _ways(overlay, "worker", "egress") == product | {("mail", 465), ("mail", 587)}
    asked: set[tuple[str, object]] = {("metrics-from-prometheus", "http")}
    assert _ways(overlay, "migrations", "ingress") == set()
    assert _ways(overlay, "bot", "ingress") == asked
    assert _ways(overlay, "worker", "ingress") == asked
    assert _ways(overlay, "webhook", "ingress") == asked | {("webhook-from-ingress", "http")}


def test_https_leads_outside_and_not_to_the_clouds_metadata(overlay: Overlay) -> None:
    (way,) = overlay.one("NetworkPolicy", "https-outside")["spec"]["egress"]
    except_for = {network for one in way["to"] for network in one["ipBlock"]["except"]}
    assert except_for >= {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"}


def test_every_process_is_scraped(overlay: Overlay) -> None:
    (monitor,) = overlay.of("ServiceMonitor")
    assert monitor["apiVersion"] == "monitoring.coreos.com/v1"
    found = [one for one in overlay.of("Service") if selects(monitor["spec"]["selector"], one["metadata"]["labels"])]
    assert {one["metadata"]["name"] for one in found} == set(PROCESSES)
    (endpoint,) = monitor["spec"]["endpoints"]
    assert endpoint["path"] == "/metrics"
    assert all(endpoint["port"] in {port["name"] for port in one["spec"]["ports"]} for one in found)


def _jobs_in_the_cluster(overlay: Overlay) -> set[str]:
    """By the monitor's relabelling, as Prometheus does it: `$1` is all that the source label says."""
    (monitor,) = overlay.of("ServiceMonitor")
    (endpoint,) = monitor["spec"]["endpoints"]
    (relabelling,) = endpoint["relabelings"]
    assert relabelling.keys() == {"sourceLabels", "targetLabel", "replacement"}
    assert relabelling["targetLabel"] == "job"
    discovered = [
        {
            "__meta_kubernetes_service_label_" + re.sub(r"\W", "_", label): value
            for label, value in service["metadata"]["labels"].items()
        }
        for service in overlay.of("Service")
        if selects(monitor["spec"]["selector"], service["metadata"]["labels"])
    ]
    (source,) = relabelling["sourceLabels"]
    return {str(relabelling["replacement"]).replace("$1", labels[source]) for labels in discovered}


def test_alerts_and_dashboards_ask_for_the_jobs_that_there_are(overlay: Overlay) -> None:
    one_host = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8"))
    jobs = _jobs_in_the_cluster(overlay)
    assert jobs == {one["job_name"] for one in one_host["scrape_configs"]} - {"node"}
    boards = "".join(path.read_text("utf-8") for path in (ROOT / "deploy/grafana").glob("*.json")).replace('\\"', '"')
    for asking in (str(overlay.of("PrometheusRule")[0]["spec"]), boards):
        asked = re.findall(r'\bjob=~"([^"]*)"', asking)
        assert len(asked) >= 3
        assert all(re.fullmatch(pattern, job) for pattern in asked for job in jobs)
        assert not re.search(r'\bjob(?:=|!=|!~)"', asking)


def test_workers_are_added_by_what_the_adapter_tells() -> None:
    overlay = render(KUBERNETES / "overlays" / "production")
    metrics = overlay.one("HorizontalPodAutoscaler", "worker")["spec"]["metrics"]
    asked = {one["external"]["metric"]["name"] for one in metrics if one["type"] == "External"}
    rules = (KUBERNETES / "components/worker-by-queue/prometheus-adapter.yaml").read_text(encoding="utf-8")
    assert asked == set(re.findall(r"name: \{as: (\w+)\}", rules))
    ours = (ROOT / "docs" / "METRICS.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in ours for name in re.findall(r"seriesQuery: (\w+)", rules))


def test_all_run_the_one_image_of_this_release(overlay: Overlay) -> None:
    (image,) = {spec["containers"][0]["image"] for spec in overlay.of_ours()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert image.endswith(f"/mentorium-chat-bot:{project['version']}")


def test_the_two_overlays_meet_in_nothing() -> None:
    staging, production = (render(KUBERNETES / "overlays" / name) for name in ("staging", "production"))
    assert staging.of("Namespace")[0]["metadata"]["name"] != production.of("Namespace")[0]["metadata"]["name"]
    for key in ("BOT_WEBHOOK_URL", "PUBLIC_URL", "SENTRY_ENVIRONMENT"):
        assert staging.config[key] != production.config[key]


def _names(objects: tuple[Manifest, ...]) -> set[tuple[str, str]]:
    return {(one["kind"], re.sub(r"-[a-z0-9]{10}$", "", one["metadata"]["name"])) for one in objects}


def test_staging_tries_what_production_runs() -> None:
    staging, production = (render(KUBERNETES / "overlays" / name) for name in ("staging", "production"))
    without_namespace = [
        {one for one in _names(each.objects) if one[0] != "Namespace"} for each in (staging, production)
    ]
    assert without_namespace[0] == without_namespace[1]
