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
