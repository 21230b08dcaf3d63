import Chunking
import Foundation
import Knowledge
import Testing

/// For tools/knowledge_speed.py: searches of made-up vectors, in numbers that other programs get too.
@Suite struct ScanMeasurement {
  private static let environment = ProcessInfo.processInfo.environment
  private static let folder = environment["TOUCHSTONE_SCAN_FOLDER"]

  private func bytes<Value>(_ path: String, as: Value.Type) throws -> [Value] {
    try Data(contentsOf: URL(filePath: path)).withUnsafeBytes { Array($0.bindMemory(to: Value.self)) }
  }

  /// The folder has `rows.f32` and `queries.f32`; results go to `ours.json`.
  @Test(.enabled(if: folder != nil), .timeLimit(.minutes(60))) func searchesAsOtherProgramsDo() async throws {
    let folder = Self.folder!
    let dimensions = Int(Self.environment["TOUCHSTONE_SCAN_DIMENSIONS"] ?? "1024")!
    let repeats = Int(Self.environment["TOUCHSTONE_SCAN_REPEATS"] ?? "5")!
    let queries = try bytes(folder + "/queries.f32", as: Float.self)
    let base = folder + "/base"
    let identity = ModelIdentity(name: "made-up", fingerprint: "made-up", dimensions: dimensions)
    var lines: [String] = []
    if !EmbeddedStore.exists(at: base) {
      let store = try EmbeddedStore.writer(at: base, model: identity)
      let file = try FileHandle(forReadingFrom: URL(filePath: folder + "/rows.f32"))
      let start = ContinuousClock.now
      var count = 0
      while let data = try file.read(upToCount: 4 * dimensions * 4_096), !data.isEmpty {
        let rows = data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        var moved: [MovedDocument] = []
        for row in 0..<rows.count / dimensions {
          let text = Array("row \(count)".utf8)
          moved.append(
            MovedDocument(
              document: StoredDocument(
                path: "/\(count)", byteCount: text.count, modificationTime: 0, sha256: "", format: .text,
                title: nil, language: count % 1_000 == 0 ? "zh" : "en", pageCount: 0, chunkingKey: "",
                warnings: [], chunkCount: 1),
              text: text,
              chunks: [
                Chunk(
                  bytes: 0..<text.count, lead: "", headings: [], pages: nil, lines: 1...1, tokenCount: 3)
              ],
              keys: [KnowledgeModel.key(String(decoding: text, as: UTF8.self))],
              vectors: [
                StoredVector(Array(rows[row * dimensions..<(row + 1) * dimensions]), keepsFloats: false)
              ]))
          count += 1
        }
        try store.take(moved)
      }
      lines.append("\"written\": \(count), \"writing\": \(seconds(since: start))")
    }
    let store = try EmbeddedStore.reader(at: base)
    var answers: [[Int64]] = []
    var times: [Double] = []
    for repetition in 0..<repeats + 1 {
      for query in stride(from: 0, to: queries.count, by: dimensions) {
        let start = ContinuousClock.now
        let found = try await store.nearest(
          to: Array(queries[query..<query + dimensions]), filter: SearchFilter(), limit: 10)
        if repetition > 0 {
          times.append(seconds(since: start))
        } else {
          answers.append(found.map { $0.id - 1 })
        }
      }
    }
    var narrow = SearchFilter()
    narrow.languages = ["zh"]
    let start = ContinuousClock.now
    let few = try await store.nearest(to: Array(queries[..<dimensions]), filter: narrow, limit: 10)
    let filtered = seconds(since: start)
    #expect(few.allSatisfy { ($0.id - 1) % 1_000 == 0 })
    lines.append("\"forms\": \(QueryVector.products.map(\.name)), \"filtered\": \(filtered)")
    lines.append("\"times\": \(times), \"answers\": \(answers)")
    try "{\(lines.joined(separator: ", "))}".write(
      toFile: folder + "/ours.json", atomically: true, encoding: .utf8)
  }

  private func seconds(since start: ContinuousClock.Instant) -> Double {
    let time = ContinuousClock.now - start
    return Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
  }
}
