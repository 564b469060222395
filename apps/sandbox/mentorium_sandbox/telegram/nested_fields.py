"""Nested objects of a call, read field by field, with the server's words for what is missing or wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from mentorium_sandbox.telegram.errors import ApiError, bad_request

_HALF_SYMBOLS = range(0xD800, 0xE000)
_LARGEST = 2**63


@dataclass(frozen=True, slots=True)
class Fields:
    """`where` begins each complaint, such as "can't parse MessageEntity: "."""

    values: dict[str, Any]
    where: str = ""

    @classmethod
    def of(cls, given: Any, where: str, otherwise: str) -> Self:
        """Raises ApiError 400 with the text `otherwise` for what is no object."""
        if not isinstance(given, dict):
            raise bad_request(where + otherwise)
        return cls(given, where)

    def complaint(self, text: str) -> ApiError:
        text = text if self.where else text[:1].lower() + text[1:]
        return bad_request(self.where + text)

    def has(self, key: str) -> bool:
        return self.values.get(key) is not None

    def text(self, key: str) -> str:
        """A string, or a number written as one. Raises ApiError 400."""
        if not self.has(key):
            raise self.complaint(f'Can\'t find field "{key}"')
        return self.optional_text(key)

    def optional_text(self, key: str) -> str:
        value = self.values.get(key)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self.complaint(f'Field "{key}" must be of type String')
        text = str(value)
        if any(ord(character) in _HALF_SYMBOLS for character in text):
            raise bad_request("strings must be encoded in UTF-8")
        return text

    def integer(self, key: str, default: int | None = None) -> int:
        """A number, or a string that holds one. Raises ApiError 400, also for a missing one without a default."""
        value = self.values.get(key)
        if value is None:
            if default is None:
                raise self.complaint(f'Can\'t find field "{key}"')
            return default
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise self.complaint(f'Field "{key}" must be of type Number')
        number = whole_number(value)
        if number is None:
            raise self.complaint(f'Field "{key}" must be a valid Number')
        return number

    def flag(self, key: str) -> bool:
        value = self.values.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.complaint(f'Field "{key}" must be of type Boolean')
        return bool(value)

    def object(self, key: str) -> Fields:
        value = self.values.get(key)
        if value is None:
            raise self.complaint(f'Can\'t find field "{key}"')
        if not isinstance(value, dict):
            raise self.complaint(f'Field "{key}" must be of type Object')
        return Fields(value, self.where)

    def array(self, key: str) -> list[Any]:
        value = self.values.get(key)
        if value is None:
            raise self.complaint(f'Can\'t find field "{key}"')
        if not isinstance(value, list):
            raise self.complaint(f'Field "{key}" must be of type Array')
        return value


def whole_number(value: Any) -> int | None:
    """The number that this is or spells, within 64 bits; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str) or len(str(value)[:25]) > 20:
        return None
    try:
        number = int(value)
    except ValueError:
        return None
    return number if -_LARGEST <= number < _LARGEST else None


def listed(value: Any) -> list[Any]:
    """The list itself, or an empty one for anything else."""
    return value if isinstance(value, list) else []
