import Foundation
import Glibc
import HTTPTypes
import HummingbirdTesting
import JSON
import Knowledge
import KnowledgeService
import Testing
import Touchstone
import TouchstoneServer

struct MCPTests {
  private static let meta =
    #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#

  private static func headers(_ method: String, name: String? = nil, version: String = "2026-07-28")
    -> HTTPFields
  {
    var fields: HTTPFields = [
      HTTPField.Name("MCP-Protocol-Version")!: version, HTTPField.Name("Mcp-Method")!: method,
    ]
    if let name { fields[HTTPField.Name("Mcp-Name")!] = name }
    return fields
  }

  @Test func theHandshakeOfOlderRevisionsIsAnswered() async throws {
    try await TestKnowledge.test { client in
      try await client.addDocuments()
      for (asked, given) in [
        ("2025-11-25", "2025-11-25"), ("2025-03-26", "2025-03-26"), ("1999-01-01", "2025-11-25"),
      ] {
        let reply = try await client.post(
          "/mcp",
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"\(asked)\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}"
        )
        let result = try #require(reply.json["result"] as? NSDictionary)
        #expect(result["protocolVersion"] as? String == given)
        #expect((result["serverInfo"] as? NSDictionary)?["name"] as? String == "touchstone")
      }
      let note = try await client.post("/mcp", #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
      #expect(note.status == 202 && note.bytes.isEmpty)
      let ping = try await client.post("/mcp", #"{"jsonrpc":"2.0","id":"p","method":"ping"}"#)
      #expect(ping.json["id"] as? String == "p" && (ping.json["result"] as? NSDictionary)?.count == 0)
      let list = try await client.post("/mcp", #"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#)
      let tools = (list.json["result"] as? NSDictionary)?["tools"] as? [NSDictionary]
      #expect(tools?.map { $0["name"] as? String } == ["query", "get", "status"])
      #expect((list.json["result"] as? NSDictionary)?["ttlMs"] == nil)
      let call = try await client.post(
        "/mcp",
        #"{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"query","arguments":{"query":"保修期","top":2,"rerank":false}}}"#
      )
      let result = try #require(call.json["result"] as? NSDictionary)
      #expect(result["isError"] as? Bool == false)
      let text = try #require((result["content"] as? [NSDictionary])?.first?["text"] as? String)
      #expect(text.contains("保修.zh.md") && text.contains("保修期"))
      let hits = try #require((result["structuredContent"] as? NSDictionary)?["hits"] as? [NSDictionary])
      #expect(hits.count == 2)
      let document = try #require(hits[0]["document"] as? String)
      let get = try await client.post(
        "/mcp",
        "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"tools/call\",\"params\":{\"name\":\"get\",\"arguments\":{\"document\":\"\(document)\"}}}"
      )
      #expect(get.text.contains("保修期"))
      let status = try await client.post(
        "/mcp", #"{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"status"}}"#)
      #expect(status.text.contains("12 documents"))
    }
  }

  @Test func theStatelessRevisionIsAnswered() async throws {
    try await TestKnowledge.test { client in
      let discover = try await client.ask(
        .post, "/mcp",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{\(Self.meta)}}",
        headers: Self.headers("server/discover"))
      #expect(discover.status == 200, "\(discover.text)")
      let found = try #require(discover.json["result"] as? NSDictionary)
      #expect((found["supportedVersions"] as? [String])?.first == "2026-07-28")
      #expect(
        found["resultType"] as? String == "complete" && found["ttlMs"] is Int && found["cacheScope"] is String
      )
      let list = try await client.ask(
        .post, "/mcp", "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\",\"params\":{\(Self.meta)}}",
        headers: Self.headers("tools/list"))
      #expect((list.json["result"] as? NSDictionary)?["resultType"] as? String == "complete")
      let body =
        "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\",\"params\":{\"name\":\"status\",\(Self.meta)}}"
      let call = try await client.ask(
        .post, "/mcp", body, headers: Self.headers("tools/call", name: "=?base64?c3RhdHVz?="))
      #expect((call.json["result"] as? NSDictionary)?["resultType"] as? String == "complete", "\(call.text)")
      // What headers and message say must agree.
      for (headers, code) in [
        (Self.headers("tools/call", name: "query"), -32020),
        (Self.headers("tools/list", name: "status"), -32020),
        (Self.headers("tools/call"), -32020),
        (Self.headers("tools/call", name: "status", version: "2025-11-25"), -32020),
        ([:], -32020),
      ] as [(HTTPFields, Int)] {
        let refused = try await client.ask(.post, "/mcp", body, headers: headers)
        #expect(refused.status == 400, "\(headers): \(refused.text)")
        #expect((refused.json["error"] as? NSDictionary)?["code"] as? Int == code)
      }
      let bare = try await client.ask(
        .post, "/mcp", #"{"jsonrpc":"2.0","id":4,"method":"tools/list"}"#, headers: Self.headers("tools/list")
      )
      #expect(bare.status == 400 && (bare.json["error"] as? NSDictionary)?["code"] as? Int == -32602)
      let future = try await client.ask(
        .post, "/mcp", body.replacing("2026-07-28", with: "2099-01-01"),
        headers: Self.headers("tools/call", name: "status", version: "2099-01-01"))
      let error = try #require(future.json["error"] as? NSDictionary)
      #expect(future.status == 400 && error["code"] as? Int == -32022)
      #expect(((error["data"] as? NSDictionary)?["supported"] as? [String])?.contains("2026-07-28") == true)
      let gone = try await client.ask(
        .post, "/mcp", "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"ping\",\"params\":{\(Self.meta)}}",
        headers: Self.headers("ping"))
      #expect(gone.status == 404 && (gone.json["error"] as? NSDictionary)?["code"] as? Int == -32601)
    }
  }

  @Test func wrongMessagesGetErrorsAndWrongArgumentsSentences() async throws {
    try await TestKnowledge.test { client in
      for (body, code, status) in [
        ("{", -32700, 400), ("1", -32600, 400), ("[]", -32600, 400),
        (#"{"id":1,"method":"ping"}"#, -32600, 400),
        (#"{"jsonrpc":"2.0","id":1}"#, -32600, 400),
        (#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, -32600, 400),
        (#"{"jsonrpc":"2.0","id":1,"method":"none"}"#, -32601, 200),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"none"}}"#, -32602, 200),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}"#, -32602, 200),
        (
          #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"query","arguments":[]}}"#, -32602,
          200
        ),
      ] {
        let reply = try await client.post("/mcp", body)
        #expect(reply.status == status, "\(body): \(reply.status) \(reply.text)")
        #expect((reply.json["error"] as? NSDictionary)?["code"] as? Int == code, "\(body): \(reply.text)")
      }
      for arguments in [
        "{}", #"{"query":""}"#, #"{"query":"a","top":51}"#, #"{"query":"a","mode":"x"}"#,
        #"{"query":"a","filter":"x"}"#, #"{"query":"a","base":"no"}"#,
      ] {
        let reply = try await client.post(
          "/mcp",
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"query\",\"arguments\":\(arguments)}}"
        )
        #expect(
          (reply.json["result"] as? NSDictionary)?["isError"] as? Bool == true, "\(arguments): \(reply.text)")
      }
      let batch = try await client.post(
        "/mcp",
        #"[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/x"},{"jsonrpc":"2.0","id":2,"method":"ping"}]"#
      )
      #expect(batch.list.map { $0["id"] as? Int } == [1, 2])
      for method in [HTTPRequest.Method.get, .delete] {
        let reply = try await client.ask(method, "/mcp")
        #expect(reply.status == 405 && reply[header: "allow"] == "POST")
      }
    }
  }

  @Test func pagesOfOthersAreRefusedEvenWithAKey() async throws {
    try await TestKnowledge.test(keys: ["secret"]) { client in
      let ping = #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#
      let foreign = try await client.ask(
        .post, "/mcp", ping, headers: [.authorization: "Bearer secret", .origin: "https://evil.example"])
      #expect(foreign.status == 403)
      let own = try await client.ask(.post, "/mcp", ping, headers: [.authorization: "Bearer secret"])
      #expect(own.status == 200)
    }
  }

  @Test func linesOfAStreamAreAnswered() async throws {
    let folder = TestKnowledge.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model = ModelIdentity(name: "demo", fingerprint: "abc", dimensions: 4)
    _ = try EmbeddedStore.writer(at: folder + "/base", model: model)
    let access = BaseAccess(
      name: "base", store: try EmbeddedStore.reader(at: folder + "/base"), model: nil, reranker: nil)
    var (input, output): ([Int32], [Int32]) = ([0, 0], [0, 0])
    let isOpen = pipe(&input) == 0 && pipe(&output) == 0
    try #require(isOpen)
    let lines = [
      #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18"}}"#, "",
      #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, "{",
      "{\"jsonrpc\":\"2.0\",\"id\":\"two\",\"method\":\"server/discover\",\"params\":{\(Self.meta)}}",
      #"{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"query","arguments":{"query":"a"}}}"#,
      "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"ping\",\"params\":{\"a\":\"\(String(repeating: "a", count: 5 << 20))\"}}",
      #"{"jsonrpc":"2.0","id":5,"method":"ping"}"#,
    ]
    let (write, read) = (input[1], output[0])
    let writer = Task.detached {
      var bytes = Array(lines.joined(separator: "\n").utf8)[...]
      while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { Glibc.write(write, $0.baseAddress, $0.count) }
        if count <= 0 { break }
        bytes = bytes.dropFirst(count)
      }
      close(write)
    }
    await MCPStream(MCPServer { _ in [access] }, input: input[0], output: output[1]).run()
    await writer.value
    close(output[1])
    var answers: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(read, &buffer, buffer.count)
      guard count > 0 else { break }
      answers += buffer[..<count]
    }
    close(read)
    close(input[0])
    let replies = try answers.split(separator: 0x0A).map { try JSONParser.parse(Array($0)) }
    #expect(replies.count == 6)
    let byID = Dictionary(grouping: replies) { "\($0["id"] ?? .null)" }
    #expect(byID["\(JSONValue.number(1))"]?.first?["result"]?["protocolVersion"] == .string("2025-06-18"))
    #expect(byID["\(JSONValue.string("two"))"]?.first?["result"]?["resultType"] == .string("complete"))
    #expect(byID["\(JSONValue.number(3))"]?.first?["result"]?["isError"] == .bool(false))
    #expect(byID["\(JSONValue.number(5))"]?.count == 1)
    // Half a message, and one that is too long.
    #expect(
      byID["\(JSONValue.null)"]?.compactMap { $0["error"]?["code"] } == [.number(-32700), .number(-32700)])
  }
}
