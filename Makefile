# The two commands of a newcomer are `make run` and `make test`. Both need Python 3.11+ and make.
.DEFAULT_GOAL := help
.PHONY: help setup run dev services test lint types bench bench-live soak screenshots messages

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
BOOTSTRAP := $(PYTHON) tools/bootstrap.py
# The demo is on unless the environment or .env says otherwise.
DEMO_BY_DEFAULT = if [ -z "$$DEMO" ] && ! grep -qs '^DEMO=' .env; then export DEMO=1; fi
LOCAL_SERVICES = DATABASE_URL=$${DATABASE_URL:-postgresql://127.0.0.1:5432/helpdesk} \
	REDIS_URL=$${REDIS_URL:-redis://127.0.0.1:6379/0}

help:  ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

setup:  ## Packages, database, default mail channel
	@$(BOOTSTRAP) requirements.txt
	@$(PY) manage.py prepare

run:  ## Set up, load the demo and start everything (Ctrl-C stops it)
	@$(BOOTSTRAP) requirements.txt
	@$(DEMO_BY_DEFAULT); exec $(PY) -m helpdesk.supervisor

dev:  ## The same with DEBUG and reload on change
	@$(BOOTSTRAP) requirements-dev.txt
	@$(DEMO_BY_DEFAULT); DEBUG=1 UVICORN_RELOAD=1 exec $(PY) -m helpdesk.supervisor

services:  ## The same processes on a local PostgreSQL and Redis
	@$(BOOTSTRAP) requirements.txt
	@$(LOCAL_SERVICES) exec $(PY) -m helpdesk.supervisor

test:  ## All tests that can run here; ends with a table of the tiers
	@$(BOOTSTRAP) requirements-dev.txt
	@exec $(PY) tools/run_tests.py $(TIERS)

lint:  ## Ruff, layering, templates, migrations, settings, types, translations
	@$(BOOTSTRAP) requirements-dev.txt
	@exec $(PY) tools/run_tests.py lint

types:  ## mypy with the Django and DRF plugins
	@$(BOOTSTRAP) requirements-dev.txt
	@exec $(PY) -m mypy .

bench:  ## Speed at 10,000 and 100,000 tickets beside a bare Django view
	@$(BOOTSTRAP) requirements-dev.txt
	@exec $(PY) tools/bench.py

bench-live:  ## A thousand open pages on one web process, each told of a change
	@$(BOOTSTRAP) requirements-dev.txt
	@exec $(PY) tools/bench_live.py

soak:  ## Ten thousand mails while processes, connections and Redis are killed; counts them
	@$(BOOTSTRAP) requirements-dev.txt
	@exec $(PY) tools/soak.py

screenshots:  ## Pictures of the main screens in var/screenshots, and the one in docs/img
	@$(BOOTSTRAP) requirements-dev.txt
	@exec $(PY) tools/screenshots.py

messages:  ## Collect and compile the translations (needs GNU gettext)
	@$(BOOTSTRAP) requirements-dev.txt
	@exec $(PY) tools/messages.py
