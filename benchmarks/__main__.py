"""All benchmarks, one after the other: `make bench`. One that fails does not keep the others from running."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from typing import Final

IN_ORDER: Final = (
    "picture",
    "facts",
    "report_run",
    "updates",
    "outbox",
    "instances",
    "idle",
    "start",
    "memory",
    "first_piece",
    "whole_answer",
    "payme",
    "school",
)


def main() -> int:
    """Exit status 1 where one of them could not be run to its end. `soak` takes longer and is `make soak`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="benchmark", help=f"of {', '.join(IN_ORDER)}; all by default")
    names = parser.parse_args().names or IN_ORDER
    if unknown := set(names) - set(IN_ORDER):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    failed = []
    for name in names:
        sys.stdout.write(f"\n## {name}\n\n")
        sys.stdout.flush()
        began = time.monotonic()
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode:
            failed.append(name)
        sys.stdout.write(f"\n({name}: {time.monotonic() - began:.0f} s)\n")
    if failed:
        sys.stderr.write(f"not run to the end: {', '.join(failed)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
