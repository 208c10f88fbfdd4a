PYTHON ?= python3
PORT ?= 8000
BASE ?= https://projekty.example/
JOBS ?= 2
ROWS ?= 10000
SIZES ?= 1000 10000 100000
PIP = .venv/bin/python -m pip --disable-pip-version-check --quiet
LOD = .venv/bin/lod

.PHONY: run test lint bench lock clean

# Build a release from data/ and serve it at http://127.0.0.1:$(PORT)/
run: .venv/run
	$(LOD) build --base $(BASE) --jobs $(JOBS)
	exec $(LOD) serve --base $(BASE) --port $(PORT)

test: lint
	.venv/bin/python -m pytest

lint: .venv/dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

# Measure again and write docs/benchmarks.md: make bench ROWS=100000 SIZES="1000 10000 100000 1000000"
bench: .venv/dev
	.venv/bin/python bench/run.py --rows $(ROWS) --sizes $(SIZES)
	.venv/bin/python bench/extraction.py tests/pages

.venv/run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	test -x .venv/bin/python || $(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

.venv/dev: .venv/run requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	touch $@

# Write the lock files again (needs uv): hashed, for every platform, no index named.
lock:
	uv pip compile pyproject.toml --extra build --extra fast $(LOCK) --output-file requirements.lock
	uv pip compile pyproject.toml --extra dev $(LOCK) --constraint requirements.lock --output-file requirements-dev.lock
LOCK = --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

clean:
	rm -rf .venv data/releases build dist
