/// A trace, read from a file: tensors by their place in the computation.
package struct TraceFile: Sendable {
  package let metadata: TraceMetadata
  /// In the order of computation.
  package let points: [TracePoint]
  /// Tensors whose names are none of a trace, which are left aside.
  package let otherNames: [String]
  package var path: String { file.path }

  private let file: SafetensorsFile
  private let matrices: [TracePoint: (tensor: SafetensorsFile.Tensor, rowCount: Int, columnCount: Int)]

  package init(path: String) throws(SafetensorsError) {
    try self.init(try SafetensorsFile(path: path))
  }

  package init(_ file: SafetensorsFile) throws(SafetensorsError) {
    self.file = file
    do throws(SafetensorsError.Reason) {
      metadata = try TraceMetadata(file.metadata)
      var matrices: [TracePoint: (tensor: SafetensorsFile.Tensor, rowCount: Int, columnCount: Int)] = [:]
      var otherNames: [String] = []
      for tensor in file.tensors {
        guard let point = TracePoint(tensor.name) else {
          otherNames.append(tensor.name)
          continue
        }
        guard let (rowCount, columnCount) = Self.matrixShape(tensor.shape) else {
          throw .tensor(
            tensor.name,
            "has the shape \(tensor.shape), but must be [tokens, size]; one sequence, without padding")
        }
        matrices[point] = (tensor, rowCount, columnCount)
      }
      guard !matrices.isEmpty else { throw .noTrace }
      self.matrices = matrices
      self.otherNames = otherNames
      points = matrices.keys.sorted()
    } catch {
      throw SafetensorsError(file.path, error)
    }
  }

  /// [tokens, size], also as [size] of one row, with a batch of 1 in front, or with heads of their own.
  private static func matrixShape(_ shape: [Int]) -> (rowCount: Int, columnCount: Int)? {
    guard !shape.isEmpty, !shape.contains(0) else { return nil }
    guard shape.count > 1 else { return (1, shape[0]) }
    let matrix = shape.count > 2 && shape[0] == 1 ? shape.dropFirst() : shape[...]
    guard let rowCount = matrix.first, matrix.count <= 3 else { return nil }
    return (rowCount, matrix.dropFirst().reduce(1, *))
  }

  package func contains(_ point: TracePoint) -> Bool { matrices[point] != nil }

  /// Rows and columns; nil where the trace has no such tensor.
  package func size(of point: TracePoint) -> (rowCount: Int, columnCount: Int)? {
    matrices[point].map { ($0.rowCount, $0.columnCount) }
  }

  /// Some rows of a tensor; nil where the trace has no such tensor.
  ///
  /// - Requires: it has these rows.
  package func rows(_ rows: Range<Int>, of point: TracePoint) throws(SafetensorsError) -> TraceMatrix? {
    guard let (tensor, _, columnCount) = matrices[point] else { return nil }
    let elements = rows.lowerBound * columnCount..<rows.upperBound * columnCount
    return TraceMatrix(
      rowCount: rows.count, columnCount: columnCount, values: try file.floats(of: tensor, at: elements))
  }

  /// How the numbers of a tensor are stored: `F32`.
  package func storageType(of point: TracePoint) -> FloatType? {
    matrices[point].flatMap { FloatType(rawValue: $0.tensor.type) }
  }
}
