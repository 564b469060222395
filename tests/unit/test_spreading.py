"""How tests are spread over processes: what shares a sandbox is done in a row, and each named file is there."""

from __future__ import annotations

import random
import re
from itertools import groupby
from pathlib import Path

import pytest

from tests.fixtures import spreading
from tests.fixtures.spreading import IN_BOTH_HALVES, MOVING, NETWORK, in_order, tell_apart, unit_of

_ROOT = Path(__file__).parents[2]
_JOURNAL = "tests/e2e/test_what_the_model_was_sent.py::test_no_request_names_anybody"
_NODES = [
    *("tests/unit/test_sizes.py::test_a", "tests/e2e/test_durable.py::test_a", "tests/e2e/test_durable.py::test_b"),
    *(f"{_JOURNAL}[{half}]" for half in IN_BOTH_HALVES),
    *("tests/e2e/test_family.py::test_a", "tests/e2e/test_email.py::test_a", "tests/e2e/test_mentor.py::test_a"),
    *("tests/e2e/test_world.py::test_a", "tests/hardship/test_kills.py::test_a", "tests/e2e/test_sentry.py::test_a"),
    *("tests/hardship/test_bad_days.py::test_a", "tests/integration/db/test_roles.py::test_a"),
]


def test_what_shares_a_sandbox_is_done_in_a_row_and_its_journal_is_read_last() -> None:
    for seed in range(20):
        nodes = random.Random(seed).sample(_NODES, len(_NODES))
        ordered = [nodes[place] for place in in_order(nodes)]
        assert sorted(ordered) == sorted(nodes)
        units = [(unit, list(found)) for unit, found in groupby(ordered, unit_of)]
        assert len(units) == len({unit for unit, _ in units}), "none is taken up again"
        assert units[0][0] == MOVING, "the longest is begun first"
        for half in IN_BOTH_HALVES:
            assert dict(units)[f"tests/e2e/ {half}"][-1] == f"{_JOURNAL}[{half}]"


def test_every_file_that_is_named_is_there() -> None:
    named = re.findall(r'"((?:tests|apps)/[\w/]+\.py)"', Path(spreading.__file__).read_text(encoding="utf-8"))
    assert len(named) > 20
    assert [name for name in named if not (_ROOT / name).is_file()] == []


class _ByOperation(pytest.Function):
    """As Schemathesis makes them: the operation is part of the name."""

    operation_label: str


def _items(request: pytest.FixtureRequest, *labels: str) -> list[_ByOperation]:
    def test_it() -> None:
        pass

    found = []
    for label in labels:
        one = _ByOperation.from_parent(request.node.parent, name="test_it", originalname="test_it", callobj=test_it)
        one.operation_label = label
        found.append(one)
    return found


def test_each_operation_of_a_schema_is_a_test_of_its_own(request: pytest.FixtureRequest) -> None:
    items = _items(request, "GET /health", "GET /metrics")
    assert len({item.nodeid for item in items}) == 1
    tell_apart(items)
    assert [item.nodeid.partition("::")[2] for item in items] == ["test_it[GET /health]", "test_it[GET /metrics]"]


def test_no_test_is_left_out_for_its_id(request: pytest.FixtureRequest) -> None:
    with pytest.raises(pytest.UsageError, match="GET /health"):
        tell_apart(_items(request, "GET /health", "GET /health"))


def test_what_browses_the_network_is_begun_when_what_changes_it_has_ended() -> None:
    files = [f"tests/system/{name}.py::test_a" for name in ("test_kubernetes", "test_page", "test_containers")]
    assert [unit_of(files[place]) for place in in_order(files)][:2] == [NETWORK, NETWORK]
