import KernelSelection
import Kernels

/// Half the distance from 1 to the next float: what one rounding of a result of size 1 can change.
let unitRoundoff = 0x1p-24

extension SplitMix {
  /// Numbers between −1 and 1, times `scale`.
  mutating func floats(_ count: Int, scale: Float = 1) -> [Float] {
    (0..<count).map { _ in Float.random(in: -1...1, using: &self) * scale }
  }
}

extension Activations {
  /// A matrix of these values, row after row.
  convenience init(columnCount: Int, values: [Float]) {
    self.init(columnCount: columnCount, rowCount: values.count / columnCount)
    for (index, value) in values.enumerated() { unsafeElements[index] = value }
  }

  /// All values, row after row.
  var values: [Float] { (0..<rowCount).flatMap(row) }
}

extension [Float] {
  var bits: [UInt32] { map(\.bitPattern) }
}

/// All instruction sets of this processor on one thread; the fastest also on three.
func everyCompute() -> [(name: String, compute: Compute)] {
  let kernels = supportedKernels()
  return kernels.map { ($0.name, Compute(kernels: $0, workers: Workers(count: 1))) }
    + [("\(kernels[0].name), three threads", Compute(kernels: kernels[0], workers: Workers(count: 3)))]
}
