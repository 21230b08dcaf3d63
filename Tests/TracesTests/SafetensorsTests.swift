import GGUF
import TestModels
import Testing
import Traces

/// Reading and writing of safetensors, and what happens to files that lie.
struct SafetensorsTests {
  private static func bytes(_ header: String, data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8) + data
  }

  private static func sentence(_ bytes: [UInt8]) -> String {
    do {
      _ = try SafetensorsFile(ByteStorage(copying: bytes, path: "f"))
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test func whatIsWrittenIsRead() throws {
    let layout = SafetensorsLayout(
      [.init(name: "a", rowCount: 2, columnCount: 3), .init(name: "b", rowCount: 1, columnCount: 1)],
      metadata: [(key: "k", value: "v \"quoted\"")])
    #expect(layout.header.count % 8 == 0)
    let output = MemoryOutput()
    // In any order.
    output.write([Float(7)].littleEndianBytes, at: try #require(layout.offset(of: "b", row: 0)))
    output.write(
      [Float(4), 5, -.infinity].littleEndianBytes, at: try #require(layout.offset(of: "a", row: 1)))
    output.write([Float(1), 2, 3].littleEndianBytes, at: try #require(layout.offset(of: "a", row: 0)))
    output.write(layout.header, at: 0)
    #expect(output.bytes.count == layout.byteCount)
    #expect(layout.offset(of: "c", row: 0) == nil)
    let file = try SafetensorsFile(ByteStorage(copying: output.bytes))
    #expect(file.metadata == ["k": "v \"quoted\""])
    #expect(file.tensors.map(\.name) == ["a", "b"])
    #expect(file.tensors[0].shape == [2, 3])
    #expect(try file.floats(of: file.tensors[0], at: 0..<6) == [1, 2, 3, 4, 5, -.infinity])
    #expect(try file.floats(of: file.tensors[0], at: 4..<5) == [5])
    #expect(try file.floats(of: file.tensors[1], at: 0..<1) == [7])
  }

  @Test func halvesAndBFloatsAreExact() throws {
    let header =
      #"{"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]}}"#
    let file = try SafetensorsFile(
      ByteStorage(copying: Self.bytes(header, data: [0x00, 0x3C, 0x01, 0x00, 0x80, 0x3F, 0xC0, 0x7F])))
    #expect(try file.floats(of: file.tensors[0], at: 0..<2) == [1, 0x1p-24])
    let floats = try file.floats(of: file.tensors[1], at: 0..<2)
    #expect(floats[0] == 1 && floats[1].isNaN)
  }

  @Test func otherTypesMayStandBesideATraceButAreNotRead() throws {
    let header = #"{"ids":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#
    let file = try SafetensorsFile(
      ByteStorage(copying: Self.bytes(header, data: [UInt8](repeating: 0, count: 8))))
    #expect { try file.floats(of: file.tensors[0], at: 0..<1) } throws: {
      "\($0)".hasSuffix("is stored as I64, but only F32, F16 and BF16 are read; convert it")
    }
  }

  @Test(arguments: [
    ([UInt8](), "f: has 0 bytes, but a safetensors file begins with 8 that say how long its header is"),
    ([1, 2, 3], "f: has 3 bytes, but a safetensors file begins with 8 that say how long its header is"),
    (
      bytes("{}", length: 1 << 60),
      "f: says that its header has 1152921504606846976 bytes, and at most 16777216 are read; it is no safetensors file, or damaged"
    ),
    (
      bytes("{}", length: 3),
      "f: says that its header has 3 bytes, but 2 remain; it is no safetensors file, or cut off"
    ),
    (bytes("{x}"), "f: the header is not JSON: at byte 9, expected a key in quotes, found 'x'"),
    (bytes("[1]"), "f: the header is an array, but must be an object"),
    (
      bytes(#"{"__metadata__":1}"#),
      "f: the header has a __metadata__ that is a number, but it must be an object of strings"
    ),
    (bytes(#"{"__metadata__":{"a":1}}"#), #"f: 'a' of the metadata is a number, but must be a string"#),
    (bytes(#"{"t":1}"#), #"f: tensor 't' has no "dtype", which must be a string"#),
    (
      bytes(#"{"t":{"dtype":"F31"}}"#), #"f: tensor 't' has the dtype 'F31', which safetensors does not know"#
    ),
    (bytes(#"{"t":{"dtype":"F32"}}"#), #"f: tensor 't' has no "shape", which must be an array"#),
    (
      bytes(#"{"t":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#),
      #"f: tensor 't' has 1 "data_offsets", but there must be two"#
    ),
    (
      bytes(#"{"t":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, data: [0, 0, 0, 0]),
      #"f: tensor 't' has something else than whole numbers from 0 in "shape""#
    ),
    (
      bytes(#"{"t":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#, data: [0, 0, 0, 0]),
      #"f: tensor 't' has something else than whole numbers from 0 in "shape""#
    ),
    (
      bytes(#"{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, data: [0, 0]),
      #"f: tensor 't' lies at 0 to 4 of the data, which are 2 bytes; the file is cut off, or damaged"#
    ),
    (
      bytes(#"{"t":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, data: [0, 0, 0, 0]),
      #"f: tensor 't' lies at 4 to 0 of the data, which are 4 bytes; the file is cut off, or damaged"#
    ),
    (
      bytes(#"{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, data: [0, 0, 0, 0]),
      #"f: tensor 't' has 4 bytes, but its shape [2] of F32 needs 8"#
    ),
    (
      bytes(
        #"{"t":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#, data: [0, 0, 0, 0]),
      #"f: tensor 't' has the shape [4611686018427387904, 4], which is too large"#
    ),
    (
      bytes(
        #"{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"u":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#,
        data: [0, 0, 0, 0, 0, 0]),
      #"f: tensor 'u' begins at byte 117, but the one before it ends at 119: tensors lie end to end"#
    ),
    (
      bytes(#"{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, data: [0, 0, 0, 0, 9]),
      "f: the header describes 66 bytes, but the file has 67"
    ),
    (
      bytes(
        #"{"t":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"t":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#
      ),
      "f: the header is not JSON: at byte 62, the same key appears twice in one object"
    ),
  ])
  func refusesInvalidFilesWithASentence(bytes: [UInt8], sentence: String) {
    #expect(Self.sentence(bytes) == sentence)
  }

  @Test func quotesNamesAndBoundsThem() {
    #expect(
      Self.sentence(Self.bytes(#"{"\u001b[31m\u0301":{"dtype":"F32"}}"#))
        == #"f: tensor '\u{1b}[31m\#u{301}' has no "shape", which must be an array"#)
    let long = String(repeating: "n", count: 257)
    #expect(
      Self.sentence(Self.bytes("{\"\(long)\":1}"))
        == "f: the header is not JSON: at byte 9, a key has 257 bytes, but at most 256 are allowed")
    #expect(
      Self.sentence(Self.bytes("{\"__metadata__\":{\"\(long)\":\"\"}}"))
        == "f: the header is not JSON: at byte 25, a key has 257 bytes, but at most 256 are allowed")
    #expect(
      Self.sentence(Self.bytes("[" + String(repeating: "1,", count: 1 << 20) + "1]"))
        == "f: the header is not JSON: at byte 2097159, there are more than 1048576 values")
  }

  /// Cut anywhere and flipped anywhere, a file is read or refused; nothing else happens.
  @Test func mutationsDoNoHarm() throws {
    let model = try TestModels.load("f32")
    let output = MemoryOutput()
    let selection = try TraceSelection(layers: "0", names: "embedding,query,vector")
    try TraceRecorder(model, [1, 2, 3], options: TestModels.options(.f32), selection: selection).write(
      to: output)
    let whole = output.bytes
    for length in stride(from: 0, to: whole.count, by: 7) {
      #expect(Self.sentence(Array(whole.prefix(length))) != "none")
    }
    var state: UInt64 = 42
    var readable = 0
    for _ in 0..<2000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var bytes = whole
      bytes[Int(state >> 33) % min(whole.count, 1200)] ^= 1 << UInt8(state >> 20 & 7)
      guard let file = try? SafetensorsFile(ByteStorage(copying: bytes)), let trace = try? TraceFile(file)
      else {
        continue
      }
      readable += 1
      for point in trace.points {
        guard let size = trace.size(of: point) else { continue }
        _ = try? trace.rows(0..<size.rowCount, of: point)
      }
    }
    #expect(readable > 0)
  }

  @Test func filesThatAreNotThere() {
    #expect { try SafetensorsFile(path: "/no/such/file") } throws: {
      "\($0)" == "/no/such/file: cannot be opened: No such file or directory"
    }
    #expect { try SafetensorsFile(path: "/") } throws: {
      "\($0)" == "/: is not a regular file; name the .safetensors file itself"
    }
  }
}
