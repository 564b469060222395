"""What the audit log of provider calls never holds, wherever a caller put it."""

from __future__ import annotations

import pytest

from mentorium_core.billing.provider_calls import HIDDEN, LONGEST_TEXT, without_secrets

SIGNATURE = "74ef87d6f278e5c4c68d6f1a2b3c4d5e"


@pytest.mark.parametrize(
    "text",
    [
        f"click_trans_id=1&sign_string={SIGNATURE}&amount=1",
        f"click_trans_id=1&amount={SIGNATURE}&sign_string=0",
        f'{{"sign_string": "0", "merchant_trans_id": "{SIGNATURE}"}}',
        f"amount={SIGNATURE.upper()}",
        f"merchant_trans_id=mnt{SIGNATURE}a",
        "x" * (LONGEST_TEXT - 16) + SIGNATURE,
    ],
)
def test_no_signature_stays_in_whatever_field_it_was_written(text: str) -> None:
    kept = without_secrets(text)
    assert SIGNATURE[:16] not in kept.lower()
    assert len(kept) <= LONGEST_TEXT


def test_a_key_across_the_cut_leaves_no_part() -> None:
    kept = without_secrets("x" * (LONGEST_TEXT - 10) + "key-of-the-till-1234567890", ("key-of-the-till-1234567890",))
    assert kept.endswith(f"x{HIDDEN}")


def test_what_a_dispute_asks_for_stays() -> None:
    text = '{"id": "5305e3bab097f420a62ced0b", "time": 1399114284039, "account": {"order": "mntabcdefgh23456"}}'
    assert without_secrets(text) == text
