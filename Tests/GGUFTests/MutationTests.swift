import GGUF
import TestSupport
import Testing

/// Damaged files, thousands of them, always the same ones: each must open or throw a `GGUFError`. A trap, a
/// hang or an allocation that the file cannot back would end the test process.
@Suite struct MutationTests {
  /// A small file with everything in it.
  private static let valid: [UInt8] = {
    var file = FileBytes()
    for (index, value) in GGUFWriterTests.everyValue.enumerated() {
      var encoded: [UInt8] = []
      value.encode(to: &encoded)
      file.entries.append(.init("key.\(index)", value.type.rawValue, encoded))
    }
    file.entries.append(.init("general.alignment", 4, le(UInt32(32))))
    file.entries.append(.init("split.count", 2, le(UInt16(1))))
    file.tensors = [
      .init(name: Array("a.weight".utf8), dimensions: [256, 2], type: 12, offset: 0),
      .init(name: Array("b.weight".utf8), dimensions: [8], type: 0, offset: 288),
      .init(name: Array("c.weight".utf8), dimensions: [3, 2, 2], type: 1, offset: 320),
    ]
    file.dataByteCount = 344
    return file.bytes
  }()

  /// Opens, and reads whatever an opened file can give. Returns whether it opened.
  private func readEverything(_ bytes: [UInt8]) throws -> Bool {
    let file: GGUFFile
    do {
      file = try open(bytes)
    } catch {
      #expect(!error.description.isEmpty)
      return false
    }
    for entry in file.metadata.entries {
      guard case .array(let array) = entry.value else { continue }
      try readEverything(array)
    }
    var sum = 0
    for tensor in file.tensors {
      let content = file.withUnsafeBytes(of: tensor) { Array($0) }
      #expect(content.count == tensor.rowCount * tensor.rowByteCount)
      sum = content.reduce(sum) { $0 + Int($1) }
    }
    #expect(sum >= 0)
    return true
  }

  private func readEverything(_ array: MetadataArray) throws {
    switch array.elementType {
    case .string:
      #expect(try array.strings().count == array.count)
      #expect(try array.flatStrings().count == array.count)
    case .array: for inner in try array.arrays() { try readEverything(inner) }
    case .bool: #expect(try array.bools().count == array.count)
    case .float32, .float64: #expect(try array.floats().count == array.count)
    case .uint64: #expect(try array.integers(as: UInt64.self).count == array.count)
    default: #expect(try array.integers(as: Int64.self).count == array.count)
    }
  }

  @Test func theUndamagedFileOpens() throws {
    #expect(try readEverything(Self.valid))
  }

  @Test func everyPrefixIsRefused() throws {
    for count in 0..<Self.valid.count {
      #expect(try !readEverything(Array(Self.valid.prefix(count))), "\(count) bytes")
    }
  }

  @Test func everySingleBitFlipIsSurvived() throws {
    for position in Self.valid.indices {
      for bit in 0..<8 {
        var bytes = Self.valid
        bytes[position] ^= 1 << bit
        _ = try readEverything(bytes)
      }
    }
  }

  @Test(arguments: 0..<32) func randomDamageIsSurvived(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var opened = 0
    for _ in 0..<1000 {
      var bytes = Self.valid
      for _ in 0..<Int.random(in: 1...3, using: &generator) { Self.damage(&bytes, using: &generator) }
      if try readEverything(bytes) { opened += 1 }
    }
    // Damage to values and data goes unnoticed, to lengths it does not: both must have been exercised.
    #expect((1..<1000).contains(opened))
  }

  private static func damage(_ bytes: inout [UInt8], using generator: inout SeededGenerator) {
    guard bytes.count > 16 else { return }
    let position = Int.random(in: 0..<bytes.count - 8, using: &generator)
    switch Int.random(in: 0..<6, using: &generator) {
    case 0:
      bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 1:
      bytes[position] = .random(in: 0...255, using: &generator)
    case 2:  // A count, length, offset or dimension that lies.
      let lies: [UInt64] = [0, 1, 255, 1 << 31, 1 << 32, 1 << 61, 1 << 63, .max, UInt64(Int.max), 12, 13]
      bytes.replaceSubrange(position..<position + 8, with: le(lies.randomElement(using: &generator) ?? 0))
    case 3:
      bytes.removeLast(Int.random(in: 1...min(64, bytes.count - 16), using: &generator))
    case 4:  // A piece from elsewhere in the file.
      let length = Int.random(in: 1...8, using: &generator)
      let source = Int.random(in: 0..<bytes.count - 8, using: &generator)
      bytes.replaceSubrange(position..<position + length, with: Array(bytes[source..<source + length]))
    default:  // A piece left out, so that all that follows is shifted.
      bytes.removeSubrange(position..<position + Int.random(in: 1...8, using: &generator))
    }
  }
}
