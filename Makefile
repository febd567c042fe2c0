# make run, make test: everything else builds on these two. PYTHON may name another 3.11 or 3.12.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check chat demo eval bench bench-rasa rasa test-faults system-deps fmt clean

run: $(VENV)/.installed  ## set up what is missing and serve web chat and desk on 127.0.0.1:8080
	$(BIN)/jianfu run

test: $(VENV)/.installed-test  ## all tests; what the machine lacks is skipped with its reason
	$(BIN)/pytest -rs tests

check: $(VENV)/.installed-test  ## format, lint, types, imports, tests (migrations equal models among them)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/pytest -rs tests

chat: $(VENV)/.installed  ## the same conversation in the terminal
	@$(BIN)/jianfu chat

demo: $(VENV)/.installed  ## one whole ticket, all four sides, on a scratch database
	@$(BIN)/jianfu demo

eval: $(VENV)/.installed  ## quality of understanding on tests/eval
	@$(BIN)/jianfu eval

rasa: $(VENV)/.installed  ## the second engine: its own environment, training and server on 127.0.0.1:5005
	$(BIN)/python -m nlu.rasa

fmt: $(VENV)/.installed-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test-faults: $(VENV)/.installed-test  ## 100 kills while 500 complaints flow, on both databases
	JIANFU_FAULT_KILLS=100 JIANFU_FAULT_COMPLAINTS=500 $(BIN)/pytest -s tests/faults

bench: $(VENV)/.installed-bench  ## speed, scale and understanding as ratios in one run, written to docs/benchmarks.md
	$(BIN)/python -m tests.bench

bench-rasa: $(VENV)/.installed-bench  ## the ears beside all peers, Rasa DIET among them (hours)
	$(BIN)/python -m tests.bench --only diet

system-deps:  ## Debian packages the whole test run wants
	apt-get update -qq
	apt-get install -y -qq chromium fonts-noto-cjk postgresql

$(VENV)/bin/pip:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/pip pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-test
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,bench]'
	touch $@

clean:
	rm -rf $(VENV) var build *.egg-info
