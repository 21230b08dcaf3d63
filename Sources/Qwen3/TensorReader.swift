import GGUF
import Kernels

/// Finds tensors by name and checks that they have the shape and format that the engine needs.
struct TensorReader {
  let file: GGUFFile

  /// A matrix [rowCount, columnCount], where it lies in the mapped file.
  func matrix(_ name: String, _ rowCount: Int, _ columnCount: Int) throws(ModelError) -> WeightMatrix {
    let tensor = try tensor(name, shape: [rowCount, columnCount])
    return WeightMatrix(
      format: try blockFormat(of: tensor), rowCount: rowCount, columnCount: columnCount,
      bytes: file.unsafeBytes(of: tensor), factor: try factor(ofMatrix: name))
  }

  /// The number beside a matrix, `NAME.scale` beside `NAME.weight`, which llama.cpp multiplies products by; 1
  /// without one. Its converter writes it for NVFP4, whose own scales have a narrow range.
  private func factor(ofMatrix name: String) throws(ModelError) -> Float {
    guard name.hasSuffix(".weight") else { return 1 }
    let scaleName = String(name.dropLast("weight".count)) + "scale"
    guard file.tensorIfPresent(named: scaleName) != nil else { return 1 }
    return try vector(scaleName, 1)[0]
  }

  /// A vector of `count` numbers as float32, copied.
  func vector(_ name: String, _ count: Int) throws(ModelError) -> [Float] {
    let tensor = try tensor(name, shape: [count])
    let format = try blockFormat(of: tensor)
    return [Float](unsafeUninitializedCapacity: count) { values, initializedCount in
      format.dequantize(
        file.unsafeBytes(of: tensor).baseAddress.unsafelyUnwrapped, count: count,
        into: values.baseAddress.unsafelyUnwrapped)
      initializedCount = count
    }
  }

  /// The weights of a norm, which are never all 0: those of a download that was cut and filled up are.
  func norm(_ name: String, _ count: Int) throws(ModelError) -> [Float] {
    let weights = try vector(name, count)
    guard weights.contains(where: { $0 != 0 }) else { throw .zeroNorm(tensor: name) }
    return weights
  }

  /// One row of a matrix as float32, copied.
  func row(_ index: Int, of name: String, _ rowCount: Int, _ columnCount: Int) throws(ModelError) -> [Float] {
    let matrix = try matrix(name, rowCount, columnCount)
    return [Float](unsafeUninitializedCapacity: columnCount) { values, initializedCount in
      matrix.format.dequantize(
        matrix.unsafeRow(index), count: columnCount, into: values.baseAddress.unsafelyUnwrapped)
      for column in 0..<columnCount { values[column] *= matrix.factor }
      initializedCount = columnCount
    }
  }

  /// A tensor that is one row, [columnCount] or [1, columnCount], as float32, copied.
  func row(named name: String, _ columnCount: Int) throws(ModelError) -> [Float] {
    let isVector = file.tensorIfPresent(named: name)?.shape.count == 1
    return try isVector ? vector(name, columnCount) : row(0, of: name, 1, columnCount)
  }

  private func tensor(_ name: String, shape needed: [Int]) throws(ModelError) -> TensorInfo {
    let tensor: TensorInfo
    do { tensor = try file.tensor(named: name) } catch { throw .file(error) }
    guard tensor.shape == needed else {
      throw .shape(tensor: name, found: tensor.shape, needed: needed, because: "the model's configuration")
    }
    return tensor
  }

  private func blockFormat(of tensor: TensorInfo) throws(ModelError) -> BlockFormat {
    guard let format = BlockFormat(tensor.type) else {
      throw .format(tensor: tensor.name, found: tensor.type.name)
    }
    return format
  }
}

/// The names that llama.cpp's converter gives the tensors of a Qwen3 model.
enum TensorName {
  static let tokenEmbedding = "token_embd.weight"
  static let outputNorm = "output_norm.weight"
  /// [vocabularySize, hiddenSize]: of a model that predicts tokens, where it is not the embedding table.
  static let output = "output.weight"
  /// [labels, hiddenSize]: of a reranker.
  static let classifierOutput = "cls.output.weight"

  static func layer(_ index: Int, _ name: String) -> String { "blk.\(index).\(name).weight" }

  /// The number beside a matrix of a layer; see ``TensorReader``.
  static func factor(_ index: Int, _ name: String) -> String { "blk.\(index).\(name).scale" }
}
