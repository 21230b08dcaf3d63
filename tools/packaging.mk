# The C library, the Python package, and packages to install. Included by the Makefile.

LIBRARY = .build-library
PYTHON ?= python3

.PHONY: library install-library test-library wheel test-python test-adapters dist test-dist

library: ## builds the C library: .build-library
	tools/build_library.sh

# `make test` runs the same with the dynamic library of the ordinary build, whose objects are there anyway.
test-library: ## the C library in the hands of a C and a C++ program, and its bits against the command's
	tools/test_library.sh

# Does not build: run make library first.
install-library: ## installs library, header and pkg-config file to PREFIX
	install -D -m 755 $(LIBRARY)/lib/libtouchstone.so.1 $(DESTDIR)$(PREFIX)/lib/libtouchstone.so.1
	ln -sf libtouchstone.so.1 $(DESTDIR)$(PREFIX)/lib/libtouchstone.so
	install -D -m 644 $(LIBRARY)/include/touchstone.h $(DESTDIR)$(PREFIX)/include/touchstone.h
	install -d $(DESTDIR)$(PREFIX)/lib/pkgconfig
	sed 's|^prefix=.*|prefix=$(PREFIX)|' $(LIBRARY)/lib/pkgconfig/touchstone.pc \
	  >$(DESTDIR)$(PREFIX)/lib/pkgconfig/touchstone.pc

wheel: build library ## the Python package: python/dist
	tools/build_wheel.sh

test-python: wheel .venv-python/installed ## the Python package, installed from its wheel
	.venv-python/bin/pip install --quiet --force-reinstall --no-deps python/dist/*.whl
	cd python && ../.venv-python/bin/python -m pytest -q tests --ignore tests/adapters

.venv-python/installed: python/pyproject.toml
	$(PYTHON) -m venv .venv-python
	.venv-python/bin/pip install --quiet numpy pyarrow pytest hypothesis
	@touch $@

test-adapters: wheel .venv-adapters/installed ## adapters and bulk jobs with the libraries that they are for
	.venv-adapters/bin/pip install --quiet --force-reinstall --no-deps python/dist/*.whl
	cd python && ../.venv-adapters/bin/python -m pytest -q tests/adapters

.venv-adapters/installed: python/tests/adapters/requirements.txt
	$(PYTHON) -m venv .venv-adapters
	.venv-adapters/bin/pip install --quiet --requirement python/tests/adapters/requirements.txt
	@touch $@

dist: build ## tarball and Debian package of the command, for machines without Swift: dist
	tools/make_dist.sh

test-dist: ## what make dist wrote runs in BARE, the root of a Debian system without Swift; as root
	tools/test_dist.sh $(BARE)
