import KernelSelection
import Kernels

/// A multiply of 256 rows of 1,024 columns by 96 tokens, some times over, for counting its instructions: two
/// counts that differ by one multiply differ by its unpacking and its products.
enum OneMultiply {
  /// - Parameter words: a kernel set, a precision, a block format and how many multiplies.
  static func run(_ words: [String]) {
    guard words.count == 4, let kernels = supportedKernels().first(where: { $0.name == words[0] }),
      let precision = IntegerPrecision(rawValue: words[1]), let format = BlockFormat(rawValue: words[2]),
      let count = Int(words[3])
    else {
      print("not a kernel set of this processor, a precision, a block format and a number of multiplies")
      return
    }
    let problem = IntegerProblem(format, precision, rows: 256, columns: 1024, tokens: 96, seed: 1)
    let layout = kernels.activationLayout(tokenCount: 96, precision: precision)
    let size = QuantizedActivations.byteCount(
      tokenCount: 96, columnCount: 1024, precision: precision, layout: layout)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    let scratch = UnsafeMutableRawPointer.allocate(
      byteCount: IntegerMultiply.scratchByteCount(columnCount: 1024), alignment: 64)
    let activations = QuantizedActivations(
      address: memory, tokenCount: 96, columnCount: 1024, precision: precision, layout: layout)
    kernels.quantize(
      problem.activations, rowStride: 1024, tiles: 0..<activations.tileCount, into: activations)
    var output = [Float](repeating: 0, count: 96 * 256)
    problem.weights.withUnsafeBytes { bytes in
      guard let address = bytes.baseAddress,
        let matrix = QuantizedMatrix(address: address, format: format, rowCount: 256, columnCount: 1024)
      else { return }
      for _ in 0..<count {
        kernels.multiply(
          matrix, rows: 0..<256, by: activations, tiles: 0..<activations.tileCount, into: &output,
          outputStride: 256, next: UnsafeRawBufferPointer(start: nil, count: 0), scratch: scratch,
          unpackTimer: .off)
      }
    }
    print("\(words.joined(separator: " ")): \(output.reduce(0, +))")
  }
}
