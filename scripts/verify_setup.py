"""Is everything there that the product needs? `mentorium verify` under the name that the specification gives it."""

from __future__ import annotations

from in_venv import go_on_in_venv  # type: ignore[import-not-found]

if __name__ == "__main__":  # before what may not be there with this Python
    go_on_in_venv()

import sys

from mentorium_operator.main import main

if __name__ == "__main__":
    sys.exit(main(["verify", "--table", *sys.argv[1:]]))
