/// Where the keys of a service come from: the command line, the environment, a file that may change.
package struct APIKeySource: Sendable, Equatable {
  /// The values of `--api-key`.
  package var arguments: [String] = []
  /// The value of `TOUCHSTONE_API_KEY`. An empty one counts as not set.
  package var environment: String?
  /// The value of `--api-key-file`.
  package var file: String?

  package init() {}

  /// All the keys, with the file as it is now.
  package func load() throws(APIKeyError) -> APIKeys {
    var keys = APIKeys()
    for argument in arguments { try keys.insert(argument.utf8, from: "--api-key") }
    if let environment, !environment.isEmpty {
      try keys.insert(environment.utf8, from: "TOUCHSTONE_API_KEY")
    }
    if let file { try Self.read(file, into: &keys) }
    return keys
  }

  /// One key a line. Empty lines and lines that begin with `#` are skipped, as is white space around a key.
  private static func read(_ path: String, into keys: inout APIKeys) throws(APIKeyError) {
    let bytes: [UInt8]
    do { bytes = try BoundedFile.read(path) } catch {
      throw .cannotRead(path: path, reason: error.description)
    }
    var hasKey = false
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (number, line) in zip(1..., lines) {
      let key = trimmed(line)
      guard let first = key.first, first != UInt8(ascii: "#") else { continue }
      try keys.insert(key, from: "line \(number) of \(path)")
      hasKey = true
    }
    guard hasKey else { throw .noKeys(path: path) }
  }

  private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
    let start = line.firstIndex { !isBlank($0) } ?? line.endIndex
    let end = line.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
    return line[start..<end]
  }
}
