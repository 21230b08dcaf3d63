/// `eˣ` in float32, with the same bits on every processor.
///
/// `x = n·ln 2 + r` with `|r| ≤ ln 2 / 2`; `eʳ ≈ 1 + r + r²·q(r)`, `q` of degree 4, minimax: within 2⁻²⁸ of
/// the value before rounding. Every step is exact or rounded once. Error below 1 unit in the last place.
/// Arguments are limited to −87…88, so the result is never 0, subnormal or infinite (not a number counts as
/// −87); `e⁰` is exactly 1.
public enum Exponential<Instructions: VectorInstructions> {
  @inlinable @inline(__always)
  public static func run(_ argument: Instructions.Floats) -> Instructions.Floats {
    typealias I = Instructions
    let x = I.minimum(I.maximum(argument, I.splat(Float(-87))), I.splat(Float(88)))
    // 1.5 · 2²³ + n: the addition rounds to an integer, and leaves it in the low bits.
    let shifted = I.multiplyAdd(x, I.splat(Float(1.442695040888963)), I.splat(Float(0x1.8p23)))
    let n = I.subtract(shifted, I.splat(Float(0x1.8p23)))
    // ln 2 in two parts, the first with so few bits that its product with n is exact.
    var r = I.multiplyAdd(n, I.splat(Float(-0.693145751953125)), x)
    r = I.multiplyAdd(n, I.splat(Float(-1.428606765330187e-6)), r)
    var polynomial = I.splat(Float(0.0013814540579915047))
    polynomial = I.multiplyAdd(polynomial, r, I.splat(Float(0.00836874544620514)))
    polynomial = I.multiplyAdd(polynomial, r, I.splat(Float(0.04166838899254799)))
    polynomial = I.multiplyAdd(polynomial, r, I.splat(Float(0.1666652113199234)))
    polynomial = I.multiplyAdd(polynomial, r, I.splat(Float(0.4999999403953552)))
    polynomial = I.multiplyAdd(polynomial, r, I.splat(Float(1)))
    polynomial = I.multiplyAdd(polynomial, r, I.splat(Float(1)))
    // Times 2ⁿ: n is added to the exponent.
    return I.floats(bits: I.add(I.bits(polynomial), I.shiftLeft(I.bits(shifted), by: 23)))
  }
}
