import Foundation
import GGUF
import Testing

@Suite struct GGUFWriterTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// One value of every type, with arrays of every element type.
  static let everyValue: [MetadataValue] = [
    .uint8(.max), .int8(.min), .uint16(.max), .int16(.min), .uint32(.max), .int32(.min), .uint64(.max),
    .int64(.min), .float32(-0.1), .float64(.pi), .bool(true), .bool(false), .string(""), .string("a\0水\n"),
    .array(MetadataArray([UInt8(1), 2])), .array(MetadataArray([Int8(-1)])),
    .array(MetadataArray([UInt16.max])), .array(MetadataArray([Int16.min])),
    .array(MetadataArray([UInt32.max])), .array(MetadataArray([Int32.min])),
    .array(MetadataArray([UInt64.max])), .array(MetadataArray([Int64.min])),
    .array(MetadataArray([Float.infinity, 1])), .array(MetadataArray([Double.pi])),
    .array(MetadataArray([true, false])), .array(MetadataArray(["a", "", "水"])),
    .array(MetadataArray([MetadataArray(["nested"]), MetadataArray([Int32(7)])])),
    .array(MetadataArray([String]())),
  ]

  private static let tensors: [(name: String, type: TensorType, shape: [Int])] = [
    ("scalar", .f32, [1]), ("odd", .i8, [3, 5, 7]), ("half", .f16, [2, 1, 3, 5]),
    ("blocks", .q4_K, [3, 512]),
    ("bytes", .q8_0, [7, 32]),
  ]

  private static func content(of tensor: TensorInfo) -> [UInt8] {
    (0..<tensor.byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ tensor.name.utf8.count) }
  }

  @Test(arguments: GGUFFile.FormatVersion.allCases, [nil, 1, 2, 8, 32, 64, 4096, 1 << 20] as [UInt32?])
  func whatIsWrittenIsRead(version: GGUFFile.FormatVersion, alignment: UInt32?) throws {
    var writer = GGUFWriter(version: version)
    if let alignment { writer.metadata["general.alignment"] = .uint32(alignment) }
    for (index, value) in Self.everyValue.enumerated() { writer.metadata["key.\(index)"] = value }
    for tensor in Self.tensors {
      try writer.addTensor(named: tensor.name, type: tensor.type, shape: tensor.shape)
    }
    let path = directory.path("model.gguf")
    // In pieces, as a producer of large tensors would.
    try writer.write(to: path) { tensor, output in
      let bytes = Self.content(of: tensor)
      for start in stride(from: 0, to: bytes.count, by: 100) {
        try output.append(Array(bytes[start..<min(start + 100, bytes.count)]))
      }
    }
    let file = try GGUFFile.open(path: path)
    #expect(file.version == version)
    #expect(file.metadata.entries == writer.metadata.entries)
    #expect(file.tensors.map(\.name) == Self.tensors.map(\.name))
    for (tensor, expected) in zip(file.tensors, Self.tensors) {
      #expect(tensor.type == expected.type)
      #expect(tensor.shape == expected.shape)
      #expect(tensor.fileOffset % Int(alignment ?? 32) == 0)
      #expect(file.withUnsafeBytes(of: tensor) { $0.elementsEqual(Self.content(of: tensor)) })
    }
    #expect(try directory.contents == ["model.gguf"])
  }

  @Test func anOpenedFilesMetadataCanBeWrittenAgain() throws {
    let original = try GGUFFile.open(path: TestData.demo)
    var writer = GGUFWriter()
    writer.metadata = original.metadata
    for tensor in original.tensors {
      try writer.addTensor(named: tensor.name, type: tensor.type, shape: tensor.shape)
    }
    let path = directory.path("copy.gguf")
    try writer.write(to: path) { tensor, output in
      try original.withUnsafeBytes(of: original.tensor(named: tensor.name)) {
        try output.append(unsafeBytes: $0)
      }
    }
    #expect(FileManager.default.contentsEqual(atPath: path, andPath: TestData.demo))
  }

  /// Independent of the reader: every byte of a small file.
  @Test func theBytesAreThoseOfTheFormat() throws {
    var writer = GGUFWriter()
    writer.metadata["k"] = .uint16(0x1234)
    try writer.addTensor(named: "t", type: .f32, shape: [2, 3])
    try writer.addTensor(named: "u", type: .i8, shape: [1])
    let path = directory.path("model.gguf")
    try writer.write(to: path) { tensor, output in
      try output.append((0..<UInt8(tensor.byteCount)).map { $0 })
    }
    let expected =
      FileBytes(
        entries: [.init("k", 2, [0x34, 0x12])],
        tensors: [
          .init(dimensions: [3, 2]), .init(name: Array("u".utf8), dimensions: [1], type: 24, offset: 32),
        ], dataByteCount: 24
      ).bytes + [UInt8](repeating: 0, count: 8) + [0] + [UInt8](repeating: 0, count: 31)
    #expect([UInt8](try Data(contentsOf: URL(filePath: path))) == expected)
  }

  @Test func tooFewOrTooManyBytesLeaveNoFile() throws {
    var writer = GGUFWriter()
    try writer.addTensor(named: "t", type: .f32, shape: [4])
    let path = directory.path("model.gguf")
    let short = GGUFError(path, .tensorByteCount(tensor: "t", written: 15, needed: 16))
    #expect(throws: short) {
      try writer.write(to: path) { _, output in try output.append([UInt8](repeating: 0, count: 15)) }
    }
    #expect(
      short.description
        == "\(path): tensor 't' was given 15 bytes, but its shape and type need 16; the file was not written")
    #expect(throws: GGUFError(path, .tensorByteCount(tensor: "t", written: 17, needed: 16))) {
      try writer.write(to: path) { _, output in try output.append([UInt8](repeating: 0, count: 17)) }
    }
    #expect(try directory.contents == [])
  }

  @Test func aFailureOfTheCallerKeepsTheOldFile() throws {
    struct Stopped: Error {}
    let path = try directory.write([1, 2, 3], to: "model.gguf")
    var writer = GGUFWriter()
    try writer.addTensor(named: "t", type: .f32, shape: [4])
    #expect(throws: Stopped.self) { try writer.write(to: path) { _, _ in throw Stopped() } }
    #expect(try Data(contentsOf: URL(filePath: path)) == Data([1, 2, 3]))
    #expect(try directory.contents == ["model.gguf"])
  }

  /// Pieces of all sizes around that of the buffer arrive in order.
  @Test func largeTensorsAreStreamed() throws {
    let pieces = [1, 1 << 18, 7, (1 << 18) - 1, 3 << 18, 0, (1 << 18) + 1, 100_000]
    let content = (0..<pieces.reduce(0, +)).map { UInt8(truncatingIfNeeded: $0 &* 0x9E37_79B9 >> 13) }
    var writer = GGUFWriter()
    try writer.addTensor(named: "t", type: .i8, shape: [content.count])
    let path = directory.path("model.gguf")
    try writer.write(to: path) { _, output in
      var start = 0
      for piece in pieces {
        try output.append(Array(content[start..<start + piece]))
        start += piece
      }
    }
    let file = try GGUFFile.open(path: path)
    let tensor = try file.tensor(named: "t")
    #expect(file.withUnsafeBytes(of: tensor) { $0.elementsEqual(content) })
  }

  @Test func aDirectoryIsNotReplaced() throws {
    let path = directory.path("model.gguf")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(throws: GGUFError(path, .systemCall(.rename, code: EISDIR))) {
      try GGUFWriter().write(to: path) { _, _ in }
    }
    #expect(try directory.contents == ["model.gguf"])
  }

  @Test func aPlaceThatCannotBeWrittenIsNamed() {
    let path = "/no/such/directory/model.gguf"
    #expect(throws: GGUFError(path, .systemCall(.create, code: ENOENT))) {
      try GGUFWriter().write(to: path) { _, _ in }
    }
  }

  @Test func theRulesOfTheFormatHoldBeforeAnythingIsWritten() throws {
    var writer = GGUFWriter()
    try writer.addTensor(named: "t", type: .f32, shape: [4])
    func refused(_ reason: GGUFError.Reason, _ name: String, _ type: TensorType, _ shape: [Int]) {
      #expect(throws: GGUFError("a new file", reason)) {
        try writer.addTensor(named: name, type: type, shape: shape)
      }
    }
    refused(.duplicateTensor("t"), "t", .f32, [4])
    refused(.dimensionCount(tensor: "x", found: 0, limit: 4), "x", .f32, [])
    refused(.dimensionCount(tensor: "x", found: 5, limit: 4), "x", .f32, [1, 1, 1, 1, 1])
    refused(.emptyDimension(tensor: "x", shape: [0, 3]), "x", .f32, [-1, 3])
    refused(.partialBlock(tensor: "x", type: "Q8_0", blockSize: 32, rowLength: 33), "x", .q8_0, [2, 33])
    refused(.tensorTooLarge(tensor: "x", shape: [1 << 61]), "x", .f32, [1 << 61])
    refused(.tensorTooLarge(tensor: "x", shape: [1 << 60]), "x", .f32, [1 << 60])
    let long = String(repeating: "n", count: 64)
    refused(.nameTooLong(long, byteCount: 64, limit: 63), long, .f32, [4])
    #expect(
      GGUFError("a new file", .nameTooLong(long, byteCount: 64, limit: 63)).description
        == "a new file: tensor '\(long)' has a name of 64 bytes, but at most 63 are allowed; choose a shorter name"
    )
  }
}
