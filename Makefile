# make setup   .venv with everything the project and its tests need
# make demo    a crawl of the local site, which serves invented papers
# make test    all tests
# make bench   speed and memory, as ratios within one run
# make bench-readers  readers beside a bare parse, pyeuropepmc and trafilatura
# make bench-chunks  passages beside other splitters
# make bench-ask, bench-search  how well and how fast a library finds; needs EMBEDDINGS_URL and EMBEDDINGS_MODEL
# make bench-graph   loading a Neo4j beside neo4j-graphrag's writer, memory over 20,000 papers
# make soak    a hundred kills at random moments, each completed and compared; a month of bad answers; memory over 500 pages in a browser
# make fuzz    damaged documents for every reader, a million of them (MUTATIONS=N for another number)
# make tour     run docs/tour.ipynb against the local site, and keep its outputs in it
# make neo4j    a real Neo4j on this machine, with Java 17 and Maven
# make lint    ruff
PYTHON ?= python3
# processes among which the tests are shared out
WORKERS ?= 2
BIN := .venv/bin

.PHONY: setup demo tour test bench bench-chunks bench-graph bench-ask bench-search soak fuzz neo4j lint clean

setup: .venv/installed

.venv/installed: requirements.txt requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "BioRxivist needs Python 3.11 or newer: make setup PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python cannot make a virtual environment: on Debian and Ubuntu install python3-venv"; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	PYTHONWARNINGS=ignore $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

demo: setup
	@$(BIN)/python -m tests.site.demo

tour: setup
	$(BIN)/python -m tests.tour

test: setup lint
	$(BIN)/python -m pytest -n $(WORKERS)

bench: setup
	$(BIN)/python -m tests.bench

bench-readers: setup
	@test -x .venv-readers/bin/python || $(PYTHON) -m venv .venv-readers
	.venv-readers/bin/pip install --quiet --disable-pip-version-check -r requirements-bench-readers.txt
	.venv-readers/bin/python -m tests.bench.readers

bench-chunks: setup
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	$(BIN)/python -m tests.bench.chunks

bench-ask: setup
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	$(BIN)/python -m tests.bench.ask

bench-search: setup
	$(BIN)/python -m tests.bench.million

bench-graph: setup
	@test -x .venv-graphrag/bin/python || $(PYTHON) -m venv .venv-graphrag
	.venv-graphrag/bin/pip install --quiet --disable-pip-version-check -r requirements-bench-graph.txt
	$(BIN)/python -m tests.bench.graph --graphrag .venv-graphrag/bin/python

soak: setup
	$(BIN)/python -m tests.disturbing --kills 100
	$(BIN)/python -m tests.bench.month
	$(BIN)/python -m tests.bench.browser

MUTATIONS ?= 1000000
fuzz: setup
	$(BIN)/python -m tests.fuzz --mutations $(MUTATIONS)

neo4j:
	@tests/neo4j/server run 7687

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

clean:
	rm -rf .venv .venv-graphrag .venv-readers build dist demo *.egg-info
