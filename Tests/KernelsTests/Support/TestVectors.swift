import KernelSelection
import Kernels

/// Half the distance from 1 to the next float: what one rounding of a result of size 1 can change.
let unitRoundoff = 0x1p-24

extension Activations {
  /// A matrix of these values, row after row.
  convenience init(columnCount: Int, values: [Float]) {
    self.init(columnCount: columnCount, rowCount: values.count / columnCount)
    for (index, value) in values.enumerated() { unsafeElements[index] = value }
  }

  /// All values, row after row.
  var values: [Float] { (0..<rowCount).flatMap(row) }
}

/// All instruction sets of this processor on one thread; the fastest also on three.
func everyCompute() -> [(name: String, compute: Compute)] {
  let kernels = supportedKernels()
  return kernels.map { ($0.name, Compute(kernels: $0, workers: Workers(count: 1))) }
    + [("\(kernels[0].name), three threads", Compute(kernels: kernels[0], workers: Workers(count: 3)))]
}
