import Synchronization

/// The keys that clients may present. With none of them, every client is served.
package struct APIKeys: Sendable, Equatable {
  /// The most bytes that a key may have.
  package static let maximumLength = 512

  /// Each key, filled with zeros to ``maximumLength``. A key has no byte of zero, so the filling is
  /// unambiguous.
  private var padded: [[UInt8]] = []

  package init() {}

  package var isEmpty: Bool { padded.isEmpty }
  package var count: Int { padded.count }

  /// Adds a key; the same key twice counts once.
  ///
  /// - Parameter source: where the key is from, for a sentence that must not quote it: `line 3 of keys.txt`.
  package mutating func insert(_ key: some Sequence<UInt8>, from source: String) throws(APIKeyError) {
    let bytes = Array(key)
    guard !bytes.isEmpty else { throw .empty(source: source) }
    guard bytes.count <= Self.maximumLength else { throw .tooLong(source: source, length: bytes.count) }
    guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .unusableCharacter(source: source) }
    let key = Self.padded(bytes)
    if !padded.contains(key) { padded.append(key) }
  }

  /// Which key `candidate` is, counted from 0, or nil.
  ///
  /// The time depends on the number of keys and on nothing in them: every byte of every key is compared, so
  /// that nobody can find a key out byte by byte.
  package func position(of candidate: some Collection<UInt8>) -> Int? {
    // A zero would be taken for filling.
    guard candidate.count <= Self.maximumLength, !candidate.contains(0) else { return nil }
    let candidate = Self.padded(candidate)
    var found: Int?
    for (position, key) in padded.enumerated() {
      var difference: UInt8 = 0
      for index in 0..<Self.maximumLength { difference |= key[index] ^ candidate[index] }
      found = difference == 0 ? position : found
    }
    return found
  }

  private static func padded(_ bytes: some Collection<UInt8>) -> [UInt8] {
    Array(bytes) + [UInt8](repeating: 0, count: maximumLength - bytes.count)
  }
}

/// Why keys cannot be used. `description` is one sentence, and never has the key in it.
package enum APIKeyError: Error, Equatable, CustomStringConvertible {
  case empty(source: String)
  case tooLong(source: String, length: Int)
  case unusableCharacter(source: String)
  case cannotRead(path: String, reason: String)
  /// A file without keys would leave the service open to everybody.
  case noKeys(path: String)

  package var description: String {
    switch self {
    case .empty(let source):
      "the API key from \(source) is empty; give one of 1 to \(APIKeys.maximumLength) characters"
    case .tooLong(let source, let length):
      "the API key from \(source) has \(length) characters, but at most \(APIKeys.maximumLength) are allowed"
    case .unusableCharacter(let source):
      "the API key from \(source) has a space or a character outside printable ASCII, which cannot be sent in a "
        + "header; use the characters from '!' to '~'"
    case .cannotRead(let path, let reason): "cannot read the API keys in \(path): \(reason)"
    case .noKeys(let path):
      "\(path) has no API key, and the service would be open to everybody; write one key a line, or leave out "
        + "--api-key-file"
    }
  }
}

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

/// The keys in force. A reload replaces them between two requests.
package final class APIKeyStore: Sendable {
  private let source: APIKeySource
  private let keys: Mutex<APIKeys>

  package init(_ source: APIKeySource) throws(APIKeyError) {
    self.source = source
    keys = Mutex(try source.load())
  }

  /// Whether there is a file that may change.
  var hasFile: Bool { source.file != nil }

  package var current: APIKeys { keys.withLock(\.self) }

  /// Reads the key file again. Where it cannot be used, the keys stay as they were.
  ///
  /// - Returns: the number of keys now in force.
  package func reload() throws(APIKeyError) -> Int {
    let fresh = try source.load()
    keys.withLock { $0 = fresh }
    return fresh.count
  }
}
