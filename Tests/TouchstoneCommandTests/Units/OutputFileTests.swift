import Foundation
import Testing
import Touchstone
import TouchstoneCommand

struct OutputFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aFileAppearsWhenItIsComplete() throws {
    let file = try OutputFile(path: folder.path("out"))
    try file.write([1, 2])
    try file.flush()
    #expect(try !folder.names.contains("out"))
    try file.finish()
    #expect(try folder.names == ["out"])
    #expect(try folder.content("out") == Data([1, 2]))
  }

  @Test func anAbandonedFileLeavesNothingAndTheOldOneAlone() throws {
    let path = try folder.file("out", "old")
    do {
      let file = try OutputFile(path: path)
      try file.write(Array("new".utf8))
    }
    #expect(try folder.names == ["out"])
    #expect(try folder.content("out") == Data("old".utf8))
  }

  @Test func aLinkKeepsPointingAndAModeIsKept() throws {
    let target = try folder.file("target", "old")
    let manager = FileManager.default
    try manager.setAttributes([.posixPermissions: 0o640], ofItemAtPath: target)
    try manager.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: target)
    let file = try OutputFile(path: folder.path("link"))
    try file.write(Array("new".utf8))
    try file.finish()
    #expect(try folder.content("target") == Data("new".utf8))
    #expect(try manager.destinationOfSymbolicLink(atPath: folder.path("link")) == target)
    #expect(try manager.attributesOfItem(atPath: target)[.posixPermissions] as? Int == 0o640)
  }

  @Test func aMissingFolderIsNamed() {
    let path = folder.path("missing/out")
    #expect { try OutputFile(path: path) } throws: {
      "\($0)" == "cannot write \(path): No such file or directory"
    }
  }

  @Test func bytesCanBeReplacedInFilesOnly() throws {
    let file = try OutputFile(path: folder.path("out"))
    try file.write([1, 2, 3])
    #expect(file.replaceableOffset == 3)
    try file.replace(at: 1, with: [9])
    try file.write([4])
    try file.finish()
    #expect(try folder.content("out") == Data([1, 9, 3, 4]))
    #expect(try OutputFile(path: "/dev/null").replaceableOffset == nil)
  }

  @Test func aSpoolGivesBackWhatItTook() throws {
    let spool = try SpoolFile()
    let chunk = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    for _ in 0..<9 { try spool.write(chunk) }
    let file = try OutputFile(path: folder.path("out"))
    try spool.copy(to: file)
    try file.finish()
    #expect(try folder.content("out") == Data(Array(repeatElement(chunk, count: 9).joined())))
  }

  @Test func theNPYHeaderIsAlignedForAnyCount() {
    for count in [0, 1, Int.max] {
      let header = NPYWriter.header(rowCount: count, dimensions: Int.max)
      #expect(header.count == 128)
      #expect(header.prefix(8) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0])
      let length = Int(header[8]) + 256 * Int(header[9])
      #expect(length == header.count - 10)
      #expect(header.last == 0x0A)
      #expect(String(decoding: header[10...], as: UTF8.self).contains("'shape': (\(count), \(Int.max)), }"))
    }
  }

  @Test(arguments: [EmbeddingFormat.jsonl, .json, .npy, .f32, .table])
  func aVectorThatIsNotFiniteIsRefused(format: EmbeddingFormat) throws {
    let file = try OutputFile(path: folder.path("out"))
    var writer = try format.writer(to: file, dimensions: 2, isPooled: true, width: nil)
    let item = InputItem(location: InputLocation(source: .argument, number: 1), index: 0, text: "a")
    let embedding = Embedding(values: [1, .nan], dimensions: 2, tokenCount: 1, inputTokenCount: 1)
    #expect { try writer.write(embedding, of: item) } throws: {
      "\($0)" == "argument 1: the model gave a vector that is not finite; its file may be damaged"
    }
  }
}
