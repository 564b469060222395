#!/bin/sh
# The docker-* targets of the Makefile: build, up, down, logs. What is missing is said in one line, and fails.
set -eu
cd "$(dirname "$0")/.."

fail() {
    echo "$1" >&2
    exit 1
}

command -v docker >/dev/null 2>&1 || fail "There is no Docker here: install Docker Engine with its compose plugin (docs/CONTAINERS.md)."
timeout 20 docker version >/dev/null 2>&1 ||
    fail "The Docker engine does not answer: is it running, and may $(id -un) use it? (docker version tells more)"

# Sets "$compose". A command of its own is what older machines have.
find_compose() {
    if docker compose version >/dev/null 2>&1; then
        compose="docker compose"
    elif command -v docker-compose >/dev/null 2>&1 && docker-compose version >/dev/null 2>&1; then
        compose=docker-compose
    else
        fail "There is no Docker Compose here: install the compose plugin (docs/CONTAINERS.md)."
    fi
}

# The name of the image is said once, in docker-compose.yml.
image() {
    sed -n 's/^ *image: \(mentorium-chat-bot:.*\)$/\1/p' docker-compose.yml
}

build() {
    DOCKER_BUILDKIT=1 docker build --tag "$(image)" "$@" .
}

command=$1
shift
case $command in
    build)
        build "$@"
        ;;
    up)
        find_compose
        [ -e .env ] || fail "There is no .env: cp .env.template .env, and fill it in."
        docker image inspect "$(image)" >/dev/null 2>&1 || build
        $compose up --detach --no-build "$@" || {
            # Nothing else starts before the migrations have ended well, and compose tells their exit status alone.
            $compose logs --no-log-prefix --tail 20 migrations >&2
            exit 1
        }
        # Migrations have ended by then; what is named here is to serve.
        $compose up --detach --no-build --no-recreate --no-deps --wait --wait-timeout 300 bot webhook worker
        ;;
    down)
        find_compose
        # Without its settings compose would not read the file, though it needs none of them here.
        for name in DB_PASSWORD REDIS_PASSWORD BOT_TELEGRAM_TOKEN PLATFORM_DB_URL BOT_OPENAI_API_KEY PLATFORM_LINK_KEY; do
            [ -e .env ] || export "$name=none"
        done
        $compose down "$@"
        ;;
    logs)
        find_compose
        exec $compose logs --tail 200 "$@"
        ;;
    *)
        fail "scripts/docker.sh build|up|down|logs"
        ;;
esac
