#!/usr/bin/env bash
# The engine on Arm without an Arm machine: compiles kernels, tokenizer, GGUF reading and engine for aarch64 Linux, and
# runs the kernels' tests and the committed bits on emulated processors. Skipped where a tool for it is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

skip() {
  echo "skipped: the tests on emulated Arm processors need $1"
  exit 0
}
compiler=$(readlink -f "$(command -v swiftc)") || skip "swiftc"
[ -d "${compiler%/*}/../lib/swift/embedded/aarch64-none-none-elf" ] ||
  skip "a Swift toolchain with Embedded Swift's library for aarch64-none-none-elf"
for tool in aarch64-linux-gnu-gcc qemu-aarch64; do
  command -v "$tool" >/dev/null || skip "$tool (apt: gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user)"
done
[ -e /usr/aarch64-linux-gnu/include/stdlib.h ] || skip "the headers of libc6-dev-arm64-cross"

mkdir -p .build-arm
make --no-print-directory --silent -j2 -f Tests/Arm/Makefile >.build-arm/build.log 2>&1 || {
  cat .build-arm/build.log >&2
  echo "test_arm: the program for aarch64 does not build" >&2
  exit 1
}

TOUCHSTONE_GOLDEN_SETS=$(ls testdata/bits)
export TOUCHSTONE_GOLDEN_SETS
passed=0
failed=0
# No dot products; sdot and udot; smmla and usmmla too. Two at a time.
processors=(cortex-a72 neoverse-n1 max)
printf '%s\n' "${processors[@]}" |
  xargs -P2 -I{} sh -c 'qemu-aarch64 -cpu {} .build-arm/touchstone-arm >.build-arm/{}.log 2>&1 || echo "status $?" >>.build-arm/{}.log'
for processor in "${processors[@]}"; do
  log=.build-arm/$processor.log
  sed "s/^/$processor: /" "$log"
  # Each run ends with one line of counts; one that crashed has none.
  if counts=$(tail -n 1 "$log" | grep -oE '[0-9]+ comparisons passed, [0-9]+ failed'); then
    passed=$((passed + $(echo "$counts" | grep -oE '^[0-9]+')))
    failed=$((failed + $(echo "$counts" | grep -oE '[0-9]+ failed' | grep -oE '[0-9]+')))
  else
    failed=$((failed + 1))
  fi
done
echo "arm: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
