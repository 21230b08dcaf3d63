#!/usr/bin/env bash
# Installs the system packages of the whole command and of its tests, where they are missing.
# usage: tools/set_up.sh [--build] [--check]
# --build looks only at what the whole command is built with.
# --check installs nothing: it says in one sentence what is missing, and ends with status 1 where something is.
set -euo pipefail
cd "$(dirname "$0")/.."

only_build=
only_check=
for option; do
  case $option in
    --build) only_build=yes ;;
    --check) only_check=yes ;;
    *) echo "set_up: unknown option $option" >&2; exit 2 ;;
  esac
done

missing=()
# Headers: the knowledge base keeps its catalogue in SQLite and reads ZIP files.
has_header() { echo "#include <$1>" | "${CC:-cc}" -E - >/dev/null 2>&1 || [ -e "/usr/include/$1" ]; }
has_header sqlite3.h || missing+=(libsqlite3-dev)
has_header zlib.h || missing+=(zlib1g-dev)
if [ -z "$only_build" ]; then
  ldconfig -p | grep -q 'libopenblas\.so\.0' || missing+=(libopenblas-dev)
  command -v qemu-x86_64 >/dev/null || [ "$(uname -m)" != x86_64 ] || missing+=(qemu-user)
  # A program for Arm, linked and emulated; the compiler is the toolchain's.
  command -v aarch64-linux-gnu-gcc >/dev/null || missing+=(gcc-aarch64-linux-gnu libc6-dev-arm64-cross)
  command -v qemu-aarch64 >/dev/null || missing+=(qemu-user)
  command -v openssl >/dev/null || missing+=(openssl) # certificates for the tests of TLS
  command -v shellcheck >/dev/null || missing+=(shellcheck)
  command -v python3 >/dev/null || missing+=(python3)
  command -v xxd >/dev/null || missing+=(xxd) # the course looks at bytes
  command -v pdftotext >/dev/null || missing+=(poppler-utils) # PDF files of a knowledge base
  command -v bwrap >/dev/null || missing+=(bubblewrap)         # and the sandbox that they are read in
  ruff=.venv-lint/installed
  [ ! "$ruff" -ot tools/requirements-lint.txt ] || ruff_is_missing=yes
fi

if [ -n "$only_check" ]; then
  [ ${#missing[@]} -eq 0 ] && [ -z "${ruff_is_missing:-}" ] && exit 0
  echo "missing: ${missing[*]} ${ruff_is_missing:+ruff (for .venv-lint)}; make setup installs them" >&2
  exit 1
fi

if [ ${#missing[@]} -gt 0 ]; then
  if ! command -v apt-get >/dev/null; then
    echo "set_up: please install ${missing[*]} (this system has no apt-get)" >&2
    exit 1
  fi
  sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  "${sudo[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

if [ -n "${ruff_is_missing:-}" ]; then
  # Without a network, or without venv, everything but the checks of the scripts works all the same.
  if python3 -m venv .venv-lint && .venv-lint/bin/pip install --quiet --requirement tools/requirements-lint.txt; then
    touch "$ruff"
  else
    echo "set_up: ruff could not be installed; make lint goes without it" >&2
  fi
fi
