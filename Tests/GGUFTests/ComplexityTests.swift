import GGUF
import TestSupport
import Testing

/// Reading a file takes time in proportion to its header, whatever is in it.
@Suite struct ComplexityTests {
  /// Marks whose classes alternate: what Unicode normalization has to sort.
  static func marks(_ byteCount: Int) -> [UInt8] {
    Array(String(repeating: "\u{301}\u{323}", count: byteCount / 4).utf8)
  }

  static let texts: [@Sendable (Int) -> [UInt8]] = [
    marks, { [UInt8](repeating: 0x61, count: $0) }, { [UInt8](repeating: 0x20, count: $0) },
    { [UInt8](repeating: 0xFF, count: $0) },
  ]

  @Test(arguments: texts.indices) func valuesOfOneString(_ text: Int) {
    let excess = Growth.excess("value", from: 1 << 14) { size in
      let bytes = FileBytes.entry("general.architecture", 8, string(Self.texts[text](size))).bytes
      return { #expect((try? open(bytes).metadata.string("general.architecture")) != nil) }
    }
    #expect(excess == nil)
  }

  /// Keys as long as the format allows, and more and more of them.
  @Test(arguments: [0, 1, 2]) func longKeys(_ text: Int) {
    let excess = Growth.excess("keys", from: 2) { size in
      let key = Self.texts[text](60_000)
      let bytes = FileBytes(
        entries: (0..<size).map { .init(key: Array("\($0)".utf8) + key, 0, [1]) }
      ).bytes
      return { #expect((try? open(bytes).metadata.entries.count) == size) }
    }
    #expect(excess == nil)
  }

  @Test func manyKeys() {
    let excess = Growth.excess("keys", from: 1000) { size in
      let bytes = FileBytes(entries: (0..<size).map { .init("key.\($0)", 0, [1]) }).bytes
      return { #expect((try? open(bytes).metadata.entries.count) == size) }
    }
    #expect(excess == nil)
  }

  @Test(arguments: [0, 1]) func manyTensors(_ text: Int) {
    let excess = Growth.excess("tensors", from: 200) { size in
      let name = Self.texts[text](200)
      var file = FileBytes(
        tensors: (0..<size).map { .init(name: Array("\($0)".utf8) + name, offset: UInt64($0) * 32) })
      file.dataByteCount = 32 * size
      let bytes = file.bytes
      return { #expect((try? open(bytes).tensors.count) == size) }
    }
    #expect(excess == nil)
  }

  @Test(arguments: texts.indices) func listsOfStrings(_ text: Int) {
    let excess = Growth.excess("list", from: 1 << 12) { size in
      let element = string(Self.texts[text](64))
      let elements = (0..<size / 64).flatMap { _ in element }
      let bytes = FileBytes.entry("list", 9, array(8, UInt64(size / 64), elements)).bytes
      return { #expect((try? open(bytes).metadata.array("list").strings().count) == size / 64) }
    }
    #expect(excess == nil)
  }

  /// Arrays in arrays, as deep as they may be.
  @Test func nestedArrays() {
    let excess = Growth.excess("nesting", from: 1000) { size in
      let leaf = array(4, 1, [1, 0, 0, 0])
      let leaves = array(9, UInt64(size), (0..<size).flatMap { _ in leaf })
      let nested = (0..<5).reduce(leaves) { inner, _ in array(9, 1, inner) }
      let bytes = FileBytes.entry("nested", 9, nested).bytes
      return { #expect((try? open(bytes).metadata.array("nested").arrays().count) == 1) }
    }
    #expect(excess == nil)
  }
}
