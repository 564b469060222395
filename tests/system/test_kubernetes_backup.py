"""The backup of deploy/kubernetes: who makes it, as whom, and what may look at it. Its script runs in
tests/integration/db/test_backup_script.py."""

from __future__ import annotations

import kubernetes_validate
import pytest
import yaml

from mentorium_operator.backup import BackupSettings
from tests.system.manifests import KUBERNETES, OVERLAYS, ROOT, Manifest, render, secret_keys

FOLDER = KUBERNETES / "components" / "backup"


@pytest.fixture(scope="module", params=OVERLAYS)
def job(request: pytest.FixtureRequest) -> Manifest:
    return render(KUBERNETES / "overlays" / request.param).one("CronJob", "backup")


def _container(job: Manifest) -> Manifest:
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    return dict(container)


def test_it_is_made_once_a_night_by_the_time_of_the_parents(job: Manifest) -> None:
    timer = (ROOT / "deploy" / "systemd" / "mentorium-backup.timer").read_text(encoding="utf-8")
    assert "OnCalendar=*-*-* 03:30:00 Asia/Tashkent" in timer
    assert (job["spec"]["schedule"], job["spec"]["timeZone"]) == ("30 3 * * *", "Asia/Tashkent")
    assert job["spec"]["concurrencyPolicy"] == "Forbid"


def test_it_has_the_settings_of_the_command_and_one_secret(job: Manifest) -> None:
    container = _container(job)
    given = {entry["name"]: entry for entry in container["env"]}
    known = {field.upper() for field in BackupSettings.model_fields}
    assert given.keys() <= known
    assert secret_keys(container) == {"DB_PASSWORD": ("mentorium-secrets", "DB_PASSWORD")}
    assert int(given["BACKUP_KEEP_DAYS"]["value"]) == BackupSettings.model_fields["backup_keep_days"].default
    assert given["BACKUP_DIR"]["value"] in {mount["mountPath"] for mount in container["volumeMounts"]}


def test_the_script_is_the_one_that_is_tested(job: Manifest) -> None:
    overlay = render(KUBERNETES / "overlays" / "production")
    assert overlay.config_map("mentorium-backup")["data"] == {
        "backup.sh": (FOLDER / "backup.sh").read_text(encoding="utf-8")
    }
    assert _container(job)["command"] == ["sh", "/scripts/backup.sh"]


def test_its_client_is_that_of_the_server_we_ship(job: Manifest) -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert _container(job)["image"] == compose["services"]["postgres"]["image"]


def test_who_fetches_a_backup_can_only_read() -> None:
    pod = yaml.safe_load((FOLDER / "reader.yaml").read_text(encoding="utf-8"))
    kubernetes_validate.validate(pod, "1.31", strict=True)
    (container,) = pod["spec"]["containers"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert pod["spec"]["securityContext"]["runAsNonRoot"]
    assert all(mount["readOnly"] for mount in container["volumeMounts"])
