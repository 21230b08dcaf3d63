import Chunking
import Foundation
import Knowledge
import Synchronization
import Touchstone

/// Counts words of letters and digits, and every other character but white space, as tokens; one for the end
/// of text.
struct WordMeter: TokenMeter {
  func count(_ text: String) -> Int { tokenStarts(of: text).count + 1 }

  func tokenStarts(of text: String) -> [Int] {
    var starts: [Int] = []
    var offset = 0
    var length = 0
    for scalar in text.unicodeScalars {
      let isWord = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      // A word has a token for each six letters, as a long word has in a real vocabulary.
      if isWord {
        if length % 6 == 0 { starts.append(offset) }
        length += 1
      } else {
        length = 0
        if !scalar.properties.isWhitespace { starts.append(offset) }
      }
      offset += UTF8.width(scalar)
    }
    return starts
  }
}

/// Embeds by the letters of a text: deterministic, and texts that share words are near. Counts what it
/// embeds.
final class LetterEmbedder: Embedder {
  let dimensions = 96
  private let count = Mutex(0)
  let seed: UInt64

  init(seed: UInt64 = 1) { self.seed = seed }

  var embedded: Int { count.withLock(\.self) }
  func reset() { count.withLock { $0 = 0 } }

  func embeddings(of inputs: [EmbeddingInput], options: EmbeddingOptions) async throws -> [Embedding] {
    count.withLock { $0 += inputs.count }
    return inputs.map { input in
      guard case .text(let text) = input.content else { fatalError("texts only") }
      var values = [Float](repeating: 0, count: dimensions)
      for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
        var hash = 0xcbf2_9ce4_8422_2325 ^ seed
        for byte in word.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        values[Int(hash % UInt64(dimensions))] += hash & 0x1_0000_0000 == 0 ? 1 : -1
      }
      let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if length > 0 { values = values.map { $0 / length } }
      return Embedding(values: values, dimensions: dimensions, tokenCount: 1, inputTokenCount: 1)
    }
  }
}

/// A folder that goes away with the test.
final class TemporaryFolder {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "/knowledge-\(UUID().uuidString)"
    try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String) { write(name, Array(text.utf8)) }

  func write(_ name: String, _ bytes: [UInt8]) {
    let file = path + "/" + name
    let folder = (file as NSString).deletingLastPathComponent
    try! FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try! Data(bytes).write(to: URL(filePath: file))
  }

  func remove(_ name: String) { try! FileManager.default.removeItem(atPath: path + "/" + name) }
}

/// A base with a stand-in for the model.
struct TestBase {
  let folder = TemporaryFolder()
  let embedder: LetterEmbedder
  let model: KnowledgeModel

  init(fingerprint: String = "aaaa", name: String = "letters.gguf", seed: UInt64 = 1) {
    embedder = LetterEmbedder(seed: seed)
    model = KnowledgeModel(
      identity: ModelIdentity(name: name, fingerprint: fingerprint, dimensions: embedder.dimensions),
      embedder: embedder, meter: WordMeter())
  }

  var base: String { folder.path + "/base" }
  var documents: String { folder.path + "/documents" }

  @discardableResult
  func add(prune: Bool = false, chunking: ChunkingOptions = ChunkingOptions(tokens: 64)) async throws
    -> Update.Report
  {
    let store = try EmbeddedStore.writer(at: base, model: model.identity)
    var update = Update()
    update.chunking = chunking
    update.prunes = prune
    return try await update.run([documents], store, model)
  }

  func search(_ query: String, _ options: SearchOptions = SearchOptions()) async throws -> [SearchHit] {
    try await Searcher(source: try EmbeddedStore.reader(at: base), model: model).search(query, options).hits
  }

  func findings() throws -> [String] { try StoreCheck(try EmbeddedStore.reader(at: base)).findings }
}

/// A generator of numbers that are the same in every run.
struct Numbers: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
