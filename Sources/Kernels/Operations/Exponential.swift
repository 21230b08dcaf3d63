/// `eˣ` in float32, with the same bits on every processor.
///
/// `x = n·ln 2 + r` with `|r| ≤ ln 2 / 2`; `eʳ` is its Taylor polynomial of degree 7 (remainder below 2⁻²⁷ of the
/// value); the exponent of the result is `n`. Every step is exact or rounded once. Error below 2 units in the last
/// place. Arguments are limited to −87…88, so the result is never 0, subnormal or infinite; `e⁰` is exactly 1.
public enum Exponential<Instructions: VectorInstructions> {
  @inlinable @inline(__always)
  public static func run(_ argument: Instructions.Floats) -> Instructions.Floats {
    typealias I = Instructions
    let x = I.minimum(I.maximum(argument, I.splat(Float(-87))), I.splat(Float(88)))
    let n = I.rounded(I.multiply(x, I.splat(Float(1.442695040888963))))
    let whole = I.floats(n)
    // ln 2 in two parts, the first with so few bits that its product with n is exact.
    var r = I.multiplyAdd(whole, I.splat(Float(-0.693145751953125)), x)
    r = I.multiplyAdd(whole, I.splat(Float(-1.428606765330187e-6)), r)
    var polynomial = I.splat(Float(1.0 / 5040))
    polynomial = I.multiplyAdd(polynomial, r, I.splat(Float(1.0 / 720)))
    polynomial = I.multiplyAdd(polynomial, r, I.splat(Float(1.0 / 120)))
    polynomial = I.multiplyAdd(polynomial, r, I.splat(Float(1.0 / 24)))
    polynomial = I.multiplyAdd(polynomial, r, I.splat(Float(1.0 / 6)))
    polynomial = I.multiplyAdd(polynomial, r, I.splat(Float(0.5)))
    polynomial = I.multiplyAdd(polynomial, r, I.splat(Float(1)))
    polynomial = I.multiplyAdd(polynomial, r, I.splat(Float(1)))
    let power = I.floats(bits: I.shiftLeft(I.add(n, I.splat(Int32(127))), by: 23))
    return I.multiply(polynomial, power)
  }
}
