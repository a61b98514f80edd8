# Thin: the work is done by scripts/ and by the command line that setup installs.
PYTHON ?= python3
RESET ?=
HOST ?= 127.0.0.1
PORT ?= 8000
ARGS ?=
AREA ?=

.PHONY: setup dev demo test check coverage mutants bench messages lock

setup:  ## everything the program needs, in the checkout
	@$(PYTHON) scripts/setup.py

dev:
	@$(PYTHON) scripts/setup.py --dev

demo: setup  ## a fictional city; RESET=1 starts anew, HOST and PORT say where it listens
	@.venv/bin/chuangwen demo --host $(HOST) --port $(PORT) $(if $(RESET),--reset)

test: dev  ## SQLite and PostgreSQL, and a real browser; ARGS go to pytest
	@.venv/bin/python scripts/test.py $(ARGS)

check: dev  ## lint, types, import rules, migrations, templates, words
	@.venv/bin/python scripts/check.py

coverage: dev  ## all tests on SQLite, and whether every area's rules reach the bar
	@.venv/bin/python scripts/covered.py --run $(AREA)

mutants: dev  ## mutation tests of one part, AREA=audit; docs/testing.md
	@.venv/bin/python scripts/mutants.py "$(AREA)" $(ARGS)

bench: dev  ## figures for docs/benchmarks.md; ARGS go to the script, "--data DIR" for data that are there
	@.venv/bin/python scripts/bench.py --full $(ARGS)

messages: dev  ## collect the words of the screens into the catalogues
	@.venv/bin/python scripts/messages.py

lock:  ## renew the locks; needs uv
	@scripts/lock.sh
