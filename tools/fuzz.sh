#!/usr/bin/env bash
# Fuzzes guided by coverage (libFuzzer, AddressSanitizer), one target after the other.
# usage: tools/fuzz.sh SECONDS [TARGET]...
# Starts from the inputs in testdata/fuzz/TARGET. New ones go to .build-fuzz/corpus/TARGET, and what ends the fuzzer to
# .build-fuzz/findings/TARGET; to run one again: .build-fuzz/.build/release/Fuzz TARGET FILE.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=$1
shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(model vocabulary json shapes formats documents)

swiftc=$(readlink -f "$(command -v "${SWIFT:-swift}")")
library=$(find "$(dirname "$swiftc")/../lib/clang" -name "libclang_rt.fuzzer_no_main-$(uname -m).a" | head -n 1)
if [ -z "$library" ]; then
  echo "fuzz: this toolchain has no libclang_rt.fuzzer_no_main-$(uname -m).a" >&2
  exit 1
fi
tools/part.sh fuzz .build-fuzz build -c release --sanitize=address --product Fuzz \
  -Xlinker "$library" -Xlinker -lstdc++

# Swift hides references where LeakSanitizer does not find them.
export ASAN_OPTIONS=detect_leaks=0
failed=0
for target in "${targets[@]}"; do
  corpus=.build-fuzz/corpus/$target
  findings=.build-fuzz/findings/$target
  mkdir -p "$corpus" "$findings" "testdata/fuzz/$target"
  echo "fuzz: $target, $seconds seconds"
  .build-fuzz/.build/release/Fuzz "$target" -max_total_time="$seconds" -max_len=512 -timeout=20 -rss_limit_mb=4096 \
    -print_final_stats=1 -artifact_prefix="$findings/" "$corpus" "testdata/fuzz/$target" \
    >".build-fuzz/$target.log" 2>&1 || failed=1
  grep -E "^(#[0-9]+.*DONE|finding:|SUMMARY|stat::|.*Fatal error)" ".build-fuzz/$target.log" || true
done
exit $failed
