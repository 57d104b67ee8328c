# `make demo` and `make test` need Python 3.10 or newer, git and make; everything else goes into .venv by itself.

PYTHON ?=
SOURCES ?= $(if $(wildcard ../shared/sources),../shared/sources,.sources)
PYTEST_ARGS ?=
BENCH_ARGS ?=

BIN := .venv/bin
PY := $(BIN)/python
MIN := (3, 10)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport PYTHONPATH PYTHONHOME

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help venv demo test lint format types pytest build-data check-data fetch docs bench wheel clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS='	' read -r name what; do \
		printf '  make %-11s %s\n' "$$name" "$$what"; done

venv: .venv/.dev  ## make .venv with the package (editable) and all tools

demo: .venv/.base  ## a tour of the library on the bundled data
	@$(PY) examples/tour.py

test: lint types pytest  ## all checks: lint, types, tests with coverage

lint: .venv/.dev  ## ruff: rules and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: .venv/.dev  ## let ruff repair what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: .venv/.dev  ## mypy (strict) and pyright (strict)
	$(BIN)/mypy
	$(BIN)/basedpyright --pythonpath $(PY)

pytest: .venv/.dev  ## the tests alone, with coverage (PYTEST_ARGS="-k word")
	$(PY) -m pytest -n auto --dist loadgroup --cov $(PYTEST_ARGS)

fetch: .venv/.dev  ## download the sources that the dataset was built from, into SOURCES
	$(PY) -m pipeline fetch --out $(SOURCES)

build-data: .venv/.dev  ## build src/modelmeta/data from SOURCES and curation/
	$(PY) -m pipeline build --sources $(SOURCES)

check-data: .venv/.dev  ## look for facts that cannot be true together and that nobody has explained
	$(PY) -m pipeline check --sources $(SOURCES)

docs: .venv/.dev  ## build the documentation into build/site; a warning is an error
	NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build --strict

bench: .venv/.dev  ## measure everything beside the peers and write docs/benchmarks.md (about ten minutes)
	$(PY) -m benchmarks --write docs $(BENCH_ARGS)

wheel: .venv/.base  ## build the wheel into dist/
	@rm -f dist/*.whl
	$(PY) -m pip wheel -qq --no-deps --wheel-dir dist .

clean:  ## remove everything that these targets made
	rm -rf .venv .nox .hypothesis .mypy_cache .pytest_cache .ruff_cache .coverage .coverage.* coverage.xml \
		htmlcov build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The two stamps: the package with what it needs at run time, and the tools on top. A changed pyproject.toml
# installs again; an environment that works is kept.

.venv/.base: pyproject.toml
	@if ! $(PY) -c 'import sys, pip; sys.exit(sys.version_info < $(MIN))' 2>/dev/null; then \
		for python in $(PYTHON) python3 python python3.14 python3.13 python3.12 python3.11 python3.10; do \
			if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < $(MIN))' 2>/dev/null; then \
				echo "making .venv with $$("$$python" --version)"; \
				"$$python" -m venv --clear .venv && break; \
			fi; \
		done; \
	fi; \
	$(PY) -c '' 2>/dev/null || { \
		echo "No Python 3.10 or newer with the venv module was found; name one: make PYTHON=/path/to/python3" >&2; \
		exit 1; }
	@echo "installing modelmeta into .venv"
	@$(PY) -m pip install -qq --editable .
	@touch $@

.venv/.dev: .venv/.base
	@echo "installing the tools into .venv (takes a minute the first time)"
	@$(PY) -m pip install -qq --editable '.[dev]'
	@touch $@
