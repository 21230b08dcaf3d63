import KernelSelection
import Kernels
import Touchstone

/// What the machine can do at most, measured now, with as many threads as the benchmark uses.
package struct MachinePeaks: Sendable, Equatable {
  /// Multiplications and additions of float32 a second, fused.
  package let floatOperations: Double
  /// Multiplications and additions of bytes a second, by the dot product of the instruction set in use.
  package let dotOperations: Double
  /// Multiplications and additions of bytes a second in matrix registers; nil where they are not used.
  package let tileOperations: Double?
  /// Bytes a second, read from memory.
  package let memoryBytes: Double

  package init(
    floatOperations: Double, dotOperations: Double, tileOperations: Double?, memoryBytes: Double
  ) {
    self.floatOperations = floatOperations
    self.dotOperations = dotOperations
    self.tileOperations = tileOperations
    self.memoryBytes = memoryBytes
  }
}

extension MachinePeaks {
  /// Measures for about half a second.
  package static func measured(kernels: any KernelSet, threadCount: Int) -> MachinePeaks {
    let workers = Workers(count: threadCount)
    return MachinePeaks(
      floatOperations: operationsPerSecond(workers, kernels.peakMultiplyAdds),
      dotOperations: operationsPerSecond(workers, kernels.peakDots),
      tileOperations: tileOperationsPerSecond(workers, kernels),
      memoryBytes: bytesPerSecond(workers, kernels))
  }

  private static func tileOperationsPerSecond(_ workers: Workers, _ kernels: any KernelSet) -> Double? {
    func operations(_ iterations: Int) -> Int? {
      withUnsafeTemporaryAllocation(byteCount: peakTileScratchByteCount, alignment: 64) { scratch in
        kernels.peakTileDots(iterations, scratch: scratch.baseAddress.unsafelyUnwrapped)
      }
    }
    guard operations(1) != nil else { return nil }
    return operationsPerSecond(workers) { iterations, _ in operations(max(1, iterations / 256)) ?? 0 }
  }

  /// The best of ten runs of ten milliseconds or more: long beside the start of a thread, short beside the
  /// slices in which an operating system gives processors away.
  private static func operationsPerSecond(
    _ workers: Workers, _ loop: (_ iterations: Int, _ values: UnsafeMutablePointer<Float>) -> Int
  ) -> Double {
    var iterations = 1 << 14
    var best = 0.0
    var longRuns = 0
    while longRuns < 10 {
      let (operations, seconds) = run(workers) { values in loop(iterations, values) }
      best = max(best, Double(operations) / seconds)
      if seconds < 0.01 { iterations *= 2 } else { longRuns += 1 }
    }
    return best
  }

  /// Calls `body` once on each worker.
  private static func run(
    _ workers: Workers, _ body: (UnsafeMutablePointer<Float>) -> Int
  ) -> (operations: Int, seconds: Double) {
    let count = peakLoopFloatCount
    let values = UnsafeMutablePointer<Float>.allocate(capacity: workers.count * count)
    defer { values.deallocate() }
    // Below 1, so that chains of multiply-adds neither overflow nor become subnormal.
    for index in 0..<workers.count * count { values[index] = 0.5 + 0.25 / Float(1 + index % count) }
    let operations = UnsafeMutablePointer<Int>.allocate(capacity: workers.count)
    defer { operations.deallocate() }
    operations.initialize(repeating: 0, count: workers.count)
    let seconds = Stopwatch.seconds {
      workers.forEach(workers.count) { item, _ in operations[item] = body(values + item * count) }
    }
    return ((0..<workers.count).reduce(0) { $0 + operations[$1] }, seconds)
  }

  /// The best of four passes over more memory than caches hold.
  private static func bytesPerSecond(_ workers: Workers, _ kernels: any KernelSet) -> Double {
    let pieceByteCount = 1 << 22
    let pieceCount = 64
    let memory = UnsafeMutableRawPointer.allocate(byteCount: pieceCount * pieceByteCount, alignment: 4096)
    defer { memory.deallocate() }
    workers.forEach(pieceCount) { piece, _ in
      (memory + piece * pieceByteCount).initializeMemory(as: UInt8.self, repeating: 1, count: pieceByteCount)
    }
    let seconds = (0..<4).map { _ in
      Stopwatch.seconds {
        workers.forEach(pieceCount) { piece, _ in
          withUnsafeTemporaryAllocation(of: Float.self, capacity: peakLoopFloatCount) { values in
            kernels.peakRead(
              memory + piece * pieceByteCount, byteCount: pieceByteCount, values.baseAddress.unsafelyUnwrapped
            )
          }
        }
      }
    }
    return Double(pieceCount * pieceByteCount) / (seconds.min() ?? .infinity)
  }
}

extension MachinePeaks {
  /// Bytes a second read again and again from `byteCount` bytes, shared out among the threads: the best of
  /// ten runs of some milliseconds.
  package static func bandwidth(kernels: any KernelSet, threadCount: Int, byteCount: Int) -> Double {
    let workers = Workers(count: threadCount)
    let pieceByteCount = max(4096, byteCount / threadCount / 4096 * 4096)
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: threadCount * pieceByteCount, alignment: 4096)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 1, count: threadCount * pieceByteCount)
    let rounds = max(1, (64 << 20) / pieceByteCount)
    let seconds = (0..<10).map { _ in
      Stopwatch.seconds {
        workers.forEach(threadCount) { piece, _ in
          withUnsafeTemporaryAllocation(of: Float.self, capacity: peakLoopFloatCount) { values in
            for _ in 0..<rounds {
              kernels.peakRead(
                memory + piece * pieceByteCount, byteCount: pieceByteCount,
                values.baseAddress.unsafelyUnwrapped)
            }
          }
        }
      }
    }
    return Double(threadCount * pieceByteCount * rounds) / (seconds.min() ?? .infinity)
  }
}
