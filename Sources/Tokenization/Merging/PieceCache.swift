/// Remembers how short pieces were encoded: a direct-mapped table of one cache line an entry.
///
/// A piece of up to 31 bytes with up to 7 tokens has one place; whatever was there before is forgotten. So
/// the memory is bounded, and no input makes a lookup slow.
struct PieceCache: ~Copyable {
  static let byteLimit = 31
  static let tokenLimit = 7

  /// The bytes of a piece, zeros after them, and their number in the last byte. No piece is empty, so an
  /// empty entry equals no key.
  typealias Key = SIMD4<UInt64>

  struct Entry: BitwiseCopyable {
    var key: Key
    /// The tokens, and their number in the last lane.
    var tokens: SIMD8<UInt32>
  }

  private static let entryBits = 14
  private let entries: UnsafeMutablePointer<Entry>

  init() {
    entries = .allocate(capacity: 1 << Self.entryBits)
    entries.initialize(repeating: Entry(key: .zero, tokens: .zero), count: 1 << Self.entryBits)
  }

  deinit {
    entries.deallocate()
  }

  /// The key of the `count` bytes at `start`, of which `readable` bytes and more may be read.
  @inline(__always)
  static func key(_ start: UnsafePointer<UInt8>, count: Int, readable: Int) -> Key {
    var key: Key
    if readable >= 32 {
      key = UnsafeRawPointer(start).loadUnaligned(as: Key.self)
      let bits = SIMD4<Int64>(repeating: Int64(count) &* 8) &- SIMD4(0, 64, 128, 192)
      key = mask(key, bits)
    } else {
      key = .zero
      withUnsafeMutableBytes(of: &key) { bytes in
        for index in 0..<count { bytes[index] = start[index] }
      }
    }
    key.w |= UInt64(truncatingIfNeeded: count) &<< 56
    return key
  }

  /// Keeps the lowest bits of each word: all for 64 and more, none for 0 and less.
  @inline(__always)
  private static func mask(_ key: Key, _ bits: SIMD4<Int64>) -> Key {
    var masked = key
    for lane in 0..<4 {
      let kept: UInt64 = bits[lane] <= 0 ? 0 : ~0 &>> UInt64(max(0, 64 &- bits[lane]))
      masked[lane] &= kept
    }
    return masked
  }

  /// The place of a key.
  @inline(__always)
  func place(of key: Key) -> UnsafeMutablePointer<Entry> {
    let first = (key.x ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: key.y ^ 0xD6E8_FEB8_6659_FD93)
    let second = (key.z ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: key.w ^ 0xE703_7ED1_A0B4_28DB)
    let hash = first.high ^ first.low ^ second.high &+ second.low
    return entries + Int(truncatingIfNeeded: hash &>> UInt64(64 - Self.entryBits))
  }
}
