import Foundation
import Kernels
import TestSupport
import Testing

@Suite struct RotaryTableTests {
  /// A head of (1, 0) pairs shows the table: it becomes (cosines, sines).
  private func table(_ half: Int, theta: Float, positions: [Int]) -> Activations {
    let table = RotaryTable(headDimension: 2 * half, theta: theta)
    table.extend(to: positions.max()! + 1)
    let pairs = [Float](repeating: 1, count: half) + [Float](repeating: 0, count: half)
    let heads = Activations(columnCount: 2 * half, values: positions.flatMap { _ in pairs })
    everyCompute()[0].compute.rotate(heads, positions: positions, table: table)
    return heads
  }

  /// The angle is rounded to float32 as transformers does it; from there on one rounding. The frequencies, by
  /// libm in float64, may differ from ours in the last place of a float32, so an angle by 2 · 2⁻²⁴ of itself.
  @Test(arguments: [(64, 1e6), (20, 1e4), (1, 1e6), (128, 500.0)])
  func cosinesAndSines(half: Int, theta: Float) {
    let positions = [0, 1, 2, 3, 100, 511, 4095, 32767, 40959]
    let heads = table(half, theta: theta, positions: positions)
    for (row, position) in positions.enumerated() {
      for index in 0..<half {
        let exponent = Float(2 * index) / Float(2 * half)
        let frequency = 1 / Float(pow(Double(theta), Double(exponent)))
        let angle = Double(Float(position) * frequency)
        let tolerance = unitRoundoff * (1 + 4 * angle) + 1e-12
        #expect(abs(Double(heads.row(row)[index]) - cos(angle)) <= tolerance, "\(position), \(index)")
        #expect(abs(Double(heads.row(row)[half + index]) - sin(angle)) <= tolerance, "\(position), \(index)")
      }
    }
  }

  @Test func positionZeroDoesNotTurn() {
    let row = table(8, theta: 1e6, positions: [0]).row(0)
    #expect(row == [Float](repeating: 1, count: 8) + [Float](repeating: 0, count: 8))
  }

  /// A table that grows keeps what it had.
  @Test func growing() {
    let table = RotaryTable(headDimension: 16, theta: 1e6)
    let whole = RotaryTable(headDimension: 16, theta: 1e6)
    whole.extend(to: 9000)
    for count in [1, 2, 3, 100, 5000, 9000] { table.extend(to: count) }
    #expect(table.positionCount >= 9000)
    let compute = everyCompute()[0].compute
    var random = SeededGenerator(seed: 8)
    let values = random.floats(16 * 9000)
    let (a, b) = (Activations(columnCount: 16, values: values), Activations(columnCount: 16, values: values))
    compute.rotate(a, positions: Array(0..<9000), table: table)
    compute.rotate(b, positions: Array(0..<9000), table: whole)
    #expect(a.values.bits == b.values.bits)
  }
}
