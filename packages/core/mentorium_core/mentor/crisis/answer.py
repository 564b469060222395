"""The fixed answer: written by people, in the language of the question, with the operator's help lines."""

from __future__ import annotations

from mentorium_core.i18n import t
from mentorium_core.mentor.crisis.model import CrisisSign, HelpLines


def crisis_answer(language: str, sign: CrisisSign, help_lines: HelpLines) -> str:
    """What to do, whom to call, that the team has heard of it, and how to go on where we were wrong."""
    lines = "\n".join(help_lines.lines)
    paragraphs = [
        t(language, f"crisis-{sign.kind}"),
        t(language, "crisis-lines", lines=lines) if lines else t(language, "crisis-no-lines"),
    ]
    paragraphs.append(t(language, "crisis-contact", contact=help_lines.contact))
    if help_lines.staff_hears:
        paragraphs.append(t(language, "crisis-staff"))
    return "\n\n".join([*paragraphs, t(language, "crisis-go-on")])
