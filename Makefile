# Two commands on a fresh Debian or Ubuntu machine with Python >= 3.11 and make:
#   make demo   set everything up and run a show
#   make test   set everything up and pass the tests
# The second time they start at once. `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test soak fuzz lint setup setup-test models doctor wheel clean
MAKEFLAGS += --no-print-directory

# Debian keeps nginx and ldconfig out of an ordinary user's PATH.
export PATH := $(PATH):/usr/sbin:/sbin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

VENV := .venv
BIN := $(VENV)/bin
# The first Python that is new enough.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	if command -v $$p >/dev/null && $$p -c '$(NEW_ENOUGH)' 2>/dev/null; then echo $$p; break; fi; done)
# Options of `live demo`: make demo ARGS="--camera"
ARGS ?=

help:
	@echo "make demo     set up and run the demo show (ARGS=\"--camera\" takes this machine's webcam)"
	@echo "make test     set up and run the tests"
	@echo "make setup    system libraries, Python packages and models, so that \`$(BIN)/live\` works"
	@echo "make soak     run the tests that take minutes: floods"
	@echo "make doctor   say what this machine has and lacks for a show"
	@echo "make fuzz     100,000 hostile commands through the engine, some minutes"
	@echo "make lint     ruff and mypy"
	@echo "make wheel    build the package into dist/"
	@echo "make clean    remove .venv, caches and the demo's files (models stay; \`live models --list\` says where)"

demo: setup
	@echo "== Demo show"
	@$(BIN)/live demo $(ARGS)

setup: $(VENV)/.package models

setup-test: $(VENV)/.package-test models

# --- 1. system libraries --------------------------------------------------------------------------------------------

# The tests need all that a show needs, and more.
FOR := $(if $(filter test setup-test,$(MAKECMDGOALS)),--test)
.PHONY: system
system:
	@echo "== System libraries"
	@PYTHON="$(PYTHON)" VENV="$(VENV)" tools/system.sh $(FOR)

# --- 2. Python environment ------------------------------------------------------------------------------------------

$(VENV)/.made: | system
	@echo "== Python environment ($(VENV))"
	@if [ -z "$(PYTHON)" ]; then \
		echo "   ! Python 3.11 or newer was not found. On Debian or Ubuntu: apt-get install python3 python3-venv"; \
		echo "     (or name one: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS))"; exit 1; fi
	@if [ ! -x $(BIN)/python ]; then "$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); \
		echo "   ! $(PYTHON) can't make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }; fi
	@$(BIN)/python -c '$(NEW_ENOUGH)' || { echo "   ! $(VENV) holds a Python older than 3.11: remove $(VENV) and try again"; exit 1; }
	@touch $@

# --- 3. the package and what it stands on ---------------------------------------------------------------------------

$(VENV)/.package: pyproject.toml $(VENV)/.made | system
	@echo "== Python packages (about 300 MB the first time)"
	@tools/pip.sh $(BIN)/python install -e .
	@$(BIN)/python -m compileall -q live
	@touch $@

$(VENV)/.package-test: pyproject.toml $(VENV)/.made | system
	@echo "== Python packages, with those for the tests (about 350 MB the first time)"
	@tools/pip.sh $(BIN)/python install -e '.[test]'
	@$(BIN)/python -m compileall -q live
	@touch $@ $(VENV)/.package

# --- 4. models and demo material ------------------------------------------------------------------------------------

models:
	@echo "== Models and demo material"
	@$(BIN)/python -m live.fetch

# --- tests ----------------------------------------------------------------------------------------------------------

lint: setup-test
	@echo "== ruff"
	@$(BIN)/ruff check .
	@echo "== mypy, for Linux, Windows and macOS"
	@for system in linux win32 darwin; do $(BIN)/mypy --platform $$system --cache-dir .mypy_cache/$$system || exit 1; done

# Shows that run against the clock need both cores to themselves; everything else shares them.
test: lint
	@echo "== Tests beside each other"
	@$(BIN)/pytest -n 2 -m "not realtime and not soak"
	@echo "== Tests one at a time: whole shows, faults, whatever runs against the clock"
	@$(BIN)/pytest -p no:xdist -m realtime

soak: setup-test
	@echo "== Tests that take minutes"
	@$(BIN)/pytest -p no:xdist -m soak -s tests/soak

fuzz: setup-test
	@echo "== 100,000 hostile commands"
	@LIVE_FUZZ=100000 $(BIN)/pytest -q tests/fuzz

# --- the rest -------------------------------------------------------------------------------------------------------

doctor: setup
	@$(BIN)/live doctor

wheel: $(VENV)/.made
	@tools/pip.sh $(BIN)/python wheel --no-deps -w dist .

clean:
	rm -rf $(VENV) build dist demo .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +
