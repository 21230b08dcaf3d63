extension BlockFormat {
  /// Writes `count` weights as float32, with the baseline instructions of the platform.
  ///
  /// - Parameters:
  ///   - blocks: ``byteCount(ofValues:)`` bytes, at any alignment.
  ///   - count: a multiple of ``valuesPerBlock``; 0 is allowed.
  ///   - values: room for `count` floats that does not overlap the blocks.
  public func dequantize(
    _ blocks: UnsafeRawPointer, count: Int, into values: UnsafeMutablePointer<Float>
  ) {
    dequantizeInlined(blocks, count: count, into: values)
  }

  /// The body of ``dequantize(_:count:into:)``, to be compiled again with the instruction set of the caller.
  ///
  /// The choice of the format is made once for all blocks: call it with whole rows.
  @inlinable @inline(__always)
  public func dequantizeInlined(
    _ blocks: UnsafeRawPointer, count: Int, into values: UnsafeMutablePointer<Float>
  ) {
    switch self {
    case .f32: F32Block.dequantize(blocks, count: count, into: values)
    case .f16: F16Block.dequantize(blocks, count: count, into: values)
    case .bf16: BF16Block.dequantize(blocks, count: count, into: values)
    case .q4_0: Q4_0Block.dequantize(blocks, count: count, into: values)
    case .q4_1: Q4_1Block.dequantize(blocks, count: count, into: values)
    case .q5_0: Q5_0Block.dequantize(blocks, count: count, into: values)
    case .q5_1: Q5_1Block.dequantize(blocks, count: count, into: values)
    case .q8_0: Q8_0Block.dequantize(blocks, count: count, into: values)
    case .q2_K: Q2_KBlock.dequantize(blocks, count: count, into: values)
    case .q3_K: Q3_KBlock.dequantize(blocks, count: count, into: values)
    case .q4_K: Q4_KBlock.dequantize(blocks, count: count, into: values)
    case .q5_K: Q5_KBlock.dequantize(blocks, count: count, into: values)
    case .q6_K: Q6_KBlock.dequantize(blocks, count: count, into: values)
    case .iq1_s: IQ1_SBlock.dequantize(blocks, count: count, into: values)
    case .iq1_m: IQ1_MBlock.dequantize(blocks, count: count, into: values)
    case .iq2_xxs: IQ2_XXSBlock.dequantize(blocks, count: count, into: values)
    case .iq2_xs: IQ2_XSBlock.dequantize(blocks, count: count, into: values)
    case .iq2_s: IQ2_SBlock.dequantize(blocks, count: count, into: values)
    case .iq3_xxs: IQ3_XXSBlock.dequantize(blocks, count: count, into: values)
    case .iq3_s: IQ3_SBlock.dequantize(blocks, count: count, into: values)
    case .iq4_nl: IQ4_NLBlock.dequantize(blocks, count: count, into: values)
    case .iq4_xs: IQ4_XSBlock.dequantize(blocks, count: count, into: values)
    case .tq1_0: TQ1_0Block.dequantize(blocks, count: count, into: values)
    case .tq2_0: TQ2_0Block.dequantize(blocks, count: count, into: values)
    case .mxfp4: MXFP4Block.dequantize(blocks, count: count, into: values)
    case .nvfp4: NVFP4Block.dequantize(blocks, count: count, into: values)
    }
  }
}
