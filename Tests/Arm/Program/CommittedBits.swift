import GGUF
import Hashing
import JSON
import KernelSelection
import Kernels
import Qwen3
import Tokenization

/// The bits of a golden set, computed again from its texts: token ids, the states after each layer, vectors.
struct CommittedBits {
  private let name: String
  private let header: JSONValue
  private let entries: [JSONValue]

  /// - Parameter name: of a file in `testdata/bits`.
  init?(_ name: String) {
    self.name = name
    var values: [JSONValue] = []
    for line in testData("bits/" + name).split(separator: UInt8(ascii: "\n")) {
      do { values.append(try JSONParser.parse(Array(line))) } catch { expect(false, "\(name) is no JSON") }
    }
    guard let first = values.first, values.count > 1 else {
      expect(false, "\(name) is empty")
      return nil
    }
    header = first
    entries = Array(values.dropFirst())
  }

  func check() {
    guard let model = header["model"]?.text, let precision = header["activations"]?.text,
      let activations = ActivationPrecision(rawValue: precision), header["pooling"]?.text == "last"
    else { return expect(false, "\(name) is of another kind") }
    let folder = model.hasPrefix("demo") ? "demo" : "models"
    guard let (file, tokenizer) = open("testdata/\(folder)/\(model)") else { return }
    for kernels in kernelsUnderTest() {
      let compute = Compute(kernels: kernels, workers: Workers(count: 1))
      do {
        let configuration = try ModelConfiguration(file)
        let transformer = Transformer(
          configuration, try ModelWeights(file, configuration), compute: compute)
        for entry in entries { check(entry, transformer, tokenizer, activations, "\(name), \(kernels.name)") }
      } catch { expect(false, "\(model): \(error.description)") }
    }
  }

  private func check(
    _ entry: JSONValue, _ transformer: Transformer, _ tokenizer: Tokenizer,
    _ activations: ActivationPrecision, _ comment: String
  ) {
    let role = entry["instruct"]?.text.map { EmbeddingRole.query(task: $0) } ?? .document
    let ids = tokenizer.encode(role.prefix + (entry["text"]?.text ?? "")).map { Int32(bitPattern: $0) }
    expect(ids == entry["ids"]?.numbers.map { Int32($0) ?? -1 }, "\(comment): token ids")

    let states = StateHasher()
    let observed = transformer.run(
      Pass(
        [TokenSequence(ids)], pooling: .last, activations: activations, chunkLength: 64,
        observer: { name, layer, _, rows in states.observe(name, layer, rows) }))
    let checksums = entry["checksums"]
    expect(states.digits(of: 0) == checksums?["embedding"]?.text, "\(comment): rows of the embedding table")
    for (layer, expected) in (checksums?["layers"]?.elements ?? []).enumerated() {
      expect(states.digits(of: 1 + layer) == expected.text, "\(comment): states after layer \(layer)")
    }
    expect(states.digits(of: states.last) == checksums?["final_norm"]?.text, "\(comment): final states")

    // Once more as the engine does it when nobody looks: only the pooled token goes through the last layer.
    let alone = transformer.run(
      Pass([TokenSequence(ids)], pooling: .last, activations: activations, chunkLength: 1 << 20))
    let expected = entry["embedding"]?.numbers.map { Float($0)?.bitPattern ?? 0 } ?? []
    for states in [observed, alone] {
      let vector = PooledVector.normalized(states?.first ?? [])
      expect(!expected.isEmpty && vector.map { $0.bitPattern } == expected, "\(comment): the vector")
    }
  }

  private func open(_ path: String) -> (GGUFFile, Tokenizer)? {
    do throws(GGUFError) {
      let file = try GGUFFile.open(path: path)
      let metadata = file.metadata
      let (tokens, merges) = (
        try metadata.array("tokenizer.ggml.tokens").flatStrings(),
        try metadata.array("tokenizer.ggml.merges").flatStrings()
      )
      let types = try metadata.array("tokenizer.ggml.token_type").integers(as: Int32.self)
      let end = try metadata.unsignedInteger("tokenizer.ggml.eos_token_id")
      do throws(TokenizationError) {
        let vocabulary = try Vocabulary(
          tokens: TokenStrings(bytes: tokens.bytes, offsets: tokens.offsets, of: .tokens), types: types,
          merges: TokenStrings(bytes: merges.bytes, offsets: merges.offsets, of: .merges))
        return (
          file,
          try Tokenizer(
            vocabulary: vocabulary,
            configuration: TokenizerConfiguration(endOfText: TokenID(clamping: end)))
        )
      } catch { expect(false, "\(path): \(error.description)") }
    } catch { expect(false, error.description) }
    return nil
  }
}

/// The first digits of the SHA-256 of the states on their way: the rows of the embedding table, those after
/// each layer, those after the final norm.
private final class StateHasher: @unchecked Sendable {
  private var hashes: [SHA256] = []

  var last: Int { hashes.count - 1 }

  func observe(_ name: Intermediate, _ layer: Int?, _ rows: [[Float]]) {
    let place =
      switch name {
      case .embedding: 0
      case .feedForwardResidual: 1 + (layer ?? 0)
      case .finalNorm: finalPlace
      default: -1
      }
    guard place >= 0 else { return }
    while hashes.count <= place { hashes.append(SHA256()) }
    for row in rows {
      hashes[place].update(
        row.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } })
    }
    if case .finalNorm = name { hasFinalNorm = true }
  }

  private var hasFinalNorm = false
  /// Behind the last layer; chunks of it come one after another.
  private var finalPlace: Int { hasFinalNorm ? last : hashes.count }

  func digits(of place: Int) -> String {
    guard hashes.indices.contains(place) else { return "none" }
    return String(decoding: Array(hashes[place].hexadecimalDigest.utf8.prefix(16)), as: UTF8.self)
  }
}

extension JSONValue {
  fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
  fileprivate var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
  /// The digits of an array of numbers.
  fileprivate var numbers: [String] {
    elements.map { if case .number(let digits) = $0 { digits } else { "" } }
  }
}
