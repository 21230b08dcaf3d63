/// The canonical form that every block format is unpacked into: a panel of 32 rows of the weight matrix.
///
/// A panel is one record for each 32 columns:
///
/// ```
/// offset            size
///      0            1024   weights       [8 groups of 4 columns][32 rows][4 columns] int8
///   1024           128 b   corrections   [b blocks][32 rows] int32: −128 · Σ of the block's weights
///   1024 + 128 b   128 b   scales        [b blocks][32 rows] float32
///   1024 + 256 b   128 b   biases        [b blocks][32 rows] float32: scale · −``SumBias/value``
///   1024 + 384 b   128 b   minima        [b blocks][32 rows] float32; only of formats that have them
/// ```
/// where b = 32 / ``blockLength``, 1 or 2. A weight is `scale · int8 + minimum`, exactly the number that the
/// file means: scales and minima are products of a half and an integer, which float32 holds without rounding.
/// Zero points are subtracted from the integers, not multiplied into minima.
///
/// Where products take pairs (``ProductKind/pairs``), the two groups of each eight columns are mixed: of each
/// eight rows, the first group has eight columns of the first four, the second those of the last four.
///
/// Where 16-bit activations meet weights of 16 bits (``ActivationLayout/sixTokensHalves``), a record has 1024
/// bytes more at its end: [8 groups][32 rows][columns 1 and 3] int16, and columns 0 and 2 of each group are
/// where the bytes are otherwise.
///
/// The correction undoes the 128 that is added to the activations to make them unsigned. For 8-bit
/// activations it also has the bits of ``SumBias/value``, and the biases undo that. Products of signed bytes
/// have no use for corrections, and nothing is stored there then.
public protocol PanelShape {
  /// The weights that share a scale: 16 or 32.
  static var blockLength: Int { get }
  static var hasMinimum: Bool { get }
  /// The largest magnitude that a weight's integer can have.
  static var largestWeight: Int { get }
}

extension PanelShape {
  /// What ``VectorInstructions/mediumDot(_:_:_:)`` asks for.
  @inlinable @inline(__always)
  static var isMedium: Bool { largestWeight <= 64 }
  /// What ``VectorInstructions/narrowDot(_:_:_:_:_:)`` asks for.
  @inlinable @inline(__always)
  static var isNarrow: Bool { largestWeight <= 32 }
  /// What ``VectorInstructions/nibbleDot(_:_:_:_:_:_:_:_:_:)`` asks for.
  @inlinable @inline(__always)
  static var isNibble: Bool { largestWeight <= 15 }
  /// Rows in a panel: two vectors of sixteen lanes.
  @inlinable @inline(__always)
  static var rowCount: Int { 32 }
  @inlinable @inline(__always)
  static var blocksPerRecord: Int { 32 / blockLength }
  /// The distance from one group, block or field to the next: one 32-bit value for each row.
  @inlinable @inline(__always)
  static var groupSize: Int { 128 }
  @inlinable @inline(__always)
  static var correctionOffset: Int { 1024 }
  @inlinable @inline(__always)
  static var scaleOffset: Int { 1024 &+ groupSize &* blocksPerRecord }
  @inlinable @inline(__always)
  static var biasOffset: Int { 1024 &+ 2 &* groupSize &* blocksPerRecord }
  @inlinable @inline(__always)
  static var minimumOffset: Int { 1024 &+ 3 &* groupSize &* blocksPerRecord }
  @inlinable @inline(__always)
  static var recordSize: Int { 1024 &+ groupSize &* blocksPerRecord &* (hasMinimum ? 4 : 3) }
  @inlinable @inline(__always)
  static func recordSize(hasHalves: Bool) -> Int { recordSize &+ (hasHalves ? 1024 : 0) }
}

/// Q4_0, MXFP4, TQ1_0, TQ2_0, IQ1_S, IQ3_S.
public enum NibbleBlocksOf32: PanelShape {
  @inlinable @inline(__always)
  public static var blockLength: Int { 32 }
  @inlinable @inline(__always)
  public static var hasMinimum: Bool { false }
  @inlinable @inline(__always)
  public static var largestWeight: Int { 15 }
}

/// Q4_1, Q4_K.
public enum NibbleBlocksOf32WithMinimum: PanelShape {
  @inlinable @inline(__always)
  public static var blockLength: Int { 32 }
  @inlinable @inline(__always)
  public static var hasMinimum: Bool { true }
  @inlinable @inline(__always)
  public static var largestWeight: Int { 15 }
}

/// Q5_0, IQ3_XXS.
public enum NarrowBlocksOf32: PanelShape {
  @inlinable @inline(__always)
  public static var blockLength: Int { 32 }
  @inlinable @inline(__always)
  public static var hasMinimum: Bool { false }
  @inlinable @inline(__always)
  public static var largestWeight: Int { 31 }
}

/// Q5_1, Q5_K.
public enum NarrowBlocksOf32WithMinimum: PanelShape {
  @inlinable @inline(__always)
  public static var blockLength: Int { 32 }
  @inlinable @inline(__always)
  public static var hasMinimum: Bool { true }
  @inlinable @inline(__always)
  public static var largestWeight: Int { 31 }
}

/// Q8_0, IQ4_NL, IQ4_XS.
public enum WideBlocksOf32: PanelShape {
  @inlinable @inline(__always)
  public static var blockLength: Int { 32 }
  @inlinable @inline(__always)
  public static var hasMinimum: Bool { false }
  @inlinable @inline(__always)
  public static var largestWeight: Int { 128 }
}

/// IQ2_XXS.
public enum MediumBlocksOf32: PanelShape {
  @inlinable @inline(__always)
  public static var blockLength: Int { 32 }
  @inlinable @inline(__always)
  public static var hasMinimum: Bool { false }
  @inlinable @inline(__always)
  public static var largestWeight: Int { 43 }
}

/// IQ2_XS, IQ2_S.
public enum MediumBlocksOf16: PanelShape {
  @inlinable @inline(__always)
  public static var blockLength: Int { 16 }
  @inlinable @inline(__always)
  public static var hasMinimum: Bool { false }
  @inlinable @inline(__always)
  public static var largestWeight: Int { 43 }
}

/// IQ1_M, NVFP4.
public enum NibbleBlocksOf16: PanelShape {
  @inlinable @inline(__always)
  public static var blockLength: Int { 16 }
  @inlinable @inline(__always)
  public static var hasMinimum: Bool { false }
  @inlinable @inline(__always)
  public static var largestWeight: Int { 12 }
}

/// Q3_K, Q6_K.
public enum NarrowBlocksOf16: PanelShape {
  @inlinable @inline(__always)
  public static var blockLength: Int { 16 }
  @inlinable @inline(__always)
  public static var hasMinimum: Bool { false }
  @inlinable @inline(__always)
  public static var largestWeight: Int { 32 }
}

/// Q2_K.
public enum NibbleBlocksOf16WithMinimum: PanelShape {
  @inlinable @inline(__always)
  public static var blockLength: Int { 16 }
  @inlinable @inline(__always)
  public static var hasMinimum: Bool { true }
  @inlinable @inline(__always)
  public static var largestWeight: Int { 3 }
}
