#!/usr/bin/env bash
# Looks at every source file: format, comments, scripts, links.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

failed=0
# check NAME COMMAND...
check() {
  local name=$1
  shift
  if ! "$@"; then
    echo "lint: $name found something" >&2
    failed=1
  fi
}

check "swift format" "${SWIFT:-swift}" format lint --strict --recursive --parallel Package.swift Sources Tests
check "tools/comment_width.py" python3 tools/comment_width.py Package.swift Sources Tests
[ ! -e tools/check_links.py ] || check "tools/check_links.py" python3 tools/check_links.py
if [ -x .venv-lint/bin/ruff ]; then
  check "ruff check" .venv-lint/bin/ruff check --quiet tools python
  check "ruff format" .venv-lint/bin/ruff format --quiet --check tools python
else
  echo "lint: without ruff, which make setup installs" >&2
fi
if command -v shellcheck >/dev/null; then
  check shellcheck shellcheck tools/*.sh .ci/run
else
  echo "lint: without shellcheck, which make setup installs" >&2
fi
exit $failed
