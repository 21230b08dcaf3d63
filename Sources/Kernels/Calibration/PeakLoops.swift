/// Loops that do nothing but keep one kind of execution unit busy: the ceilings that kernels are compared
/// with.
///
/// Twelve independent chains: with two operations a cycle of up to five cycles' latency, ten keep the units
/// busy.
public enum PeakLoops<Instructions: VectorInstructions> {
  @inlinable @inline(__always)
  public static var chainCount: Int { 12 }

  /// Fused multiply-adds.
  ///
  /// - Parameter values: ``peakLoopFloatCount`` floats, read at the start and written at the end, so that the
  ///   compiler has to compute them.
  /// - Returns: how many multiplications and additions that were.
  @inlinable @inline(__always)
  public static func multiplyAdds(_ iterations: Int, _ values: UnsafeMutablePointer<Float>) -> Int {
    typealias I = Instructions
    var chains = InlineArray<12, I.Floats>(repeating: I.loadFloats(values))
    for chain in 0..<12 { chains[chain] = I.loadFloats(values + chain &* 16) }
    let factor = I.splat(values[0])
    let addend = I.splat(values[1])
    var remaining = iterations
    while remaining > 0 {
      for chain in 0..<12 { chains[chain] = I.multiplyAdd(chains[chain], factor, addend) }
      remaining &-= 1
    }
    for chain in 0..<12 { I.store(chains[chain], to: values + chain &* 16) }
    return iterations &* chainCount &* I.laneCount &* 2
  }

  /// Dot products of bytes, in the form that most formats use (``VectorInstructions/narrowDot(_:_:_:_:_:)``).
  /// One operand changes with its chain, so that no product can be computed ahead of the loop.
  ///
  /// - Parameter values: as in ``multiplyAdds(_:_:)``; their bits are the operands.
  /// - Returns: how many multiplications and additions of bytes that were.
  @inlinable @inline(__always)
  public static func dots(_ iterations: Int, _ values: UnsafeMutablePointer<Float>) -> Int {
    typealias I = Instructions
    var chains = InlineArray<12, I.Words>(repeating: I.loadWords(values))
    for chain in 0..<12 { chains[chain] = I.loadWords(values + chain &* 16) }
    let weights = I.splat(0x0102_0301 as Int32)
    let activations = SIMD4<Int32>(repeating: 0x0102_0301)
    var remaining = iterations
    while remaining > 0 {
      for chain in 0..<12 {
        switch I.productKind {
        case .words:
          chains[chain] = I.narrowDot(chains[chain], chains[chain], weights, chains[chain], weights)
        case .lanes:
          let dot = I.Products.laneDot(chains[chain], activations, lane: 0, chains[chain])
          chains[chain] = I.Products.laneDot(dot, activations, lane: 1, dot)
        case .pairs: chains[chain] = I.Products.matrixDot(chains[chain], activations, chains[chain])
        }
      }
      remaining &-= 1
    }
    for chain in 0..<12 { I.store(chains[chain], to: UnsafeMutableRawPointer(values + chain &* 16)) }
    return iterations &* chainCount &* I.laneCount &* 16
  }

  /// Reads `byteCount` bytes from memory, a multiple of 1024.
  ///
  /// - Parameter values: as in ``multiplyAdds(_:_:)``.
  @inlinable @inline(__always)
  public static func read(_ bytes: UnsafeRawPointer, byteCount: Int, _ values: UnsafeMutablePointer<Float>) {
    typealias I = Instructions
    var sums = InlineArray<8, I.Words>(repeating: I.splat(0 as Int32))
    let step = I.laneCount &* 4
    var offset = 0
    while offset < byteCount {
      for index in 0..<8 { sums[index] = I.add(sums[index], I.loadWords(bytes + (offset &+ index &* step))) }
      offset &+= 8 &* step
    }
    for index in 0..<8 { I.store(sums[index], to: UnsafeMutableRawPointer(values + index &* 16)) }
  }
}
