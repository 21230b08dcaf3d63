#!/usr/bin/env bash
# A package that depends on a tagged copy of this one by version builds and embeds: SwiftPM refuses compiler flags
# there, so the manifest leaves the instruction-set targets out, and the vectors must have the same bits all the same.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

git clone --quiet --no-hardlinks "$root" "$work/touchstone"
git -C "$work/touchstone" tag 1.0.0
mkdir -p "$work/user/Sources/user"
cat >"$work/user/Package.swift" <<MANIFEST
// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "user",
  dependencies: [.package(url: "file://$work/touchstone", from: "1.0.0")],
  targets: [
    .executableTarget(name: "user", dependencies: [.product(name: "Touchstone", package: "touchstone")])
  ]
)
MANIFEST
cat >"$work/user/Sources/user/main.swift" <<'PROGRAM'
import Touchstone

let model = try EmbeddingModel(path: CommandLine.arguments[1])
for value in try model.embed(["No space left on device"])[0].values { print(value.bitPattern) }
PROGRAM

cd "$work/user"
swift build -c release >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
model="$root/testdata/demo/demo-q4_k_m.gguf"
.build/release/user "$model" >"$work/theirs"
"$root/.build/release/touchstone" embed --model "$model" --format f32 "No space left on device" \
  | od -An -v -tu4 -w4 | tr -d ' ' >"$work/ours"
if cmp -s "$work/theirs" "$work/ours"; then
  echo "dependency: 1 passed, 0 failed"
else
  echo "dependency: the vector differs from the command's" >&2
  exit 1
fi
