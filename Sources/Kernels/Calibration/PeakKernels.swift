/// The loops of ``PeakLoops`` in one instruction set.
public protocol PeakKernels: Sendable {
  /// See ``PeakLoops/multiplyAdds(_:_:)``.
  func peakMultiplyAdds(_ iterations: Int, _ values: UnsafeMutablePointer<Float>) -> Int
  /// See ``PeakLoops/dots(_:_:)``.
  func peakDots(_ iterations: Int, _ values: UnsafeMutablePointer<Float>) -> Int
  /// See ``PeakLoops/read(_:byteCount:_:)``.
  func peakRead(_ bytes: UnsafeRawPointer, byteCount: Int, _ values: UnsafeMutablePointer<Float>)
}

/// The floats that the loops read and write: twelve vectors of up to sixteen.
public let peakLoopFloatCount = 12 * 16

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
