"""Is everything there that the bot needs? `mentorium verify` under the name that the specification gives it."""

from __future__ import annotations

import sys

from mentorium_operator.main import main

if __name__ == "__main__":
    sys.exit(main(["verify", *sys.argv[1:]]))
