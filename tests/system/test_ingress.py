"""The entrance from outside: what it writes down of a call, and what may reach the app behind it."""

from __future__ import annotations

from typing import Final

import pytest

from mentorium_bot.handlers.card_page import CARD_PATH
from mentorium_core.notifications.email_links import UNSUBSCRIBE_PATH
from tests.system.manifests import KUBERNETES, OVERLAYS, render

NO_LOG: Final = {"nginx.ingress.kubernetes.io/enable-access-log": "false"}


@pytest.mark.parametrize("name", OVERLAYS)
def test_the_address_of_a_page_stands_in_no_log(name: str) -> None:
    """It is a secret, as in deploy/nginx/mentorium.conf; of webhooks operators want to see the calls."""
    is_logged = {
        path["path"]: not NO_LOG.items() <= one["metadata"]["annotations"].items()
        for one in render(KUBERNETES / "overlays" / name).of("Ingress")
        for rule in one["spec"]["rules"]
        for path in rule["http"]["paths"]
    }
    assert {path for path in is_logged if not is_logged[path]} == {CARD_PATH, UNSUBSCRIBE_PATH}
