"""The forms of what stands on a fiscal receipt: what the tax office does not know is told before it is sent there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator


def _of_form(form: str, wanted: str) -> Callable[[object], str]:
    """Without blanks around it; empty where it is not set. ValueError, in plain words."""

    def check(value: object) -> str:
        said = str(value).strip() if value is not None else ""
        if said and not re.fullmatch(form, said):
            raise ValueError(f"is malformed: {wanted}")
        return said

    return check


_vat = _of_form(r"100|[0-9]{1,2}", "a whole number from 0 to 100, without a percent sign")

Ikpu: TypeAlias = Annotated[str, BeforeValidator(_of_form(r"[0-9]{17}", "17 digits and nothing else (tasnif.soliq.uz)"))]
PackageCode: TypeAlias = Annotated[
    str, BeforeValidator(_of_form(r"[0-9]{1,20}", "the code of the package, digits alone (tasnif.soliq.uz)"))
]
VatPercent: TypeAlias = Annotated[int | None, BeforeValidator(lambda value: _vat(value) or None)]
