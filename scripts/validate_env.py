"""Are all settings there and well-formed? `mentorium doctor --settings` under the name the specification gives it."""

from __future__ import annotations

import sys

from mentorium_operator.main import main

if __name__ == "__main__":
    sys.exit(main(["doctor", "--settings", *sys.argv[1:]]))
