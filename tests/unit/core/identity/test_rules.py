from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.identity.model import LinkClaim, LinkCodeRefusal, LinkCodeRefusedError
from mentorium_core.identity.rules import normalise_phone, read_link_code, split_name
from mentorium_domain.enums import LinkSource
from mentorium_kit.clock import TASHKENT
from tests.fixtures.link_code import sign_link_code

NOW = datetime(2026, 11, 23, 19, 0, tzinfo=TASHKENT)
NONCE = bytes(range(6))


def code(guardian_id: int = 7, *, life: timedelta = timedelta(minutes=15), key: str = "key") -> str:
    return sign_link_code(key, guardian_id, NOW + life, NONCE)


def reason(payload: str, *keys: str) -> LinkCodeRefusal:
    with pytest.raises(LinkCodeRefusedError) as refused:
        read_link_code(payload, keys or ("key",), NOW)
    return refused.value.reason


def test_a_code_is_what_telegram_lets_through_and_says_who_it_is() -> None:
    payload = code(guardian_id=2**63)
    assert len(payload) == 47
    read = read_link_code(payload, ["key"], NOW)
    assert (read.guardian_id, read.nonce, read.expires_at) == (2**63, NONCE, NOW + timedelta(minutes=15))


def test_the_vector_of_the_platform_contract() -> None:
    payload = sign_link_code("test-key", 42, datetime.fromtimestamp(1_800_000_000, TASHKENT), NONCE)
    assert payload == "AQAAAAAAAAAqa0nSAAABAgMEBSgwsqj8_qIXQouoh80zyTw"


def test_the_old_key_is_accepted_while_the_key_changes() -> None:
    assert read_link_code(code(key="old"), ["new", "old"], NOW).guardian_id == 7
    assert reason(code(key="older"), "new", "old") == LinkCodeRefusal.FORGED


def test_a_code_ends_at_its_expiry() -> None:
    assert read_link_code(code(life=timedelta(seconds=1)), ["key"], NOW).guardian_id == 7
    assert reason(code(life=timedelta())) == LinkCodeRefusal.EXPIRED


def test_a_forged_code_is_not_called_expired() -> None:
    assert reason(code(life=-timedelta(days=1), key="other")) == LinkCodeRefusal.FORGED


@pytest.mark.parametrize("payload", ["", "x", "a" * 46, "a" * 48, "=" * 47, "я" * 47, code() + "\n", code()[:-1] + "!"])
def test_rubbish_is_malformed(payload: str) -> None:
    assert reason(payload) == LinkCodeRefusal.MALFORMED


def test_another_version_is_malformed() -> None:
    assert reason("B" + code()[1:]) == LinkCodeRefusal.MALFORMED


@given(position=st.integers(1, 45), letter=st.sampled_from("ABCDEFabcdef0123456789-_"))
def test_no_letter_can_be_changed(position: int, letter: str) -> None:
    changed = code()[:position] + letter + code()[position + 1 :]
    if changed != code():
        assert reason(changed) in (LinkCodeRefusal.FORGED, LinkCodeRefusal.MALFORMED)


@given(st.text(max_size=64))
def test_no_text_breaks_the_reader(payload: str) -> None:
    assert reason(payload) in LinkCodeRefusal


@pytest.mark.parametrize("phone", ["998901112233", "+998901112233", "+998 90 111-22-33", "998 (90) 111.22.33"])
def test_phones_have_one_form(phone: str) -> None:
    assert normalise_phone(phone) == "+998901112233"


@pytest.mark.parametrize("phone", ["", "+", "12", "0998901112233", "++998901112233", "phone", "9" * 16, "٩٩٨٩٠١١١٢٢٣٣"])
def test_what_is_no_phone_is_none(phone: str) -> None:
    assert normalise_phone(phone) is None


def test_names_are_split_and_cut_to_the_table() -> None:
    assert split_name(" Aziza  Karimova Rustamovna ") == ("Aziza", "Karimova Rustamovna")
    assert split_name("Aziza") == ("Aziza", None)
    assert split_name("A" * 200 + " " + "B" * 200) == ("A" * 100, "B" * 100)


def test_a_claim_survives_json() -> None:
    claim = LinkClaim(7, LinkSource.DEEP_LINK, NOW, nonce="00ff")
    assert LinkClaim.from_dict(claim.to_dict()) == claim


def test_before_consent_a_claim_keeps_nothing_of_a_person() -> None:
    """durability 34: the children's names, a phone and an address lay in Redis for a day before anybody agreed."""
    kept = LinkClaim(7, LinkSource.DEEP_LINK, NOW, nonce="00ff", phone="+998901112233", email="a@b.uz").to_dict()
    assert {key: value for key, value in kept.items() if value} == {
        "guardian_id": 7,
        "nonce": "00ff",
        "source": "deep_link",
        "expires_at": NOW.isoformat(),
    }


def test_a_claim_of_the_release_before_is_read() -> None:
    old = {"guardian_id": 7, "source": "deep_link", "expires_at": NOW.isoformat(), "nonce": "00ff", "phone": None}
    claim = LinkClaim.from_dict(old | {"students": [[1, "Aziza Karimova"]], "email": None})
    assert claim == LinkClaim(7, LinkSource.DEEP_LINK, NOW, nonce="00ff")
