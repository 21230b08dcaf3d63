import GGUF
import Testing

@Suite struct MetadataArrayTests {
  private func read(_ type: UInt32, _ count: UInt64, _ elements: [UInt8]) throws -> MetadataArray {
    try open(FileBytes.entry("key", 9, array(type, count, elements)).bytes).metadata.array("key")
  }

  private func wrongType(_ found: String, _ needed: String) -> GGUFError {
    GGUFError("test.gguf", .wrongMetadataType(key: "key", found: found, needed: needed))
  }

  @Test func integersOfEveryWidthConvert() throws {
    #expect(try read(0, 2, [1, 255]).integers(as: Int.self) == [1, 255])
    #expect(try read(1, 2, [1, 255]).integers(as: Int.self) == [1, -1])
    #expect(try read(2, 2, le(UInt16(1)) + le(UInt16.max)).integers(as: Int32.self) == [1, 65_535])
    #expect(try read(3, 2, le(Int16(1)) + le(Int16.min)).integers(as: Int32.self) == [1, -32_768])
    #expect(try read(4, 1, le(UInt32.max)).integers(as: UInt32.self) == [.max])
    #expect(try read(5, 2, le(Int32(3)) + le(Int32(-3))).integers(as: Int8.self) == [3, -3])
    #expect(try read(10, 1, le(UInt64.max)).integers(as: UInt64.self) == [.max])
    #expect(try read(11, 1, le(Int64.min)).integers(as: Int64.self) == [.min])
  }

  @Test func anIntegerThatDoesNotFitIsAnError() throws {
    let array = try read(5, 2, le(Int32(3)) + le(Int32(300)))
    #expect(
      throws: GGUFError(
        "test.gguf", .outOfRange(key: "key", found: "300", needed: "elements from -128 to 127"))
    ) { try array.integers(as: Int8.self) }
  }

  @Test func floatsAndBoolsAreRead() throws {
    #expect(
      try read(6, 2, le(Float(1.5).bitPattern) + le(Float.infinity.bitPattern)).floats() == [1.5, .infinity])
    #expect(try read(12, 1, le(0.1.bitPattern)).floats() == [0.1])
    #expect(try read(7, 3, [1, 0, 1]).bools() == [true, false, true])
  }

  @Test func stringsAreReadOneByOneOrFlat() throws {
    let array = try read(8, 4, string("ab") + string("") + string("水") + string([0xFF]))
    #expect(try array.strings() == ["ab", "", "水", "\u{FFFD}"])
    let flat = try array.flatStrings()
    #expect(flat.bytes == Array("ab水".utf8) + [0xFF])
    #expect(flat.offsets == [0, 2, 2, 5, 6])
    #expect(flat.count == 4)
    #expect(flat[2] == Array("水".utf8)[...])
  }

  @Test func emptyArraysAreFine() throws {
    #expect(try read(8, 0, []).flatStrings() == FlatStrings([String]()))
    #expect(try read(8, 0, []).strings() == [])
    #expect(try read(4, 0, []).integers(as: Int.self) == [])
    #expect(try read(9, 0, []).arrays().isEmpty)
  }

  @Test func nestedArraysAreReadToTheLimit() throws {
    let inner = try read(9, 2, array(0, 2, [1, 2]) + array(8, 1, string("x"))).arrays()
    #expect(try inner[0].integers(as: Int.self) == [1, 2])
    #expect(try inner[1].strings() == ["x"])

    var deepest = try read(9, 1, (1..<7).reduce(array(0, 1, [42])) { inner, _ in array(9, 1, inner) })
    for _ in 1..<8 { deepest = try #require(try deepest.arrays().first) }
    #expect(try deepest.integers(as: Int.self) == [42])
  }

  @Test func theWrongAccessorNamesBothTypes() throws {
    let strings = try read(8, 1, string("a"))
    let integers = try read(4, 1, le(UInt32(1)))
    #expect(throws: wrongType("array of string", "array of integers")) { try strings.integers(as: Int.self) }
    #expect(throws: wrongType("array of string", "array of float32 or float64")) { try strings.floats() }
    #expect(throws: wrongType("array of string", "array of bool")) { try strings.bools() }
    #expect(throws: wrongType("array of string", "array of array")) { try strings.arrays() }
    #expect(throws: wrongType("array of uint32", "array of string")) { try integers.strings() }
    #expect(throws: wrongType("array of uint32", "array of string")) { try integers.flatStrings() }
  }

  @Test func equalityLooksAtElements() throws {
    #expect(try read(8, 1, string("a")) == MetadataArray(["a"]))
    #expect(try read(8, 1, string("a")).hashValue == MetadataArray(["a"]).hashValue)
    #expect(try read(8, 1, string("a")) != MetadataArray(["b"]))
    #expect(MetadataArray([UInt8(1)]) != MetadataArray([Int8(1)]))
  }

  /// The elements stay valid when the file value is gone: the array keeps the storage.
  @Test func anArrayOutlivesItsFile() throws {
    var array: MetadataArray?
    do {
      array = try open(FileBytes.entry("key", 9, GGUFTests.array(8, 1, string("kept"))).bytes).metadata.array(
        "key")
    }
    #expect(try array?.strings() == ["kept"])
  }
}
