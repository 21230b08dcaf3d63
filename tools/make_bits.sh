#!/usr/bin/env bash
# Writes testdata/bits: what this build's vectors are, bit for bit. They protect against a change that nobody meant, and
# say nothing of being right: that is what testdata/golden is for. To be run when EngineInformation.arithmeticVersion
# was raised, and then only.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=.build/release/touchstone
texts=$(mktemp)
trap 'rm -f "$texts"' EXIT
cat >"$texts" <<'TEXTS'
"The file was not found."
{"text": "密码错误。 Пароль неверен; 123 4567\n\tça coûte 5 €", "instruct": "Given a bug report, find the function at fault"}
""
"To remove a file, use rm. To remove a folder, use rm with an option, and think twice before you do, since what is gone does not come back; the same holds for disks, partitions and whole machines, which is why somebody wrote this sentence so that it has more tokens than a tile of the kernels has rows."
TEXTS
for set in massive-q4_k_m-i8 massive-q4_k_m-i16 q4_k_m-i16 q4_k_m-i8 q4_k_m-f32 q8_0-i16 iq4_xs-i8 f16-i16 demo-i16 demo-i8; do
  model=testdata/models/${set%-*}.gguf
  [ "${set%-*}" != demo ] || model=testdata/demo/demo-q4_k_m.gguf
  "$binary" golden --texts "$texts" --include-texts --model "$model" \
    --activations "${set##*-}" --output "testdata/bits/$set.jsonl"
done
