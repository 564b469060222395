# One image for all processes: bot, webhook app, worker, and the `mentorium` command that migrates. docs/CONTAINERS.md
#   make docker-build        or        DOCKER_BUILDKIT=1 docker build .
# Any Debian with Python 3.11 to 3.13, its venv module, libstdc++6 and ca-certificates may be BASE.
ARG BASE=python:3.12.13-slim-bookworm

FROM ${BASE} AS builder
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
# Two secrets of the build, which no layer keeps: pip.conf names another index, ca_bundle who is trusted on the way there.
ENV PIP_CONFIG_FILE=/run/secrets/pip_conf
COPY poetry.lock scripts/production_requirements.py deploy/docker/build-backend.txt ./
ARG EXTRAS=""
SHELL ["/bin/sh", "-euc"]
# Wheels alone: nothing is compiled but to bytecode, which a read-only file system could not take later.
# hadolint ignore=SC2086
RUN --mount=type=secret,id=pip_conf --mount=type=secret,id=ca_bundle \
    if [ -e /run/secrets/ca_bundle ]; then export PIP_CERT=/run/secrets/ca_bundle; fi; \
    python3 -m venv /opt/mentorium; \
    python3 -m venv /build/backend; \
    mkdir -p /build/wheels; \
    python3 -c 'import sys; assert (3, 11) <= sys.version_info[:2] <= (3, 13), sys.version'; \
    python3 production_requirements.py ${EXTRAS} > requirements.txt; \
    /opt/mentorium/bin/pip install --quiet --no-deps --only-binary :all: --require-hashes --requirement requirements.txt; \
    /build/backend/bin/pip install --quiet --no-deps --only-binary :all: --require-hashes --requirement build-backend.txt

COPY pyproject.toml README.md LICENSE ./
COPY packages packages
COPY apps apps
ARG VERSION=0.4.0
# The sandbox is no part of production, and not sent here. A VERSION that is not the one in pyproject.toml ends the build.
RUN sed -i '/include = "mentorium_sandbox"/d' pyproject.toml; \
    /build/backend/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /build/wheels .; \
    /opt/mentorium/bin/pip install --quiet --no-deps --no-index "/build/wheels/mentorium_chat_bot-${VERSION}-py3-none-any.whl"; \
    /opt/mentorium/bin/pip check; \
    /opt/mentorium/bin/python -m pip uninstall --quiet --yes setuptools pip
COPY LICENSE THIRD_PARTY_NOTICES.md /opt/mentorium/share/doc/mentorium/

FROM ${BASE}
ARG VERSION=0.4.0
LABEL org.opencontainers.image.title="mentorium-chat-bot" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.vendor="Mentorium Platform" \
      org.opencontainers.image.licenses="LicenseRef-Proprietary"
# No program of the image gives anybody more rights than he has. Who else we talk to is known by ca-certificates; the fonts
# of pictures and PDFs are in our own packages.
RUN groupadd --gid 1000 mentoriumbot \
    && useradd --uid 1000 --gid 1000 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin mentoriumbot \
    && find / -xdev -type f -perm /6000 -exec chmod a-s {} + \
    && test -s /etc/ssl/certs/ca-certificates.crt
COPY --from=builder /opt/mentorium /opt/mentorium
# A base that lacks a library of theirs (libstdc++6) ends the build, not the first start.
RUN ["/opt/mentorium/bin/python", "-c", "import asyncpg, greenlet, httptools, typst, uvloop"]
# Within a container 127.0.0.1 is nobody else's: who may ask for health and metrics is said by what is published.
ENV PATH=/opt/mentorium/bin:$PATH \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BOT_HEALTH_HOST=0.0.0.0 \
    WORKER_HEALTH_HOST=0.0.0.0 \
    WEBHOOK_HOST=0.0.0.0
WORKDIR /opt/mentorium
USER 1000:1000
EXPOSE 8001 8002 8003
# The bot's; webhook app and worker are asked on ports of their own (docker-compose.yml).
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-m", "mentorium_runtime.healthcheck", "8002"]
# No shell and no make in between: signals reach the process, and its exit status whoever supervises it.
ENTRYPOINT ["/opt/mentorium/bin/python", "-m"]
CMD ["mentorium_bot.main"]
