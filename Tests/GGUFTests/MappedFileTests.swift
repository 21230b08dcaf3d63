import Foundation
import GGUF
import Testing

@Suite struct MappedFileTests {
  private func check(_ path: String, _ reason: GGUFError.Reason, _ sentence: String) {
    let error = #expect(throws: GGUFError.self) { try GGUFFile.open(path: path) }
    #expect(error == GGUFError(path, reason))
    #expect(error?.description == "\(path): \(sentence)")
  }

  @Test func aMissingFile() {
    check(
      "/no/such/model.gguf", .systemCall(.open, code: ENOENT),
      "the file cannot be opened: there is no such file or directory; check the path")
  }

  @Test func aDirectory() throws {
    let directory = try TemporaryDirectory()
    check(
      directory.path, .notARegularFile(.directory),
      "this is a directory, but a model is a file; name the .gguf file itself")
  }

  @Test func aDevice() {
    check(
      "/dev/null", .notARegularFile(.device),
      "this is a device or pipe, but a model is a file; name the .gguf file itself")
  }

  /// Opening a pipe that nobody writes to must fail, not wait.
  @Test(.timeLimit(.minutes(10))) func aNamedPipe() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path("pipe.gguf")
    try #require(mkfifo(path, 0o600) == 0)
    check(
      path, .notARegularFile(.device),
      "this is a device or pipe, but a model is a file; name the .gguf file itself")
  }

  @Test func anEmptyFile() throws {
    let directory = try TemporaryDirectory()
    check(try directory.write([], to: "empty.gguf"), .emptyFile, "the file is empty; download it again")
  }

  @Test func controlCharactersInPathsAreEscaped() {
    #expect(
      GGUFError("a\n\u{1B}b", .emptyFile).description
        == "a\\u{a}\\u{1b}b: the file is empty; download it again")
  }

  @Test func theMappingOutlivesTheName() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(FileBytes.tensors(.init()).bytes, to: "model.gguf")
    let file = try GGUFFile.open(path: path)
    try FileManager.default.removeItem(atPath: path)
    let tensor = try file.tensor(named: "t")
    file.prefetch(tensor)
    #expect(file.withUnsafeBytes(of: tensor) { $0.elementsEqual(0..<16) })
  }

  /// Hints change nothing that can be seen, on a mapping or in memory, for whole and empty ranges.
  @Test func adviceIsHarmless() throws {
    let directory = try TemporaryDirectory()
    let bytes = [UInt8](repeating: 7, count: 100_000)
    let path = try directory.write(bytes, to: "bytes")
    for storage in [try ByteStorage(mapping: path), ByteStorage(copying: bytes)] {
      for range in [0..<100_000, 5_000..<70_001, 4_096..<4_096, 99_999..<100_000] {
        storage.advise(.soon, in: range)
        storage.advise(.sequential, in: range)
        storage.advise(.random, in: range)
        #expect(storage.withUnsafeBytes(in: range) { $0.allSatisfy { $0 == 7 } })
      }
    }
  }
}
