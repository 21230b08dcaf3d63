#!/usr/bin/env bash
# One binary, the same bits on every processor: embeds and reranks the same texts natively, with each instruction set
# forced, and on emulated processors, and compares vectors and scores byte for byte.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=.build/release/touchstone
reranker=testdata/models/rerank-yes-no.gguf
texts=("No space left on device" "请输入密码" "")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# run ACTIVATIONS COMMAND...: writes vectors and scores, computed by the binary under COMMAND (nothing, env, an emulator).
run() {
  local activations=$1
  shift
  "$@" "$binary" embed --activations "$activations" "${texts[@]}"
  "$@" "$binary" rerank --activations "$activations" --raw-scores --model "$reranker" --query "disk" "${texts[@]}"
}

# compare NAME COMMAND...: runs the command and compares what it writes with what is native.
compare() {
  local name=$1
  shift
  for activations in i16 i8 f32; do
    if run "$activations" "$@" >"$work/other" 2>"$work/error" && cmp -s "$work/native.$activations" "$work/other"; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
      echo "test_cpus: $name: the $activations vectors or scores differ from this processor's" >&2
      cat "$work/error" >&2
    fi
  done
}

# verify NAME COMMAND...: the states of every layer too, against a golden set made natively.
verify() {
  local name=$1
  shift
  for activations in i16 i8 f32; do
    if "$@" "$binary" golden --verify "$work/golden.$activations" --model "$small" >"$work/other" 2>&1; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
      echo "test_cpus: $name: the golden set in $activations is not reproduced" >&2
      cat "$work/other" >&2
    fi
  done
}

small=testdata/models/q4_k_m.gguf
printf '%s\n' "${texts[@]}" >"$work/texts"
for activations in i16 i8 f32; do
  run "$activations" env >"$work/native.$activations"
  "$binary" golden --texts "$work/texts" --lines --model "$small" --activations "$activations" \
    --output "$work/golden.$activations"
done
for set in $("$binary" --version | sed -n 's/^CPU: //p'); do
  compare "TOUCHSTONE_CPU=$set" env TOUCHSTONE_CPU="$set"
  verify "TOUCHSTONE_CPU=$set" env TOUCHSTONE_CPU="$set"
done
if [ "$(uname -m)" = x86_64 ] && command -v qemu-x86_64 >/dev/null; then
  for cpu in Haswell Nehalem; do
    compare "qemu-x86_64 -cpu $cpu" qemu-x86_64 -cpu "$cpu"
    verify "qemu-x86_64 -cpu $cpu" qemu-x86_64 -cpu "$cpu"
  done
fi
echo "processors: $passed comparisons passed, $failed failed"
[ "$failed" -eq 0 ]
