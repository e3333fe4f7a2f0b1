# Two commands do everything on a fresh machine with Python 3.11 or later, pip and make:
#   make demo   installs into .venv and runs the main job, offline
#   make test   installs into .venv and runs linter, formatter check, type check and all tests, offline
PYTHON ?= python3
BIN := .venv/bin
# Model weights and vectors stay small: two threads are as fast as more, and kinder to the machine.
export OMP_NUM_THREADS ?= 2
export TOKENIZERS_PARALLELISM := false

.PHONY: demo test install lint types clean

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[demo,dev]'
	touch $@

demo: install
	$(BIN)/prefrontal run "Count the coins in this photo and say the number in French" \
	  --file "$$($(BIN)/python -c 'import skimage, pathlib; print(pathlib.Path(skimage.__file__).parent / "data" / "coins.png")')"

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/basedpyright --level error

test: lint types
	HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1 $(BIN)/python -m pytest --numprocesses 2 --dist loadfile

clean:
	rm -rf .venv build *.egg-info
