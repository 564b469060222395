"""What a new parent is given before any payment, as rules."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.billing.model import Access, AccessView, FamilyAccess, Taste, TasteLeft
from mentorium_core.billing.rules import taste_left
from mentorium_core.identity.model import Child
from mentorium_domain.access import Tasted

WEEK, MONTH = "2026-11-16/2026-11-22", "2026-10-01/2026-10-31"
CHILDREN = tuple(Child(number, f"Bola {number}", 1) for number in range(1, 6))
NOTHING_COVERED = AccessView(frozenset())


def family(left: TasteLeft, covered: frozenset[int] = frozenset()) -> FamilyAccess:
    return FamilyAccess(CHILDREN, AccessView(covered), taste=left)


@given(
    st.builds(Taste, st.integers(0, 9), st.integers(0, 9)),
    st.builds(
        Tasted, st.integers(0, 20), st.integers(0, 5), st.frozensets(st.tuples(st.integers(1, 9), st.just(WEEK)))
    ),
)
def test_never_more_than_was_promised(taste: Taste, tasted: Tasted) -> None:
    left = taste_left(taste, tasted)
    assert 0 <= left.questions <= left.answers <= taste.answers
    assert left.answers + tasted.answers <= max(taste.answers, tasted.answers)
    assert left.reports + len(tasted.reports) <= max(taste.reports, len(tasted.reports))


def test_who_is_not_new_has_nothing_left_and_nobody_has_by_default() -> None:
    assert taste_left(Taste(3, 3), None) == TasteLeft()
    assert taste_left(Taste(), Tasted(0, 0, frozenset({(1, WEEK)}))) == TasteLeft()
    assert not Taste()


def test_an_open_question_takes_its_place_until_it_is_answered() -> None:
    left = taste_left(Taste(1, 0), Tasted(answers=0, open=1, reports=frozenset()))
    assert (left.questions, left.answers) == (0, 1)
    assert not family(left).may_ask
    assert (
        family(left).for_answer().covered == CHILDREN[:3]
    ), "what was asked is answered, about whom a subscription covers"


def test_a_report_that_was_had_may_be_read_again() -> None:
    left = taste_left(Taste(0, 1), Tasted(0, 0, frozenset({(1, WEEK)})))
    assert family(left).report_access(1, WEEK) is Access.FULL
    assert family(left).report_access(1, MONTH) is Access.LIMITED
    assert family(left).report_access(2, WEEK) is Access.LIMITED
    assert family(taste_left(Taste(0, 2), Tasted(0, 0, frozenset({(1, WEEK)})))).report_access(2, MONTH) is Access.FULL


def test_who_is_covered_tastes_nothing() -> None:
    covered = family(TasteLeft(5, 5, 5), frozenset({1}))
    assert covered.for_answer() is covered
    assert covered.report_access(1, WEEK) is Access.FULL
    assert covered.report_access(2, WEEK) is Access.LIMITED
