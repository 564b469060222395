#!/bin/sh
# The product alone, for machines without containers: the locked production dependencies and our own packages, in an
# environment of their own that needs neither this checkout nor Poetry nor a package index afterwards (docs/DEPLOYMENT.md).
#   sh scripts/install_production.sh /opt/mentorium/0.4.0 [EXTRA ...]      EXTRA: voice, espeak (pyproject.toml)
# Needs Python 3.11, 3.12 or 3.13 with venv. A folder that is there already is left alone; what fails leaves nothing behind.
set -eu
cd "$(dirname "$0")/.."

if [ $# = 0 ]; then
    echo "Say where: make install-production PREFIX=/opt/mentorium/0.4.0" >&2
    exit 2
fi
prefix=$1
shift
if [ -e "$prefix" ]; then
    echo "$prefix is there already: a release is installed once, into a folder of its own." >&2
    exit 2
fi

for python in ${PYTHON:-} python3 python3.12 python3.13 python3.11 ""; do
    # a pyenv shim answers `command -v` and then fails
    if [ -n "$python" ] && "$python" -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; then
        break
    fi
done
if [ -z "$python" ]; then
    echo "Mentorium needs Python 3.11, 3.12 or 3.13 with the venv module (Debian: apt install python3 python3-venv); none was found." >&2
    exit 1
fi

work=$(mktemp -d)
installed=""
trap 'rm -rf "$work"; [ -n "$installed" ] || rm -rf "$prefix"' EXIT
trap 'exit 130' INT TERM

# What is locked is installed, whatever a pip.conf or the caller's environment would rather have.
export PIP_CONSTRAINT= PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PYTHONDONTWRITEBYTECODE=1
install="pip install --quiet --no-deps --only-binary :all: --require-hashes --no-compile"
"$python" scripts/production_requirements.py "$@" >"$work/requirements.txt"

echo "Installing the locked production dependencies into $prefix ..."
"$python" -m venv "$prefix"
# shellcheck disable=SC2086 # one word an option
"$prefix/bin/python" -m $install --requirement "$work/requirements.txt"

# Our own packages as a wheel: built by the locked poetry-core, in a copy, without the sandbox, which is no part of production.
"$python" -m venv "$work/backend"
# shellcheck disable=SC2086
"$work/backend/bin/python" -m $install --requirement deploy/docker/build-backend.txt
mkdir "$work/source"
cp -R pyproject.toml README.md LICENSE packages apps "$work/source"
sed -i.before '/include = "mentorium_sandbox"/d' "$work/source/pyproject.toml"
"$work/backend/bin/python" -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir "$work" "$work/source"
"$prefix/bin/python" -m pip install --quiet --no-deps --no-index --no-compile "$work"/mentorium_chat_bot-*.whl

"$prefix/bin/python" -m pip check
"$prefix/bin/python" -m pip uninstall --quiet --yes pip $("$prefix/bin/python" -m pip list --format=freeze | sed -n 's/^\(setuptools\|wheel\)==.*/\1/p')
# Whoever runs it may not write here, and would compile it all at each start.
"$prefix/bin/python" -m compileall -q -j 0 "$prefix/lib"
installed=yes
echo "$(du -sm "$prefix" | cut -f1) MB in $prefix: $("$prefix/bin/python" -c 'from importlib.metadata import distributions; print(len(list(distributions())))') packages. Its units: deploy/systemd/."
