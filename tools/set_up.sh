#!/usr/bin/env bash
# Installs what the tests use, where it is missing.
# usage: tools/set_up.sh [--check]
# --check installs nothing: it says in one sentence what is missing, and ends with status 1 where something is.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
ldconfig -p | grep -q 'libopenblas\.so\.0' || missing+=(libopenblas-dev)
command -v qemu-x86_64 >/dev/null || [ "$(uname -m)" != x86_64 ] || missing+=(qemu-user)
command -v openssl >/dev/null || missing+=(openssl) # certificates for the tests of TLS
[ -e /usr/include/sqlite3.h ] || missing+=(libsqlite3-dev) # knowledge bases: their catalogue
[ -e /usr/include/zlib.h ] || missing+=(zlib1g-dev)        # knowledge bases: packed documents
command -v pdftotext >/dev/null || missing+=(poppler-utils)
command -v bwrap >/dev/null || missing+=(bubblewrap)
command -v shellcheck >/dev/null || missing+=(shellcheck)
command -v python3 >/dev/null || missing+=(python3)
ruff=.venv-lint/installed
[ ! "$ruff" -ot tools/requirements-lint.txt ] || ruff_is_missing=yes

if [ "${1:-}" = --check ]; then
  [ ${#missing[@]} -eq 0 ] && [ -z "${ruff_is_missing:-}" ] && exit 0
  echo "missing for the tests: ${missing[*]} ${ruff_is_missing:+ruff (for .venv-lint)}; make setup installs them" >&2
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
