extension [Float] {
  package var bits: [UInt32] { map(\.bitPattern) }

  /// Bits, with all NaNs alike: the NaN that an operation on two of them gives is up to the processor.
  package var comparableBits: [UInt32] { map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern } }
}
