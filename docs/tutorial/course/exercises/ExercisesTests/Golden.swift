import Foundation

/// The numbers that the exercises are compared with. All come from other programs; testdata/README.md names
/// them.
enum Golden {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../../../testdata").standardizedFileURL

  static func bytes(_ path: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: folder.appending(path: path)))
  }

  static func object<Value: Decodable>(_ path: String, as type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: Data(contentsOf: folder.appending(path: path)))
  }

  /// testdata/course/golden.json, which `tools/make_course_golden.py` writes.
  static func course() throws -> Course { try object("course/golden.json", as: Course.self) }

  /// Little-endian float32 numbers of a file.
  static func floats(_ path: String, byteOffset: Int, count: Int) throws -> [Float] {
    let bytes = try bytes(path)[byteOffset..<byteOffset + 4 * count]
    return stride(from: bytes.startIndex, to: bytes.endIndex, by: 4).map { place in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) })
    }
  }
}

struct Course: Decodable {
  struct Integers: Decodable {
    let file: String
    let values: [String: UInt32]
  }
  struct Piece: Decodable {
    let piece: String
    let tokens: [String]
    let merges: [Merge]
  }
  struct Merge: Decodable {
    let left: String
    let right: String
    let rank: Int

    init(from decoder: any Decoder) throws {
      var values = try decoder.unkeyedContainer()
      left = try values.decode(String.self)
      right = try values.decode(String.self)
      rank = try values.decode(Int.self)
    }
  }
  struct Place: Decodable {
    let byteOffset: Int
    let count: Int
  }
  struct Model: Decodable {
    let file: String
    let epsilon: Float
    let theta: Double
    let headCount: Int
    let keyValueHeadCount: Int
    let headDimension: Int
    let weights: [String: Place]
  }
  struct Product: Decodable {
    let blockByteOffset: Int
    let activationsOffset: Int
    let integers: [Int]
    let eightBit: Float
  }
  let integers: [Integers]
  let pieces: [Piece]
  let norms: Model
  let products: [Product]
}

/// Every intermediate of two texts, as transformers computed them: testdata/golden/states.json.
struct States {
  private struct File: Decodable {
    let floats: String
    let texts: [Text]
  }
  private struct Text: Decodable {
    let states: [Entry]
  }
  private struct Entry: Decodable {
    let name: String
    let shape: [Int]
    let offset: Int
    let count: Int
  }

  private let rows: [String: [[Float]]]

  /// Of the second text, which has twelve tokens.
  init() throws {
    let file = try Golden.object("golden/states.json", as: File.self)
    var rows: [String: [[Float]]] = [:]
    for entry in file.texts[1].states {
      let values = try Golden.floats(file.floats, byteOffset: 4 * entry.offset, count: entry.count)
      rows[entry.name] = values.rows(of: entry.shape[1])
    }
    self.rows = rows
  }

  subscript(name: String) -> [[Float]] { rows[name] ?? [] }
}

extension Array where Element == Float {
  func rows(of width: Int) -> [[Float]] {
    stride(from: 0, to: count, by: width).map { Array(self[$0..<$0 + width]) }
  }
}

/// The first number that is not the reference's, as a sentence.
struct Mismatch: Error, CustomStringConvertible {
  let description: String
}

/// Throws at the first number that is further than `tolerance` from the reference's; with tolerance 0, at the
/// first with other bits.
func check(_ found: [Float], is expected: [Float], within tolerance: Float, _ place: String) throws {
  guard found.count == expected.count else {
    throw Mismatch(
      description: "\(place): there are \(found.count) numbers, and \(expected.count) in the reference")
  }
  for (index, (a, b)) in zip(found, expected).enumerated()
  where tolerance == 0 ? a.bitPattern != b.bitPattern : !(abs(a - b) <= tolerance) {
    throw Mismatch(description: "\(place): number \(index) is \(a), and \(b) in the reference")
  }
}
