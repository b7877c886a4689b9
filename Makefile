# Two commands: `make run` and `make test`. They need Python 3.11 or later and make; all else goes into .venv.
.POSIX:
.PHONY: run test test-journeys check walls bench lighthouse screenshots lock install install-dev
.SUFFIXES:

PY = .venv/bin/python
# The rest of a command line for the tests: make test ARGS="-k overview"
ARGS =

# Bytecode is written: without it every process compiles Django anew.
unexport PYTHONDONTWRITEBYTECODE

# A demonstration on 2 December 2025, except where the environment or .env says otherwise.
run: install
	@unless_set() { grep -qs "^ *$$1 *=" .env || eval "export $$1=\"\$${$$1:-$$2}\""; }; \
	unless_set PORTAL_TODAY 2025-12-02; unless_set PORTAL_DEMONSTRATION on; unless_set PORTAL_HTTPS off; \
	unless_set SECRET_KEY_FILE var/secret-key; \
	exec $(PY) manage.py up

test: install-dev
	$(PY) -m pytest $(ARGS)

test-journeys: install-dev
	$(PY) -m pytest -m journey $(ARGS)

# Style, types, and migrations that somebody forgot.
check: install-dev
	$(PY) -m ruff check .
	$(PY) -m mypy
	DJANGO_SETTINGS_MODULE=tests.settings $(PY) manage.py makemigrations --check --dry-run

# Takes one wall away at a time, and sees the test that guards it fail.
walls: install-dev
	$(PY) -m tests.take_walls_away $(ARGS)

bench: install-dev
	$(PY) -m tests.bench $(ARGS)

# Lighthouse on the demonstration, as on a phone. Needs Node and npm.
lighthouse: install-dev
	$(PY) -m tests.bench.lighthouse

# Every page, as each person sees it, in var/screenshots. Brings its own portal.
screenshots: install-dev
	$(PY) -m tests.screenshots $(ARGS)

# For developers, with uv: writes the locked requirements that the other targets install with plain pip.
lock:
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes requirements.in -o requirements.txt
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes requirements-dev.in -o requirements-dev.txt

install:
	@sh .ci/install requirements.txt

install-dev:
	@sh .ci/install requirements.txt requirements-dev.txt
