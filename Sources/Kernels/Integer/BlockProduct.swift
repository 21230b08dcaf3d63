/// The float arithmetic of one block: from the exact sum of its products to its share of an output.
///
/// ``IntegerTile`` has the definition; matrix tiles (``MatrixTileMultiply``) compute the same. `weights` is a
/// record of a panel, at the first row of the lanes. `isWide` says that the sums are of 16-bit integers
/// though the encoding has one plane of bytes; it is a constant wherever it is given, and so is inlined.
@usableFromInline
enum BlockProduct<Vector: VectorInstructions, Shape: PanelShape, Encoding: ActivationEncoding> {
  /// Where sums begin: those of wide blocks are too large for a bias.
  @inlinable @inline(__always)
  static func sumBias(isWide: Bool) -> Int32 { isWide ? 0 : Encoding.sumBias }

  @inlinable @inline(__always)
  static func scale(_ block: Int, _ weights: UnsafeRawPointer) -> Vector.Floats {
    Vector.loadFloats(weights + (Shape.scaleOffset &+ block &* Shape.groupSize))
  }

  /// A sum without its bias, as a float.
  @inlinable @inline(__always)
  static func float(_ sum: Vector.Words, isWide: Bool) -> Vector.Floats {
    sumBias(isWide: isWide) == 0
      ? Vector.floats(sum) : Vector.subtract(Vector.floats(bits: sum), Vector.splat(SumBias.value))
  }

  /// scale · sum
  @inlinable @inline(__always)
  static func scaled(
    _ sum: Vector.Words, _ block: Int, _ weights: UnsafeRawPointer, isWide: Bool
  ) -> Vector.Floats {
    let scale = scale(block, weights)
    guard Encoding.sumBias != 0 else { return Vector.multiply(scale, float(sum, isWide: isWide)) }
    let bias = Vector.loadFloats(weights + (Shape.biasOffset &+ block &* Shape.groupSize))
    // The same bits in other instructions: 0 is added, or a NaN where the scale is an infinity.
    guard Vector.hasMultiplyAdd else {
      return Vector.add(Vector.multiply(scale, float(sum, isWide: isWide)), Vector.subtract(bias, bias))
    }
    guard !isWide else {
      return Vector.multiplyAdd(scale, float(sum, isWide: true), Vector.subtract(bias, bias))
    }
    return Vector.multiplyAdd(scale, Vector.floats(bits: sum), bias)
  }

  /// scale · sum of a record's second block, added to the first block's product.
  @inlinable @inline(__always)
  static func adding(
    _ sum: Vector.Words, _ block: Int, _ weights: UnsafeRawPointer, isWide: Bool, to partial: Vector.Floats
  ) -> Vector.Floats {
    Vector.multiplyAdd(scale(block, weights), float(sum, isWide: isWide), partial)
  }

  /// - Parameter sum: the sum of the activations of the block, of one token: a float.
  @inlinable @inline(__always)
  static func addingMinimum(
    _ block: Int, _ weights: UnsafeRawPointer, sum: UnsafeRawPointer, to product: Vector.Floats
  ) -> Vector.Floats {
    guard Shape.hasMinimum else { return product }
    return Vector.multiplyAdd(
      Vector.loadFloats(weights + (Shape.minimumOffset &+ block &* Shape.groupSize)),
      Vector.splat(sum.loadUnaligned(as: Float.self)), product)
  }
}
