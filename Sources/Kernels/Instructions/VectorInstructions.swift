/// The vector operations that every kernel is written in.
///
/// A kernel is a generic body over this protocol, `@inlinable @inline(__always)`; each instruction set
/// specialises it in a small target of its own, compiled with that instruction set's flags.
///
/// Two rules make the bits of every result the same in all instruction sets:
/// - each operation is exact, or rounds once, as IEEE 754 says;
/// - a lane is an output: no operation adds lanes to each other, except four bytes in ``dot(_:_:_:)``, which
///   is exact in any order.
///
/// Pointers need no alignment.
public protocol VectorInstructions: Sendable {
  /// `laneCount` floats.
  associatedtype Floats
  /// `laneCount` 32-bit integers, or four times as many bytes. Additions and products wrap.
  associatedtype Words

  static var laneCount: Int { get }

  static func loadFloats(_ address: UnsafeRawPointer) -> Floats
  static func loadWords(_ address: UnsafeRawPointer) -> Words
  static func store(_ floats: Floats, to address: UnsafeMutableRawPointer)
  static func store(_ words: Words, to address: UnsafeMutableRawPointer)
  static func splat(_ value: Float) -> Floats
  static func splat(_ value: Int32) -> Words

  /// `a * b + c`, rounded once.
  static func multiplyAdd(_ a: Floats, _ b: Floats, _ c: Floats) -> Floats
  static func multiply(_ a: Floats, _ b: Floats) -> Floats
  static func divide(_ a: Floats, _ b: Floats) -> Floats
  static func add(_ a: Floats, _ b: Floats) -> Floats
  static func subtract(_ a: Floats, _ b: Floats) -> Floats
  /// The larger of each pair; `b` where either is not a number.
  static func maximum(_ a: Floats, _ b: Floats) -> Floats
  /// The smaller of each pair; `b` where either is not a number.
  static func minimum(_ a: Floats, _ b: Floats) -> Floats
  static func magnitude(_ a: Floats) -> Floats

  static func add(_ a: Words, _ b: Words) -> Words
  static func subtract(_ a: Words, _ b: Words) -> Words
  static func multiply(_ a: Words, _ b: Words) -> Words
  static func and(_ a: Words, _ b: Words) -> Words
  static func or(_ a: Words, _ b: Words) -> Words
  static func exclusiveOr(_ a: Words, _ b: Words) -> Words
  static func shiftLeft(_ a: Words, by count: Int32) -> Words
  /// Shifts the sign in.
  static func shiftRight(_ a: Words, by count: Int32) -> Words

  /// Each integer as the nearest float, ties to even.
  static func floats(_ words: Words) -> Floats
  /// Each float as the nearest integer, ties to even. Requires magnitudes up to 2²².
  static func rounded(_ floats: Floats) -> Words
  static func bits(_ floats: Floats) -> Words
  static func floats(bits: Words) -> Floats

  /// Adds to each lane of `sum` the products of its four unsigned bytes with its four signed bytes.
  static func dot(_ sum: Words, _ unsignedBytes: Words, _ signedBytes: Words) -> Words
  /// The same, where the signed bytes are known to be −64…64.
  static func mediumDot(_ sum: Words, _ unsignedBytes: Words, _ signedBytes: Words) -> Words
  /// The same for two pairs of vectors, where the signed bytes are known to be −32…32.
  static func narrowDot(
    _ sum: Words, _ unsignedBytes0: Words, _ signedBytes0: Words, _ unsignedBytes1: Words,
    _ signedBytes1: Words
  ) -> Words

  /// The same for four pairs of vectors, where the signed bytes are known to be −15…15.
  static func nibbleDot(
    _ sum: Words, _ unsignedBytes0: Words, _ signedBytes0: Words, _ unsignedBytes1: Words,
    _ signedBytes1: Words, _ unsignedBytes2: Words, _ signedBytes2: Words, _ unsignedBytes3: Words,
    _ signedBytes3: Words
  ) -> Words

  /// Whether ``narrowDot(_:_:_:_:_:)`` is faster than two of ``dot(_:_:_:)``, and
  /// ``nibbleDot(_:_:_:_:_:_:_:_:_:)`` faster than two of these.
  static var hasNarrowDot: Bool { get }

  /// Whether ``multiplyAdd(_:_:_:)`` is one instruction.
  static var hasMultiplyAdd: Bool { get }

  /// How bytes of activations meet bytes of weights in the integer multiply.
  static var productKind: ProductKind { get }
  /// From how many tokens on 16-bit activations meet weights of 16 bits, two columns a product, instead of
  /// two times their bytes, four columns a product. Without an instruction for four bytes that is less work
  /// for any number; with one it saves the additions between, for more weights to unpack. `Int.max`: never.
  static var fewestTokensOfHalves: Int { get }
  /// The first and third bytes of each lane as signed halves of it, and the second and fourth.
  static func evenBytesAsHalves(_ words: Words) -> Words
  static func oddBytesAsHalves(_ words: Words) -> Words
  /// What ``ProductKind/lanes`` and ``ProductKind/pairs`` ask for.
  associatedtype Products: SignedProducts = NoSignedProducts<Words> where Products.Words == Words

  /// Adds to each lane of `sum` the products of its two signed 16-bit halves.
  static func dotOfPairs(_ sum: Words, _ a: Words, _ b: Words) -> Words
  /// The same with the same pair in each lane of `b`.
  static func dotOfPairs(_ sum: Words, _ a: Words, splat pair: Int32) -> Words

  static func maximum(_ a: Words, _ b: Words) -> Words
  /// The largest lane, as a signed integer, of each of eight vectors in memory, one after another.
  static func largestLanes(_ vectors: UnsafeRawPointer) -> SIMD8<Int32>

  /// Reads sixteen bytes from each of `laneCount` rows; lane `r` of word `k` is the k-th four bytes of row
  /// `r`.
  static func transpose(_ rows: UnsafeRawPointer, stride: Int) -> InlineArray<4, Words>
  /// Subtracts byte from byte.
  static func subtractBytes(_ a: Words, _ b: Words) -> Words
  /// `table[index]` for each byte of `indices`. Requires a table of sixteen and indices below 16.
  static func lookup(_ table: UnsafePointer<Int8>, _ indices: Words) -> Words
  /// `table[index]` for each lane. Requires indices within the table.
  static func gather(_ table: UnsafePointer<Int32>, _ indices: Words) -> Words
  /// Stores the low byte of each lane.
  static func storeLowBytes(_ words: Words, to address: UnsafeMutableRawPointer)
  /// Stores the low 16 bits of each lane.
  static func storeLowHalves(_ words: Words, to address: UnsafeMutableRawPointer)
  /// The half-precision number in the low 16 bits of each lane.
  static func floatsFromHalves(_ words: Words) -> Floats

  /// The tile of the integer multiply that fits the registers: this many vectors of outputs, …
  static var tileVectorCount: Int { get }
  /// … for this many tokens, a divisor of ``ActivationTile/tokenCount``.
  static var tileTokenCount: Int { get }
}

extension VectorInstructions {
  @inlinable @inline(__always)
  public static func dotOfPairs(_ sum: Words, _ a: Words, splat pair: Int32) -> Words {
    dotOfPairs(sum, a, splat(pair))
  }

  @inlinable @inline(__always)
  public static var fewestTokensOfHalves: Int { .max }
  /// Whether it has ``ActivationLayout/sixTokensHalves`` at all.
  @inlinable @inline(__always)
  static var multipliesHalves: Bool { fewestTokensOfHalves < .max }

  @inlinable @inline(__always)
  public static var hasNarrowDot: Bool { false }
  @inlinable @inline(__always)
  public static var hasMultiplyAdd: Bool { true }

  @inlinable @inline(__always)
  public static func mediumDot(_ sum: Words, _ unsignedBytes: Words, _ signedBytes: Words) -> Words {
    dot(sum, unsignedBytes, signedBytes)
  }

  @inlinable @inline(__always)
  public static func narrowDot(
    _ sum: Words, _ unsignedBytes0: Words, _ signedBytes0: Words, _ unsignedBytes1: Words,
    _ signedBytes1: Words
  ) -> Words {
    dot(dot(sum, unsignedBytes0, signedBytes0), unsignedBytes1, signedBytes1)
  }

  @inlinable @inline(__always)
  public static func nibbleDot(
    _ sum: Words, _ unsignedBytes0: Words, _ signedBytes0: Words, _ unsignedBytes1: Words,
    _ signedBytes1: Words, _ unsignedBytes2: Words, _ signedBytes2: Words, _ unsignedBytes3: Words,
    _ signedBytes3: Words
  ) -> Words {
    narrowDot(
      narrowDot(sum, unsignedBytes0, signedBytes0, unsignedBytes1, signedBytes1),
      unsignedBytes2, signedBytes2, unsignedBytes3, signedBytes3)
  }

  /// Two integers of 16 bits in each lane, the operand of ``dotOfPairs(_:_:_:)``.
  @inlinable @inline(__always)
  static func pair(_ low: Words, _ high: Words) -> Words { or(and(low, 0xFFFF), shiftLeft(high, by: 16)) }

  /// `words & mask` in each lane.
  @inlinable @inline(__always)
  public static func and(_ words: Words, _ mask: Int32) -> Words { and(words, splat(mask)) }
}
