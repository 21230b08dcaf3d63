import Foundation
import Testing
import TouchstoneServer

/// `PATH` or `NAME=PATH` on the command line.
@Suite struct ModelDefinitionTests {
  @Test func splitsANameFromAPath() {
    #expect(ModelDefinition("models/a.gguf") == ModelDefinition(path: "models/a.gguf"))
    #expect(ModelDefinition("demo=models/a.gguf") == ModelDefinition(name: "demo", path: "models/a.gguf"))
    #expect(ModelDefinition("=a.gguf") == ModelDefinition(path: "=a.gguf"))
    #expect(
      ModelDefinition("demo=/data/run=3/x.gguf") == ModelDefinition(name: "demo", path: "/data/run=3/x.gguf"))
  }

  /// An existing file is a path, with `=` in it or not.
  @Test func takesAnExistingFileAsAPath() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "run=\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "x.gguf").path
    try Data().write(to: URL(filePath: path))
    #expect(ModelDefinition(path) == ModelDefinition(path: path))
    #expect(ModelDefinition("demo=\(path)") == ModelDefinition(name: "demo", path: path))
  }
}
