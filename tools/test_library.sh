#!/usr/bin/env bash
# The C library in the hands of a C and a C++ program: every function, wrong arguments, threads, forks, leaks, signals;
# and the bits of its vectors against those of the command. Builds the library first (tools/build_library.sh).
#
# test_library.sh built: with the dynamic library of the ordinary build, from objects that `swift build` made anyway. It
# needs Swift's runtime beside it, and exports more names.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ "${1:-}" = built ]; then
  library=$work
  mkdir -p "$work/lib" "$work/include"
  ${SWIFT:-swift} build -c release --product touchstone-c
  ln -s "$root/.build/release/libtouchstone-c.so" "$work/lib/libtouchstone.so"
  ln -s "$root/.build/release/libtouchstone-c.so" "$work/lib/libtouchstone-c.so"
  cp Sources/CTouchstone/include/touchstone.h "$work/include/"
else
  tools/build_library.sh
  library=$root/.build-library
fi
tests=Tests/TouchstoneCTests
flags=(-Wall -Wextra -Werror -pedantic -O1 -g -I "$library/include")
link=("-L$library/lib" -ltouchstone -lm "-Wl,-rpath,$library/lib")
${CC:-cc} -std=c11 "${flags[@]}" $tests/interface_test.c -o "$work/c" "${link[@]}" -pthread
${CXX:-c++} -std=c++17 "${flags[@]}" $tests/interface_test.cpp -o "$work/cpp" "${link[@]}" -pthread

model=testdata/demo/demo-q4_k_m.gguf
"$work/c" check $model testdata/models/q8_0.gguf testdata/models/rerank-yes-no.gguf
"$work/cpp" $model

command=.build/release/touchstone
texts=("The file was not found." "ファイルが見つかりません" "" "  white  space  " "Привет, мир")
"$work/c" embed $model "$work/ours.f32" "${texts[@]}"
$command embed --model $model --format f32 --output "$work/theirs.f32" -- "${texts[@]}"
cmp "$work/ours.f32" "$work/theirs.f32"
[ "$("$work/c" fingerprint $model)" = "$($command embed --model $model --fingerprint a | grep -o '[0-9a-z]*"}$' | tr -d '"}')" ]
echo "library: the bits and the fingerprint are the command's"
