# `make demo` and `make test` need Python 3.11 or newer and make; they set up `.venv` themselves.
PYTHON ?= python3
VENV   := .venv
RUN    := $(VENV)/bin

.PHONY: demo test e2e lint bench vsix generate clean

demo: $(VENV)/ready
	$(RUN)/policyspec check examples/cloud_phone_sdk --select contradiction,downgrade --fail-level never
	$(RUN)/policyspec compile examples/cloud_phone_sdk/cloud_phone_sdk.policy -o $(VENV)/cloud_phone_sdk.json
	@echo "the compiled model is in $(VENV)/cloud_phone_sdk.json"

test: $(VENV)/ready
	$(RUN)/python -m pytest -n auto

# In real editors, which are got for it into `.e2e`; one that cannot be had is skipped.
e2e: $(VENV)/ready
	PYTHON=$(abspath $(RUN)/python) bash tests/e2e/setup.sh
	PATH="$(abspath $(RUN)):$$PATH" $(RUN)/python -m pytest tests/e2e

lint: $(VENV)/ready
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy

bench: $(VENV)/ready
	$(RUN)/python -m pip install --quiet --disable-pip-version-check fideslang pyyaml
	$(RUN)/python benchmarks/bench.py
	$(RUN)/python benchmarks/latency.py

# The extension for VS Code, with the server in it; needs Node.js.
vsix: $(VENV)/ready
	rm -rf editors/vscode/bundled
	$(RUN)/python -m build --wheel --no-isolation --outdir editors/vscode/bundled .
	cd editors/vscode && npm ci && npm run package

# Make anew what is committed but made by the code: grammar tables, compiled library, JSON Schema, tables in the docs.
generate: $(VENV)/ready
	$(RUN)/python -m pytest --update tests/test_generated.py tests/test_docs.py tests/test_packaging.py tests/test_editors.py

clean:
	rm -rf $(VENV) build dist

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check 'pip>=25.1'
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $@
