"""Limits of e-mail codes, as pure functions of what happened before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mentorium_core.identity.hashing import hash_code, pseudonym
from mentorium_core.identity.model import EmailCodeRefusal, EmailRefusal, EmailRefusedError, InvitationLimitError
from mentorium_core.identity.one_time_code import (
    CODE_LIFE,
    DAY,
    FAILURES_A_DAY,
    HOUR,
    INVITATIONS_A_DAY,
    INVITATIONS_OPEN,
    MAILS_A_DAY,
    MOST_TRIES,
    CodeRequests,
    check_invitation_limits,
    check_request_limits,
    find_address,
    find_code,
    is_meant_as_address,
    is_meant_as_code,
    judge_attempt,
    normalise_code,
    normalise_email,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SECRET = b"pepper"

moments = st.lists(st.integers(1, 86_399), max_size=12).map(
    lambda ages: [NOW - timedelta(seconds=age) for age in sorted(ages, reverse=True)]
)


requests = st.builds(
    CodeRequests, of_account=moments, of_address=moments, of_both=moments, failures=moments, linked=st.booleans()
)


def wait_at(now: datetime, asked: CodeRequests) -> timedelta | None:
    """How long somebody who asks now is told to wait; None if they need not."""
    of_account, of_address, of_both, failures = (
        [moment for moment in times if now - moment < DAY]
        for times in (asked.of_account, asked.of_address, asked.of_both, asked.failures)
    )
    try:
        check_request_limits(CodeRequests(of_account, of_address, of_both, failures, asked.linked), now)
    except EmailRefusedError as refused:
        return refused.wait
    return None


@given(requests)
def test_a_refusal_ends_when_it_says(asked: CodeRequests) -> None:
    now, refusals = NOW, 0
    while (wait := wait_at(now, asked)) is not None:
        assert timedelta() < wait <= DAY
        now += wait
        refusals += 1
        assert refusals <= 6
    assert sum(now - moment < DAY for moment in asked.failures) < FAILURES_A_DAY


@given(requests)
def test_who_asks_only_when_allowed_never_gets_past_the_limits(asked: CodeRequests) -> None:
    assume(wait_at(NOW, asked) is None)
    assert sum(NOW - moment < HOUR for moment in asked.of_account) <= 2
    assert len(asked.of_account) <= 4
    assert len(asked.of_address) < MAILS_A_DAY
    assert all(NOW - moment >= timedelta(seconds=60) for moment in asked.of_account)


def test_a_minute_between_two_codes() -> None:
    with pytest.raises(EmailRefusedError) as refused:
        check_request_limits(CodeRequests(of_account=[NOW - timedelta(seconds=45)]), NOW)
    assert (refused.value.reason, refused.value.wait) == (EmailRefusal.TOO_SOON, timedelta(seconds=15))


class Crowd:
    """Accounts that ask for codes to one address, each as often as it may."""

    def __init__(self) -> None:
        self.mails: list[tuple[datetime, int]] = []

    def ask(self, account: int, now: datetime, *, linked: bool = False) -> bool:
        own = [at for at, who in self.mails if who == account and now - at < DAY]
        of_address = [at for at, _ in self.mails if now - at < DAY]
        try:
            check_request_limits(CodeRequests(own, of_address, own, (), linked), now)
        except EmailRefusedError:
            return False
        self.mails.append((now, account))
        return True


asks = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4 * 3600)), max_size=80)


@given(asks)
def test_a_few_strangers_never_lock_the_owner_of_an_address_out(asks: list[tuple[int, int]]) -> None:
    """durability 36"""
    crowd, now = Crowd(), NOW
    for stranger, pause in asks:
        now += timedelta(seconds=pause)
        crowd.ask(stranger, now)
    assert crowd.ask(0, now)


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 1800)), max_size=120))
def test_an_address_gets_no_more_mails_a_day_than_its_bound_and_who_is_linked_keeps_a_share(
    asks: list[tuple[int, int]],
) -> None:
    """durability 36"""
    crowd, now = Crowd(), NOW
    for stranger, pause in asks:
        now += timedelta(seconds=pause)
        crowd.ask(stranger, now)
    assert crowd.ask(0, now, linked=True)
    for at, _ in crowd.mails:
        assert sum(timedelta() <= at - earlier < DAY for earlier, _ in crowd.mails) <= MAILS_A_DAY


@given(st.integers(0, 20), st.integers(0, 20))
def test_invitations_have_limits(open_now: int, made_today: int) -> None:
    """durability 33"""
    allowed = open_now < INVITATIONS_OPEN and made_today < INVITATIONS_A_DAY
    if allowed:
        check_invitation_limits(open_now, made_today)
    else:
        with pytest.raises(InvitationLimitError):
            check_invitation_limits(open_now, made_today)


@given(tries=st.integers(0, 7), failures=st.integers(0, 12), age=st.integers(0, 1200), right=st.booleans())
def test_a_try(tries: int, failures: int, age: int, right: bool) -> None:
    verdict = judge_attempt(
        tries=tries,
        failures_today=failures,
        expires_at=NOW + CODE_LIFE,
        right=right,
        now=NOW + timedelta(seconds=age),
    )
    usable = tries < MOST_TRIES and failures < FAILURES_A_DAY and age < 600
    assert (verdict is None) == (usable and right)
    if usable and not right:
        assert verdict is (EmailCodeRefusal.WRONG if tries < MOST_TRIES - 1 else EmailCodeRefusal.BURNED)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("123-456", "123456"),
        ("١٢٣٤٥٦", "123456"),
        ("１２３４５６", "123456"),
        ("12345", None),
        ("1234567", None),
        ("123456?", None),
        ("code 123456", None),
        ("", None),
    ],
)
def test_digits_however_they_are_typed(typed: str, code: str | None) -> None:
    assert normalise_code(typed) == code


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Dilnoza@Example.UZ", "dilnoza@example.uz"),
        (" <mailto:a.b+c@mail.example.uz>, ", "a.b+c@mail.example.uz"),
        ("a@почта.рф", "a@почта.рф"),
        ("A@ПОЧТА.рф", "a@почта.рф"),
        ("a@И\u0306ошкар.рф", "a@йошкар.рф"),
        ("a@xn--80a1acny.xn--p1ai", "a@xn--80a1acny.xn--p1ai"),
        ("o'neil_+x@example.uz", "o'neil_+x@example.uz"),
        ("x" * 64 + "@example.uz", "x" * 64 + "@example.uz"),
        ("почта@example.uz", None),
        ("a@[127.0.0.1]", None),
        ("a@localhost", None),
        ("a@test", None),
        ("dilnoza@family.test", "dilnoza@family.test"),
        ("a.@example.uz", None),
        ("family7.mother@mail.example", "family7.mother@mail.example"),
        ("a@b", None),
        ("a..b@example.uz", None),
        ("a@exa mple.uz", None),
        ("a@example.uz\nBcc: b@example.uz", None),
        ("x" * 65 + "@example.uz", None),
        ("a@" + "x." * 130 + "uz", None),
        ("", None),
    ],
)
def test_addresses(typed: str, address: str | None) -> None:
    assert normalise_email(typed) == address


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_none(text: str) -> None:
    address = normalise_email(text)
    assert address is None or (address == address.lower() and not set(address) & set(" \r\n\t<>"))


def test_marks_tell_users_and_addresses_apart() -> None:
    marks = {
        hash_code(secret, user, email, "123456")
        for secret in (b"a", b"b")
        for user in (1, 2)
        for email in ("a@example.uz", "b@example.uz")
    }
    assert len(marks) == 8
    assert all(len(mark) == 10 for mark in marks)
    assert pseudonym(SECRET, "email", "1") != pseudonym(SECRET, "telegram", "1")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("code 759338", "759338"),
        ("код 759 338", "759338"),
        ("Kodim: 759-338.", "759338"),
        ("G-759338 is your code", "759338"),
        ("759338, good for 10 minutes", "759338"),
        ("759338 759338", "759338"),
        ("код ٧٥٩٣٣٨", "759338"),
        ("759 338\n759 338", "759338"),
        ("код 759.338", "759338"),
        ("759,338!", "759338"),
        ("759_338", "759338"),
        ("kod 759 - 338", "759338"),
        ("759\u200b338", "759338"),
        ("7️⃣5️⃣9️⃣3️⃣3️⃣8️⃣", "759338"),
        ("759338, почта olga@mail.uz", "759338"),
        ("759338 olga111222@mail.uz", "759338"),
        ("olga759338@mail.uz", None),
        ("12.11.26", None),
        ("1,759,338", None),
        ("111222 or 759338", None),
        ("+998 90 123 45 67", None),
        ("75933", None),
        ("7593380", None),
        ("hello", None),
    ],
)
def test_a_code_is_taken_out_of_any_text(typed: str, code: str | None) -> None:
    """parents A19."""
    assert find_code(typed) == code


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *[("75933", True), ("код 7593", True), ("111222 or 759338", True), ("42", False), ("+998 90 123 45 67", False)],
        *[("759338 759338", True), ("+998901234567 759338", True), ("759.338", True)],
    ],
)
def test_digits_that_are_meant_as_a_code(text: str, meant: bool) -> None:
    assert is_meant_as_code(text) is meant


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("olga@mail.uz", "olga@mail.uz"),
        ("olga @ mail.uz", "olga@mail.uz"),
        ("I am @olga, write to olga@mail.uz!", "olga@mail.uz"),
        ("olga@mail,uz", "olga@mail,uz"),
        ("olga＠mail.uz", "olga@mail.uz"),
        ("\u200eolga@mail.uz\u200b", "olga@mail.uz"),
        ("почта:olga@mail.uz", "olga@mail.uz"),
        ("email=olga@mail.uz", "olga@mail.uz"),
        ("*olga@mail.uz*", "olga@mail.uz"),
        ("olga@mail.uz—это моя", "olga@mail.uz"),
        ("mailto:olga@mail.uz", "olga@mail.uz"),
        ("@", "@"),
        ("olga.ivanova", None),
        ("@" * 4_096, "@"),
    ],
)
def test_an_address_is_found_however_it_is_typed(text: str, address: str | None) -> None:
    assert find_address(text) == address


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("olga.ivanova", True),
        ("olga.ivanova mail.example", True),
        ("gmail.com", True),
        ("olga собака mail.uz", True),
        ("olga(at)mail.uz", True),
        ("my mail is olga at mail.uz", True),
        ("olga at mail.uz", True),
        ("I am at school. Tell me", False),
        ("Hello.", False),
        ("...", False),
        ("How is it going. Tell me", False),
        ("olga", False),
        ("", False),
    ],
)
def test_an_address_without_its_at_sign_is_recognised(text: str, meant: bool) -> None:
    """parents A19."""
    assert is_meant_as_address(text) is meant
