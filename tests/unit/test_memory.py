"""What a process would keep of its libraries and never reads. Each case is a process of its own: it loads once."""

from __future__ import annotations

import subprocess
import sys

import pytest

_KEPT = """
import gc, tracemalloc
{imports}
tracemalloc.start()
{load}
gc.collect()
print(tracemalloc.get_traced_memory()[0] / 2**20)
"""


def _said_by(*args: str) -> str:
    return subprocess.run([sys.executable, *args], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("imports", "load", "most_mb"),
    [
        pytest.param(
            "from mentorium_core.i18n import t",
            "for language in ('uz', 'ru', 'en'): t(language, 'format-minutes', minutes=5)",
            5,
            id="texts",
        ),
        pytest.param("from mentorium_ai_client import utils", "utils.count_tokens('Salom')", 1, id="vocabulary"),
    ],
)
def test_python_keeps_what_it_reads(imports: str, load: str, most_mb: float) -> None:
    """Without our care 11 MB of texts and 24 MB of vocabulary, which tiktoken has a copy of."""
    assert float(_said_by("-c", _KEPT.format(imports=imports, load=load))) < most_mb
