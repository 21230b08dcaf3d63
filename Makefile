# make demo    the main job, on the model in this repository
# make test    everything is tested: lint, build without warnings, tests in release
# Both install what they need: system packages by apt where they are missing (as root, or with sudo).

SWIFT ?= swift
CONFIGURATION = -c release
BIN = .build/release/touchstone

.PHONY: all build demo test lint format test-cpus test-dependency docs golden test-clients clean install

all: build

build:
	$(SWIFT) build $(CONFIGURATION) --product touchstone

demo: build
	@tools/demo.sh $(BIN)

test: tools/.packages lint
	$(SWIFT) build $(CONFIGURATION) --build-tests
	tools/test_cpus.sh
	tools/test_dependency.sh
	$(SWIFT) test $(CONFIGURATION) --skip-build

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

# The same binary on processors of other kinds, emulated.
test-cpus: tools/.packages build
	tools/test_cpus.sh

# A package that depends on this one by version.
test-dependency: build
	tools/test_dependency.sh

# OpenBLAS checks the float32 path; the emulator shows that one binary runs everywhere.
tools/.packages: tools/install_packages.sh
	tools/install_packages.sh
	@touch $@

# The DocC documentation of the library: .build/plugins/Swift-DocC/outputs/Touchstone.doccarchive. Comments whose links
# lead nowhere are errors.
docs:
	$(SWIFT) package --disable-sandbox generate-documentation --target Touchstone --warnings-as-errors

# Golden files anew, from the independent implementations. Python packages go to .venv.
golden: .venv/installed
	.venv/bin/python tools/make_models.py
	.venv/bin/python tools/make_golden.py
	.venv/bin/python tools/make_rerank_golden.py
	.venv/bin/python tools/make_states.py
	.venv/bin/python tools/make_block_golden.py testdata/blocks
	.venv/bin/python tools/make_tokenizer_golden.py

# The service with the clients that people have. Downloads some 150 Python packages to .venv-clients the first time.
test-clients: build .venv-clients/installed
	cd tools && ../.venv-clients/bin/python -m pytest -q clients

.venv-clients/installed: tools/requirements-clients.txt
	python3 -m venv .venv-clients
	.venv-clients/bin/pip install --quiet --requirement tools/requirements-clients.txt
	@touch $@

.venv/installed: tools/requirements.txt
	python3 -m venv .venv
	.venv/bin/pip install --quiet --requirement tools/requirements.txt
	@touch $@

PREFIX ?= /usr/local

install: build
	install -D $(BIN) $(DESTDIR)$(PREFIX)/bin/touchstone

clean:
	rm -rf .build

# Everything at once for SOAK_MINUTES: all dialects, cancelled, reset, wrong and hostile requests, keys read again. At the
# end nothing waits, memory is back, and no answer ever had other bits. Not part of `make test`.
SOAK_MINUTES ?= 60

.PHONY: soak
soak: build
	python3 tools/load_test.py --model testdata/demo/demo-q4_k_m.gguf --sections soak --minutes $(SOAK_MINUTES)
