/// Many strings in two arrays: the bytes of all of them end to end, and where each begins.
///
/// This is how a vocabulary goes from the file to the tokenizer: two allocations instead of 151,000.
package struct FlatStrings: Hashable, Sendable {
  /// All strings, end to end, exactly as the file has them (UTF-8 is not checked).
  package private(set) var bytes: [UInt8] = []
  /// `count + 1` positions in ``bytes``: string `i` is `bytes[offsets[i]..<offsets[i + 1]]`.
  package private(set) var offsets: [Int] = [0]

  package init(_ strings: some Sequence<String> = []) {
    for string in strings {
      bytes.append(contentsOf: string.utf8)
      offsets.append(bytes.count)
    }
  }

  package var count: Int { offsets.count - 1 }

  /// The bytes of string `index`.
  package subscript(index: Int) -> ArraySlice<UInt8> {
    bytes[offsets[index]..<offsets[index + 1]]
  }

  mutating func reserve(count: Int, byteCount: Int) {
    bytes.reserveCapacity(byteCount)
    offsets.reserveCapacity(count + 1)
  }

  mutating func append(_ range: Range<Int>, of storage: ByteStorage) {
    storage.copy(range, to: &bytes)
    offsets.append(bytes.count)
  }
}
