# Lightbox. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup run test coverage slow lint bench rerun soak screenshot refresh results lock clean

help: ## list the targets
	@grep -E '^[a-z_-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) ## make .venv and install everything into it

$(STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Lightbox needs Python 3.11 or newer; set PYTHON=python3.11 or similar.")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

run: $(STAMP) ## open the app in a browser
	$(BIN)/python -m streamlit run app.py --server.headless=false

# How many processes share the tests out, each with about 4 GB; 0: one by one.
WORKERS ?= 2
PYTEST := $(BIN)/python -m pytest --numprocesses

# What fails beside other tests is tried once more by itself: two browsers on two cores can keep a test waiting for
# longer than it allows. What is wrong fails both times; a run that ends for any other reason fails at once.
test: $(STAMP) ## every test but the slow ones
	$(PYTEST) $(WORKERS) || { [ $$? = 1 ] && $(PYTEST) 0 --last-failed --last-failed-no-failures none; }

coverage: $(STAMP) ## how much of each room the tests reach, into docs/results.md; takes twice as long as they do
	$(BIN)/python -m benchmarks.coverage --numprocesses $(WORKERS)
	$(BIN)/python -m benchmarks.results

# The timeout of a single test is for tests that hang; these are only slow.
slow: $(STAMP) ## the slow tests: the shipped table measured anew, the real data audited; about ten minutes
	$(BIN)/python -m pytest -m slow --timeout 1800

lint: $(STAMP) ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m benchmarks.results --check

bench: $(STAMP) ## what a user waits for: the five maps by the stock libraries and by ours in turn; about an hour
	$(BIN)/python -m benchmarks.panel

rerun: $(STAMP) ## what a rerun of Compare with everything computed costs the server; AGAINST=folder of another checkout
	$(BIN)/python -m benchmarks.rerun $(if $(AGAINST),--against $(AGAINST))

soak: $(STAMP) ## eight sessions for ten minutes, every map compared with the one computed alone
	$(BIN)/python -m benchmarks.soak

screenshot: $(STAMP) ## the README's picture, taken from the app as it is
	$(BIN)/python -m benchmarks.screenshot

refresh: $(STAMP) ## all that depends on the networks' weights made again where they have changed; DATA=folder of the images
	$(BIN)/lightbox refresh --data $(DATA)
	$(BIN)/python -m benchmarks.results

results: $(STAMP) ## fill in the documents' figures and tables from the records
	$(BIN)/python -m benchmarks.results

lock: $(STAMP) ## requirements.txt written anew from pyproject.toml; UPGRADE="numpy scipy" renews those two
	$(BIN)/python -m tools.pin_requirements $(UPGRADE)

clean: ## remove what setup made
	rm -rf $(VENV) build *.egg-info
