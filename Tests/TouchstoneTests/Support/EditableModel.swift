import Foundation
import GGUF

/// A model of `testdata/`, read whole, to be changed in any way and written again.
struct EditableModel {
  struct Tensor {
    var name: String
    var type: TensorType
    /// Outermost dimension first.
    var shape: [Int]
    var bytes: [UInt8]
  }

  var metadata: Metadata
  var tensors: [Tensor]

  /// - Parameter name: of a file in `testdata/models`.
  init(_ name: String = "f32") throws {
    let path = DemoModelTests.testdata.appending(path: "models/\(name).gguf").path
    let file = try GGUFFile.open(path: path)
    metadata = file.metadata
    tensors = file.tensors.map { tensor in
      Tensor(
        name: tensor.name, type: tensor.type, shape: tensor.shape,
        bytes: file.withUnsafeBytes(of: tensor) { Array($0) })
    }
  }

  subscript(name: String) -> Tensor {
    get { tensors.first { $0.name == name }! }
    set { tensors[tensors.firstIndex { $0.name == name }!] = newValue }
  }

  mutating func add(_ name: String, _ shape: [Int], _ values: [Float]? = nil) {
    let count = shape.reduce(1, *)
    let values = values ?? (0..<count).map { Float($0 % 7) / 8 }
    tensors.append(
      Tensor(
        name: name, type: .f32, shape: shape,
        bytes: values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init) }))
  }

  /// The vocabulary's tokens as bytes.
  var tokens: [[UInt8]] {
    get throws {
      let strings = try metadata.array("tokenizer.ggml.tokens").flatStrings()
      return (0..<strings.count).map { Array(strings[$0]) }
    }
  }

  mutating func setTokens(_ tokens: [[UInt8]]) {
    metadata["tokenizer.ggml.tokens"] = .array(MetadataArray(tokens.map(RawString.init)))
  }

  /// Writes the file and hands out its path, which is gone afterwards.
  func withFile<Result>(_ body: (String) throws -> Result) throws -> Result {
    let files = TemporaryFiles()
    defer { withExtendedLifetime(files) {} }
    return try body(files.add(self))
  }

  func write(to path: String) throws {
    var writer = GGUFWriter()
    writer.metadata = metadata
    for tensor in tensors {
      try writer.addTensor(named: tensor.name, type: tensor.type, shape: tensor.shape)
    }
    var index = 0
    try writer.write(to: path) { _, output in
      try output.append(tensors[index].bytes)
      index += 1
    }
  }
}

/// Files that are gone with this value.
final class TemporaryFiles {
  private var paths: [String] = []

  deinit {
    for path in paths { try? FileManager.default.removeItem(atPath: path) }
  }

  func add(_ model: EditableModel) throws -> String {
    let path = FileManager.default.temporaryDirectory.appending(path: "edited-\(UUID().uuidString).gguf").path
    paths.append(path)
    try model.write(to: path)
    return path
  }
}

/// A string of any bytes, as a file may hold it.
struct RawString: MetadataElement {
  static var metadataType: MetadataType { .string }
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func encode(to output: inout [UInt8]) {
    UInt64(bytes.count).encode(to: &output)
    output += bytes
  }
}
