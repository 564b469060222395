"""The settings of what a parent reads of the team, and of what the team hears."""

from __future__ import annotations

from pydantic import Field, field_validator

from mentorium_runtime.settings import FromEnvironment, Stripped


class TeamSettings(FromEnvironment):
    """`staff_chat_id`: of a person, a group or a channel that the bot may write to.

    `crisis_help_lines`: whom a parent in despair may call, with `;` between them.
    """

    staff_chat_id: int | None = None
    support_contact: Stripped = "dev@mentorium.io"
    crisis_help_lines: str = Field("", max_length=600)

    @property
    def crisis_lines(self) -> tuple[str, ...]:
        """One line each, as a parent in despair reads them."""
        return tuple(line.strip() for line in self.crisis_help_lines.split(";") if line.strip())

    @field_validator("crisis_help_lines")
    @classmethod
    def _can_be_called(cls, value: str) -> str:
        if any(line.strip() and not any(map(str.isdigit, line)) for line in value.split(";")):
            raise ValueError("has a line without a number: Name +998 ..; Name 103")
        return value
