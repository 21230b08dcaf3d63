import Foundation

/// A folder that goes when the test does.
package final class TemporaryFolder {
  package let url: URL

  package init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "touchstone-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  package func path(_ name: String) -> String { url.appending(path: name).path }

  /// Writes a file and returns its path.
  package func file(_ name: String, _ content: some Sequence<UInt8>) throws -> String {
    try Data(content).write(to: url.appending(path: name))
    return path(name)
  }

  package func file(_ name: String, _ content: String) throws -> String {
    try file(name, Array(content.utf8))
  }

  package func content(_ name: String) throws -> Data { try Data(contentsOf: url.appending(path: name)) }

  package var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }
}
