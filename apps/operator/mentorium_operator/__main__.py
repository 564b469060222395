"""`python -m mentorium_operator`: the command `mentorium`."""

from __future__ import annotations

import sys

from mentorium_operator.main import main

if __name__ == "__main__":
    sys.exit(main())
