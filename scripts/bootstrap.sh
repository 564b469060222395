#!/bin/sh
# From a bare checkout to an installed .venv: Poetry in a folder of its own (.poetry), then the locked dependencies.
# Needs Python 3.11, 3.12 or 3.13 with venv. Nothing is written outside the checkout but pip's and Poetry's caches.
set -eu
cd "$(dirname "$0")/.."
# Poetry would install into the environment of another checkout that its caller has activated.
unset VIRTUAL_ENV CONDA_PREFIX

POETRY_VERSION=2.5.1
MIRROR_PLUGIN_VERSION=0.6.5

# A candidate is tried by running it: a pyenv shim answers `command -v` and then fails.
fits() {
    "$1" -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.12 python3.13 python3.11 python; do
        if fits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "Mentorium needs Python 3.11, 3.12 or 3.13 with the venv module (Debian: apt install python3 python3-venv); none was found." >&2
    exit 1
}

# Poetry's own client reads JSON indexes only; many company mirrors answer HTML. The plugin reads both. The address is
# taken from pip's settings at run time, so none is ever written into the project.
index_url() {
    if [ -n "${PIP_INDEX_URL:-}" ]; then
        echo "$PIP_INDEX_URL"
    else
        .poetry/bin/pip config get global.index-url 2>/dev/null || echo https://pypi.org/simple/
    fi
}

# Minutes may pass: say every ten seconds that one is alive, and at which package. What failed is shown in full.
with_signs_of_life() {
    log=$(mktemp)
    "$@" >"$log" 2>&1 </dev/null &
    work=$!
    trap 'kill "$work" 2>/dev/null || true; rm -f "$log"; exit 130' INT TERM
    seconds=0
    while kill -0 "$work" 2>/dev/null; do
        sleep 1
        seconds=$((seconds + 1))
        if [ $((seconds % 10)) = 0 ]; then
            latest=$(sed -n 's/^ *[-•] \(Installing\|Updating\|Downloading\) \([^ ]*\).*/, at \2/p' "$log" | tail -n 1)
            echo "  $seconds s$latest ..."
        fi
    done
    status=0
    wait "$work" || status=$?
    trap - INT TERM
    [ "$status" = 0 ] || cat "$log" >&2
    rm -f "$log"
    return "$status"
}

if ! .poetry/bin/poetry --version 2>/dev/null | grep -q "version $POETRY_VERSION"; then
    python=$(find_python)
    echo "Preparing Poetry $POETRY_VERSION (once) ..."
    rm -rf .poetry
    "$python" -m venv .poetry
    with_signs_of_life .poetry/bin/pip install --quiet --disable-pip-version-check \
        "poetry==$POETRY_VERSION" "poetry-plugin-pypi-mirror==$MIRROR_PLUGIN_VERSION"
fi

# An environment of another Python than the one that made .poetry cannot be reused; Poetry would say so at length.
if [ -e .venv ] && ! fits .venv/bin/python; then
    rm -rf .venv
fi
# Left to itself, Poetry takes the first `python` on the PATH, which need not be the one that fits.
[ -e .venv ] || .poetry/bin/python -m venv --without-pip .venv

echo "Installing the locked dependencies (some 130 packages, 0.5 GB; once) ..."
POETRY_PYPI_MIRROR_URL=$(index_url)
export POETRY_PYPI_MIRROR_URL
# INSTALL_GROUPS: further groups, such as "--with system"
# shellcheck disable=SC2086
with_signs_of_life .poetry/bin/poetry install --no-ansi --no-interaction ${INSTALL_GROUPS:-}
touch .venv/.installed
