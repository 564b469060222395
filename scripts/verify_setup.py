"""Is everything there that the product needs? `mentorium verify` under the name that the specification gives it."""

from __future__ import annotations

from in_venv import go_on_in_venv  # type: ignore[import-not-found]

go_on_in_venv()

import sys  # noqa: E402 - what follows may not be there before

from mentorium_operator.main import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(["verify", "--table", *sys.argv[1:]]))
