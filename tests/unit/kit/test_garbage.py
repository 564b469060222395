from __future__ import annotations

import gc
import sys
from collections.abc import Iterator

import pytest

from mentorium_kit.garbage import collector_resting, rest_while_loading, spare_what_was_loaded


def test_the_collector_rests_and_works_again_whatever_happens() -> None:
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), collector_resting():
        _ = 1 / (1 if gc.isenabled() else 0)
    assert gc.isenabled()


def test_a_rest_within_a_rest_ends_with_the_outer_one() -> None:
    with collector_resting():
        with collector_resting():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


@pytest.fixture
def collector() -> Iterator[None]:
    """As it was before, after."""
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.enable()


@pytest.mark.usefixtures("collector")
def test_it_rests_while_a_process_of_ours_loads_and_works_once_that_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["-m"])
    rest_while_loading()
    assert not gc.isenabled()
    spare_what_was_loaded()
    assert gc.isenabled()


def test_it_works_on_where_somebody_elses_process_imports_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/bin/pytest"])
    rest_while_loading()
    assert gc.isenabled()
