from __future__ import annotations

import gc

import pytest

from mentorium_kit.garbage import collector_resting


def test_the_collector_rests_and_works_again_whatever_happens() -> None:
    assert gc.isenabled()
    with pytest.raises(ValueError, match="wrong"), collector_resting():
        assert not gc.isenabled()
        raise ValueError("wrong")
    assert gc.isenabled()


def test_a_rest_within_a_rest_ends_with_the_outer_one() -> None:
    with collector_resting():
        with collector_resting():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
