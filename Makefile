# make demo   see a district at work        make test   run every test        make help   all targets
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
INSTANCE ?= instance/demo
WORKERS ?= 2
RIVAL ?= build/rival
BIN := $(VENV)/bin
FLASK := FLASK_APP=wsgi:create_app $(BIN)/flask
PYTEST := $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile
DEMO := DEMO=1 INSTANCE_PATH=$(INSTANCE) $(FLASK)

.DEFAULT_GOAL := help
.PHONY: help install demo demo-reset test test-sqlite test-postgresql check format lint types contracts translations \
	vendor proof fairness bench bench-scale lock browser clean

help: ## show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /  make \1\t/' | expand -t 24

install: $(VENV)/.texts ## build the virtual environment with what the platform needs

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing: install your system's python3-venv package."; exit 1; }

$(VENV)/.runtime: requirements/runtime.txt | $(VENV)/bin/python
	@echo "Installing what the platform needs (about a minute) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements/runtime.txt
	@touch $@

$(VENV)/.texts: $(VENV)/.runtime $(wildcard */translations/zh_Hans_CN/LC_MESSAGES/*.po)
	@$(BIN)/python -c "from supervision.web.catalogues import compile_all; compile_all()"
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime | $(VENV)/bin/python
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.txt
	@touch $@

demo: $(VENV)/.texts ## load the demonstration district once and serve it (PORT=9000, LAN=1 for phones)
	@$(DEMO) demo load --if-missing
	@$(DEMO) serve --port $(PORT) $(if $(LAN),--lan)

demo-reset: $(VENV)/.texts ## begin the demonstration anew
	@$(DEMO) demo load --reset
	@$(DEMO) serve --port $(PORT) $(if $(LAN),--lan)

browser:
	@tests/install_browser.sh

test: test-sqlite test-postgresql ## run every test, on SQLite and on PostgreSQL

test-sqlite: $(VENV)/.dev browser ## the tests on SQLite alone
	@echo "Tests on SQLite"; $(PYTEST)

test-postgresql: $(VENV)/.dev browser ## the tests on PostgreSQL alone, without those that touch no database
	@echo "Tests on PostgreSQL"; $(BIN)/python -m tests.postgresql $(PYTEST) --ignore tests/sampling --ignore tests/architecture

check: $(VENV)/.dev format lint types contracts test ## format, lint, types, import contracts, tests

format: $(VENV)/.dev
	@$(BIN)/ruff format --check .

lint: $(VENV)/.dev
	@$(BIN)/ruff check .

types: $(VENV)/.dev
	@$(BIN)/mypy

contracts: $(VENV)/.dev
	@$(BIN)/lint-imports --no-logo

translations: $(VENV)/.texts ## name texts without a Chinese translation and compile the catalogues
	@$(FLASK) translations missing

vendor: ## rebuild the front-end parts from npm
	@supervision/static/build_vendor.sh

fairness: $(VENV)/.dev ## would the tests of fairness notice? (ten minutes, into benchmarks/results)
	@mkdir -p benchmarks/results
	@$(BIN)/python -m sampling simulate --to benchmarks/results/fairness.json

proof: $(VENV)/.dev browser ## attack the draw at length and keep the figures (about an hour; FULL=1: hours)
	@rm -f benchmarks/results/*-sqlite.json benchmarks/results/*-postgresql.json
	@export PROOF=$(if $(FULL),full,whole); export TESTS="$(BIN)/python -m pytest -q -n $(WORKERS) --dist load --timeout 0"; \
		$$TESTS tests/proofs; sqlite=$$?; \
		$$TESTS tests/joint_inspections/field/test_offline_scenarios.py tests/joint_inspections/field/test_parallel_phones.py \
			tests/joint_inspections/field/test_cut_sync.py; phones=$$?; \
		$(BIN)/python -m tests.postgresql $$TESTS tests/proofs/test_kills.py tests/proofs/test_crowds.py \
			tests/proofs/test_determinism.py tests/joint_inspections/field/test_offline_scenarios.py \
			tests/joint_inspections/field/test_parallel_phones.py; postgresql=$$?; \
		$(BIN)/python -m tests.proofs.summary; exit $$((sqlite + phones + postgresql))

bench: $(VENV)/.dev ## how to measure: benchmarks/README.md
	@cat benchmarks/README.md

bench-scale: $(VENV)/.dev ## measure the draw of a national register and of large teams (ten minutes, 6 GB, into benchmarks/results)
	@[ -d $(RIVAL)/ortools ] || $(BIN)/python -m pip install -q --target $(RIVAL) consistent_sampler ortools sortition-algorithms
	@PYTHONPATH=. $(BIN)/python benchmarks/draw_scale.py
	@PYTHONPATH=.:$(RIVAL) $(BIN)/python benchmarks/draw_rivals.py
	@PYTHONPATH=.:$(RIVAL) $(BIN)/python benchmarks/teams_scale.py

lock: $(VENV)/bin/python ## rewrite the locked requirements
	@$(BIN)/python -m pip install -q uv
	@for name in runtime dev; do $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --no-emit-index-url requirements/$$name.in -o requirements/$$name.txt; done

clean: ## remove the virtual environment, caches and demonstration data
	@rm -rf $(VENV) instance .pytest_cache .mypy_cache .ruff_cache .hypothesis
