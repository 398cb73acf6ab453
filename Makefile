# The menu: `make demo` to see it, `make test` to run what CI runs.
PYTHON ?= python3
BIN := .venv/bin
SOURCE := pyproject.toml requirements.txt

# Trust what the machine trusts: many offices inspect their network traffic.
export UV_SYSTEM_CERTS = 1
export UV_NATIVE_TLS = 1

.DEFAULT_GOAL := help
.PHONY: help demo test lint format types layers unit bench accuracy lock clean

help: ## show this menu
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: .venv/installed ## the whole path on the bundled municipality
	@$(BIN)/hrbudget demo --out build/exempelby

test: lint types layers unit ## everything CI runs

lint: .venv/tested ## style and form
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: .venv/tested ## mend style and form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: .venv/tested ## types, strictly
	$(BIN)/mypy

layers: .venv/tested ## who may import whom
	PYTHONPATH=. $(BIN)/lint-imports --no-logo

unit: .venv/tested ## tests, on SQLite with coverage and on PostgreSQL
	$(BIN)/python -m pytest -n logical --dist worksteal --cov
	HRBUDGET_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n logical --dist worksteal

bench: .venv/benched ## ratios of speed, measured side by side
	$(BIN)/python benchmarks/optimize_forms.py
	$(BIN)/python benchmarks/what_ifs.py
	$(BIN)/python benchmarks/tag_rules.py
	$(BIN)/python benchmarks/check_rules.py
	$(BIN)/python benchmarks/report_speed.py
	$(BIN)/python benchmarks/store_speed.py --lines 200000
	$(BIN)/python benchmarks/store_load.py

accuracy: .venv/tested ## how right suggestions are, on texts they never saw
	$(BIN)/python benchmarks/accuracy.py

lock: .venv/uv ## renew the locked versions
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url \
	  --generate-hashes --no-annotate --no-header --upgrade \
	  --extra build pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url \
	  --generate-hashes --no-annotate --no-header --upgrade \
	  --extra build --extra openid --extra sign --extra suggest --extra cluster --extra test pyproject.toml \
	  -o requirements-test.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url \
	  --generate-hashes --no-annotate --no-header --upgrade \
	  --extra build --extra openid --extra sign --extra suggest --extra cluster --extra test --extra bench \
	  pyproject.toml -o requirements-bench.txt

clean: ## remove what was made
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

.venv/uv:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@touch $@

.venv/installed: $(SOURCE) | .venv/uv
	$(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.txt
	$(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

.venv/tested: .venv/installed requirements-test.txt
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --require-hashes -r requirements-test.txt
	@touch $@

.venv/benched: .venv/tested requirements-bench.txt
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --require-hashes -r requirements-bench.txt
	@touch $@
