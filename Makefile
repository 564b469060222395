# The project's verbs. `make` alone lists them; each one bootstraps what it needs from a bare checkout, but the services.
.DEFAULT_GOAL := help
SHELL := /bin/sh
# Without its bytecode each of the many processes of a run compiles all it imports anew: seconds of CPU apiece.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help demo dev worker install hooks test test-fast test-cov conformance test-system bench eval failures soak check lint format verify doctor validate migrate migrate-create roles reference docker-build docker-up docker-down docker-logs docker-logs-bot deploy webhook installed backup-db restore-db health metrics audit sbom install-production

BIN := .venv/bin
ARGS ?=
# The tests wait more than they work: processes to spread them over. 0 is one process, as a debugger wants it.
WORKERS ?= 4
# Containers, a browser and a whole installation want a core each.
SYSTEM_WORKERS ?= 2
SPREAD := -n $(WORKERS) --dist loadscope --no-loadscope-reorder
STAMP := .venv/.installed
ANY_PYTHON = $(if $(wildcard $(BIN)/python),$(BIN)/python,python3)
# Settings come from .env where there is one; what the environment says wins.
WITH_ENV = $(if $(wildcard .env),$(BIN)/python -m mentorium_runtime.env_file,)

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) ## Create .venv and install the locked dependencies

install-production: ## The product alone, without make, Poetry and tests (PREFIX=/opt/mentorium/0.4.0, EXTRAS=voice)
	@sh scripts/install_production.sh $(PREFIX) $(EXTRAS)

$(STAMP): pyproject.toml poetry.lock scripts/bootstrap.sh
	@sh scripts/bootstrap.sh

demo: install ## The whole product on this machine, no account needed (ARGS="--headless --port 8080 --fresh")
	@exec $(BIN)/python -m mentorium_sandbox $(ARGS)

# A service starts without a network: what is not as the lock file says is told, and the service starts all the same.
installed:
	@test -x $(BIN)/python || { echo 'Nothing is installed here yet: run "make install" first.' >&2; exit 1; }
	@if [ -n "$$(find pyproject.toml poetry.lock -newer $(STAMP) 2>/dev/null)" ]; then \
		echo 'The locked dependencies are newer than .venv: "make install" renews it.' >&2; fi

dev: installed ## Run the bot against the services named in .env
	@exec $(WITH_ENV) $(BIN)/python -m mentorium_bot.main

webhook: installed ## Run the webhook app (payments, Telegram's webhook) against the services named in .env
	@exec $(WITH_ENV) $(BIN)/python -m mentorium_bot.webhook_app

worker: installed ## Run the worker against the services named in .env
	@exec $(WITH_ENV) $(BIN)/python -m mentorium_reporting.main

test: install ## All tests, on a real PostgreSQL and a real Redis-protocol server (ARGS="-k report")
	$(BIN)/python -m pytest $(SPREAD) $(ARGS)

test-fast: install ## The rules alone, without a server: half a minute (ARGS="-k billing")
	$(BIN)/python -m pytest tests/unit $(SPREAD) -p no:schemathesis $(ARGS)

test-cov: install ## All tests, with coverage
	$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered $(ARGS)

# Who is judged: SERVICE is Click's, API is where a bot calls Telegram, and neither is PayMe's.
JUDGED := $(if $(URL),$(if $(SERVICE),click,$(if $(API),stars,payme)))
of = $(if $(filter $(1),$(JUDGED)),$(2))
conformance: export CONFORMANCE_URL = $(call of,payme,$(URL))
conformance: export CONFORMANCE_KEY = $(call of,payme,$(KEY))
conformance: export CONFORMANCE_ORDERS = $(call of,payme,$(ORDERS))
conformance: export CONFORMANCE_LOGIN = $(LOGIN)
conformance: export CONFORMANCE_FIELD = $(FIELD)
conformance: export CONFORMANCE_BUSY = $(BUSY)
conformance: export CONFORMANCE_CLICK_PREPARE_URL = $(call of,click,$(or $(PREPARE),$(URL)/prepare))
conformance: export CONFORMANCE_CLICK_COMPLETE_URL = $(call of,click,$(or $(COMPLETE),$(URL)/complete))
conformance: export CONFORMANCE_CLICK_SERVICE_ID = $(call of,click,$(SERVICE))
conformance: export CONFORMANCE_CLICK_KEY = $(call of,click,$(KEY))
conformance: export CONFORMANCE_CLICK_ORDERS = $(call of,click,$(ORDERS))
conformance: export CONFORMANCE_STARS_URL = $(call of,stars,$(URL))
conformance: export CONFORMANCE_STARS_SECRET = $(call of,stars,$(KEY))
conformance: export CONFORMANCE_STARS_API = $(call of,stars,$(API))
conformance: export CONFORMANCE_STARS_ORDERS = $(call of,stars,$(ORDERS))
conformance: export CONFORMANCE_STARS_ACCESS = $(call of,stars,$(ACCESS))
conformance: install ## Judge payment webhooks, ours without URL=.. KEY=.. ORDERS="..": PayMe's, Click's (SERVICE=..), Stars (API=..)
	$(BIN)/python -m pytest $(if $(JUDGED),$(wildcard tests/conformance/test_$(JUDGED)*.py),tests/conformance) $(ARGS)

# What the system's lane needs, in the same environment: CI makes it before anything runs there.
SYSTEM_STAMP := .venv/.system
$(SYSTEM_STAMP): pyproject.toml poetry.lock scripts/bootstrap.sh scripts/system.sh $(wildcard tests/system/*/package-lock.json)
	@sh scripts/system.sh
	@touch $@

test-system: $(SYSTEM_STAMP) ## What needs root on Debian: foreign Bot API clients, a browser (ARGS="-k page")
	$(BIN)/mypy --cache-dir .mypy_cache/system tests/system/*.py
	$(BIN)/python -m pytest -n $(SYSTEM_WORKERS) --dist loadscope --no-loadscope-reorder tests/system $(ARGS)

lint: install ## Look for mistakes: ruff, black, mypy, the contract of floors
	$(BIN)/ruff check .
	$(BIN)/black --quiet --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	.poetry/bin/poetry check --lock --quiet

audit: install ## Are holes known in what production stands on? Asks PyPI's list, by pip-audit
	@test -x $(BIN)/pip-audit || INSTALL_GROUPS="--with audit" sh scripts/bootstrap.sh
	@$(BIN)/python -m scripts.audit $(ARGS)

sbom: install ## What production stands on, with hashes and licences, as CycloneDX JSON: make -s sbom > mentorium.cdx.json
	@$(BIN)/python -m scripts.sbom

format: install ## Format the code (black, import order by ruff)
	$(BIN)/ruff check --quiet --fix .
	$(BIN)/black --quiet .

hooks: install ## Look for mistakes at each commit, too
	@$(BIN)/pre-commit install

verify: install ## Does the platform's database keep the contract bot_api_v1? (PLATFORM_DB_URL)
	@$(WITH_ENV) $(BIN)/mentorium verify --platform $(ARGS)

doctor: install ## One page: every setting, every server, what is missing
	@$(WITH_ENV) $(BIN)/mentorium doctor $(ARGS)

validate: install ## Is each setting in .env there, well-formed and fit for production? It calls nobody (ARGS=another.env)
	@$(BIN)/python scripts/validate_env.py $(ARGS)

health: ## How are bot, webhook app and worker? Asks /health of each (ARGS="bot worker")
	@$(ANY_PYTHON) scripts/health.py health $(ARGS)

metrics: ## What bot, webhook app and worker tell Prometheus (ARGS=worker)
	@$(ANY_PYTHON) scripts/health.py metrics $(ARGS)

bench: install ## All benchmarks, one after the other, on a quiet machine (ARGS=first_piece)
	$(BIN)/python -m benchmarks $(ARGS)

eval: install ## The guard against attacks and a small real model, the mentor against 60 questions (ARGS="--live")
	@sh scripts/eval.sh
	$(BIN)/python -m tests.evaluation $(ARGS)

failures: install ## What parents, health, alerts and log say while each thing fails, an hour: writes docs/FAILURES.md
	$(BIN)/python -m tests.hardship.watch_cuts docs/FAILURES.md $(ARGS)
	$(BIN)/python -m tests.hardship.watch_failures docs/FAILURES.md $(ARGS)

reference: install ## Write the reference pages from the code: variables, commands, metrics, events
	$(BIN)/python -m scripts.reference_pages

# What has a long form, whole: the forms are told apart by tests/fixtures/long_form.py.
# (`HARDSHIP_LONG=1 make test-system ARGS="-k scaling"` is that of the instances behind nginx.)
LONG := tests/hardship tests/integration/core/billing tests/integration/telegram_bot/intake/test_hostile_updates.py tests/unit/core/reports \
	tests/e2e/test_renewed_months.py tests/e2e/test_a_familys_month.py tests/integration/reporting_worker/test_killed.py \
	apps/sandbox/sandbox_tests/telegram/test_rubbish.py
soak: install ## What takes longer than CI has: 50 kills during 2,000 messages, a Monday of 100,000 parents under fire, then each long form
	$(BIN)/python -m benchmarks.soak $(ARGS)
	$(BIN)/python -m benchmarks.soak --monday 100000
	HARDSHIP_LONG=1 $(BIN)/python -m pytest $(LONG)
	HARDSHIP_LONG=1 $(BIN)/python -m pytest -m soak --ignore tests/hardship

check: lint test ## Everything that must hold before a commit lands

migrate: install ## Bring the bot's database to the newest schema
	@$(WITH_ENV) $(BIN)/mentorium migrate

roles: install ## The role bot and worker run as: make it, or renew password and rights (docs/DATABASE_ROLES.md)
	@$(WITH_ENV) $(BIN)/mentorium roles $(ARGS)

backup-db: install ## Write the bot's database into BACKUP_DIR, with a checksum (docs/BACKUPS.md)
	@$(WITH_ENV) $(BIN)/mentorium backup $(ARGS)

restore-db: install ## Bring it back: FILE=backups/... (CONFIRM=yes does not ask; docs/BACKUPS.md)
	@test -n "$(FILE)" || { echo 'Say from which backup: make restore-db FILE=backups/...' >&2; exit 2; }
	@$(WITH_ENV) $(BIN)/mentorium restore "$(FILE)" $(if $(filter yes,$(CONFIRM)),--yes) $(ARGS)

migrate-create: install ## Write a new migration from the models (MSG="add my_table")
	@test -n "$(MSG)" || { echo 'Say what it does: make migrate-create MSG="add my_table"' >&2; exit 2; }
	@$(WITH_ENV) $(BIN)/mentorium migrate create "$(MSG)"

docker-build: ## Build the image (docs/CONTAINERS.md; ARGS="--build-arg BASE=registry.example.uz/python:3.12-slim")
	@sh scripts/docker.sh build $(ARGS)

docker-up: ## Start all containers, and wait until bot, webhook app and worker are ready
	@sh scripts/docker.sh up $(ARGS)

docker-down: ## Stop and remove the containers; the data stay (ARGS=--volumes removes them, too)
	@sh scripts/docker.sh down $(ARGS)

docker-logs: ## What all containers say (ARGS="--follow worker")
	@sh scripts/docker.sh logs $(ARGS)

docker-logs-bot: ## What the bot's container says (ARGS=--follow)
	@sh scripts/docker.sh logs bot $(ARGS)

deploy: ## Judge .env, build, start, ask for health: each step ends it all where it fails
	@$(MAKE) --no-print-directory validate ARGS=
	@$(MAKE) --no-print-directory docker-build ARGS='$(ARGS)'
	@$(MAKE) --no-print-directory docker-up ARGS=
	@$(MAKE) --no-print-directory health ARGS=
