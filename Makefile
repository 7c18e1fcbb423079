# One command each; every one does its own set-up on a machine with Python 3.11+ alone.

PYTHON ?= python3
PORT ?= 8000
INSTANCE ?= instance
BIN := .venv/bin

.PHONY: setup setup-test run test lint bench faults pictures references texts clean

setup: .venv/.runtime

# Debian keeps venv in a package of its own; as root it is installed, otherwise the message of venv says how.
.venv/bin/python:
	@$(PYTHON) -m venv .venv 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv .venv; } || $(PYTHON) -m venv .venv

.venv/.runtime: .venv/bin/python requirements-dev.lock pyproject.toml hatch_build.py app/field/client/package-lock.json
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# What tests need of the system: a browser, and tools that judge our PDFs independently.
setup-test: setup
	@sh .ci/system-packages

run: setup
	@$(BIN)/python hatch_build.py
	@$(BIN)/kiemtra init --instance "$(INSTANCE)"
	@$(BIN)/kiemtra samples --instance "$(INSTANCE)"
	@$(BIN)/kiemtra serve --instance "$(INSTANCE)" --port "$(PORT)"

BROWSER := $(BIN)/python -m pytest -vv --dist worksteal tests/browser tests/faults

# Browser tests have processes of their own: a browser's driver leaves an event loop running, which others cannot have.
# What failed there on a busy machine is tried once more, alone; the output names it either way.
test: setup-test lint
	@$(BIN)/python hatch_build.py
	cd app/field/client && PATH="$(abspath $(BIN)):$$PATH" npm test --silent
	$(BIN)/python -m pytest -n 2 --dist worksteal --ignore tests/browser --ignore tests/faults
	$(BROWSER) -n 2 || $(BROWSER) -n 1 --last-failed --last-failed-no-failures none

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@$(BIN)/python hatch_build.py
	cd app/field/client && PATH="$(abspath $(BIN)):$$PATH" npm run --silent check

bench: setup-test
	@$(BIN)/python hatch_build.py
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements-bench.lock
	$(BIN)/python -m tests.bench

faults: setup-test
	@$(BIN)/python hatch_build.py
	$(BIN)/python -m pytest tests/journal tests/sync tests/reports/test_verify.py --hypothesis-profile=long --timeout 0
	$(BIN)/python -m tests.faults
	$(BIN)/python -m tests.faults.convergence
	$(BIN)/python -m tests.faults.tampering
	$(BIN)/python -m tests.faults.hostile

# Screens and sample papers in docs/, made anew.
pictures: setup-test
	@$(BIN)/python hatch_build.py
	$(BIN)/python -m tests.pictures

# The pages that papers are held against in tests, drawn anew: after looking at what a change did to them.
references: setup-test
	@$(BIN)/python hatch_build.py
	$(BIN)/python -m tests.reports.images

# The English catalogue after a change of app/field/client/src/i18n/vi.json; then translate what is empty in it.
texts: setup
	@mkdir -p build
	$(BIN)/pybabel -q extract -F pyproject.toml --no-location --no-wrap -o build/field.pot app/field/client/src/i18n
	$(BIN)/pybabel -q update -l en -D field -d app/locale -i build/field.pot \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap

clean:
	rm -rf .venv dist build app/field/static app/static/fonts reports/rendering/fonts app/field/client/node_modules
