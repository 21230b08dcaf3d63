import Kernels
import Touchstone

/// The arithmetic of a stage and the bytes that it must move: the two coordinates of a roofline.
package struct KernelWork: Sendable, Equatable {
  package enum Unit: String, Sendable {
    /// Fused multiply-adds of float32.
    case float
    /// Dot products of bytes, in vectors or in matrix registers.
    case integer
  }

  package var unit = Unit.float
  /// Multiplications and additions. Those of a multiply with 16-bit activations are counted twice: it needs
  /// two products of bytes for each.
  package var operations = 0.0
  /// Weights as the file has them, inputs and outputs, each once.
  package var bytes = 0.0

  package init(unit: Unit = .float) { self.unit = unit }

  /// - Parameters:
  ///   - keyValueColumns: the width of the keys in the same layer.
  init(_ stage: TimelineStage, keyValueColumns: Int) {
    let count = Double(stage.rows * stage.columns)
    switch stage.operation {
    case .multiply:
      let isInteger = stage.work.dotOperations > 0
      unit = isInteger ? .integer : .float
      operations = Double(stage.work.dotOperations + stage.work.floatOperations)
      let inputBytes = isInteger ? (stage.precision == .i16 ? 2.0 : 1.0) : 4.0
      bytes =
        Double(stage.work.weightBytes) + count * inputBytes
        + 4 * Double(stage.rows * Self.outputColumns(of: stage))
    case .attend:
      unit = stage.precision == .i8 ? .integer : .float
      operations = Double(stage.work.floatOperations)
      bytes = 8 * count + 8 * Double(stage.rows * keyValueColumns)
    // Counted from the formulas: a square, a sum, two factors; a turn is four products and two sums for two
    // numbers; an exponential is ten steps.
    case .normalize, .normalizeHeads: (operations, bytes) = (4 * count, 8 * count)
    case .rotate: (operations, bytes) = (3 * count, 8 * count)
    case .activate: (operations, bytes) = (14 * count, 12 * count)
    case .add: (operations, bytes) = (count, 12 * count)
    case .quantize:
      (operations, bytes) = (3 * count, (4 + (stage.precision == .i16 ? 2 : 1)) * count)
    case .scale: (operations, bytes) = (count, 8 * count)
    case .lookUp, .store, .other: break
    }
  }

  /// The rows of all weight matrices of a multiply together.
  static func outputColumns(of stage: TimelineStage) -> Int {
    let inner = 2 * stage.rows * stage.columns
    guard inner > 0 else { return 0 }
    let factor = stage.precision == .i16 ? 2 : 1
    return stage.work.dotOperations / (inner * factor) + stage.work.floatOperations / inner
  }

  package var intensity: Double { bytes > 0 ? operations / bytes : 0 }
}

extension Recording {
  /// By stage.
  package var kernelWork: [KernelWork] {
    var keyValueColumns = 0
    return stages.map { stage in
      if stage.operation == .store { keyValueColumns = stage.columns }
      return KernelWork(stage, keyValueColumns: keyValueColumns)
    }
  }
}
