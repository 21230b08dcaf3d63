import JSON
import Touchstone

/// One text of a golden set: its ids, its vector, and checksums of the states between.
package struct GoldenEntry: Equatable, Sendable {
  package var index: Int
  /// A string or a number, as the texts' file gave it.
  package var id: JSONValue?
  /// Only where the set was asked to hold its texts.
  package var text: String?
  /// The task of this text alone, where it has one.
  package var task: String?
  package var tokenIDs: [Int32]
  package var vector: [Float]
  package var checksums: StateChecksums

  package init(
    index: Int, id: JSONValue? = nil, text: String? = nil, task: String? = nil, tokenIDs: [Int32],
    vector: [Float],
    checksums: StateChecksums
  ) {
    self.index = index
    self.id = id
    self.text = text
    self.task = task
    self.tokenIDs = tokenIDs
    self.vector = vector
    self.checksums = checksums
  }
}

extension GoldenEntry {
  /// One line of a golden file.
  package var json: JSONValue {
    var members = [JSONValue.Member("index", .number(index))]
    if let id { members.append(.init("id", id)) }
    if let text { members.append(.init("text", .string(text))) }
    if let task { members.append(.init("instruct", .string(task))) }
    return .object(
      members + [
        .init("ids", .array(tokenIDs.map { .number(Int($0)) })),
        .init("embedding", .array(vector.map { .number($0) })),
        .init(
          "checksums",
          .object([
            .init("embedding", .string(checksums.embedding)),
            .init("layers", .array(checksums.layers.map(JSONValue.string))),
            .init("final_norm", .string(checksums.finalNorm)),
          ])),
      ])
  }

  package init(_ json: JSONValue) throws(GoldenFileError) {
    let line = JSONFields(json)
    let states = JSONFields(try line.object("checksums"))
    var vector: [Float] = []
    for element in try line.array("embedding") {
      guard case .number(let digits) = element, let value = Float(digits), value.isFinite else {
        throw .field("embedding", "holds something else than numbers")
      }
      vector.append(value)
    }
    var ids: [Int32] = []
    for element in try line.array("ids") {
      guard case .number(let digits) = element, let id = Int32(digits) else {
        throw .field("ids", "holds something else than token ids")
      }
      ids.append(id)
    }
    var layers: [String] = []
    for element in try states.array("layers") {
      guard case .string(let digits) = element, digits.utf8.count <= 64 else {
        throw .field("checksums", "holds something else than short strings")
      }
      layers.append(digits)
    }
    self.init(
      index: try line.integer("index"), id: json["id"], text: try line.textIfPresent("text"),
      task: try line.textIfPresent("instruct"), tokenIDs: ids, vector: vector,
      checksums: StateChecksums(
        embedding: try states.string("embedding"), layers: layers, finalNorm: try states.string("final_norm"))
    )
  }
}
