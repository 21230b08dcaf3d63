import Foundation
import HTTPTypes
import HummingbirdTesting
import Knowledge
import KnowledgeService
import Testing
import Touchstone
import TouchstoneServer

struct FileRouteTests {
  @Test func filesAreKeptListedGivenBackAndDeleted() async throws {
    try await TestKnowledge.test { client in
      let reply = try await client.form(
        "/v1/files", files: [("Rückgabe \u{8FD4}.md", Array("# A\n\nb\r\n--x".utf8))],
        texts: ["purpose": "user_data"])
      #expect(reply.status == 200, "\(reply.text)")
      let id = try #require(reply.json["id"] as? String)
      #expect(id.hasPrefix("file-"))
      #expect(reply.json["filename"] as? String == "Rückgabe \u{8FD4}.md")
      #expect(reply.json["bytes"] as? Int == 11)
      #expect(reply.json["purpose"] as? String == "user_data")
      #expect(try await client.get("/v1/files/\(id)").json == reply.json)
      #expect(try await client.get("/v1/files/\(id)/content").text == "# A\n\nb\r\n--x")
      let other = try await client.upload("b.txt", "b")
      let list = try await client.get("/v1/files?order=asc&limit=1").json
      #expect((list["data"] as? [NSDictionary])?.map { $0["id"] as? String } == [id])
      #expect(list["has_more"] as? Bool == true)
      let purposes = try await client.get("/v1/files?purpose=assistants").json["data"] as? [NSDictionary]
      #expect(purposes?.map { $0["id"] as? String } == [other])
      let deleted = try await client.ask(.delete, "/v1/files/\(id)")
      #expect(deleted.json["deleted"] as? Bool == true)
      for path in ["/v1/files/\(id)", "/v1/files/\(id)/content"] {
        let gone = try await client.get(path)
        #expect(gone.status == 404)
        #expect((gone.json["error"] as? NSDictionary)?["code"] as? String == "not_found")
      }
      #expect(try await client.ask(.delete, "/v1/files/\(id)").status == 404)
    }
  }

  @Test func formsThatAreNoneAreRefused() async throws {
    var limits = KnowledgeLimits()
    limits.uploadBytes = 1_000
    limits.shelfBytes = 1_500
    try await TestKnowledge.test(limits: limits) { client in
      let form = HTTPField.Name.contentType
      let bodies: [(String, String?)] = [
        ("", nil), ("{}", "application/json"), ("--b\r\n", "multipart/form-data"),
        ("--b\r\n", "multipart/form-data; boundary=b"), ("--c\r\n\r\n", "multipart/form-data; boundary=b"),
        (
          "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nx",
          "multipart/form-data; boundary=b"
        ),
        ("--b\r\n\r\nx\r\n--b--\r\n", "multipart/form-data; boundary=b"),
        (
          "--b\r\nContent-Disposition: form-data; filename=\"a\"\r\n\r\nx\r\n--b--",
          "multipart/form-data; boundary=b"
        ),
      ]
      for (body, type) in bodies {
        let reply = try await client.ask(
          .post, "/v1/files", bytes: Array(body.utf8), headers: type.map { [form: $0] } ?? [:])
        #expect(reply.status == 400, "\(body): \(reply.text)")
        #expect(reply.json["error"] is NSDictionary)
      }
      #expect(try await client.form("/v1/files", files: [], texts: ["purpose": "x"]).status == 400)
      let large = String(repeating: "a", count: 1_001)
      #expect(try await client.form("/v1/files", "a.txt", large).status == 413)
      _ = try await client.upload("a.txt", String(repeating: "a", count: 1_000))
      let full = try await client.form("/v1/files", "b.txt", String(repeating: "b", count: 501))
      #expect(full.status == 409 && full.text.contains("1500"), "\(full.text)")
    }
  }

  @Test func namesCannotLeaveTheirFolder() async throws {
    let folder = TestKnowledge.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await TestKnowledge.test(in: folder) { client in
      let names = [
        "../../../escape.md", "..", "/etc/passwd", "a\u{1}b.txt", String(repeating: "語", count: 200) + ".md",
      ]
      for name in names {
        let id = try await client.upload(name, "text")
        #expect(try await client.get("/v1/files/\(id)").json["filename"] as? String == name)
        #expect(try await client.get("/v1/files/\(id)/content").text == "text")
      }
      #expect(!FileManager.default.fileExists(atPath: folder + "/escape.md"))
      let kept = try FileManager.default.contentsOfDirectory(atPath: folder + "/data/files")
      #expect(kept.count == names.count)
    }
  }
}

struct VectorStoreTests {
  @Test func passagesAreFoundInEveryLanguage() async throws {
    try await TestKnowledge.test { client in
      try await client.addDocuments()
      for (query, file) in [("保修期", "保修.zh.md"), ("返品", "返品.ja.md"), ("Garantie", "garantie.de.md")] {
        let answer = try await client.post(
          "/v1/vector_stores/vs_papers/search",
          "{\"query\":\"\(query)\",\"max_num_results\":3,\"ranking_options\":{\"ranker\":\"none\"}}")
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.json["object"] as? String == "vector_store.search_results.page")
        let data = try #require(answer.json["data"] as? [NSDictionary])
        #expect(data.count == 3)
        #expect(data[0]["filename"] as? String == file)
        #expect((data[0]["file_id"] as? String)?.hasPrefix("file-") == true)
        let content = try #require((data[0]["content"] as? [NSDictionary])?.first)
        #expect((content["text"] as? String)?.contains(query) == true)
        #expect(data.allSatisfy { (0...1).contains($0["score"] as? Double ?? -1) })
        #expect(data[0]["rerank_score"] is NSNull && data[0]["cosine"] is Double)
      }
    }
  }

  @Test func theVectorsAreTheLibrarys() async throws {
    let folder = TestKnowledge.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await TestKnowledge.test(in: folder) { client in
      _ = try await client.form("/v1/knowledge/papers/documents", "a.txt", "The printer needs paper.")
      _ = try await client.settled()
      let expected = try TestKnowledge.embedder.embed(["The printer needs paper."])[0].values
      let store = try EmbeddedStore.reader(at: folder + "/base")
      let found = try await store.nearest(to: expected, filter: SearchFilter(), limit: 1)
      // The stored row is rounded to a byte a component.
      #expect(found.count == 1 && found[0].cosine > 0.999)
    }
  }

  @Test func aRerankerHasTheLastWord() async throws {
    try await TestKnowledge.test { client in
      try await client.addDocuments()
      let answer = try await client.post("/v1/vector_stores/papers/search", #"{"query":"return goods"}"#)
      let data = try #require(answer.json["data"] as? [NSDictionary])
      let logits = data.compactMap { $0["rerank_score"] as? Double }
      #expect(logits.count == data.count && logits == logits.sorted(by: >))
      let scores = data.compactMap { $0["score"] as? Double }
      #expect(scores == scores.sorted(by: >))
      #expect(zip(scores, logits).allSatisfy { abs($0 - 1 / (1 + exp(-$1))) < 1e-12 })
      let hurried = try await client.post(
        "/v1/vector_stores/papers/search", #"{"query":"return goods","ranking_options":{"budget_ms":0}}"#)
      #expect((hurried.json["unscored"] as? Int ?? 0) > 0)
      #expect((hurried.json["data"] as? [NSDictionary])?.count == data.count)
    }
  }

  @Test func changesOfSeveralClientsDoNotKeepEachOtherOut() async throws {
    try await TestKnowledge.test { client in
      var files: [String] = []
      for number in 0..<4 { files.append(try await client.upload("\(number).txt", "The printer \(number).")) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for file in files {
          group.addTask {
            for round in 0..<25 {
              let body = "{\"file_id\":\"\(file)\",\"attributes\":{\"round\":\(round)}}"
              let reply = try await client.post("/v1/vector_stores/papers/files", body)
              #expect(reply.status == 200, "\(reply.text)")
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await client.settled()["documents"] as? Int == files.count)
    }
  }

  @Test func filtersComeBeforeTheBest() async throws {
    try await TestKnowledge.test { client in
      let store = try #require(
        try await client.post("/v1/vector_stores", #"{"name":"filtered"}"#).json["id"] as? String)
      for number in 0..<12 {
        let file = try await client.upload("file-\(number).txt", "The printer number \(number) needs paper.")
        let year = 2015 + number
        let body =
          "{\"file_id\":\"\(file)\",\"attributes\":{\"year\":\(year),\"kind\":\"\(number % 2 == 0 ? "even" : "odd")\",\"last\":\(number == 11)}}"
        let reply = try await client.post("/v1/vector_stores/\(store)/files", body)
        #expect(reply.status == 200, "\(reply.text)")
      }
      _ = try await client.settled(store)
      func years(_ filter: String) async throws -> [Int] {
        let answer = try await client.post(
          "/v1/vector_stores/\(store)/search",
          "{\"query\":\"printer\",\"max_num_results\":50,\"filters\":\(filter)}")
        #expect(answer.status == 200, "\(filter): \(answer.text)")
        return (answer.json["data"] as? [NSDictionary] ?? [])
          .compactMap { ($0["attributes"] as? NSDictionary)?["year"] as? Int }.sorted()
      }
      #expect(try await years(#"{"type":"eq","key":"year","value":2020}"#) == [2020])
      #expect(try await years(#"{"type":"gte","key":"year","value":2025}"#) == [2025, 2026])
      #expect(try await years(#"{"type":"lt","key":"year","value":2016.5}"#) == [2015, 2016])
      #expect(try await years(#"{"type":"in","key":"year","value":[2016,2018,1]}"#) == [2016, 2018])
      #expect(try await years(#"{"type":"nin","key":"kind","value":["even"]}"#).count == 6)
      #expect(try await years(#"{"type":"ne","key":"kind","value":"odd"}"#).count == 6)
      #expect(try await years(#"{"type":"eq","key":"last","value":true}"#) == [2026])
      #expect(try await years(#"{"type":"eq","key":"filename","value":"file-3.txt"}"#) == [2018])
      #expect(try await years(#"{"type":"eq","key":"absent","value":1}"#) == [])
      #expect(try await years(#"{"type":"ne","key":"absent","value":1}"#).count == 12)
      let compound =
        #"{"type":"and","filters":[{"type":"eq","key":"kind","value":"odd"},{"type":"or","filters":[{"type":"lte","key":"year","value":2016},{"type":"gt","key":"year","value":2025}]}]}"#
      #expect(try await years(compound) == [2016, 2026])
      var deep = #"{"type":"eq","key":"year","value":1}"#
      for _ in 0..<20 { deep = "{\"type\":\"and\",\"filters\":[\(deep)]}" }
      for wrong in [
        "1", #"{"type":"like","key":"year","value":1}"#, #"{"type":"eq","value":1}"#,
        #"{"type":"eq","key":"year"}"#, #"{"type":"in","key":"year","value":1}"#,
        #"{"type":"eq","key":"year","value":[1]}"#, #"{"type":"and"}"#, deep,
      ] {
        let refused = try await client.post(
          "/v1/vector_stores/\(store)/search", "{\"query\":\"printer\",\"filters\":\(wrong)}")
        #expect(refused.status == 400, "\(wrong): \(refused.text)")
        #expect(((refused.json["error"] as? NSDictionary)?["param"] as? String)?.hasPrefix("filters") == true)
      }
    }
  }

  @Test func severalQuestionsGiveTheBestOfAll() async throws {
    try await TestKnowledge.test { client in
      try await client.addDocuments()
      let answer = try await client.post(
        "/v1/vector_stores/papers/search",
        #"{"query":["保修期","返品"],"max_num_results":5,"rewrite_query":true,"ranking_options":{"ranker":"none","score_threshold":0}}"#
      )
      #expect(answer.json["search_query"] as? [String] == ["保修期", "返品"])
      let data = try #require(answer.json["data"] as? [NSDictionary])
      let places = data.map { "\($0["file_id"] ?? "") \($0["start"] ?? "")" }
      #expect(data.count == 5 && Set(places).count == 5)
      #expect(answer[header: "x-ignored-parameters"] == "rewrite_query")
      let none = try await client.post(
        "/v1/vector_stores/papers/search",
        #"{"query":"保修期","ranking_options":{"ranker":"none","score_threshold":1}}"#)
      #expect((none.json["data"] as? [NSDictionary])?.isEmpty == true)
    }
  }

  @Test func storesAreMadeChangedAndDeleted() async throws {
    let folder = TestKnowledge.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let seen = try await kept(in: folder)
    // After a new start of the service everything is as it was.
    try await TestKnowledge.test(in: folder) { client in
      let store = try await client.get("/v1/vector_stores/\(seen)")
      #expect(store.json["name"] as? String == "renamed")
      #expect((store.json["metadata"] as? NSDictionary)?["a"] as? String == "b")
      #expect((store.json["file_counts"] as? NSDictionary)?["completed"] as? Int == 1)
      let list = try #require(
        try await client.get("/v1/vector_stores?order=asc").json["data"] as? [NSDictionary])
      #expect(Set(list.compactMap { $0["id"] as? String }) == ["vs_papers", seen])
      #expect(try await client.ask(.delete, "/v1/vector_stores/\(seen)").json["deleted"] as? Bool == true)
      #expect(try await client.get("/v1/vector_stores/\(seen)").status == 404)
      let own = try await client.ask(.delete, "/v1/vector_stores/vs_papers")
      #expect(own.status == 409 && own.text.contains("operator"), "\(own.text)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/data/stores") == [])
    }
  }

  private func kept(in folder: String) async throws -> String {
    nonisolated(unsafe) var id = ""
    try await TestKnowledge.test(in: folder) { client in
      let file = try await client.upload("a.txt", "The printer needs paper.")
      let made = try await client.post(
        "/v1/vector_stores",
        "{\"name\":\"n\",\"metadata\":{\"a\":\"b\"},\"file_ids\":[\"\(file)\"],\"expires_after\":{\"anchor\":\"last_active_at\",\"days\":1}}"
      )
      #expect(made.status == 200, "\(made.text)")
      #expect(made[header: "x-ignored-parameters"] == "expires_after")
      id = try #require(made.json["id"] as? String)
      let changed = try await client.post("/v1/vector_stores/\(id)", #"{"name":"renamed"}"#)
      #expect(changed.json["name"] as? String == "renamed")
      _ = try await client.settled(id)
      for wrong in [#"{"name":1}"#, #"{"metadata":{"a":1}}"#, #"{"metadata":[]}"#, "[]"] {
        #expect(try await client.post("/v1/vector_stores/\(id)", wrong).status == 400, "\(wrong)")
      }
      #expect(try await client.post("/v1/vector_stores", #"{"file_ids":["file-none"]}"#).status == 404)
    }
    return id
  }

  @Test func filesHaveStatesAndHostileOnesFailAlone() async throws {
    try await TestKnowledge.test { client in
      let good = try await client.upload("good.md", "# Paper\n\nThe printer needs paper.")
      let odd = try await client.upload("odd.xyz", "?")
      let bomb = try await client.upload("bomb.docx", "PK\u{3}\u{4} no archive at all")
      for file in [good, odd, bomb] {
        let reply = try await client.post("/v1/vector_stores/papers/files", "{\"file_id\":\"\(file)\"}")
        #expect(reply.json["status"] as? String != nil, "\(reply.text)")
      }
      _ = try await client.settled()
      func file(_ id: String) async throws -> NSDictionary {
        try await client.get("/v1/vector_stores/papers/files/\(id)").json
      }
      #expect(try await file(good)["status"] as? String == "completed")
      #expect(try await file(good)["chunks"] as? Int == 1)
      let failed = try await file(odd)
      #expect(failed["status"] as? String == "failed")
      #expect((failed["last_error"] as? NSDictionary)?["code"] as? String == "unsupported_file")
      #expect((try await file(bomb)["last_error"] as? NSDictionary)?["code"] as? String == "invalid_file")
      let list =
        try await client.get("/v1/vector_stores/papers/files?filter=failed").json["data"] as? [NSDictionary]
      #expect(Set(list?.compactMap { $0["id"] as? String } ?? []) == [odd, bomb])
      let content = try await client.get("/v1/vector_stores/papers/files/\(good)/content").json
      #expect(
        ((content["data"] as? [NSDictionary])?.first?["text"] as? String)?.contains("needs paper") == true)
      #expect(try await client.get("/v1/vector_stores/papers/files/\(odd)/content").status == 404)
      let counts = try #require(
        try await client.get("/v1/vector_stores/papers").json["file_counts"] as? NSDictionary)
      #expect(
        counts["completed"] as? Int == 1 && counts["failed"] as? Int == 2 && counts["total"] as? Int == 3)
      let changed = try await client.post(
        "/v1/vector_stores/papers/files/\(good)", #"{"attributes":{"a":true}}"#)
      #expect((changed.json["attributes"] as? NSDictionary)?["a"] as? Bool == true)
      for id in [good, odd, bomb] {
        #expect(try await client.ask(.delete, "/v1/vector_stores/papers/files/\(id)").status == 200)
        #expect(try await client.get("/v1/files/\(id)").status == 200)
      }
      let search = try await client.post("/v1/vector_stores/papers/search", #"{"query":"paper"}"#)
      #expect((search.json["data"] as? [NSDictionary])?.isEmpty == true)
      for (path, body) in [
        ("/v1/vector_stores/papers/files", #"{"file_id":"file-no"}"#), ("/v1/vector_stores/none/files", "{}"),
        ("/v1/vector_stores/none/search", #"{"query":"a"}"#),
      ] {
        #expect(try await client.post(path, body).status == 404, "\(path)")
      }
      for body in [
        "{}", #"{"file_id":1}"#, "{\"file_id\":\"\(good)\",\"attributes\":{\"a\":[]}}",
        "{\"file_id\":\"\(good)\",\"chunking_strategy\":{\"type\":\"static\"}}",
        "{\"file_id\":\"\(good)\",\"chunking_strategy\":{\"type\":\"static\",\"static\":{\"max_chunk_size_tokens\":100,\"chunk_overlap_tokens\":51}}}",
        "{\"file_id\":\"\(good)\",\"chunking_strategy\":{\"type\":\"static\",\"static\":{\"max_chunk_size_tokens\":9999999}}}",
      ] {
        #expect(try await client.post("/v1/vector_stores/papers/files", body).status == 400, "\(body)")
      }
    }
  }

  @Test func aFileMayBeCutInItsOwnWay() async throws {
    try await TestKnowledge.test { client in
      let text = (0..<60).map { "Sentence number \($0) is about paper." }.joined(separator: " ")
      let file = try await client.upload("long.txt", text)
      let body =
        "{\"file_id\":\"\(file)\",\"chunking_strategy\":{\"type\":\"static\",\"static\":{\"max_chunk_size_tokens\":64,\"chunk_overlap_tokens\":16}}}"
      #expect(try await client.post("/v1/vector_stores/papers/files", body).status == 200)
      _ = try await client.settled()
      let found = try await client.get("/v1/vector_stores/papers/files/\(file)").json
      #expect((found["chunks"] as? Int ?? 0) > 8)
      let sizes = ((found["chunking_strategy"] as? NSDictionary)?["static"] as? NSDictionary)
      #expect(sizes?["max_chunk_size_tokens"] as? Int == 64 && sizes?["chunk_overlap_tokens"] as? Int == 16)
      #expect(try await client.get("/v1/knowledge/papers/status").json["chunk_tokens"] as? Int == 400)
    }
  }

  @Test func batchesAreFollowed() async throws {
    try await TestKnowledge.test { client in
      let files = [
        try await client.upload("a.txt", "One."), try await client.upload("b.txt", "Two."),
        try await client.upload("c.bin", "\u{0}"),
      ]
      let list = files.map { "\"\($0)\"" }.joined(separator: ",")
      let made = try await client.post(
        "/v1/vector_stores/papers/file_batches", "{\"file_ids\":[\(list)],\"attributes\":{\"k\":1}}")
      #expect(made.status == 200, "\(made.text)")
      let id = try #require(made.json["id"] as? String)
      _ = try await client.settled()
      let done = try await client.get("/v1/vector_stores/papers/file_batches/\(id)").json
      #expect(done["status"] as? String == "completed")
      #expect((done["file_counts"] as? NSDictionary)?["failed"] as? Int == 1)
      let found = try await client.get("/v1/vector_stores/papers/file_batches/\(id)/files?order=asc").json
      #expect(Set((found["data"] as? [NSDictionary] ?? []).compactMap { $0["id"] as? String }) == Set(files))
      let other = try await client.post(
        "/v1/vector_stores/papers/file_batches",
        "{\"files\":[{\"file_id\":\"\(files[0])\",\"attributes\":{\"k\":2}}]}")
      #expect(other.status == 200, "\(other.text)")
      let otherID = try #require(other.json["id"] as? String)
      #expect(
        try await client.ask(.post, "/v1/vector_stores/papers/file_batches/\(otherID)/cancel").status == 200)
      _ = try await client.settled()
      #expect(try await client.get("/v1/vector_stores/papers/file_batches/vsfb_no").status == 404)
      #expect(try await client.post("/v1/vector_stores/papers/file_batches", "{}").status == 400)
      #expect(
        try await client.post("/v1/vector_stores/papers/file_batches", #"{"file_ids":["file-no"]}"#).status
          == 404)
    }
  }

  @Test func wrongSearchesAreRefusedByName() async throws {
    try await TestKnowledge.test { client in
      for (body, parameter) in [
        ("{}", "query"), (#"{"query":""}"#, "query"), (#"{"query":[]}"#, "query"),
        (#"{"query":{}}"#, "query"),
        (#"{"query":" \n"}"#, "query"), (#"{"query":"a","max_num_results":0}"#, "max_num_results"),
        (#"{"query":"a","max_num_results":51}"#, "max_num_results"),
        (#"{"query":"a","ranking_options":{"score_threshold":2}}"#, "ranking_options.score_threshold"),
        (#"{"query":"a","ranking_options":1}"#, "ranking_options"),
        ("{\"query\":\"\(String(repeating: "a", count: 40_000))\"}", "query"),
      ] {
        let reply = try await client.post("/v1/vector_stores/papers/search", body)
        #expect(reply.status == 400, "\(body.prefix(80)): \(reply.text)")
        #expect((reply.json["error"] as? NSDictionary)?["param"] as? String == parameter, "\(reply.text)")
      }
      let method = try await client.ask(.put, "/v1/vector_stores/papers")
      #expect(method.status == 405 && method[header: "allow"]?.contains("DELETE") == true)
    }
  }

  @Test func keysGuardEveryRoute() async throws {
    try await TestKnowledge.test(keys: ["secret"]) { client in
      for (method, path) in [
        (HTTPRequest.Method.get, "/v1/files"), (.post, "/v1/files"), (.get, "/v1/vector_stores"),
        (.post, "/v1/vector_stores/papers/search"), (.post, "/retrieval"), (.put, "/process"),
        (.post, "/mcp"),
        (.post, "/v1/chunk"), (.get, "/v1/knowledge"), (.delete, "/v1/knowledge/papers/document"),
      ] {
        #expect(try await client.ask(method, path).status == 401, "\(path)")
      }
      #expect(try await client.get("/knowledge").status == 200)
      let list = try await client.ask(.get, "/v1/vector_stores", headers: [.authorization: "Bearer secret"])
      #expect(list.status == 200)
    }
  }
}
