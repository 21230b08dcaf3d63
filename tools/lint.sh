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

# Not the folder of the exercises: there readers build.
swift_files=(Package.swift Sources Tests docs/tutorial/course/exercises/[EPS]*)
check "swift format" "${SWIFT:-swift}" format lint --strict --recursive --parallel "${swift_files[@]}"
check "tools/comment_width.py" python3 tools/comment_width.py "${swift_files[@]}"
[ ! -e tools/check_links.py ] || check "tools/check_links.py" python3 tools/check_links.py
if [ -x .venv-lint/bin/ruff ]; then
  check "ruff check" .venv-lint/bin/ruff check --quiet tools python
  check "ruff format" .venv-lint/bin/ruff format --quiet --check tools python
  check "ruff check" .venv-lint/bin/ruff check --quiet --config tools/ruff.toml docs/tutorial/course/look.py
else
  echo "lint: without ruff, which make setup installs" >&2
fi
if command -v shellcheck >/dev/null; then
  check shellcheck shellcheck tools/*.sh .ci/run
else
  echo "lint: without shellcheck, which make setup installs" >&2
fi
exit $failed
