import GGUF
import Testing

@Suite struct MetadataTests {
  private func metadata(_ entries: FileBytes.Entry...) throws -> Metadata {
    try open(FileBytes(entries: entries).bytes).metadata
  }

  private func failure(_ reason: GGUFError.Reason) -> GGUFError { GGUFError("test.gguf", reason) }

  @Test func everyTypeIsRead() throws {
    let metadata = try metadata(
      .init("u8", 0, [200]), .init("i8", 1, [0xFE]), .init("u16", 2, le(UInt16(40_000))),
      .init("i16", 3, le(Int16(-300))), .init("u32", 4, le(UInt32(4_000_000_000))),
      .init("i32", 5, le(Int32(-70_000))), .init("f32", 6, le(Float(0.1).bitPattern)), .init("bool", 7, [1]),
      .init("string", 8, string("水")), .init("array", 9, array(4, 2, le(UInt32(7)) + le(UInt32(9)))),
      .init("u64", 10, le(UInt64.max)), .init("i64", 11, le(Int64.min)),
      .init("f64", 12, le(Double.pi.bitPattern)))
    #expect(metadata["u8"] == .uint8(200))
    #expect(metadata["i8"] == .int8(-2))
    #expect(metadata["u16"] == .uint16(40_000))
    #expect(metadata["i16"] == .int16(-300))
    #expect(metadata["u32"] == .uint32(4_000_000_000))
    #expect(metadata["i32"] == .int32(-70_000))
    #expect(metadata["f32"] == .float32(0.1))
    #expect(metadata["bool"] == .bool(true))
    #expect(metadata["string"] == .string("水"))
    #expect(metadata["array"] == .array(MetadataArray([UInt32(7), 9])))
    #expect(metadata["u64"] == .uint64(.max))
    #expect(metadata["i64"] == .int64(.min))
    #expect(metadata["f64"] == .float64(.pi))
    #expect(metadata["other"] == nil)
    #expect(
      metadata.entries.map(\.key) == [
        "u8", "i8", "u16", "i16", "u32", "i32", "f32", "bool", "string", "array", "u64", "i64", "f64",
      ])
  }

  @Test func integersOfAnyWidthAreAcceptedWhereTheyFit() throws {
    let metadata = try metadata(
      .init("u8", 0, [200]), .init("i16", 3, le(Int16(300))), .init("negative", 5, le(Int32(-1))),
      .init("huge", 10, le(UInt64.max)))
    #expect(try metadata.unsignedInteger("u8") == 200)
    #expect(try metadata.unsignedInteger("i16") == 300)
    #expect(try metadata.integer("negative") == -1)
    #expect(
      throws: failure(.outOfRange(key: "negative", found: "-1", needed: "a value from 0 to \(Int.max)"))
    ) {
      try metadata.unsignedInteger("negative")
    }
    #expect(
      throws: failure(
        .outOfRange(
          key: "huge", found: "18446744073709551615", needed: "a value from \(Int.min) to \(Int.max)"))
    ) { try metadata.integer("huge") }
  }

  @Test func floatsAreReadFromBothWidths() throws {
    let metadata = try metadata(
      .init("f32", 6, le(Float(1e-6).bitPattern)), .init("f64", 12, le(1e-6.bitPattern)))
    #expect(try metadata.float("f32") == 1e-6)
    #expect(try metadata.float("f64") == 1e-6)
  }

  @Test func aMissingKeyIsAnErrorOrNil() throws {
    let metadata = try metadata()
    let missing = failure(.missingKey("qwen3.block_count"))
    #expect(throws: missing) { try metadata.unsignedInteger("qwen3.block_count") }
    #expect(throws: missing) { try metadata.integer("qwen3.block_count") }
    #expect(throws: missing) { try metadata.string("qwen3.block_count") }
    #expect(throws: missing) { try metadata.float("qwen3.block_count") }
    #expect(throws: missing) { try metadata.bool("qwen3.block_count") }
    #expect(throws: missing) { try metadata.array("qwen3.block_count") }
    #expect(try metadata.unsignedIntegerIfPresent("qwen3.block_count") == nil)
    #expect(try metadata.integerIfPresent("qwen3.block_count") == nil)
    #expect(try metadata.stringIfPresent("qwen3.block_count") == nil)
    #expect(try metadata.floatIfPresent("qwen3.block_count") == nil)
    #expect(try metadata.boolIfPresent("qwen3.block_count") == nil)
    #expect(try metadata.arrayIfPresent("qwen3.block_count") == nil)
    #expect(
      missing.description == "test.gguf: metadata key 'qwen3.block_count' is missing, but is required; "
        + "convert the model again with a current converter")
  }

  @Test func aWrongTypeIsNamedAlsoWhereTheKeyIsOptional() throws {
    let metadata = try metadata(.init("u8", 0, [1]), .init("list", 9, array(8, 0, [])))
    func wrong(_ key: String, _ found: String, _ needed: String) -> GGUFError {
      failure(.wrongMetadataType(key: key, found: found, needed: needed))
    }
    #expect(throws: wrong("u8", "uint8", "string")) { try metadata.stringIfPresent("u8") }
    #expect(throws: wrong("u8", "uint8", "bool")) { try metadata.boolIfPresent("u8") }
    #expect(throws: wrong("u8", "uint8", "float32 or float64")) { try metadata.floatIfPresent("u8") }
    #expect(throws: wrong("u8", "uint8", "array")) { try metadata.arrayIfPresent("u8") }
    #expect(throws: wrong("list", "array of string", "integer")) { try metadata.integerIfPresent("list") }
    #expect(throws: wrong("list", "array of string", "unsigned integer")) {
      try metadata.unsignedIntegerIfPresent("list")
    }
    #expect(
      wrong("list", "array of string", "bool").description
        == "test.gguf: metadata key 'list' is of type array of string, but bool is required: "
        + "the program that wrote it made a mistake; convert the model again")
  }

  @Test func textThatIsNotUTF8IsRepairedInValues() throws {
    #expect(try metadata(.init("key", 8, string([0x61, 0xFF, 0x62]))).string("key") == "a\u{FFFD}b")
  }

  @Test func entriesCanBeReplacedAndRemoved() {
    var metadata = Metadata()
    metadata["a"] = .uint8(1)
    metadata["b"] = .uint8(2)
    metadata["c"] = .uint8(3)
    metadata["b"] = .bool(true)
    metadata["a"] = nil
    metadata["absent"] = nil
    #expect(metadata.entries == [.init(key: "b", value: .bool(true)), .init(key: "c", value: .uint8(3))])
    #expect(metadata["a"] == nil)
    #expect(metadata["c"] == .uint8(3))
  }
}
