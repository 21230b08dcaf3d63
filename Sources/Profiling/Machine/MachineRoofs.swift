import KernelSelection
import Kernels
import Touchstone
import Workbench

/// What this machine can do at most: the roofs of a roofline. Measured with as many threads as compute.
package struct MachineRoofs: Sendable, Equatable {
  /// Of the instruction set in use.
  package var peaks: MachinePeaks
  package var kernels: String
  /// Of the fastest instruction set that this processor runs; the same where that one is in use.
  package var fastest: MachinePeaks
  package var fastestKernels: String
  /// Bytes a second read from a working set of so many bytes, over all threads; sizes ascend.
  package var bandwidths: [Bandwidth]

  package struct Bandwidth: Sendable, Equatable {
    package var bytes: Int
    package var bytesPerSecond: Double

    package init(bytes: Int, bytesPerSecond: Double) {
      self.bytes = bytes
      self.bytesPerSecond = bytesPerSecond
    }
  }

  package init(
    peaks: MachinePeaks, kernels: String, fastest: MachinePeaks, fastestKernels: String,
    bandwidths: [Bandwidth]
  ) {
    self.peaks = peaks
    self.kernels = kernels
    self.fastest = fastest
    self.fastestKernels = fastestKernels
    self.bandwidths = bandwidths
  }

  /// Operations a second that no kernel of the instruction set in use can exceed.
  package func peak(_ unit: KernelWork.Unit) -> Double { Self.peak(unit, peaks) }
  package func fastestPeak(_ unit: KernelWork.Unit) -> Double { Self.peak(unit, fastest) }

  private static func peak(_ unit: KernelWork.Unit, _ peaks: MachinePeaks) -> Double {
    switch unit {
    case .float: peaks.floatOperations
    // Integers of attention are finished in floats, so the higher of the two is the roof.
    case .integer: max(peaks.tileOperations ?? 0, peaks.dotOperations, peaks.floatOperations)
    }
  }

  /// The most bytes a second for a kernel that touches `byteCount`: as measured with the largest working set
  /// that is not larger, since a smaller one is faster.
  package func bandwidth(forBytes byteCount: Double) -> Double {
    (bandwidths.last { Double($0.bytes) <= byteCount } ?? bandwidths.first)?.bytesPerSecond ?? .infinity
  }

  /// The most operations a second at an intensity.
  package func roof(_ work: KernelWork, callBytes: Double) -> Double {
    min(peak(work.unit), work.intensity * bandwidth(forBytes: callBytes))
  }
}

extension MachineRoofs {
  /// Measures for about two seconds.
  package static func measured(kernels: any KernelSet, threadCount: Int) -> MachineRoofs {
    let peaks = MachinePeaks.measured(kernels: kernels, threadCount: threadCount)
    let best = supportedKernels()[0]
    let fastest =
      best.name == kernels.name ? peaks : MachinePeaks.measured(kernels: best, threadCount: threadCount)
    // Loads are those of the processor, whatever the kernels in use.
    let sizes = [1 << 14, 1 << 18, 1 << 21, 1 << 24].map { $0 * threadCount }
    var bandwidths = sizes.map {
      Bandwidth(
        bytes: $0,
        bytesPerSecond: MachinePeaks.bandwidth(kernels: best, threadCount: threadCount, byteCount: $0))
    }
    bandwidths.append(
      Bandwidth(bytes: 1 << 28, bytesPerSecond: max(peaks.memoryBytes, fastest.memoryBytes)))
    // What a larger working set reaches, a smaller one does too.
    for index in bandwidths.indices.dropLast().reversed() {
      bandwidths[index].bytesPerSecond = max(
        bandwidths[index].bytesPerSecond, bandwidths[index + 1].bytesPerSecond)
    }
    bandwidths.sort { $0.bytes < $1.bytes }
    return MachineRoofs(
      peaks: peaks, kernels: kernels.name, fastest: fastest, fastestKernels: best.name,
      bandwidths: bandwidths)
  }
}

extension MachineRoofs {
  /// Of the kernels in use; nil where none can be used.
  package static func measured(threadCount: Int) -> MachineRoofs? {
    (try? selectKernels()).map { measured(kernels: $0, threadCount: threadCount) }
  }
}
