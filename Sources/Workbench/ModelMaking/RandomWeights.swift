import GGUF
import Kernels
import Touchstone

/// Makes the weights of tensors, on all workers, in pieces that are small whatever the tensor's size.
struct RandomWeights {
  let seed: UInt64
  let workers: Workers

  /// About this much is made by one generator. Part of the definition of a file's bytes.
  private static let pieceByteCount = 1 << 20

  /// Writes the tensor's bytes.
  ///
  /// - Parameters:
  ///   - index: the tensor's number in its file.
  ///   - didWrite: called with the number of weights written since the last call; what it throws ends the
  ///     work.
  func write(
    _ tensor: SyntheticTensor, index: Int, to output: inout TensorOutput, didWrite: (Int) throws -> Void
  ) throws {
    let rowCount = tensor.valueCount / tensor.rowLength
    let rowByteCount = tensor.format.byteCount(ofValues: tensor.rowLength)
    let rowsPerPiece = max(1, Self.pieceByteCount / rowByteCount)
    let pieceCount = (rowCount + rowsPerPiece - 1) / rowsPerPiece
    let piecesPerRound = min(pieceCount, 4 * workers.count)
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: piecesPerRound * rowsPerPiece * rowByteCount, alignment: 64)
    defer { memory.deallocate() }

    for first in stride(from: 0, to: pieceCount, by: piecesPerRound) {
      let rows = first * rowsPerPiece..<min(rowCount, (first + piecesPerRound) * rowsPerPiece)
      let pieces = min(piecesPerRound, pieceCount - first)
      workers.forEach(pieces) { piece, _ in
        let start = piece * rowsPerPiece
        fill(
          memory.baseAddress.unsafelyUnwrapped + start * rowByteCount, tensor,
          count: min(rowsPerPiece, rows.count - start) * tensor.rowLength,
          // A tensor of 2³² pieces would be one of petabytes.
          part: UInt64(index) << 32 | UInt64(first + piece))
      }
      try output.append(unsafeBytes: UnsafeRawBufferPointer(rebasing: memory[..<(rows.count * rowByteCount)]))
      try didWrite(rows.count * tensor.rowLength)
    }
  }

  private func fill(_ target: UnsafeMutableRawPointer, _ tensor: SyntheticTensor, count: Int, part: UInt64) {
    var generator = SplitMix64(seed: seed, part: part)
    tensor.format.fillRandom(
      target, count: count, standardDeviation: tensor.standardDeviation, using: &generator)
    guard tensor.mean != 0 else { return }
    let values = target.assumingMemoryBound(to: Float.self)
    for index in 0..<count { values[index] += tensor.mean }
  }
}

/// A small random generator whose numbers are the same everywhere (Steele, Lea and Flood, "Fast splittable
/// pseudorandom number generators", 2014).
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  /// A generator for one part of a larger whole: parts can be made in any order, by any thread.
  package init(seed: UInt64, part: UInt64) {
    var mixer = SplitMix64(seed: seed)
    self.init(seed: mixer.next() ^ part)
    state = next()
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
