import GGUF
import JSON
import TestModels
import Touchstone
import Traces

/// A file in memory that takes bytes at any place.
final class MemoryOutput: PositionedOutput {
  private(set) var bytes: [UInt8] = []

  func write(_ new: [UInt8], at offset: Int) {
    if bytes.count < offset + new.count {
      bytes += [UInt8](repeating: 0, count: offset + new.count - bytes.count)
    }
    bytes.replaceSubrange(offset..<offset + new.count, with: new)
  }
}

/// A trace whose tensors a test can change before it is read.
struct TraceBytes {
  var metadata: [String: String]
  var tensors: [(point: TracePoint, matrix: TraceMatrix)]

  /// The trace of a real pass.
  init(
    _ model: EmbeddingModel, _ ids: [Int32], activations: ActivationPrecision = .f32,
    selection: TraceSelection = .all
  ) throws {
    let output = MemoryOutput()
    try TraceRecorder(model, ids, options: TestModels.options(activations), selection: selection)
      .write(to: output)
    let file = try SafetensorsFile(ByteStorage(copying: output.bytes))
    let trace = try TraceFile(file)
    metadata = file.metadata
    tensors = try trace.points.map { point in
      let rowCount = trace.size(of: point)?.rowCount ?? 0
      return (point, try trace.rows(0..<rowCount, of: point)!)
    }
  }

  subscript(point: TracePoint) -> TraceMatrix {
    get { tensors.first { $0.point == point }!.matrix }
    set {
      let index = tensors.firstIndex { $0.point == point }!
      tensors[index].matrix = newValue
    }
  }

  func file() throws -> TraceFile {
    let layout = SafetensorsLayout(
      tensors.map {
        .init(name: "\($0.point)", rowCount: $0.matrix.rowCount, columnCount: $0.matrix.columnCount)
      },
      metadata: metadata.map { (key: $0.key, value: $0.value) })
    let output = MemoryOutput()
    output.write(layout.header, at: 0)
    for (point, matrix) in tensors {
      output.write(matrix.values.littleEndianBytes, at: layout.offset(of: "\(point)", row: 0)!)
    }
    return try TraceFile(SafetensorsFile(ByteStorage(copying: output.bytes, path: "trace")))
  }
}
