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

let path = CommandLine.arguments[1]
let model = try EmbeddingModel(path: path, threads: 2)
let options = EmbeddingOptions(activations: .i16, truncation: .right)
for value in try model.embed(["No space left on device"], options: options)[0].values { print(value.bitPattern) }
print(try model.fingerprint())

// The public names suffice: facts of a model, of its file and of an error, without a further import.
func expect(_ holds: Bool, _ what: String) { if !holds { fatalError(what) } }
let facts: (String?, Int, Int, Int, Pooling?) =
  (model.name, model.dimensions, model.contextLength, model.layerCount, model.pooling)
expect(facts.1 == 256 && facts.4 == .last, "the facts of the model")
let vectors = try await model.embeddings(of: ["rain", EmbeddingInput("rain", as: .query(task: "Find rain"))])
expect(vectors[0].similarity(to: vectors[1]) < 1, "a query is another text")
expect(try ModelInspection(path: path).kind == .embedding, "the kind of the file")
// Swift 6.3.1 ends in an internal error on a pattern behind catch here.
func refusal(_ body: () throws -> Void) -> TouchstoneError? {
  do { try body() } catch { return error as? TouchstoneError }
  return nil
}
if case .model(_, .rerankerHead(.otherPooling(3)))? = refusal({ _ = try RerankModel(path: path) }) {
} else { fatalError("an embedding model reranks, or another error") }
guard case .file(let error)? = refusal({ _ = try AnyModel(path: "missing.gguf") }),
  case .systemCall(.open, code: _) = error.reason
else { fatalError("another reason") }
PROGRAM

cd "$work/user"
swift build -c release >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
model="$root/testdata/demo/demo-q4_k_m.gguf"
.build/release/user "$model" >"$work/theirs"
"$root/.build/release/touchstone" embed --model "$model" --format f32 "No space left on device" \
  | od -An -v -tu4 -w4 | tr -d ' ' >"$work/ours"
"$root/.build/release/touchstone" embed --model "$model" --fingerprint "a" \
  | sed 's/.*"fingerprint":"\([^"]*\)".*/\1/' >>"$work/ours"
if cmp -s "$work/theirs" "$work/ours"; then
  echo "dependency: 1 passed, 0 failed"
else
  echo "dependency: the vector or its fingerprint differs from the command's" >&2
  exit 1
fi
