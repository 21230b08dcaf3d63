#!/usr/bin/env bash
# The workers' and the service's tests under ThreadSanitizer, up to the first race.
set -euo pipefail
cd "$(dirname "$0")/.."

swiftc=$(readlink -f "$(command -v "${SWIFTC:-swiftc}")")
order=$PWD/.build-thread/mutex_order.so
options=(-c release --sanitize=thread)
mkdir -p .build-thread
"${swiftc%/*}/clang" -O1 -fPIC -shared -Wall -Werror -o "$order" tools/sanitizers/mutex_order.c -ldl
tools/part.sh service .build-thread build --build-tests "${options[@]}"
TSAN_OPTIONS=halt_on_error=1 LD_PRELOAD=$order tools/part.sh service .build-thread test --skip-build "${options[@]}" \
  --disable-xctest --filter 'WorkersTests|TouchstoneServerTests'
