# Two commands do everything on a fresh machine with Python 3.11 or later, pip and make:
#   make demo   installs what a run needs into .venv and runs the main job, offline
#   make test   installs everything into .venv and runs linter, formatter check, type check and all tests, offline
# And two for other versions than those of constraints.txt, each with an environment of its own:
#   make test-oldest   the oldest versions that pyproject.toml allows
#   make test-newest   the newest that there are, but for torch
PYTHON ?= python3
BIN := .venv/bin
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check
# Model weights and vectors stay small: two threads are as fast as more, and kinder to the machine.
export OMP_NUM_THREADS ?= 2
export TOKENIZERS_PARALLELISM := false

.PHONY: demo test test-oldest test-newest install lint types clean

install: .venv/installed

# Two stamps: who tries the demo does not wait for Ray, Qdrant and the type checker's Node.
.venv/demo-installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python $(PIP_INSTALL) --constraint constraints.txt --editable '.[demo]'
	touch $@

.venv/installed: .venv/demo-installed
	$(BIN)/python $(PIP_INSTALL) --constraint constraints.txt --editable '.[demo,dev]'
	touch $@

demo: .venv/demo-installed
	$(BIN)/prefrontal run "Count the coins in this photo and say the number in French" \
	  --file "$$($(BIN)/python -c 'import skimage, pathlib; print(pathlib.Path(skimage.__file__).parent / "data" / "coins.png")')"

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/basedpyright --level error

test: lint types
	HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1 $(BIN)/python -m pytest --numprocesses 2 --dist loadfile

# What depends on the versions of others: tools and agent.
RUN_OTHER := HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1
OTHER_TESTS := -m pytest --numprocesses 2 --dist loadfile tests/tools tests/agent

.venv-oldest/installed: pyproject.toml constraints-oldest.txt
	$(PYTHON) -m venv .venv-oldest
	.venv-oldest/bin/python $(PIP_INSTALL) --constraint constraints-oldest.txt --editable '.[test]'
	touch $@

test-oldest: .venv-oldest/installed
	$(RUN_OTHER) .venv-oldest/bin/python $(OTHER_TESTS)

# Upgraded at each run: what is newest changes. torch is pinned for the same reason as in constraints.txt.
test-newest:
	$(PYTHON) -m venv .venv-newest
	.venv-newest/bin/python $(PIP_INSTALL) --upgrade --upgrade-strategy eager "$$(grep '^torch==' constraints.txt)" --editable '.[test]'
	$(RUN_OTHER) .venv-newest/bin/python $(OTHER_TESTS)

clean:
	rm -rf .venv .venv-oldest .venv-newest build *.egg-info
