# make help lists what there is.

SWIFT ?= swift
CONFIGURATION = -c release
BIN = .build/release/touchstone
PREFIX ?= /usr/local
# How long each fuzz target looks for what it has not seen, in seconds.
FUZZ_SECONDS ?= 3600
SOAK_MINUTES ?= 60
# So many tests at once. All at once, a test that waits for an answer stands behind every test that computes.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 8

.PHONY: all help build demo setup ready ready-to-build test lint format test-tools test-course test-cpus test-arm \
  test-dependency \
  test-debug test-checked test-address test-thread fuzz soak docs golden test-clients install clean

all: build

include tools/packaging.mk

help: ## lists the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

build: ready-to-build ## builds the command: .build/release/touchstone (what make alone does)
	$(SWIFT) build $(CONFIGURATION) --product touchstone
	@tools/stamp.sh $(BIN)

# The command without service, judge and knowledge base builds in a third of the time. Where the whole command is there,
# the demonstration uses that one.
demo: ## the main job, on the model in this repository
	@if [ -x $(BIN) ] && $(BIN) serve --help 2>/dev/null | grep -q -- --port; then $(MAKE) --no-print-directory build; \
	else TOUCHSTONE_BUILD=core $(SWIFT) build $(CONFIGURATION) --product touchstone; fi
	@tools/demo.sh $(BIN)

setup: ## installs what the tests need: system packages (apt; as root, or with sudo), ruff in .venv-lint
	tools/set_up.sh

# Say what is missing, and install it.
ready-to-build:
	@tools/set_up.sh --build --check || tools/set_up.sh --build

ready:
	@tools/set_up.sh --check || tools/set_up.sh

# They serve in their own process, where tests that compute would hold the few threads that answer.
SERVICE_TESTS = TouchstoneServerTests|KnowledgeServiceTests|ExplanationServiceTests|DownloadsTests

test: ready lint test-tools ## everything: lint, scripts, build without warnings, course, processors, all tests
	$(SWIFT) build $(CONFIGURATION) --build-tests
	tools/test_library.sh built
	tools/test_course.sh
	tools/test_cpus.sh
	tools/test_arm.sh
	tools/test_dependency.sh
	TOUCHSTONE_OPENBLAS_CORETYPE=Haswell $(SWIFT) test $(CONFIGURATION) --skip-build --filter OpenBLASTests
	$(SWIFT) test $(CONFIGURATION) --skip-build --filter '$(SERVICE_TESTS)'
	$(SWIFT) test $(CONFIGURATION) --skip-build --skip '$(SERVICE_TESTS)'

lint: ## swift format, comment widths, ruff and shellcheck, links
	tools/lint.sh

format: ## formats Swift and Python in place
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests \
	  docs/tutorial/course/exercises/[EPS]*
	.venv-lint/bin/ruff format tools python

test-tools: ## the tests of the scripts
	python3 -m unittest discover -s tools/tests -t tools

test-course: build ## the commands, exercises and solutions of the course
	tools/test_course.sh

test-cpus: ready build ## the same binary on processors of other kinds, emulated
	tools/test_cpus.sh

test-arm: ready ## kernels and engine on emulated Arm processors
	tools/test_arm.sh

test-dependency: build ## a package that depends on this one by version
	tools/test_dependency.sh

test-debug: ## the kernels' tests in a debug build, in which Swift checks everything
	tools/part.sh engine .build-debug test --filter KernelsTests

test-checked: ## the engine's tests with bounds checks and preconditions in the kernels and the tokenizer
	TOUCHSTONE_CHECKS=on tools/part.sh engine .build-checked test $(CONFIGURATION) --disable-xctest

# Swift hides references in the spare bits of enums, where LeakSanitizer does not find them.
test-address: ## the engine's tests under AddressSanitizer
	ASAN_OPTIONS=detect_leaks=0 tools/part.sh engine .build-address test $(CONFIGURATION) \
	  --sanitize=address --disable-xctest

test-thread: ## the workers' and the service's tests under ThreadSanitizer
	tools/test_thread.sh

fuzz: ## fuzzes guided by coverage, FUZZ_SECONDS a target (3600), FUZZ_TARGETS (all)
	tools/fuzz.sh $(FUZZ_SECONDS) $(FUZZ_TARGETS)

# All dialects, cancelled, reset, wrong and hostile requests, keys read again. At the end nothing waits, memory is back,
# and no answer ever had other bits. Not part of `make test`.
soak: build ## everything at once for SOAK_MINUTES (60)
	python3 tools/load_test.py --model testdata/demo/demo-q4_k_m.gguf --sections soak --minutes $(SOAK_MINUTES)

# The lessons of the course are articles of the catalog while it is built.
ARTICLES = Sources/Touchstone/Touchstone.docc/Course
docs: ## the DocC documentation of library and course; comments whose links lead nowhere are errors
	python3 tools/course.py --docc $(ARTICLES)
	$(SWIFT) package --disable-sandbox generate-documentation --target Touchstone --warnings-as-errors; \
	  status=$$?; rm -rf $(ARTICLES); exit $$status

# Python packages go to .venv.
golden: .venv/installed ## golden files anew, from the independent implementations
	.venv/bin/python tools/make_models.py
	.venv/bin/python tools/make_golden.py
	.venv/bin/python tools/make_rerank_golden.py
	.venv/bin/python tools/make_explain_golden.py
	.venv/bin/python tools/make_states.py
	.venv/bin/python tools/make_block_golden.py testdata/blocks
	.venv/bin/python tools/make_tokenizer_golden.py
	.venv/bin/python tools/make_course_golden.py

# Downloads some 150 Python packages to .venv-clients the first time.
test-clients: build .venv-clients/installed ## the service with the clients that people have
	cd tools && ../.venv-clients/bin/python -m pytest -q clients

.venv-clients/installed: tools/requirements-clients.txt
	python3 -m venv .venv-clients
	.venv-clients/bin/pip install --quiet --requirement tools/requirements-clients.txt
	@touch $@

.venv/installed: tools/requirements.txt
	python3 -m venv .venv
	.venv/bin/pip install --quiet --requirement tools/requirements.txt
	@touch $@

# Installs what is built, so that `sudo make install` builds nothing as root.
install: ## installs the built command and the demonstration model to PREFIX (/usr/local), under DESTDIR
	@test -x $(BIN) || { echo "make install: $(BIN) is not there; run make first" >&2; exit 1; }
	install -D -s $(BIN) $(DESTDIR)$(PREFIX)/bin/touchstone
	install -D -m 644 testdata/demo/demo-q4_k_m.gguf $(DESTDIR)$(PREFIX)/share/touchstone/demo-q4_k_m.gguf

clean: ## removes everything that was built
	rm -rf .build .build-* docs/tutorial/course/exercises/.build*
