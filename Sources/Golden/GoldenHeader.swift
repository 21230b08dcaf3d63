import ForeignText
import Hashing
import JSON
import Touchstone

/// The first line of a golden set: how its vectors were made.
package struct GoldenHeader: Equatable, Sendable {
  package static let formatVersion = 1

  package var fingerprintID: String
  package var fingerprint: Fingerprint
  /// The task of queries; nil for documents.
  package var task: String?
  package var weights: WeightsIdentity
  package var engineVersion: String

  package init(
    _ source: FingerprintSource, role: EmbeddingRole
  ) throws(TouchstoneError) {
    fingerprint = try source.fingerprint(role)
    fingerprintID = fingerprint.id
    task =
      switch role {
      case .document: nil
      case .query(let task): task
      }
    weights = source.identity
    engineVersion = EngineInformation.current.version
  }

  package var role: EmbeddingRole { task.map(EmbeddingRole.query(task:)) ?? .document }

  /// The options that make these vectors.
  package var options: EmbeddingOptions {
    var options = EmbeddingOptions()
    options.activations = fingerprint.activations
    options.dimensions = fingerprint.dimensions
    options.pooling = fingerprint.pooling
    options.normalization = fingerprint.normalization
    options.maximumTokens = fingerprint.cut?.maximumTokens
    options.truncation = fingerprint.cut?.side ?? .error
    return options
  }
}

extension GoldenHeader {
  package var json: JSONValue {
    let f = fingerprint
    return .object([
      .init("golden", .number(Self.formatVersion)),
      .init("fingerprint", .string(fingerprintID)),
      .init("weightsSHA256", .string(f.weightsSHA256)),
      .init("arithmetic", .number(f.arithmeticVersion)),
      .init("activations", .string(f.activations.rawValue)),
      .init("pooling", .string(f.pooling.rawValue)),
      .init("endOfText", f.endOfText.map { .number(Int($0)) } ?? .null),
      .init("instruct", task.map(JSONValue.string) ?? .null),
      .init("dimensions", .number(f.dimensions)),
      .init("normalization", .string(f.normalization.rawValue)),
      .init("truncation", .string((f.cut?.side ?? .error).rawValue)),
      .init("maxTokens", (f.cut?.maximumTokens).map(JSONValue.number) ?? .null),
      .init("model", .string(weights.fileName)),
      .init("weightsBytes", .number(weights.byteCount)),
      .init("engine", .string("touchstone \(engineVersion)")),
    ])
  }

  package init(_ json: JSONValue) throws(GoldenFileError) {
    let line = JSONFields(json)
    let version = try line.integer("golden")
    guard version == Self.formatVersion else { throw .version(found: version) }
    let side: Truncation = try line.choice("truncation")
    let cut = try side == .error ? nil : Fingerprint.Cut(side: side, maximumTokens: line.integer("maxTokens"))
    let endOfText = if case .null? = json["endOfText"] { Int?.none } else { try line.integer("endOfText") }
    task = try line.textIfPresent("instruct")
    fingerprint = Fingerprint(
      weightsSHA256: try line.string("weightsSHA256"), arithmeticVersion: try line.integer("arithmetic"),
      activations: try line.choice("activations"), pooling: try line.choice("pooling"),
      endOfText: endOfText.map(Int32.init(clamping:)),
      prefix: (task.map(EmbeddingRole.query(task:)) ?? .document).prefix,
      dimensions: try line.integer("dimensions"),
      normalization: try line.choice("normalization"), cut: cut)
    fingerprintID = try line.string("fingerprint")
    guard fingerprintID == fingerprint.id else {
      throw .field(
        "fingerprint",
        "is \(fingerprintID.quoted(limit: 20)), but the facts beside it make \(fingerprint.id): the line was "
          + "changed")
    }
    weights = WeightsIdentity(
      fileName: try line.string("model", limit: 4096), byteCount: try line.integer("weightsBytes"),
      sha256: fingerprint.weightsSHA256)
    engineVersion = try line.string("engine").split(separator: " ").last.map(String.init) ?? ""
  }
}
