import KernelSelection
import Kernels
import TestSupport
import Testing

/// Each operation against its definition in float64, and the bits of all instruction sets against each other.
@Suite struct OperationTests {
  /// Counts around whole vectors, and the edges of everything below.
  static let counts = Array(1...70) + [127, 128, 1000, 1024]

  /// Whether all instruction sets give the same bits, which it returns.
  private func sameBits(_ comment: Comment, _ compute: (any KernelSet) -> [Float]) -> [Float] {
    let results = supportedKernels().map { ($0.name, compute($0)) }
    for (name, result) in results { #expect(result.bits == results[0].1.bits, "\(name), \(comment)") }
    return results[0].1
  }

  /// Of `count` numbers, n roundings of a sum of squares, then a division, a sum, a root (which halves) and a
  /// quotient, two products.
  @Test func rmsNorm() {
    var random = SeededGenerator(seed: 3)
    for count in Self.counts {
      let (x, weight) = (random.floats(3 * count, scale: 10), random.floats(count))
      let output = sameBits("\(count)") { kernels in
        var output = [Float](repeating: 7, count: 3 * count + 1)
        kernels.rmsNorm(
          x, stride: count, rowCount: 3, count: count, weight: weight, epsilon: 1e-6, into: &output,
          stride: count)
        #expect(output.removeLast() == 7)
        return output
      }
      for row in 0..<3 {
        let own = x[row * count..<(row + 1) * count].map(Double.init)
        let scale = 1 / (own.reduce(0) { $0 + $1 * $1 } / Double(count) + Double(Float(1e-6))).squareRoot()
        for column in 0..<count {
          let expected = own[column] * scale * Double(weight[column])
          let tolerance = (Double(count + 2) / 2 + 4) * unitRoundoff * abs(expected)
          #expect(abs(Double(output[row * count + column]) - expected) <= tolerance, "\(count)")
        }
      }
    }
  }

  /// All zeros stay zeros with their signs; squares may underflow, epsilon keeps the root from 0.
  @Test func rmsNormOfTinyNumbers() {
    let x: [Float] = [0, -0.0, 0x1p-133, -1e-30, 0, 0, 0, 0, 0]
    let output = sameBits("tiny") { kernels in
      var output = x
      let weight = [Float](repeating: 2, count: 9)
      kernels.rmsNorm(
        x, stride: 9, rowCount: 1, count: 9, weight: weight, epsilon: 1e-6, into: &output, stride: 9)
      return output
    }
    #expect(output[0].bitPattern == 0 && output[1].bitPattern == 0x8000_0000)
    #expect(abs(Double(output[3]) / -2e-27 - 1) < 1e-6)
  }

  @Test func residualAdd() {
    var random = SeededGenerator(seed: 4)
    for count in Self.counts {
      let (a, b) = (random.floats(count), random.floats(count, scale: 1e-3))
      let output = sameBits("\(count)") { kernels in
        var sum = a + [5]
        kernels.addResidual(b, to: &sum, count: count)
        #expect(sum.removeLast() == 5)
        return sum
      }
      #expect(output.bits == zip(a, b).map { ($0 + $1).bitPattern })
    }
  }

  /// Three roundings: of a product, of the sum with the other product, and half a unit of the cosine and sine
  /// each.
  @Test func rotaryEmbedding() {
    var random = SeededGenerator(seed: 5)
    for half in [1, 8, 20, 24, 40, 48, 64, 128] + Array(2...33) {
      let heads = random.floats(3 * 2 * half)
      let (cosines, sines) = (random.floats(half), random.floats(half))
      let output = sameBits("\(half)") { kernels in
        var output = heads + [9]
        kernels.rotate(&output, headCount: 3, half: half, cosines: cosines, sines: sines)
        #expect(output.removeLast() == 9)
        return output
      }
      for head in 0..<3 {
        for index in 0..<half {
          let first = head * 2 * half + index
          let (x, y) = (Double(heads[first]), Double(heads[first + half]))
          let (c, s) = (Double(cosines[index]), Double(sines[index]))
          let tolerance = 2 * unitRoundoff * (abs(x) + abs(y))
          #expect(abs(Double(output[first]) - (x * c - y * s)) <= tolerance)
          #expect(abs(Double(output[first + half]) - (y * c + x * s)) <= tolerance)
        }
      }
    }
  }

  /// e⁻ˣ within 2u, a sum, a quotient, a product: 5u of the value. For x below −88 the exponential is e⁸⁸,
  /// and the result smaller than 88·e⁻⁸⁷ in size anyway.
  @Test func swiGLU() {
    var random = SeededGenerator(seed: 6)
    let extremes: [Float] = [0, -0.0, 0x1p-149, -0x1p-149, 87, -87, 88, -88, 89, -89, 1e4, -1e4, 1e30, -1e30]
    for count in Self.counts {
      var gate = random.floats(count, scale: 30)
      for (index, value) in extremes.enumerated() where 3 * index < count { gate[3 * index] = value }
      let up = random.floats(count)
      let output = sameBits("\(count)") { kernels in
        var output = gate + [9]
        kernels.swiGLU(&output, up, count: count)
        #expect(output.removeLast() == 9)
        return output
      }
      for index in 0..<count {
        let x = Double(gate[index])
        let expected = x > -88 ? x / (1 + exponential(-x)) * Double(up[index]) : 0
        let tolerance = 5.01 * unitRoundoff * abs(expected) + (x > -88 ? 0 : abs(x) * 1e-38) + 1e-44
        #expect(abs(Double(output[index]) - expected) <= tolerance, "\(x)")
      }
    }
  }

  /// Tasks of a matrix are cut by rows; where does not matter.
  @Test func workersDoNotChangeBits() {
    var random = SeededGenerator(seed: 7)
    let (x, weight) = (random.floats(200 * 520), random.floats(520))
    var results: [[UInt32]] = []
    for (_, compute) in everyCompute() {
      let input = Activations(columnCount: 520, values: x)
      let output = Activations(columnCount: 520)
      compute.normalize(input, rows: 1..<200, weight: weight, epsilon: 1e-6, into: output)
      compute.normalizeHeads(output, weight: Array(weight[..<40]), epsilon: 1e-6)
      let table = RotaryTable(headDimension: 40, theta: 1e4)
      table.extend(to: 200)
      compute.rotate(output, positions: Array(1..<200), table: table)
      compute.activate(output, with: output)
      compute.add(output, to: input, rows: 1..<200)
      results.append(input.values.bits)
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }
}
