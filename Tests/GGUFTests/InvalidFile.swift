import GGUF
import Testing

/// One entry of the catalogue: a file that must be refused, why, and in which words.
struct InvalidFile: Sendable, CustomTestStringConvertible {
  let name: String
  let bytes: [UInt8]
  let reason: GGUFError.Reason
  let sentence: String

  init(_ name: String, _ bytes: [UInt8], _ reason: GGUFError.Reason, _ sentence: String) {
    self.name = name
    self.bytes = bytes
    self.reason = reason
    self.sentence = sentence
  }

  init(_ name: String, _ file: FileBytes, _ reason: GGUFError.Reason, _ sentence: String) {
    self.init(name, file.bytes, reason, sentence)
  }

  // The remedies, spelled once.
  static let cut = "the file is cut; download it again"
  static let damaged = "the file is damaged; download it again"
  static let bug = "the program that wrote it made a mistake; convert the model again"

  var testDescription: String { name }

  func check() {
    let error = #expect(throws: GGUFError.self) { try open(bytes) }
    #expect(error == GGUFError("test.gguf", reason))
    #expect(error?.description == "test.gguf: " + sentence)
  }
}

@Suite struct InvalidFileTests {
  @Test(arguments: InvalidFile.headers) func header(_ file: InvalidFile) { file.check() }
  @Test(arguments: InvalidFile.metadata) func metadata(_ file: InvalidFile) { file.check() }
  @Test(arguments: InvalidFile.tensors) func tensors(_ file: InvalidFile) { file.check() }
  @Test(arguments: InvalidFile.lookAlikes) func lookAlike(_ file: InvalidFile) { file.check() }
}
