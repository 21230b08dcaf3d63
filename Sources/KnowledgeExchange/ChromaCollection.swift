import AsyncHTTPClient
import ForeignText
import Foundation
import JSON
import Knowledge
import NIOCore
import NIOHTTP1

/// A collection of a Chroma server, over its HTTP interface (v2): `http://host:8000/COLLECTION`. A record a
/// piece, with the vector, the passage, and everything else as metadata.
package struct ChromaCollection: DocumentSink, DocumentSource {
  package let facts: BaseFacts
  private let client: Client
  private let id: String

  package static func isOne(_ text: String) -> Bool {
    text.hasPrefix("http://") || text.hasPrefix("https://")
  }

  /// Opens a collection that there is.
  package init(opening address: String) async throws {
    client = try Client(address)
    let found = try await client.send("GET", "/collections/" + client.collection, nil)
    id = try client.id(found)
    facts = try BaseFacts(json: found["metadata"], source: client.name)
  }

  /// Makes a collection, or opens one of the same model.
  package init(address: String, creating facts: BaseFacts) async throws {
    client = try Client(address)
    let made = try await client.send(
      "POST", "/collections",
      .object([
        .init("name", .string(client.collection)), .init("get_or_create", .bool(true)),
        .init("metadata", .object(facts.named.map { .init($0.0, .string($0.1)) })),
        .init("configuration", .object([.init("hnsw", .object([.init("space", .string("ip"))]))])),
      ]))
    id = try client.id(made)
    self.facts = facts
    let there = try await ChromaCollection(opening: address).facts
    guard there.model.fingerprint == facts.model.fingerprint else {
      throw KnowledgeError.otherModel(base: there.model, asked: facts.model)
    }
  }

  package func take(_ documents: [MovedDocument]) async throws {
    for moved in documents {
      // Pieces that the document no longer has.
      _ = try await client.send(
        "POST", "/collections/\(id)/delete",
        .object([.init("where", .object([.init("path", .string(moved.document.path))]))]))
      let rows = MovedRow.rows(moved)
      guard !moved.chunks.isEmpty else { continue }
      for start in stride(from: 0, to: rows.count, by: 100) {
        let part = rows[start..<min(start + 100, rows.count)]
        _ = try await client.send(
          "POST", "/collections/\(id)/upsert",
          .object([
            .init("ids", .array(part.map { .string("\($0.texts["path"]!)#\($0.integers["ordinal"] ?? 0)") })),
            .init("embeddings", .array(part.map { .array($0.vector.map(JSONValue.number)) })),
            .init("documents", .array(part.map { .string($0.texts["text"] ?? "") })),
            .init(
              "metadatas",
              .array(
                part.map { row in
                  .object(
                    row.json.filter { !["vector", "text"].contains($0.key) && $0.value != .string("") })
                })),
          ]))
      }
    }
  }

  package func forEachDocument(_ body: (MovedDocument) async throws -> Void) async throws {
    // The server promises no order, so each document's pieces are gathered first, without their vectors.
    var ordinals: [ByteString: Int] = [:]
    var offset = 0
    while true {
      let page = try await get([
        .init("limit", .number(1_000)), .init("offset", .number(offset)),
        .init("include", .array([.string("metadatas")])),
      ])
      for row in page { ordinals[ByteString(row.texts["path"] ?? ""), default: 0] += 1 }
      offset += page.count
      if page.count < 1_000 { break }
    }
    for path in ordinals.keys.map(\.text).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let rows = try await get([
        .init("where", .object([.init("path", .string(path))])),
        .init("include", .array([.string("metadatas"), .string("embeddings")])),
      ])
      guard rows.count == ordinals[ByteString(path)] else {
        throw KnowledgeError.moved(document: path, reason: "the collection changed meanwhile")
      }
      try await body(try MovedRow.document(rows, facts: facts))
    }
  }

  private func get(_ request: [JSONValue.Member]) async throws -> [MovedRow] {
    let answer = try await client.send("POST", "/collections/\(id)/get", .object(request))
    guard case .array(let metadatas)? = answer["metadatas"] else {
      throw KnowledgeError.server(name: client.name, reason: "its answer has no metadatas")
    }
    var vectors: [JSONValue] = []
    if case .array(let list)? = answer["embeddings"] { vectors = list }
    return metadatas.enumerated().map { index, metadata in
      var row = MovedRow(json: metadata)
      // Empty texts are left out of metadata.
      row.texts["warnings"] = row.texts["warnings"] ?? ""
      if index < vectors.count, case .array(let values) = vectors[index] {
        row.vector = values.map { if case .number(let digits) = $0 { Float(digits) ?? .nan } else { .nan } }
      }
      return row
    }
  }

  private struct Client: Sendable {
    let base: String
    let collection: String
    /// For sentences.
    let name: String

    init(_ address: String) throws(KnowledgeError) {
      guard let parts = URLComponents(string: address), let scheme = parts.scheme, let host = parts.host
      else {
        throw .option("a Chroma collection is http://HOST:PORT/COLLECTION")
      }
      let path = parts.path.split(separator: "/").map(String.init)
      guard path.count == 1, path[0].utf8.count >= 3 else {
        throw .option("a Chroma collection is http://HOST:PORT/COLLECTION, its name at least three letters")
      }
      let port = parts.port.map { ":\($0)" } ?? ""
      collection = path[0]
      name = "\(scheme)://\(host)\(port)/\(collection)"
      base = "\(scheme)://\(host)\(port)/api/v2/tenants/default_tenant/databases/default_database"
    }

    func id(_ answer: JSONValue) throws(KnowledgeError) -> String {
      guard case .string(let id)? = answer["id"] else {
        throw .server(name: name, reason: "its answer has no id of the collection")
      }
      return id
    }

    func send(_ method: String, _ path: String, _ body: JSONValue?) async throws -> JSONValue {
      var request = HTTPClientRequest(url: base + path)
      request.method = HTTPMethod(rawValue: method)
      if let body {
        var bytes: [UInt8] = []
        bytes.append(json: body)
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: bytes))
      }
      let response: HTTPClientResponse
      let bytes: [UInt8]
      do {
        response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
        bytes = Array(try await response.body.collect(upTo: 1 << 30).readableBytesView)
      } catch { throw KnowledgeError.server(name: name, reason: "it does not answer: \(error)") }
      let answer = try? JSONParser.parse(bytes)
      guard (200..<300).contains(response.status.code) else {
        var reason = "it answers with status \(response.status.code)"
        if case .string(let message)? = answer?["message"] { reason += ": \(message.prefix(300))" }
        throw KnowledgeError.server(name: name, reason: reason)
      }
      return answer ?? .null
    }
  }
}
