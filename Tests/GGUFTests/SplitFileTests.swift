import Foundation
import GGUF
import Testing

@Suite struct SplitFileTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Writes a part with one tensor, whose bytes are all `index`.
  @discardableResult
  private func writePart(
    _ index: Int, of count: Int, tensorCount: Int32 = 3, named name: String? = nil,
    claimingIndex: Int? = nil, claimingCount: Int? = nil, tensor: String? = nil, alignment: UInt32? = nil
  ) throws -> String {
    var writer = GGUFWriter()
    if index == 0 { writer.metadata["general.architecture"] = .string("qwen3") }
    if let alignment { writer.metadata["general.alignment"] = .uint32(alignment) }
    writer.metadata["split.no"] = .uint16(UInt16(claimingIndex ?? index))
    writer.metadata["split.count"] = .uint16(UInt16(claimingCount ?? count))
    writer.metadata["split.tensors.count"] = .int32(tensorCount)
    try writer.addTensor(named: tensor ?? "tensor.\(index)", type: .i8, shape: [index + 1, 5])
    let path = directory.path(name ?? "model-0000\(index + 1)-of-0000\(count).gguf")
    try writer.write(to: path) { info, output in
      try output.append([UInt8](repeating: UInt8(index), count: info.byteCount))
    }
    return path
  }

  private func check(_ path: String, _ error: GGUFError, _ sentence: String) {
    #expect(throws: error) { try GGUFFile.open(path: path) }
    #expect(error.description == sentence)
  }

  @Test func allPartsAreOpenedFromTheFirst() throws {
    let first = try writePart(0, of: 3)
    try writePart(1, of: 3, alignment: 128)
    try writePart(2, of: 3)
    let file = try GGUFFile.open(path: first)
    #expect(file.partCount == 3)
    #expect(file.path == first)
    #expect(try file.metadata.string("general.architecture") == "qwen3")
    #expect(file.tensors.map(\.name) == ["tensor.0", "tensor.1", "tensor.2"])
    #expect(file.tensors.map(\.part) == [0, 1, 2])
    #expect(file.tensors.map { file.alignment(of: $0) } == [32, 128, 32])
    for (index, tensor) in file.tensors.enumerated() {
      #expect(
        file.withUnsafeBytes(of: tensor) {
          $0.elementsEqual([UInt8](repeating: UInt8(index), count: 5 * (index + 1)))
        })
    }
  }

  @Test func aSingleFileMayCallItselfOneOfOne() throws {
    let file = try GGUFFile.open(path: writePart(0, of: 1, tensorCount: 1, named: "any-name.gguf"))
    #expect(file.partCount == 1)
  }

  @Test func aLaterPartNamesTheFirst() throws {
    try writePart(0, of: 3)
    let second = try writePart(1, of: 3)
    let first = directory.path("model-00001-of-00003.gguf")
    check(
      second, GGUFError(second, .notTheFirstPart(index: 1, count: 3, first: first)),
      "\(second): this is part 2 of a model in 3 parts, which opens from its first part; open \(first)")
    let renamed = try writePart(1, of: 3, named: "renamed.gguf")
    check(
      renamed, GGUFError(renamed, .notTheFirstPart(index: 1, count: 3, first: nil)),
      "\(renamed): this is part 2 of a model in 3 parts, which opens from its first part; "
        + "open the part ending in -00001-of-00003.gguf")
  }

  @Test func aFirstPartUnderAnotherNameCannotFindTheRest() throws {
    for name in [
      "renamed.gguf", "model-00001-of-00004.gguf", "model-00002-of-00003.gguf", "model-0000x-of-00003.gguf",
      "model-00001-of-00003.GGUF", "00001-of-00003.gguf",
    ] {
      let path = try writePart(0, of: 3, named: name)
      check(
        path, GGUFError(path, .partName(count: 3)),
        "\(path): this is part 1 of a model in 3 parts, but its name does not say so; "
          + "name the parts …-00001-of-00003.gguf and so on")
    }
  }

  @Test func aMissingPartIsNamed() throws {
    let first = try writePart(0, of: 3)
    try writePart(1, of: 3)
    let third = directory.path("model-00003-of-00003.gguf")
    check(
      first, GGUFError(first, .missingPart(number: 3, count: 3, required: third)),
      "\(first): part 3 of 3 is missing: there is no file \(third); download all parts into one directory")
  }

  @Test func partsThatDisagreeAreRefused() throws {
    let first = try writePart(0, of: 2, tensorCount: 2)
    let second = try writePart(1, of: 2, tensorCount: 2, claimingIndex: 0)
    check(
      first, GGUFError(second, .partDisagrees(key: "split.no", found: 0, needed: 1)),
      "\(second): metadata key 'split.no' is 0, but 1 is required to match the other parts; "
        + "download all parts of the same model")
    try writePart(1, of: 2, tensorCount: 2, claimingCount: 5)
    #expect(throws: GGUFError(second, .partDisagrees(key: "split.count", found: 5, needed: 2))) {
      try GGUFFile.open(path: first)
    }
    try writePart(1, of: 2, tensorCount: 7)
    #expect(throws: GGUFError(second, .partDisagrees(key: "split.tensors.count", found: 7, needed: 2))) {
      try GGUFFile.open(path: first)
    }
  }

  @Test func aTensorInTwoPartsIsRefused() throws {
    let first = try writePart(0, of: 2, tensorCount: 2, tensor: "same")
    let second = try writePart(1, of: 2, tensorCount: 2, tensor: "same")
    #expect(throws: GGUFError(second, .duplicateTensor("same"))) { try GGUFFile.open(path: first) }
  }

  @Test func aDamagedPartIsNamed() throws {
    let first = try writePart(0, of: 2)
    let second = try directory.write(Array("<html>".utf8), to: "model-00002-of-00002.gguf")
    #expect(throws: GGUFError(second, .notGGUF(.html))) { try GGUFFile.open(path: first) }
  }

  @Test func aFirstPartWithoutItsNumberIsRefused() throws {
    let path = try directory.write(
      FileBytes.entry("split.count", 2, le(UInt16(2))).bytes, to: "model-00001-of-00002.gguf")
    #expect(throws: GGUFError(path, .missingKey("split.no"))) { try GGUFFile.open(path: path) }
  }

  @Test func numbersBeyondReasonAreRefused() throws {
    let huge = FileBytes(entries: [
      .init("split.no", 10, le(UInt64(Int.max))), .init("split.count", 10, le(UInt64(Int.max))),
    ])
    let path = try directory.write(huge.bytes, to: "huge.gguf")
    let error = GGUFError(path, .notTheFirstPart(index: Int.max, count: Int.max, first: nil))
    #expect(throws: error) { try GGUFFile.open(path: path) }
    #expect(error.description.contains("this is part 9,223,372,036,854,775,808 of a model"))
  }
}
