/// The bytes of a piece as words: what a ``PieceCache`` compares.
///
/// Zeros fill up the words, and the last byte is the number of bytes. No piece is empty, so a key of zeros
/// equals no piece.
protocol PieceKey: BitwiseCopyable {
  /// The tokens of a piece, and their number in the last lane.
  associatedtype Tokens: SIMD<UInt32>, BitwiseCopyable

  static var empty: Self { get }

  /// - Requires: `MemoryLayout<Self>.size` readable bytes at `start`, of which `count` are the piece.
  init(_ start: UnsafePointer<UInt8>, count: Int)

  var hash: UInt64 { get }

  /// Parentheses matter here: Swift's `^` and `|` have one precedence, other than C's.
  func equals(_ other: Self) -> Bool
}

extension PieceKey {
  /// The longest piece, in bytes.
  @inline(__always)
  static var byteLimit: Int { MemoryLayout<Self>.size - 1 }
}

/// A piece of up to 15 bytes with up to 3 tokens: most words.
struct ShortPieceKey: PieceKey {
  typealias Tokens = SIMD4<UInt32>

  static let empty = ShortPieceKey(low: 0, high: 0)

  private let low: UInt64
  private let high: UInt64

  private init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  @inline(__always)
  init(_ start: UnsafePointer<UInt8>, count: Int) {
    let words = UnsafeRawPointer(start)
    low = words.loadUnaligned(as: UInt64.self) & lowestBytes(count)
    high =
      words.loadUnaligned(fromByteOffset: 8, as: UInt64.self) & lowestBytes(count &- 8)
      | UInt64(truncatingIfNeeded: count) &<< 56
  }

  @inline(__always)
  var hash: UInt64 {
    StringHash.fold(low ^ 0x9E37_79B9_7F4A_7C15, high ^ 0xD6E8_FEB8_6659_FD93)
  }

  @inline(__always)
  func equals(_ other: ShortPieceKey) -> Bool {
    (low ^ other.low) | (high ^ other.high) == 0
  }
}

/// A piece of up to 31 bytes with up to 7 tokens.
struct LongPieceKey: PieceKey {
  typealias Tokens = SIMD8<UInt32>

  static let empty = LongPieceKey(first: 0, second: 0, third: 0, fourth: 0)

  private let first: UInt64
  private let second: UInt64
  private let third: UInt64
  private let fourth: UInt64

  private init(first: UInt64, second: UInt64, third: UInt64, fourth: UInt64) {
    (self.first, self.second, self.third, self.fourth) = (first, second, third, fourth)
  }

  @inline(__always)
  init(_ start: UnsafePointer<UInt8>, count: Int) {
    let words = UnsafeRawPointer(start)
    first = words.loadUnaligned(as: UInt64.self) & lowestBytes(count)
    second = words.loadUnaligned(fromByteOffset: 8, as: UInt64.self) & lowestBytes(count &- 8)
    third = words.loadUnaligned(fromByteOffset: 16, as: UInt64.self) & lowestBytes(count &- 16)
    fourth =
      words.loadUnaligned(fromByteOffset: 24, as: UInt64.self) & lowestBytes(count &- 24)
      | UInt64(truncatingIfNeeded: count) &<< 56
  }

  @inline(__always)
  var hash: UInt64 {
    StringHash.fold(first ^ 0x9E37_79B9_7F4A_7C15, second ^ 0xD6E8_FEB8_6659_FD93)
      ^ StringHash.fold(third ^ 0xA076_1D64_78BD_642F, fourth ^ 0xE703_7ED1_A0B4_28DB)
  }

  @inline(__always)
  func equals(_ other: LongPieceKey) -> Bool {
    (first ^ other.first) | (second ^ other.second) | (third ^ other.third) | (fourth ^ other.fourth) == 0
  }
}

/// Ones in the lowest `count` bytes: all for 8 and more, none for 0 and less.
@inline(__always)
private func lowestBytes(_ count: Int) -> UInt64 {
  if count <= 0 { return 0 }
  return ~0 &>> UInt64(truncatingIfNeeded: 64 &- min(count, 8) &* 8)
}
