# What a newcomer types: `make gate` and `make test`. Everything else is listed by `make help`.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TARGET ?= $(or $(APEX_TARGET),reference)
PYTEST = $(BIN)/python -m pytest --target=$(TARGET) $(if $(FAULT),--fault=$(FAULT)) $(ARGS)

# Compiled modules are kept beside their sources: every later run starts twice as fast.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup gate accept nightly test lint types imports proof soak bench mutants lock docs

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

# The stamp is newer than the lock file: nothing to install.
$(VENV)/.installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with make PYTHON=..."; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --no-input --quiet --require-hashes --requirement requirements.lock
	@touch $@

setup: $(VENV)/.installed ## the virtual environment, from the lock file

gate: setup ## the must-have criteria on TARGET (default: the embedded deployment); FAULT=NAME breaks it first
	@$(PYTEST) -m must_have

accept: setup ## every criterion of the stage
	@$(PYTEST)

nightly: setup ## the nightly stage on TARGET
	@$(PYTEST) --stage nightly

test: lint types imports proof ## the suite's own checks: lint, types, import rules, proof

lint: setup
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: setup
	@$(BIN)/mypy

imports: setup
	@$(BIN)/lint-imports --no-cache

# Three processes on two cores: some tests wait for a time-out.
proof: setup ## the suite's own tests: unit, property and the fault matrix
	@$(BIN)/python -m pytest proof -p randomly -p _hypothesis_pytestplugin -o enable_assertion_pass_hook=false -n 3 --dist=worksteal $(ARGS)

soak: setup ## healthy deployments under every condition must be GO; RUNS=20 for a shorter one
	@$(BIN)/python -m proof.soak $(or $(RUNS),200)

mutants: setup ## whether the proof notices each small change of the judging parts (long); ARGS='acceptance.verdict*' for some
	@nice -n 10 $(BIN)/python -m proof.mutants $(ARGS)

bench: setup ## how long the parts of a gate take on this machine
	@$(BIN)/python -m proof.bench

lock: ## resolve pyproject.toml's dependencies anew (needs uv)
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
	  --no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet --upgrade --output-file requirements.lock

docs: setup ## regenerate the generated pages and targets/example.env
	@$(BIN)/python -m acceptance docs
	@$(BIN)/python -m proof.matrix
