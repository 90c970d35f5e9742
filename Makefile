# circle15: every target is one to three commands; `make help` lists them.
# Nothing but Python >= 3.11 and make has to be there; everything else goes into .venv. With npm
# there, `make lint` also checks the scripts of the pages, and `make test` that these are accessible.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup always report map zones compare test unit-coverage setup-lowest test-lowest attack lint bench notebooks docs bundle golden clean

STUDY ?= data/sample/study.toml
ZONES ?= data/sample/proposed_zones.csv
VENV  ?= .venv
PY    := $(VENV)/bin/python
READY := $(VENV)/circle15.stamp
# Tools from npm: axe-core checks the pages for people who see badly or use no mouse, TypeScript and
# eslint check the scripts. Where npm cannot be reached, what needs them is skipped with a note.
NPM   := $(if $(shell command -v npm 2>/dev/null),node_modules/circle15.stamp)

# The first of these that is new enough and can make a virtual environment (PYTHON= overrides).
USABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	"$$p" -c '$(USABLE)' >/dev/null 2>&1 && { command -v "$$p"; break; }; done)

# `make test` shares the files of tests out to WORKERS processes. FAULTS run after them, as they end
# and limit processes, and ALONE last, in one: what measures time or uses all cores itself.
# PYTEST="tests/unit -k x" runs what it names instead, in one process, as `python -m pytest` does.
WORKERS ?= 2
FAULTS  := tests/faults/test_kills.py tests/faults/test_places.py tests/integration/test_limits.py
ALONE   := tests/faults/test_mutations.py tests/faults/test_large_study_memory.py tests/real/test_siting.py
REAL    := CIRCLE15_REAL_DATA="$${CIRCLE15_REAL_DATA-$$(cd ../shared/data 2>/dev/null && pwd)}"

# The lowest versions go into an environment of their own; the tests are those of what libraries do.
LOWEST       ?= .cache/lowest
LOWEST_TESTS ?= $(addprefix tests/unit/test_,positions.py frames.py geopackage.py raster_values.py \
	exchange.py isochrones.py map_picture.py osm.py registers.py report_docx.py search.py \
	study_schema.py workbook.py)

# The folder coverage/ must never hide coverage.py: keep the current folder off sys.path.
export PYTHONSAFEPATH := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Where this is set, each of the thousands of commands in the tests compiles all modules anew.
unexport PYTHONDONTWRITEBYTECODE

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r t d; do printf '  make %-14s %s\n' "$$t" "$$d"; done

setup: $(READY) $(NPM) ## make .venv from requirements.lock (the other targets do it when needed)

# A run writes in KEY.d what its results depend on: every file that the study reads, their folders,
# the program, the results themselves. KEY.done is the stamp of the run; KEY is made of the path of
# the study and of OUT. A path of a study has no quotation mark, dollar or backquote; one in STUDIES
# has no space either. docs/results.md says what make cannot see.
report: $(READY) ## map and gap report of the sample (STUDY=path/study.toml, STUDIES="a.toml b.toml", OUT=folder)

map: report ## the same, and the paths of the maps last
	@sed -n 's|^# results: \(.*\)|\1/map.html|p' $(KEYS:%=$(RUNS)/%.d)

ifneq ($(filter report map,$(MAKECMDGOALS)),)
RUNS := .cache/make
KEYS :=
key   = $(shell printf '%s\n' "$(1)" "$(OUT)" | cksum | tr ' ' -)
define run_of
KEYS += $(2)
$(RUNS)/$(2).done: $(READY) $(if $(wildcard $(RUNS)/$(2).d),,always)
	@mkdir -p $(RUNS)
	@$(PY) -m circle15 run "$(1)" $(if $(OUT),--out "$(OUT)") --depfile $(RUNS)/$(2).d
	@touch $$@
report: $(RUNS)/$(2).done
-include $(RUNS)/$(2).d
endef
ifneq ($(STUDIES),)
$(if $(OUT),$(error OUT is the folder of one study; give STUDY, not STUDIES))
$(foreach one,$(sort $(STUDIES)),$(eval $(call run_of,$(one),$(call key,$(one)))))
else
$(eval $(call run_of,$(STUDY),$(call key,$(STUDY))))
endif
endif
always:

zones: $(READY) ## check proposed residential zones (STUDY=, ZONES=path/zones.csv)
	@$(PY) -m circle15 zones "$(STUDY)" --zones "$(ZONES)"

# Two folders, or the last two runs of a study; OUT=folder also writes page, workbook and JSON.
compare: $(READY) ## what changed between two results (A=, B=), or the last two runs (STUDY=)
	@$(PY) -m circle15 compare $(if $(A),"$(A)" $(if $(B),"$(B)"),"$(STUDY)") $(if $(OUT),--out "$(OUT)")

test: $(READY) $(NPM) ## all tests; real-data tests run where CIRCLE15_REAL_DATA or ../shared/data exists
ifeq ($(strip $(PYTEST)),)
	$(REAL) $(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(addprefix --ignore=,$(FAULTS) $(ALONE))
	$(REAL) $(PY) -m pytest -n $(WORKERS) --dist loadfile $(FAULTS)
	$(REAL) $(PY) -m pytest $(ALONE)
else
	$(REAL) $(PY) -m pytest $(PYTEST)
endif

# Loops that numba compiles are counted while Python runs them; what times these is left out. A
# generator of random numbers wraps around 64 bits in them, of which numpy warns.
unit-coverage: $(READY) ## lines and branches that tests reach without a whole study (20 minutes)
	NUMBA_DISABLE_JIT=1 $(PY) -m coverage run -m pytest -m "not whole_study and not timed and not bench" \
	  -W "ignore:overflow encountered in scalar:RuntimeWarning" tests/unit tests/property $(PYTEST)
	$(PY) -m coverage report

# Old typer and geopandas warn of what newer click and numpy think of them; test_positions looks at
# what numpy means for this package.
setup-lowest: $(READY)
	"$(PYTHON)" -m venv $(LOWEST)
	PYTHONSAFEPATH= $(PY) -m tests.lowest > $(LOWEST)/lowest.txt
	$(LOWEST)/bin/python -m pip install --quiet --no-compile --only-binary :all: --requirement $(LOWEST)/lowest.txt

test-lowest: setup-lowest ## tests with the lowest versions that pyproject.toml allows, on this Python
	NUMBA_CACHE_DIR=$(LOWEST)/numba $(LOWEST)/bin/python -m pytest -o cache_dir=.cache/pytest-lowest \
	  -W "ignore:'click.:DeprecationWarning" -W "ignore:Conversion of an array:DeprecationWarning" \
	  tests/golden $(LOWEST_TESTS) $(PYTEST)

attack: $(READY) ## tests of faults with ten times as many kills, 20,000 mutated inputs, and all small files that hold far more (root tries more)
	CIRCLE15_ATTACK=1 $(PY) -m pytest tests/faults tests/integration/test_limits.py $(PYTEST)

lint: $(READY) $(NPM) ## ruff (rules and format), mypy (strict); tsc (strict) and eslint for scripts
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	@if [ -x node_modules/.bin/tsc ] && [ -x node_modules/.bin/eslint ]; then set -ex; \
	  node_modules/.bin/tsc --project jsconfig.json --noEmit --checkJs --strict; \
	  node_modules/.bin/eslint --max-warnings 0 .; \
	else echo "note: no tools from npm (make setup fetches them): the scripts of the pages are not checked"; fi

bench: $(READY) ## time and memory of the sample and, where it is at hand, of real data
	$(REAL) PYTHONSAFEPATH= $(PY) -m tests.bench

notebooks: $(READY) ## execute the notebooks
	$(PY) -m pytest tests/integration/test_notebooks.py

# Pages that are made of the code are made again first; that of the columns runs the sample.
docs: $(READY) ## the documentation site in build/docs, in both languages, and a zip of it; strict
	for made in docs/make_*.py; do $(PY) -P $$made || exit 1; done
	$(PY) -P docs/build_site.py

# Each version of Python in VERSIONS adds to a zip; WITH_PYTHON puts that of an archive into it.
bundle: docs ## zips for closed networks in build/bundle (PLATFORM=name, VERSIONS="3.11 3.12", WITH_PYTHON=archive)
	PYTHONSAFEPATH= $(PY) -m bundle $(PLATFORM:%=--platform %) $(VERSIONS:%=--version %) $(if $(WITH_PYTHON),--with-python "$(WITH_PYTHON)")

golden: $(READY) ## show what changed in the golden results, then replace them
	PYTHONSAFEPATH= $(PY) -m tests.golden.update

clean: ## remove caches and built files (.venv and maps/ stay)
	rm -rf .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist data/cache
	find coverage tests data notebooks -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/pyvenv.cfg:
	@test -n "$(PYTHON)" || { echo "circle15 needs Python 3.11 or newer with venv and pip, and none was found on PATH." >&2; \
	  echo "Install one (Debian, Ubuntu: apt install python3 python3-venv) or name it: make PYTHON=/path/to/python3.12" >&2; exit 2; }
	"$(PYTHON)" -m venv $(VENV)

$(VENV)/requirements.stamp: requirements.lock | $(VENV)/pyvenv.cfg
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip
	@echo "Installing the locked packages into $(VENV), once: one to three minutes."
	$(PY) -m pip install --quiet $(PIP_FLAGS) --requirement requirements.lock && touch $@

$(READY): pyproject.toml $(VENV)/requirements.stamp
	$(PY) -m pip install --quiet --no-deps --no-build-isolation --editable . && touch $@

node_modules/circle15.stamp: package-lock.json
	-npm ci --ignore-scripts --no-audit --no-fund --silent && touch $@
