import CInstructions

/// How an instruction set multiplies bytes of activations with bytes of weights.
public enum ProductKind: Sendable {
  /// Activations plus 128, as unsigned bytes: four of them in every lane of a vector.
  case words
  /// Signed bytes: each instruction takes four of them from one lane of a vector of four tokens.
  case lanes
  /// Signed bytes, eight columns together, as the weights too: two tokens by two rows.
  case pairs

  /// Whether activations are stored as they are, so that their sums need no correction.
  @inlinable @inline(__always)
  public var isSigned: Bool { self != .words }
}

/// Products of signed bytes with an operand that several lanes share, as Arm has them.
public protocol SignedProducts {
  /// Eight lanes, as in ``VectorInstructions``.
  associatedtype Words

  /// Adds to each lane of `sum` the products of its four bytes in `weights` with those of one lane, 0 to 3,
  /// of `activations`.
  static func laneDot(
    _ sum: Words, _ activations: SIMD4<Int32>, lane: Int, _ weights: Words
  ) -> Words
  /// Adds to each four lanes of `sum`, [2 tokens][2 rows], the products of two times eight bytes of
  /// `activations` with two times eight bytes of `weights`.
  static func matrixDot(_ sum: Words, _ activations: SIMD4<Int32>, _ weights: Words) -> Words

  /// The first, and the last, four lanes of `a` and of `b` in turn: a₀ b₀ a₁ b₁ ….
  static func interleavedLow(_ a: Words, _ b: Words) -> Words
  static func interleavedHigh(_ a: Words, _ b: Words) -> Words
  /// The first, and the second, two lanes of each four lanes of `a`, then of `b`.
  static func firstPairs(_ a: Words, _ b: Words) -> Words
  static func secondPairs(_ a: Words, _ b: Words) -> Words
}

// An instruction set has the product of its own kind.
extension SignedProducts {
  @inlinable
  public static func laneDot(
    _ sum: Words, _ activations: SIMD4<Int32>, lane: Int, _ weights: Words
  ) -> Words { preconditionFailure("these products are not of the kind lanes") }
  @inlinable
  public static func matrixDot(_ sum: Words, _ activations: SIMD4<Int32>, _ weights: Words) -> Words {
    preconditionFailure("these products are not of the kind pairs")
  }
}

extension SignedProducts where Words == SIMD8<Int32> {
  @inlinable @inline(__always)
  public static func interleavedLow(_ a: Words, _ b: Words) -> Words { interleavedLowWord8(a, b) }
  @inlinable @inline(__always)
  public static func interleavedHigh(_ a: Words, _ b: Words) -> Words { interleavedHighWord8(a, b) }
  @inlinable @inline(__always)
  public static func firstPairs(_ a: Words, _ b: Words) -> Words { firstPairsWord8(a, b) }
  @inlinable @inline(__always)
  public static func secondPairs(_ a: Words, _ b: Words) -> Words { secondPairsWord8(a, b) }
}

/// For instruction sets of the kind ``ProductKind/words``, which ask for none.
public enum NoSignedProducts<Words>: SignedProducts {
  @inlinable
  public static func interleavedLow(_ a: Words, _ b: Words) -> Words { a }
  @inlinable
  public static func interleavedHigh(_ a: Words, _ b: Words) -> Words { a }
  @inlinable
  public static func firstPairs(_ a: Words, _ b: Words) -> Words { a }
  @inlinable
  public static func secondPairs(_ a: Words, _ b: Words) -> Words { a }
}

extension VectorInstructions {
  @inlinable @inline(__always)
  public static var productKind: ProductKind { .words }
}
