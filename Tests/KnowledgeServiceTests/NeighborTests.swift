import Foundation
import HTTPTypes
import HummingbirdTesting
import Knowledge
import KnowledgeService
import Testing
import Touchstone
import TouchstoneServer

struct DifyTests {
  @Test func recordsAreInDifysWords() async throws {
    try await TestKnowledge.test { client in
      try await client.addDocuments()
      let answer = try await client.post(
        "/retrieval",
        #"{"knowledge_id":"papers","query":"保修期","retrieval_setting":{"top_k":2,"score_threshold":0.0}}"#)
      #expect(answer.status == 200, "\(answer.text)")
      let records = try #require(answer.json["records"] as? [NSDictionary])
      #expect(records.count == 2)
      for record in records {
        #expect(record["content"] is String && record["title"] is String)
        #expect((0...1).contains(record["score"] as? Double ?? -1))
        #expect((record["metadata"] as? NSDictionary)?["path"] is String)
      }
      let filtered = try await client.post(
        "/retrieval",
        #"{"knowledge_id":"vs_papers","query":"保修期","retrieval_setting":{"top_k":50,"score_threshold":0},"metadata_condition":{"logical_operator":"or","conditions":[{"name":"language","comparison_operator":"is","value":"ja"},{"name":["filename"],"comparison_operator":"start with","value":"garantie"}]}}"#
      )
      let files = (filtered.json["records"] as? [NSDictionary] ?? []).compactMap {
        ($0["metadata"] as? NSDictionary)?["filename"] as? String
      }
      #expect(Set(files) == ["返品.ja.md", "観光.ja.docx", "garantie.de.md"], "\(filtered.text)")
    }
  }

  @Test func errorsAreInDifysWords() async throws {
    try await TestKnowledge.test { client in
      let unknown = try await client.post("/retrieval", #"{"knowledge_id":"no","query":"a"}"#)
      #expect(unknown.status == 404 && unknown.json["error_code"] as? Int == 2001)
      #expect((unknown.json["error_msg"] as? String)?.contains("'no'") == true)
      for body in [
        "", "[]", "{", #"{"query":"a"}"#, #"{"knowledge_id":"papers"}"#,
        #"{"knowledge_id":"papers","query":"a","retrieval_setting":{"top_k":0}}"#,
        #"{"knowledge_id":"papers","query":"a","metadata_condition":{"conditions":[{"name":"a","comparison_operator":"like","value":"b"}]}}"#,
        #"{"knowledge_id":"papers","query":"a","metadata_condition":{}}"#,
      ] {
        let reply = try await client.post("/retrieval", body)
        #expect(reply.status == 400 && reply.json["error_code"] as? Int == 400, "\(body): \(reply.text)")
      }
    }
  }
}

struct LoaderTests {
  @Test func documentsBecomePagesForOpenWebUI() async throws {
    try await TestKnowledge.test { client in
      let docx = try #require(FileManager.default.contents(atPath: TestKnowledge.documents + "/観光.ja.docx"))
      let reply = try await client.ask(
        .put, "/process", bytes: Array(docx),
        headers: [HTTPField.Name("X-Filename")!: "%E8%A6%B3%E5%85%89.ja.docx"])
      #expect(reply.status == 200, "\(reply.text)")
      #expect(reply.list.count == 1)
      #expect((reply.list[0]["page_content"] as? String)?.isEmpty == false)
      let metadata = try #require(reply.list[0]["metadata"] as? NSDictionary)
      #expect(metadata["source"] as? String == "観光.ja.docx" && metadata["language"] as? String == "ja")
      let html = try await client.ask(
        .put, "/process", bytes: Array("<h1>A</h1><p>b</p>".utf8),
        headers: [.contentType: "text/html; charset=utf-8"])
      #expect((html.list.first?["page_content"] as? String) == "# A\n\nb")
    }
  }

  @Test func pagesOfAPDFAreOneByOne() async throws {
    try await TestKnowledge.test { client in
      let pdf = Self.pdf(["First page about paper", "Second page about ink"])
      let reply = try await client.ask(
        .put, "/process", bytes: pdf, headers: [HTTPField.Name("X-Filename")!: "two.pdf"])
      #expect(reply.status == 200, "\(reply.text)")
      #expect(reply.list.map { ($0["page_content"] as? String)?.contains("page about") } == [true, true])
      let pages = reply.list.compactMap { ($0["metadata"] as? NSDictionary)?["page"] as? Int }
      let labels = reply.list.compactMap { ($0["metadata"] as? NSDictionary)?["page_label"] as? String }
      #expect(pages == [0, 1] && labels == ["1", "2"])
    }
  }

  @Test func whatCannotBeReadMakesOpenWebUIFallBack() async throws {
    var limits = KnowledgeLimits()
    limits.uploadBytes = 100_000
    try await TestKnowledge.test(limits: limits) { client in
      let filename = HTTPField.Name("X-Filename")!
      for (name, bytes) in [
        ("a.xyz", Array("?".utf8)), ("a.docx", Array("no archive".utf8)), ("a.txt", [0xC3, 0x28]),
        ("a.txt", []),
        ("a.pdf", Array("%PDF-1.4 nothing".utf8)), ("%FF%FE", Array("\u{0}".utf8)),
      ] as [(String, [UInt8])] {
        let reply = try await client.ask(.put, "/process", bytes: bytes, headers: [filename: name])
        #expect(reply.status == 422, "\(name): \(reply.status) \(reply.text)")
        #expect((reply.json["error"] as? String)?.hasPrefix("No extractable text") == true)
      }
      let large = try await client.ask(
        .put, "/process", bytes: [UInt8](repeating: 0x61, count: 100_001), headers: [filename: "a.txt"])
      #expect(large.status == 413)
    }
  }

  @Test func piecesHaveTheModelsOwnCounts() async throws {
    try await TestKnowledge.test { client in
      let text =
        "# Paper\n\n" + (0..<40).map { "Sentence \($0) is about paper. " }.joined()
        + "\n\n## Ink\n\nInk is blue.\n"
      let reply = try await client.form(
        "/v1/chunk", files: [("a.md", Array(text.utf8))],
        texts: ["chunk_tokens": "64", "overlap_percent": "20"])
      #expect(reply.status == 200, "\(reply.text)")
      let pieces = try #require(reply.json["pieces"] as? [NSDictionary])
      #expect(pieces.count > 4)
      let bytes = Array(text.utf8)
      var whole = ""
      for piece in pieces {
        let (start, end) = (piece["start"] as? Int ?? 0, piece["end"] as? Int ?? 0)
        let own = String(decoding: bytes[start..<end], as: UTF8.self)
        #expect((piece["repeated"] as? String ?? "") + (piece["text"] as? String ?? "") == own)
        #expect((piece["tokens"] as? Int ?? 99) <= 64)
        whole +=
          "\(piece["between"] as? String ?? "")\(piece["text"] as? String ?? "")\(piece["after"] as? String ?? "")"
      }
      // What lies between pieces is there as well: nothing of the document is missing.
      #expect(whole == text)
      for (name, value) in [
        ("chunk_tokens", "3"), ("chunk_tokens", "a"), ("overlap_percent", "51"), ("model", "no"),
      ] {
        let wrong = try await client.form("/v1/chunk", files: [("a.md", [0x61])], texts: [name: value])
        #expect(wrong.status == (name == "model" ? 404 : 400), "\(name): \(wrong.text)")
      }
      #expect(try await client.form("/v1/chunk", files: [("a.zzz", [0x61])]).status == 422)
    }
  }

  /// A PDF with a line of text on each page.
  static func pdf(_ pages: [String]) -> [UInt8] {
    var objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    let kids = pages.indices.map { "\(4 + 2 * $0) 0 R" }.joined(separator: " ")
    objects.append("<< /Type /Pages /Kids [\(kids)] /Count \(pages.count) >>")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for (index, text) in pages.enumerated() {
      let stream = "BT /F1 12 Tf 72 720 Td (\(text)) Tj ET"
      objects.append(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents \(5 + 2 * index) 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
      )
      objects.append("<< /Length \(stream.utf8.count) >>\nstream\n\(stream)\nendstream")
    }
    var text = "%PDF-1.4\n"
    var offsets: [Int] = []
    for (index, object) in objects.enumerated() {
      offsets.append(text.utf8.count)
      text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
    }
    let start = text.utf8.count
    text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
    for offset in offsets {
      text += String(repeating: "0", count: 10 - "\(offset)".count) + "\(offset) 00000 n \n"
    }
    text += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
    return Array(text.utf8)
  }
}
