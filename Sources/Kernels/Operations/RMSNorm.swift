/// `y[i] = x[i] · scale · weight[i]` with `scale = 1 / √(mean(x²) + epsilon)`, for each row of `count`
/// numbers.
///
/// The mean is an ``OrderedSum``; square root and division are correctly rounded; two roundings an element,
/// scale first, as transformers does. Rows may be parts of longer rows (the heads of a query): `stride`
/// floats lie between the starts of two. `output` may be `input`. Limited by memory.
public enum RMSNorm<Instructions: VectorInstructions> {
  @inlinable @inline(__always)
  public static func run(
    _ input: UnsafePointer<Float>, stride inputStride: Int, rowCount: Int, count: Int,
    weight: UnsafePointer<Float>, epsilon: Float,
    into output: UnsafeMutablePointer<Float>, stride outputStride: Int
  ) {
    var row = 0
    while row < rowCount {
      let x = input + row * inputStride
      let y = output + row * outputStride
      let meanSquare = OrderedSum<Instructions>.ofSquares(x, count: count) / Float(count)
      let scale = 1 / (meanSquare + epsilon).squareRoot()
      let scales = Instructions.splat(scale)
      let end = count - count % Instructions.laneCount
      var index = 0
      while index < end {
        let scaled = Instructions.multiply(Instructions.loadFloats(x + index), scales)
        Instructions.store(
          Instructions.multiply(scaled, Instructions.loadFloats(weight + index)), to: y + index)
        index += Instructions.laneCount
      }
      while index < count {
        y[index] = x[index] * scale * weight[index]
        index += 1
      }
      row += 1
    }
  }
}
