# Everything is set up by itself: a virtual environment, the package, and (at first use) a Neo4j server.
#   make demo    a small sample, loaded into a real Neo4j and shown
#   make test    all tests, against a real Neo4j
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTEST := $(BIN)/python -m pytest

help:  ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "jwgraph needs Python 3.11 or newer; give one as: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

setup: $(READY)  ## Virtual environment and package

demo: $(READY)  ## Load a small sample into a real Neo4j and show it
	$(BIN)/jwgraph demo

test: $(READY)  ## All tests, against a real Neo4j, with coverage
	$(PYTEST) -n auto --cov --cov-report=term

unit: $(READY)  ## Tests that need no server
	$(PYTEST) tests/unit

lint: $(READY)  ## ruff, and the layers of the imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: $(READY)  ## mypy, strict
	$(BIN)/mypy

check: lint types test  ## Lint, types, tests

bench: $(READY)  ## Measure loads, dumps and answers beside an offline import, in 15 minutes; BENCH="--help" shows options
	$(BIN)/python -m tests.bench.run $(BENCH)
	mkdir -p build
	$(BIN)/python -m tests.bench.web --json build/web.json

bench-peers: $(READY)  ## Measure jwgraph beside other stores on the same rows; PEERS="--rows 10000 --json FILE" shows others
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	$(BIN)/python -m tests.bench.peers $(PEERS)

faults: $(READY)  ## Kill loaders and servers thirty times, cut connections, fill a disk; readers ask all the while
	mkdir -p build
	JWGRAPH_TEST_BACKEND=managed JWGRAPH_FAULTS=30 JWGRAPH_FAULTS_REPORT=build/faults.json $(PYTEST) tests/faults

docs: $(READY)  ## Build the documentation into site/; fails where a link leads nowhere
	$(BIN)/python docs/generate.py
	$(BIN)/zensical build --clean --strict
	$(BIN)/python docs/check.py site

dist: $(READY)  ## Build the source distribution and the wheel into dist/
	rm -rf dist
	$(BIN)/python -m build
	$(BIN)/twine check --strict dist/*

dist-check: dist  ## Install each of them into an empty environment and run the demo
	$(BIN)/python -m tests.release.check dist/*

clean:  ## Remove what was built here
	rm -rf $(VENV) build dist site .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

.PHONY: help setup demo test unit lint types check bench bench-peers faults docs dist dist-check clean
