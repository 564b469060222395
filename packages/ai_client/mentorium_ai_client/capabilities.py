"""What each family of models takes: a request with one parameter too many is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Capabilities:
    """`tools` is whether the model takes tools on Chat Completions, the wire we speak."""

    token_parameter: str = "max_completion_tokens"  # noqa: S105 - the name of a parameter
    reasoning_effort: str | None = None
    verbosity: bool = False
    tools: bool = True
    safety_identifier: bool = True


_PORTABLE = Capabilities(token_parameter="max_tokens", safety_identifier=False)  # noqa: S106 - the name of a parameter

# The longest prefix that fits wins. Effort must be spelt out: its default is "medium", which excludes tools.
_BY_PREFIX = {
    "gpt-6-astra": Capabilities(reasoning_effort="low", verbosity=True, tools=False),
    "gpt-6": Capabilities(reasoning_effort="none", verbosity=True),
    "gpt-5.": Capabilities(reasoning_effort="none", verbosity=True),
    "gpt-5": Capabilities(reasoning_effort="minimal", verbosity=True),
    "gpt-4": Capabilities(),
}


def capabilities_of(model: str) -> Capabilities:
    """Capabilities of an OpenAI model; for a model of anyone else only what every imitator understands."""
    fitting = [prefix for prefix in _BY_PREFIX if model.startswith(prefix)]
    return _BY_PREFIX[max(fitting, key=len)] if fitting else _PORTABLE
