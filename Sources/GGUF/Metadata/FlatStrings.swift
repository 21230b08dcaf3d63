/// Many strings in two arrays: the bytes of all of them end to end, and where each begins.
///
/// This is how a vocabulary goes from the file to the tokenizer: two allocations instead of 151,000.
public struct FlatStrings: Hashable, Sendable {
  /// All strings, end to end, exactly as the file has them (UTF-8 is not checked).
  public let bytes: [UInt8]
  /// `count + 1` positions in ``bytes``: string `i` is `bytes[offsets[i]..<offsets[i + 1]]`.
  public let offsets: [Int]

  public var count: Int { offsets.count - 1 }

  /// The bytes of string `index`.
  public subscript(index: Int) -> ArraySlice<UInt8> {
    bytes[offsets[index]..<offsets[index + 1]]
  }
}
