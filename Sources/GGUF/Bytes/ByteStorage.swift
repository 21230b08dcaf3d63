/// Read-only bytes behind bounds-checked loads: a file mapped into memory, or bytes made by the program.
///
/// Everything that reads a GGUF file holds a reference to its storage, so a mapping lives exactly as long as
/// the last array, tensor or file value that looks into it. Only this file and `MappedFile.swift` make
/// pointers into a model; the checks here make the rest of the module safe.
package final class ByteStorage: @unchecked Sendable {
  /// Where the bytes came from, for error messages: the path as the caller gave it.
  package let path: String
  package let byteCount: Int

  // Sendable: the bytes are never written after initialization (a mapping is read only and private), and
  // released once, in `deinit`. Another program that writes to the file while it is mapped changes what is
  // read, never where.
  private let base: UnsafeRawPointer
  private let release: @Sendable (_ base: UnsafeRawPointer, _ byteCount: Int) -> Void

  /// Takes over `byteCount` readable bytes at `base`, which `release` gives back.
  init(
    path: String, unsafeBase base: UnsafeRawPointer, byteCount: Int,
    release: @escaping @Sendable (_ base: UnsafeRawPointer, _ byteCount: Int) -> Void
  ) {
    self.path = path
    self.base = base
    self.byteCount = byteCount
    self.release = release
  }

  /// A copy of `bytes`, for values that were never in a file.
  package convenience init(copying bytes: [UInt8], path: String = "memory") {
    let copy = UnsafeMutableRawPointer.allocate(byteCount: max(bytes.count, 1), alignment: 64)
    bytes.withUnsafeBytes {
      copy.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(copy), byteCount: $0.count)
    }
    self.init(path: path, unsafeBase: copy, byteCount: bytes.count) { base, _ in
      UnsafeMutableRawPointer(mutating: base).deallocate()
    }
  }

  deinit { release(base, byteCount) }

  /// The little-endian integer at `offset`, which needs no alignment.
  ///
  /// - Precondition: The integer lies within the storage.
  func littleEndian<Integer: FixedWidthInteger & BitwiseCopyable>(
    _: Integer.Type = Integer.self, at offset: Int
  ) -> Integer {
    withUnsafeBytes(in: offset..<offset + MemoryLayout<Integer>.size) {
      Integer(littleEndian: $0.loadUnaligned(as: Integer.self))
    }
  }

  /// The little-endian integers that fill `range`, end to end.
  ///
  /// - Precondition: The range lies within the storage.
  func littleEndians<Integer: FixedWidthInteger & BitwiseCopyable>(
    _: Integer.Type = Integer.self, in range: Range<Int>
  ) -> [Integer] {
    withUnsafeBytes(in: range) { bytes in
      stride(from: 0, to: bytes.count, by: MemoryLayout<Integer>.size).map {
        Integer(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Integer.self))
      }
    }
  }

  /// The bytes of `range`, copied.
  package func bytes(in range: Range<Int>) -> [UInt8] {
    withUnsafeBytes(in: range) { Array($0) }
  }

  /// Appends the bytes of `range` to `destination`.
  func copy(_ range: Range<Int>, to destination: inout [UInt8]) {
    withUnsafeBytes(in: range) { destination.append(contentsOf: $0) }
  }

  /// The text of `range`; bytes that are not UTF-8 become U+FFFD.
  func text(in range: Range<Int>) -> String {
    withUnsafeBytes(in: range) { String(decoding: $0, as: UTF8.self) }
  }

  /// The text of `range`, or nil where it is not UTF-8.
  func validText(in range: Range<Int>) -> String? {
    withUnsafeBytes(in: range) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      // Repair changes the bytes, so equal bytes mean that there was nothing to repair.
      return text.utf8.elementsEqual(bytes) ? text : nil
    }
  }

  /// Calls `body` with the bytes of `range` in place, valid until it returns.
  ///
  /// - Precondition: The range lies within the storage.
  @inline(__always)
  package func withUnsafeBytes<Result, Failure>(
    in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // A reference may be released after its last use, which is before the pointer's: hold it.
    defer { extendLifetime(self) }
    return try body(unsafeBytes(in: range))
  }

  /// The bytes of `range` in place, valid as long as this storage is alive.
  ///
  /// - Precondition: The range lies within the storage.
  @inline(__always)
  func unsafeBytes(in range: Range<Int>) -> UnsafeRawBufferPointer {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    return UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
  }
}
