import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Knowledge
import KnowledgeService
import Testing
import Touchstone
import TouchstoneServer

struct BaseRouteTests {
  @Test func documentsAreShownWithTheirPieces() async throws {
    try await TestKnowledge.test { client in
      try await client.addDocuments()
      let list = try await client.get("/v1/knowledge/papers/documents?limit=5").json
      let documents = try #require(list["documents"] as? [NSDictionary])
      #expect(documents.count == 5 && list["has_more"] as? Bool == true)
      let after = try #require(documents.last?["path"] as? String)
      let escaped = try #require(after.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
      let rest = try await client.get("/v1/knowledge/papers/documents?after=\(escaped)").json
      #expect((rest["documents"] as? [NSDictionary])?.count == 7)
      let chinese = try await client.get("/v1/knowledge/papers/documents?filter=lang%3Dzh").json
      #expect((chinese["documents"] as? [NSDictionary])?.count == 2)
      for document in documents {
        let path = try #require(
          (document["path"] as? String)?.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        let whole = try await client.get("/v1/knowledge/papers/document?path=\(path)&limit=500").json
        let pieces = try #require(whole["pieces"] as? [NSDictionary])
        #expect(pieces.count == document["chunks"] as? Int && whole["of_pieces"] as? Int == pieces.count)
        let text = pieces.map {
          "\($0["between"] as? String ?? "")\($0["text"] as? String ?? "")\($0["after"] as? String ?? "")"
        }.joined()
        #expect(text.utf8.count == whole["bytes"] as? Int)
      }
      for query in ["", "?path=", "?path=no", "?path=a&from=-1", "?path=a&limit=0"] {
        let status = try await client.get("/v1/knowledge/papers/document\(query)").status
        #expect(status == (query == "?path=no" ? 404 : 400), "\(query)")
      }
      #expect(try await client.get("/v1/knowledge/papers/documents?limit=x").status == 400)
      #expect(try await client.get("/v1/knowledge/papers/documents?filter=x").status == 400)
      #expect(try await client.get("/v1/knowledge/none/status").status == 404)
    }
  }

  @Test func aHitSaysWhereAndWhy() async throws {
    try await TestKnowledge.test { client in
      try await client.addDocuments()
      let answer = try await client.post(
        "/v1/knowledge/papers/search", #"{"query":"Datenschutz","top":3,"rerank":false}"#)
      #expect(answer.status == 200, "\(answer.text)")
      let hit = try #require((answer.json["hits"] as? [NSDictionary])?.first)
      #expect(hit["filename"] as? String == "datenschutz.de.txt")
      #expect(hit["keyword_rank"] is Int && hit["cosine"] is Double && hit["fused_rank"] as? Int == 1)
      #expect(hit["rerank_score"] is NSNull && answer.json["reranker"] is NSNull)
      let start = try #require(hit["start"] as? Int)
      let path = try #require(
        (hit["path"] as? String)?.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
      let document = try await client.get("/v1/knowledge/papers/document?path=\(path)").json
      let pieces = try #require(document["pieces"] as? [NSDictionary])
      #expect(pieces.contains { $0["start"] as? Int == start })
      let words = try await client.post(
        "/v1/knowledge/papers/search", #"{"query":"返品","mode":"keywords","filter":"lang=ja"}"#)
      #expect(
        (words.json["hits"] as? [NSDictionary])?.allSatisfy { $0["language"] as? String == "ja" } == true)
      let judged = try await client.post("/v1/knowledge/papers/search", #"{"query":"warranty"}"#)
      #expect(judged.json["reranker"] as? String == "judge")
      for body in [
        "{}", #"{"query":"a","top":0}"#, #"{"query":"a","top":101}"#, #"{"query":"a","mode":"none"}"#,
        #"{"query":"a","filter":"size=1"}"#, #"{"query":"a","rerank":1}"#,
        #"{"query":"a","rerank_budget_ms":-1}"#,
      ] {
        #expect(try await client.post("/v1/knowledge/papers/search", body).status == 400, "\(body)")
      }
    }
  }

  @Test func documentsAreCutAnewAndRemoved() async throws {
    let folder = TestKnowledge.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await TestKnowledge.test(in: folder) { client in
      let text = (0..<80).map { "Sentence number \($0) is about paper." }.joined(separator: " ")
      _ = try await client.form("/v1/knowledge/papers/documents", "long.txt", text)
      let before = try await client.settled()
      let reply = try await client.post(
        "/v1/knowledge/papers/reindex", #"{"chunk_tokens":64,"overlap_percent":0}"#)
      #expect(reply.json["documents"] as? Int == 1)
      let after = try await client.settled()
      #expect((after["chunks"] as? Int ?? 0) > (before["chunks"] as? Int ?? 0))
      #expect(after["chunk_tokens"] as? Int == 64 && after["overlap_percent"] as? Int == 0)
      for body in [#"{"chunk_tokens":1}"#, #"{"chunk_tokens":9999999}"#, #"{"overlap_percent":60}"#] {
        #expect(try await client.post("/v1/knowledge/papers/reindex", body).status == 400, "\(body)")
      }
      let list = try await client.get("/v1/knowledge/papers/documents").json
      let path = try #require((list["documents"] as? [NSDictionary])?.first?["path"] as? String)
      let escaped = try #require(path.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
      #expect(try await client.ask(.delete, "/v1/knowledge/papers/document?path=\(escaped)").status == 200)
      #expect(try await client.ask(.delete, "/v1/knowledge/papers/document?path=\(escaped)").status == 404)
      #expect(try await client.get("/v1/knowledge/papers/status").json["documents"] as? Int == 0)
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  @Test func anotherProcessMayBringTheBaseUpToDate() async throws {
    let folder = TestKnowledge.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await TestKnowledge.test(in: folder) { client in
      _ = try await client.form("/v1/knowledge/papers/documents", "a.txt", "The printer needs paper.")
      _ = try await client.settled()
      // As kb add has it: the lock is free while the service has nothing to do.
      var store: EmbeddedStore? = try EmbeddedStore.writer(at: folder + "/base", model: nil)
      #expect(store?.keepsFloats == false)
      let refused = try await client.form("/v1/knowledge/papers/documents", "b.txt", "Ink is blue.")
      #expect(refused.status == 503 && refused.text.contains("another process"), "\(refused.text)")
      let search = try await client.post("/v1/knowledge/papers/search", #"{"query":"paper"}"#)
      #expect((search.json["hits"] as? [NSDictionary])?.count == 1)
      store = nil
      let accepted = try await client.form("/v1/knowledge/papers/documents", "b.txt", "Ink is blue.")
      #expect(accepted.status == 200, "\(accepted.text)")
      #expect(try await client.settled()["documents"] as? Int == 2)
    }
  }

  @Test func whatWasInterruptedGoesOn() async throws {
    let folder = TestKnowledge.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await TestKnowledge.test(in: folder) { client in
      let files = (0..<40).map { number -> (name: String, bytes: [UInt8]) in
        let lines = (0..<30).map { "Line \($0) of file \(number)." }
        return (name: "\(number).txt", bytes: Array(lines.joined(separator: "\n").utf8))
      }
      // The service ends at once behind this answer.
      let reply = try await client.form("/v1/knowledge/papers/documents", files: files)
      #expect(reply.status == 200)
    }
    try await TestKnowledge.test(in: folder) { client in
      let status = try await client.settled()
      #expect(status["documents"] as? Int == 40)
      #expect((status["failures"] as? [NSDictionary])?.isEmpty == true)
    }
  }

  @Test func aBaseOfAnotherModelIsRefusedByName() async throws {
    let folder = TestKnowledge.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try EmbeddedStore.writer(
      at: folder + "/base",
      model: ModelIdentity(name: "other.gguf", fingerprint: "abcdefabcdef", dimensions: 256))
    await #expect(throws: ServiceStartError.self) { try await TestKnowledge.test(in: folder) { _ in } }
    do {
      try await TestKnowledge.test(in: folder) { _ in }
    } catch let error as ServiceStartError {
      let sentence = error.description
      #expect(
        sentence.hasPrefix("--knowledge papers: the knowledge base has vectors of 'other.gguf'"),
        "\(sentence)")
      #expect(sentence.contains("demo-q4_k_m.gguf") && error.isUsage)
    }
    let rerankers = TestKnowledge.models.filter { $0.task == .reranking }
    await #expect(throws: ServiceStartError.self) { try await TestKnowledge.test(models: rerankers) { _ in } }
    for wrong in ["papers", "=x", "a b=x", "papers=", String(repeating: "a", count: 65) + "=x"] {
      #expect(throws: ServiceStartError.self, "\(wrong)") { try BaseDefinition(wrong) }
    }
  }

  @Test func routesAreDescribedWithTheirSchemas() throws {
    let knowledge = KnowledgeExtension([try BaseDefinition("papers=/nowhere")])
    let service = InferenceService(settings: ServiceSettings())
    defer { service.scheduler.stop() }
    let routes = ServiceRoutes.add(
      to: Router(context: ServiceRequestContext.self), service, extensions: [knowledge])
    let description = try ServiceDescription.json(routes.described, schemas: knowledge.schemas)
    guard case .object(let schemas)? = description["components"]?["schemas"] else {
      Issue.record("no schemas")
      return
    }
    let names = schemas.map(\.key)
    #expect(Set(names).count == names.count)
    #expect(Set(Self.references(description)) == Set(names))
    let paths = Set(routes.described.map(\.describedPath))
    #expect(
      paths.contains("/v1/vector_stores/{id}/search") && paths.contains("/mcp") && paths.contains("/process"))
    #expect(Set(routes.described.map { "\($0.method) \($0.describedPath)" }).count == routes.described.count)
  }

  private static func references(_ value: JSONValue) -> [String] {
    switch value {
    case .object(let members):
      members.flatMap { member in
        if member.key == "$ref", case .string(let target) = member.value {
          return [String(target.split(separator: "/").last ?? "")]
        }
        return references(member.value)
      }
    case .array(let elements): elements.flatMap(references)
    default: []
    }
  }

  @Test func thePageIsWholeAndKeepsToItself() async throws {
    try await TestKnowledge.test { client in
      let page = try await client.get("/knowledge")
      #expect(page[header: "content-security-policy"]?.hasPrefix("default-src 'none'; ") == true)
      #expect(
        !page.text.contains("style=") && !page.text.contains("<style") && !page.text.contains("onclick"))
      var names = page.text.matches(of: /"(\/page\/[a-z.]+)"/).map { String($0.1) }
      #expect(names.count >= 4)
      var seen: Set<String> = []
      while let name = names.popLast() {
        guard seen.insert(name).inserted else { continue }
        let part = try await client.get(name)
        #expect(part.status == 200, "\(name)")
        names += part.text.matches(of: /from "\.\/([a-z.]+)"/).map { "/page/\($0.1)" }
      }
      #expect(seen.count == 10)
      #expect(try await client.get("/status").json["knowledge"] as? [String] == ["papers"])
    }
  }
}
