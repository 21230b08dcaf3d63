import Foundation

/// A folder that goes when the test does.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "touchstone-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  /// Writes a file and returns its path.
  func file(_ name: String, _ content: some Sequence<UInt8>) throws -> String {
    try Data(content).write(to: url.appending(path: name))
    return path(name)
  }

  func file(_ name: String, _ content: String) throws -> String { try file(name, Array(content.utf8)) }

  func content(_ name: String) throws -> Data { try Data(contentsOf: url.appending(path: name)) }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }
}
