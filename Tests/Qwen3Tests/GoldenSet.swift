import Foundation

/// A file of golden vectors, as `tools/make_golden.py` writes it; its format is described in
/// `testdata/README.md`.
struct GoldenSet: Decodable {
  struct Slice: Decodable {
    let offset: Int
    let count: Int
  }

  struct Case: Decodable {
    let name: String
    let pooling: String
    let dimensions: Int
    let ids: [Int32]
    let state: Slice
    let vector: Slice
    let exact: Slice
  }

  let model: String
  let floats: String
  let cases: [Case]

  static let directory = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "testdata")

  /// The names of all golden sets of vectors.
  static let names: [String] = {
    let files = try! FileManager.default.contentsOfDirectory(atPath: directory.appending(path: "golden").path)
    return files.filter { $0.hasSuffix(".json") && $0 != "states.json" }.map { String($0.dropLast(5)) }
      .sorted()
  }()

  static func load(_ name: String) throws -> (set: GoldenSet, floats: [Float]) {
    let json = try Data(contentsOf: directory.appending(path: "golden/\(name).json"))
    let set = try JSONDecoder().decode(GoldenSet.self, from: json)
    return (set, try loadFloats(set.floats))
  }

  static func loadFloats(_ path: String) throws -> [Float] {
    try Data(contentsOf: directory.appending(path: path)).withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
      }
    }
  }

  var modelPath: String { Self.directory.appending(path: model).path }
}

extension [Float] {
  subscript(slice: GoldenSet.Slice) -> [Float] { Array(self[slice.offset..<slice.offset + slice.count]) }
}
