/// The value of an integer key in the metadata of a GGUF file; nil where the file has no such key.
///
/// Walk from entry to entry as the lesson does by hand. A value that is not asked for has to be stepped over,
/// and strings and arrays are as long as they say. Integers are little-endian.
///
/// - Parameters:
///   - key: a key of type uint32, such as `qwen3.block_count`.
///   - file: the bytes of the whole file.
public func integer(of key: String, in file: [UInt8]) -> UInt32? {
  0  // Write it.
}
