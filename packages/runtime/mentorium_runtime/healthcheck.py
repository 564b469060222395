"""`python -m mentorium_runtime.healthcheck PORT`: is the process on this port of this machine ready?

What a container's health check runs: it imports no more than it needs. Says the answer of `/health/ready`; exit status
0 for 200, 1 for anything else.
"""

from __future__ import annotations

import http.client
import sys
from typing import Final

_TIMEOUT_S: Final = 4.0
_PATH: Final = "/health/ready"


def main(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
    try:
        connection.request("GET", _PATH)
        answer = connection.getresponse()
        said = answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        sys.stdout.write(f"no answer on port {port}: {error!r}\n")
        return 1
    finally:
        connection.close()
    sys.stdout.write(f"{answer.status} {said}\n")
    return 0 if answer.status == http.HTTPStatus.OK else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
