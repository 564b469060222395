"""Throw-away secrets of one sandbox, made once and kept beside its data; `--fresh` makes them anew."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Keys:
    telegram_token: str
    openai: str
    link: str
    webhook: str
    payme: str
    click_secret: str
    click_service_id: str
    payme_merchant_id: str
    click_merchant_id: str
    click_merchant_user_id: str

    @property
    def bot_id(self) -> int:
        return int(self.telegram_token.split(":", 1)[0])


def load_or_make(path: Path) -> Keys:
    """Read the keys of this sandbox, or make those that it lacks; the file is readable by its owner alone."""
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    names = [field.name for field in fields(Keys)]
    keys = Keys(**{**asdict(_new_keys()), **{name: kept[name] for name in names if name in kept}})
    if names != [name for name in names if name in kept]:
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(keys), indent=2), encoding="utf-8")
    return keys


def _new_keys() -> Keys:
    return Keys(
        telegram_token=f"{secrets.randbelow(900_000_000) + 100_000_000}:{secrets.token_urlsafe(26)}",
        openai=f"sk-sandbox-{secrets.token_urlsafe(24)}",
        link=secrets.token_urlsafe(32),
        webhook=secrets.token_urlsafe(32),
        payme=secrets.token_urlsafe(24),
        click_secret=secrets.token_urlsafe(16),
        click_service_id=str(secrets.randbelow(90_000) + 10_000),
        payme_merchant_id=secrets.token_hex(12),
        click_merchant_id=str(secrets.randbelow(90_000) + 10_000),
        click_merchant_user_id=str(secrets.randbelow(90_000) + 10_000),
    )
