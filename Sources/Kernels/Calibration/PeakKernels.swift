/// The loops of ``PeakLoops`` in one instruction set.
public protocol PeakKernels: AnyObject, Sendable {
  /// See ``PeakLoops/multiplyAdds(_:_:)``.
  func peakMultiplyAdds(_ iterations: Int, _ values: UnsafeMutablePointer<Float>) -> Int
  /// See ``PeakLoops/dots(_:_:)``.
  func peakDots(_ iterations: Int, _ values: UnsafeMutablePointer<Float>) -> Int
  /// Keeps the matrix unit busy, where there is one: products of full tiles, in four independent chains.
  ///
  /// - Parameter scratch: ``peakTileScratchByteCount`` bytes.
  /// - Returns: how many multiplications and additions of bytes that were; nil where there are no tiles.
  func peakTileDots(_ iterations: Int, scratch: UnsafeMutableRawPointer) -> Int?
  /// See ``PeakLoops/read(_:byteCount:_:)``.
  func peakRead(_ bytes: UnsafeRawPointer, byteCount: Int, _ values: UnsafeMutablePointer<Float>)
}

/// The floats that the loops read and write: twelve vectors of up to sixteen.
public let peakLoopFloatCount = 12 * 16

/// The memory that ``PeakKernels/peakTileDots(_:scratch:)`` wants.
public var peakTileScratchByteCount: Int { MatrixTileScratch.byteCount }

extension PeakKernels {
  public func peakTileDots(_ iterations: Int, scratch: UnsafeMutableRawPointer) -> Int? { nil }
}

// Not inlined into the witnesses, as with the other kernels.
extension InstructionKernelSet {
  @inlinable @inline(never)
  public func peakMultiplyAdds(_ iterations: Int, _ values: UnsafeMutablePointer<Float>) -> Int {
    PeakLoops<Instructions>.multiplyAdds(iterations, values)
  }

  @inlinable @inline(never)
  public func peakDots(_ iterations: Int, _ values: UnsafeMutablePointer<Float>) -> Int {
    PeakLoops<Instructions>.dots(iterations, values)
  }

  @inlinable @inline(never)
  public func peakRead(_ bytes: UnsafeRawPointer, byteCount: Int, _ values: UnsafeMutablePointer<Float>) {
    PeakLoops<Instructions>.read(bytes, byteCount: byteCount, values)
  }
}
