# The README's commands. Each sets up what it needs first; doing that again costs a moment.
.DEFAULT_GOAL := help
.PHONY: help run setup test check machine test-usb soak-usb test-dialect bench compliance pictures translations lock clean
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
ARGS ?=
# Two processes share the tests, a file each: most of them wait for a server or a window. Files in their order,
# so that the long ones come before many short ones.
TOGETHER := -n 2 --dist loadfile --no-loadscope-reorder -o console_output_style=times

help: ## show this
	@sed -n 's/^\([a-z-]*\):[^#]*## /  make \1\t/p' Makefile | expand -t 24

run: ## start the counter (without a display: the tour); ARGS="..." goes to the program
	@installer/run.sh $(ARGS)

setup: ## get the machine and .venv ready for the tests
	@installer/setup.sh test

test: setup ## the checks, then every test; ARGS="..." goes to pytest
	@$(MAKE) -j2 check machine
	@$(BIN)/pytest -q $(TOGETHER) $(ARGS)

machine: setup ## the virtual machine in which USB devices are tested
	@$(BIN)/python -m tests.usb.prepare

# What nobody has run on Windows has at least its types checked as if it were there.
FOR_WINDOWS := $(wildcard madoguchi/device_control/windows*.py) $(addprefix madoguchi/device_control/, \
	channel.py client.py clients.py common_answers.py connection.py journal.py kept_files.py key_mark.py \
	places.py policy_store.py program.py commands.py)
check: setup ## lint, formatting, types, import contracts
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { $(BIN)/ruff format --check .; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/mypy --no-error-summary --platform win32 --cache-dir .mypy_cache/win32 $(FOR_WINDOWS)
	@$(BIN)/lint-imports --no-logo >.venv/lint-imports.log 2>&1 || { cat .venv/lint-imports.log; exit 1; }
	@echo "check: lint, formatting, types and import contracts hold"

test-usb: setup ## the tests of USB devices in a virtual machine (make test runs them too); says how long things took
	@$(BIN)/pytest -q tests/usb $(ARGS)

soak-usb: setup ## the same at scale, half an hour: 1,000 arrivals, 200 cycles, each end of an exception ten times
	@$(BIN)/python -m tests.usb.soak $(ARGS)

test-dialect: setup ## SQLAlchemy's own dialect suite, ours beside psycopg
	@PYTHONPATH=. $(BIN)/python tests/dialect_suite/run.py $(ARGS)

bench: setup ## measure the counter on SQLite and PostgreSQL; ARGS="--quick" for a minute's worth
	@$(BIN)/python -m tests.bench $(ARGS)

compliance: setup ## write who may do what, found by trying, into docs/compliance.md
	@$(BIN)/python -m tests.server.rights.matrix

pictures: setup ## make the pictures in docs/ anew
	@$(BIN)/python docs/look/make_pictures.py

TS := madoguchi/resources/translations/madoguchi_en
translations: setup ## take new strings into the translation and compile it
	@$(BIN)/pyside6-lupdate -silent -no-obsolete -sort-messages -locations none -source-language ja -target-language en \
		$$(find madoguchi -name '*.py' | sort) -ts $(TS).ts
	@$(BIN)/pyside6-lrelease -silent -nounfinished $(TS).ts -qm $(TS).qm

COMPILE := $(BIN)/pip-compile --quiet --allow-unsafe --generate-hashes --strip-extras \
	--no-emit-find-links --no-emit-index-url --no-emit-trusted-host
lock: setup ## write requirements/*.txt anew from pyproject.toml, keeping versions; ARGS=--upgrade for newer ones
	@$(COMPILE) --extra=dev --output-file=requirements/dev.txt $(ARGS) pyproject.toml
	@$(COMPILE) --extra=install --constraint=requirements/dev.txt --output-file=requirements/run.txt pyproject.toml

clean: ## remove .venv and everything tools have left
	@rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
