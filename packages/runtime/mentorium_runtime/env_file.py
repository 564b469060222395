"""The file `.env` of the folder in which a process starts: whether it can be read, and what in it nobody reads.

`python -m mentorium_runtime.env_file COMMAND ...` runs a command with it; what the environment says wins.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Final

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream

from mentorium_kit.errors import ConfigurationError
from mentorium_runtime.setting_names import SETTING_NAMES

ENV_FILE: Final = Path(".env")
ENCODING: Final = "utf-8-sig"
"""UTF-8, with or without the mark that some editors put before it."""
_MISUSE: Final = 2
_ALIKE: Final = 0.8
_SHORTEST_BEGINNING: Final = 5


class SettingsError(ConfigurationError):
    """`problems` is one readable line a setting, without values; `hints` is what may be behind them."""

    def __init__(self, problems: Sequence[str], hints: Sequence[str] = ()) -> None:
        super().__init__("settings_wrong", count=len(problems))
        self.problems = list(problems)
        self.hints = list(hints)

    def __str__(self) -> str:
        lines = ["cannot start, these settings need attention:", *self.problems, *(f"({hint})" for hint in self.hints)]
        return "\n  ".join(lines)


def names_in_env_file(path: Path = ENV_FILE) -> tuple[str, ...]:
    """The names that the file sets; none where there is no file. SettingsError where it cannot be read to its end."""
    try:
        text = path.read_bytes().decode(ENCODING)
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError([f"{path} is not UTF-8, line {line}: save it as UTF-8"]) from None
    except OSError as error:
        raise SettingsError([f"{path} cannot be read: {error.strerror}"]) from None
    bindings = list(parse_stream(StringIO(text)))
    broken = [
        f"{path} line {_line(one)} is not NAME=value (or its quotes do not match)" for one in bindings if one.error
    ]
    broken += [f"{path} holds a zero byte"] if "\0" in text else []
    if broken:
        raise SettingsError(broken)
    return tuple(one.key for one in bindings if one.key is not None)


def _line(binding: Binding) -> int:
    """Blank lines before it count as its own."""
    before = binding.original.string[: -len(binding.original.string.lstrip()) or None]
    return binding.original.line + before.count("\n")


def likely_typos(names: Sequence[str]) -> dict[str, str]:
    """Of these names the ones that nobody reads and that look like one of ours, each with the one that is meant."""
    found = {}
    for name in names:
        upper = name.upper()
        if upper in SETTING_NAMES:
            continue
        begun = [known for known in sorted(SETTING_NAMES) if known.startswith(upper)]
        if len(upper) >= _SHORTEST_BEGINNING and len(begun) == 1:
            found[name] = begun[0]
        elif alike := get_close_matches(upper, SETTING_NAMES, n=1, cutoff=_ALIKE):
            found[name] = alike[0]
    return found


def hints() -> list[str]:
    """What may be behind a setting that is missing: no file here, or a name with a slip in it."""
    if not ENV_FILE.exists():
        return [f"{ENV_FILE} is looked for in the folder of the start, {Path.cwd()}, and is not there"]
    return [f"{ENV_FILE}: {name} is not read; {meant}?" for name, meant in likely_typos(names_in_env_file()).items()]


def main(words: Sequence[str]) -> None:
    """Become the command. Exit status 2, and a line, where the file is wrong."""
    try:
        names_in_env_file()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(_MISUSE)
    values = dotenv_values(ENV_FILE, encoding=ENCODING)
    environment = {**{name: value for name, value in values.items() if value is not None}, **os.environ}
    os.execvpe(words[0], list(words), environment)  # noqa: S606 - the operator's own command, as it was typed


if __name__ == "__main__":
    main(sys.argv[1:])
