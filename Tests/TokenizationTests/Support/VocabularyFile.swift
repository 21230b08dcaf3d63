import Foundation
import Tokenization

/// The lists of strings and types of a GGUF file's vocabulary. Trusts the file, which is the repository's.
struct VocabularyFile {
  var tokens: [String] = []
  var types: [Int32] = []
  var merges: [String] = []

  private var data: Data
  private var position = 24

  init(_ name: String) throws {
    data = try Data(contentsOf: TestData.folder.appending(path: name), options: .mappedIfSafe)
    let entryCount = data.integer(at: 16, as: UInt64.self)
    for _ in 0..<entryCount {
      let key = string()
      let type = next(UInt32.self)
      switch key {
      case "tokenizer.ggml.tokens": tokens = strings()
      case "tokenizer.ggml.merges": merges = strings()
      case "tokenizer.ggml.token_type": types = integers()
      default: skip(type)
      }
    }
  }

  private mutating func next<T: FixedWidthInteger>(_: T.Type) -> T {
    defer { position += MemoryLayout<T>.size }
    return data.integer(at: position, as: T.self)
  }

  private mutating func string() -> String {
    let count = Int(next(UInt64.self))
    defer { position += count }
    return String(decoding: data[position..<position + count], as: UTF8.self)
  }

  private mutating func strings() -> [String] {
    position += 4
    let count = next(UInt64.self)
    return (0..<count).map { _ in string() }
  }

  private mutating func integers() -> [Int32] {
    position += 4
    let count = next(UInt64.self)
    return (0..<count).map { _ in next(Int32.self) }
  }

  private mutating func skip(_ type: UInt32) {
    let sizes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8]
    switch type {
    case 8: _ = string()
    case 9:
      let element = next(UInt32.self)
      let count = next(UInt64.self)
      for _ in 0..<count { skip(element) }
    default: position += sizes[Int(type)]
    }
  }
}

extension Data {
  fileprivate func integer<T: FixedWidthInteger>(at position: Int, as: T.Type) -> T {
    withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: T.self)) }
  }
}
