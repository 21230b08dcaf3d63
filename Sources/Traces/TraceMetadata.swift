import ForeignText
import JSON
import Qwen3
import Touchstone

/// What a trace says of itself, as strings in the header of its file. Another program's trace may leave out
/// any of it.
package struct TraceMetadata: Equatable, Sendable {
  /// What wrote it: `touchstone 0.1.0`.
  package var engine: String?
  package var precision: TracePrecision?
  package var tokenIDs: [Int32]?
  package var pooling: String?
  package var shape: Shape?
  /// Everything else, as it is: names of files, hashes, options.
  package var others: [String: String] = [:]

  /// The sizes that it takes to understand a row.
  package struct Shape: Equatable, Sendable {
    package var layerCount: Int
    package var hiddenSize: Int
    package var feedForwardSize: Int
    package var headCount: Int
    package var keyValueHeadCount: Int
    package var headDimension: Int
    package var ropeTheta: Float

    package init(_ c: ModelConfiguration) {
      layerCount = c.layerCount
      hiddenSize = c.hiddenSize
      feedForwardSize = c.feedForwardSize
      headCount = c.headCount
      keyValueHeadCount = c.keyValueHeadCount
      headDimension = c.headDimension
      ropeTheta = c.ropeTheta
    }
  }

  package init() {}
}

extension TraceMetadata {
  /// `bidirectional` where tokens see what comes after them.
  static let attentionKey = "attention"
  /// How the rotation is scaled: `linear 4.0`, `yarn 4.0`. Not there: not at all.
  static let scalingKey = "rope_scaling"
  static let versionKey = "trace"
  static let version = "1"

  /// For the header of a file, in a fixed order.
  package var entries: [(key: String, value: String)] {
    var entries = [(key: Self.versionKey, value: Self.version)]
    func add(_ key: String, _ value: String?) {
      if let value { entries.append((key, value)) }
    }
    add("engine", engine)
    add("precision", precision?.rawValue)
    add("token_ids", tokenIDs.map { "[\($0.map(String.init).joined(separator: ","))]" })
    add("pooling", pooling)
    for (key, path) in Self.sizes { add(key, shape.map { String($0[keyPath: path]) }) }
    add("rope_theta", shape?.ropeTheta.description)
    for (key, value) in others.sorted(by: { $0.key < $1.key }) { add(key, value) }
    return entries
  }

  private static var sizes: [(String, WritableKeyPath<Shape, Int>)] {
    [
      ("layer_count", \.layerCount), ("hidden_size", \.hiddenSize), ("feed_forward_size", \.feedForwardSize),
      ("head_count", \.headCount), ("key_value_head_count", \.keyValueHeadCount),
      ("head_dimension", \.headDimension),
    ]
  }

  /// - Throws: where a value that is there is not what its key promises.
  package init(_ strings: [String: String]) throws(SafetensorsError.Reason) {
    var rest = strings
    if let version = rest.removeValue(forKey: Self.versionKey), !version.hasBytes(of: Self.version) {
      throw .metadata(
        Self.versionKey, "is \(version.quoted(limit: 20)), but this program reads version \(Self.version)")
    }
    engine = rest.removeValue(forKey: "engine")
    if let name = rest.removeValue(forKey: "precision") {
      guard let known = TracePrecision.allCases.first(where: { name.hasBytes(of: $0.rawValue) }) else {
        let names = TracePrecision.allCases.map(\.rawValue).joined(separator: ", ")
        throw .metadata("precision", "is \(name.quoted(limit: 20)), but must be one of \(names)")
      }
      precision = known
    }
    if let text = rest.removeValue(forKey: "token_ids") { tokenIDs = try Self.tokenIDs(text) }
    pooling = rest.removeValue(forKey: "pooling")
    shape = try Self.shape(&rest)
    others = rest
  }

  private static func tokenIDs(_ text: String) throws(SafetensorsError.Reason) -> [Int32] {
    guard let value = try? JSONParser.parse(Array(text.utf8)), case .array(let elements) = value else {
      throw .metadata("token_ids", "is not a JSON array of whole numbers")
    }
    var ids: [Int32] = []
    for element in elements {
      guard case .number(let digits) = element, let id = Int32(digits) else {
        throw .metadata("token_ids", "is not a JSON array of whole numbers")
      }
      ids.append(id)
    }
    return ids
  }

  /// All of the sizes, or nil where one is missing.
  private static func shape(_ rest: inout [String: String]) throws(SafetensorsError.Reason) -> Shape? {
    var shape = Shape(
      layerCount: 0, hiddenSize: 0, feedForwardSize: 0, headCount: 0, keyValueHeadCount: 0, headDimension: 0,
      ropeTheta: 0)
    var isComplete = true
    for (key, path) in sizes {
      guard let text = rest.removeValue(forKey: key) else {
        isComplete = false
        continue
      }
      guard let number = Int(text), (1...1 << 24).contains(number) else {
        throw .metadata(key, "is \(text.quoted(limit: 20)), but must be a whole number from 1")
      }
      shape[keyPath: path] = number
    }
    if let text = rest.removeValue(forKey: "rope_theta") {
      guard let theta = Float(text), theta.isFinite, theta >= 1 else {
        throw .metadata("rope_theta", "is \(text.quoted(limit: 20)), but must be a number from 1")
      }
      shape.ropeTheta = theta
    } else {
      isComplete = false
    }
    guard isComplete else { return nil }
    guard shape.headDimension % 2 == 0, shape.headCount % shape.keyValueHeadCount == 0 else {
      throw .metadata("head_count", "does not fit key_value_head_count, or head_dimension is odd")
    }
    return shape
  }
}

extension TraceMetadata.Shape {
  init(
    layerCount: Int, hiddenSize: Int, feedForwardSize: Int, headCount: Int, keyValueHeadCount: Int,
    headDimension: Int, ropeTheta: Float
  ) {
    self.layerCount = layerCount
    self.hiddenSize = hiddenSize
    self.feedForwardSize = feedForwardSize
    self.headCount = headCount
    self.keyValueHeadCount = keyValueHeadCount
    self.headDimension = headDimension
    self.ropeTheta = ropeTheta
  }

  package var querySize: Int { headCount * headDimension }
}
