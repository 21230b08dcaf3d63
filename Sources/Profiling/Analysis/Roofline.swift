import Kernels
import Touchstone

/// A kernel as a point under the machine's roofs.
package struct RooflinePoint: Sendable, Equatable {
  package var name: KernelName
  /// Of all its stages together.
  package var work: KernelWork
  /// Wall time of all its stages, all workers at work or waiting.
  package var seconds: Double
  package var calls: Int

  package var operationsPerSecond: Double { seconds > 0 ? work.operations / seconds : 0 }
  package var bytesPerSecond: Double { seconds > 0 ? work.bytes / seconds : 0 }
  package var bytesPerCall: Double { work.bytes / Double(max(1, calls)) }

  /// The roof above the point.
  package func roof(_ roofs: MachineRoofs) -> Double { roofs.roof(work, callBytes: bytesPerCall) }
  /// Whether memory, and not arithmetic, is that roof.
  package func isUnderMemory(_ roofs: MachineRoofs) -> Bool { roof(roofs) < roofs.peak(work.unit) }
  package func shareOfRoof(_ roofs: MachineRoofs) -> Double { operationsPerSecond / roof(roofs) }
}

extension Recording {
  /// A point for each kernel that computes, the one of most time first.
  package var rooflinePoints: [RooflinePoint] {
    var points: [KernelName: RooflinePoint] = [:]
    for (stage, (name, work)) in zip(stages, zip(kernelNames, kernelWork)) where work.operations > 0 {
      var point =
        points[name]
        ?? RooflinePoint(name: name, work: KernelWork(unit: work.unit), seconds: 0, calls: 0)
      point.work.operations += work.operations
      point.work.bytes += work.bytes
      point.seconds += Double(stage.end - stage.start) / 1e9
      point.calls += 1
      points[name] = point
    }
    return points.values.sorted { ($0.seconds, $0.name.rawValue) > ($1.seconds, $1.name.rawValue) }
  }

  /// Nanoseconds of each kind of stage in each layer, of one pass in the mean; a last row for what belongs to
  /// no layer.
  package var stagesByLayer: [LayerTimes] {
    let count = (stages.compactMap(\.layer).max() ?? -1) + 1
    var rows = (0..<count).map { LayerTimes(layer: $0) } + [LayerTimes(layer: nil)]
    for (stage, name) in zip(stages, kernelNames) {
      rows[stage.layer ?? count].nanoseconds[name, default: 0] +=
        Double(stage.end - stage.start) / Double(max(1, passes.count))
    }
    return rows
  }
}

/// The time of a layer's kernels.
package struct LayerTimes: Sendable, Equatable {
  package var layer: Int?
  package var nanoseconds: [KernelName: Double] = [:]

  package var sum: Double { nanoseconds.values.reduce(0, +) }
}
