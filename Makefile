# Everything is done through these verbs; `make` alone lists them.
# Needed beforehand: Python 3.11 or newer, Node 20 or newer with npm, make.

PORT ?= 8000
WORKERS ?= 2
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
CLIENTS := tests/clients
WEB_FILES := $(shell find web -name node_modules -prune -o -name dist -prune -o -type f -print 2>/dev/null)

# The interpreter and the packages come from the lock and this machine, never from a download of uv's.
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := $(VENV)

ifneq ($(wildcard web/package.json),)
WEB_INSTALLED := web/node_modules/.installed
WEB_BUILT := web/dist/.built
endif

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests dev demo check check-lint check-format check-types check-layers check-schema check-migrations check-web test schema bench soak node

help: ## list what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'

setup: $(VENV)/.synced $(WEB_BUILT) ## install everything into this folder
ifndef WEB_BUILT
	@echo "web/ holds no application yet: nothing to build there."
endif

setup-tests: setup $(CLIENTS)/node_modules/.installed

demo: setup ## serve an invented consortium; PORT=8000
	$(BIN)/tasuki demo --port $(PORT)

dev: setup ## serve your own data, restarting when a file changes; PORT=8000
	TASUKI_ENV=development $(BIN)/tasuki migrate
	TASUKI_ENV=development $(BIN)/tasuki serve --reload --port $(PORT)

test: setup-tests ## run every test this machine can; ARGS="-k words"
	$(BIN)/pytest -n $(WORKERS) $(ARGS)

check: check-lint check-format check-types check-layers check-schema check-migrations check-web ## lint, types, layers, schema, migrations, web

check-lint: setup
	$(BIN)/ruff check .

check-format: setup
	$(BIN)/ruff format --check .

check-types: setup
	$(BIN)/mypy

check-layers: setup
	$(BIN)/lint-imports --no-logo

check-schema: setup-tests
	$(BIN)/tasuki schema --check
	npm --prefix $(CLIENTS) run --silent lint:schema

check-migrations: setup
	$(BIN)/tasuki migrate --check

check-web: setup
ifdef WEB_BUILT
	npm --prefix web run --silent typecheck
	npm --prefix web run --silent lint
	npm --prefix web test --silent
else
	@echo "web/ holds no application yet: nothing to check there."
endif

schema: setup ## write schema.graphql anew
	@mkdir -p var
	$(BIN)/tasuki schema > var/schema.graphql
	mv var/schema.graphql schema.graphql

bench: setup-tests ## print how fast it is, as ratios
	$(BIN)/python -m benchmarks $(ARGS)

soak: setup-tests ## run the long random tests
	$(BIN)/python -m benchmarks.soak $(ARGS)

# What the verbs above stand on. A stamp is younger than what it was made from.

$(VENV)/.synced: pyproject.toml uv.lock | $(BIN)/uv
	$(BIN)/uv sync --frozen --inexact --quiet
	@touch $@

# An environment that is there and sound is kept. A Python that came without ensurepip can still
# make one, and fill it with its own pip.
$(BIN)/uv:
	@set -e; found=; \
	fits='import sys, ssl; assert sys.version_info >= (3, 11)'; \
	for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if "$$python" -c "$$fits" 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if $(BIN)/python -c "$$fits; import pip" 2>/dev/null; then \
	  echo "Using the environment in $(VENV)"; \
	elif [ -z "$$found" ]; then \
	  echo "Tasuki needs Python 3.11 or newer, and none was found. Install one, or name it: make setup PYTHON=/path/to/python3" >&2; exit 1; \
	else \
	  echo "Making $(VENV) with $$("$$found" --version)"; \
	  "$$found" -m venv --clear $(VENV) >/dev/null 2>&1 || "$$found" -m venv --clear --without-pip $(VENV); \
	fi; \
	if $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check uv; \
	elif "$$found" -m pip --version >/dev/null 2>&1; then \
	  "$$found" -m pip --python $(BIN)/python install --quiet --disable-pip-version-check uv; \
	else \
	  echo "This Python has no pip, neither of its own nor for a new environment (ensurepip is missing). On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; \
	fi

node:
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null || { \
	  echo "Tasuki needs Node 20 or newer with npm, and none was found on the PATH." >&2; exit 1; }

$(CLIENTS)/node_modules/.installed: $(CLIENTS)/package.json $(CLIENTS)/package-lock.json | node
	npm --prefix $(CLIENTS) ci --silent
	@touch $@

web/node_modules/.installed: web/package.json web/package-lock.json | node
	npm --prefix web ci --silent
	@touch $@

web/dist/.built: $(WEB_INSTALLED) $(WEB_FILES)
	npm --prefix web run --silent build
	@mkdir -p web/dist
	@touch $@
