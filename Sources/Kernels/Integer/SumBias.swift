/// Integer sums that are floats without a conversion.
///
/// A sum that begins at ``bits`` and stays within −2²²…2²² is, read as a float, exactly ``value`` + sum: the
/// float's unit in the last place is 1 there. So
///
///     fma(scale, value + sum, −scale · value)  =  scale · sum, rounded once
///
/// which are the bits of `scale · float(sum)`, in one operation instead of two: conversions share their
/// execution ports with multiplications on some processors. `scale · value` is exact, since a scale has at
/// most 19 bits and the value two. (A scale that is an infinity gives a NaN, where the product would have
/// been an infinity or a NaN.)
@usableFromInline
enum SumBias {
  /// 1.5 · 2²³: in the middle of the floats whose unit in the last place is 1.
  @inlinable @inline(__always)
  static var value: Float { 12_582_912 }
  @inlinable @inline(__always)
  static var bits: Int32 { 0x4B40_0000 }
}
