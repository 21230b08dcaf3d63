import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import NIOCore
import Testing
import Touchstone
import TouchstoneServer

/// Requests as the clients of other services send them.
struct ForeignClientTests {
  private static func values(
    _ text: String, as role: EmbeddingRole = .document, _ change: (inout EmbeddingOptions) -> Void = { _ in }
  ) throws -> [Float] {
    var options = EmbeddingOptions()
    change(&options)
    return try TestService.model.embed([EmbeddingInput(text, as: role)], options: options)[0].values
  }

  /// The vectors of an answer in OpenAI's shape.
  private static func vectors(_ reply: Reply, _ member: String = "embedding") throws -> [[Float]] {
    guard case .array(let data)? = try JSONParser.parse(Array(reply.text.utf8))["data"] else {
      Issue.record("no data in \(reply.text)")
      return []
    }
    return try data.map { try floats(#require($0[member])) }
  }

  private static func floats(_ value: JSONValue) throws -> [Float] {
    guard case .array(let numbers) = value else { return [] }
    return try numbers.map { number in
      guard case .number(let digits) = number else { throw ServiceError.malformed("no number") }
      return try #require(Float(digits))
    }
  }

  @Test(arguments: [
    (#""truncate":"NONE","input_type":"passage""#, EmbeddingRole.document),
    (#""truncate":"END","input_type":"query""#, .query), (#""task":"retrieval.query""#, .query),
    (#""task":"retrieval.passage""#, .document), (#""task":"text-matching","normalized":true"#, .document),
    (#""output_dtype":"float","truncation":true"#, .document),
    (#""truncate_prompt_tokens":-1,"add_special_tokens":true,"embed_dtype":"float32""#, .document),
    (#""encoding_format":null,"embedding_type":"float""#, .document),
  ]) func wordsOfOtherServicesAreRead(members: String, role: EmbeddingRole) async throws {
    let expected = try Self.values("disk full", as: role)
    try await TestService.test { client in
      let reply = try await client.reply("/v1/embeddings", "{\"input\":\"disk full\",\(members)}")
      #expect(reply.status == 200, "\(reply.text)")
      #expect(try Self.vectors(reply) == [expected])
      #expect(reply[header: "x-ignored-parameters"] == nil)
    }
  }

  @Test(arguments: [#""dimensions":4.0"#, #""dimensions":4e0"#, #""output_dimension":4"#])
  func wholeNumbersMayHaveAFractionOfZero(members: String) async throws {
    let expected = try Self.values("a") { $0.dimensions = 4 }
    try await TestService.test { client in
      let reply = try await client.reply("/v1/embeddings", "{\"input\":\"a\",\(members)}")
      #expect(try Self.vectors(reply) == [expected])
    }
  }

  @Test(arguments: [
    (#""truncate_prompt_tokens":4"#, Truncation.right),
    (#""truncate_prompt_tokens":4,"truncation_side":"left""#, .left),
    (#""max_tokens":4,"truncate":"END""#, .right), (#""max_tokens":4,"truncate":"START""#, .left),
    (#""max_tokens":4,"truncation":true"#, .right),
  ]) func textsAreCutAsOtherServicesCutThem(members: String, truncation: Truncation) async throws {
    let text = "one two three four five six"
    let expected = try Self.values(text) {
      $0.maximumTokens = 4
      $0.truncation = truncation
    }
    try await TestService.test { client in
      let reply = try await client.reply("/v1/embeddings", "{\"input\":\"\(text)\",\(members)}")
      #expect(try Self.vectors(reply) == [expected], "\(reply.text)")
      #expect(reply.text.contains(#""truncated":true"#))
    }
  }

  @Test func minusOneCutsToWhatFits() async throws {
    var settings = ServiceSettings()
    settings.limits.tokensPerInput = 4
    try await TestService.test(settings) { client in
      let text = "one two three four five six"
      let refused = try await client.reply("/v1/embeddings", "{\"input\":\"\(text)\"}")
      #expect(refused.status == 400)
      let cut = try await client.reply(
        "/v1/embeddings", "{\"input\":\"\(text)\",\"truncate_prompt_tokens\":-1}")
      #expect(cut.status == 200 && cut.text.contains(#""prompt_tokens":4,"#))
      let models = try await client.reply("/v1/models")
      #expect(models.text.contains(#""max_model_len":4"#))
    }
  }

  /// Half of an emoji, which clients make by cutting texts.
  @Test func halvesOfSurrogatePairsAreReadAsOllamaDoesOrNamed() async throws {
    let expected = try Self.values("a\u{FFFD}")
    try await TestService.test { client in
      let ollama = try await client.reply("/api/embed", #"{"model":"demo","input":["ok","a\ud83d"]}"#)
      guard case .array(let rows)? = try JSONParser.parse(Array(ollama.text.utf8))["embeddings"] else {
        Issue.record("\(ollama.text)")
        return
      }
      #expect(try Self.floats(rows[1]) == expected)
      for (path, body, parameter) in [
        ("/v1/embeddings", #"{"input":["ok","a\ud83d"]}"#, "input[1]"),
        ("/embed", #"{"inputs":["ok","a\ud83d"]}"#, "inputs[1]"),
        ("/v1/embeddings", #"{"input":"\udc00"}"#, "input"),
      ] {
        let reply = try await client.reply(path, body)
        #expect(reply.text.contains("\(parameter): has half of a surrogate pair"), "\(reply.text)")
      }
    }
  }

  @Test func ollamasDigestsAreDigests() async throws {
    try await TestService.test(models: [.demo, TestReranker.served]) { client in
      var seen: [String] = []
      for path in ["/api/tags", "/api/ps", "/api/tags"] {
        let text = try await client.reply(path).text
        seen.append(contentsOf: text.matches(of: /"digest":"([^"]*)"/).map { String($0.1) })
      }
      #expect(seen.count == 6)
      #expect(seen.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{64}/) != nil })
      #expect(Set(seen).count == 2)
    }
  }

  @Test func azuresPathsNameTheModel() async throws {
    let expected = try Self.values("a")
    try await TestService.test(models: [TestReranker.served, .demo]) { client in
      for path in [
        "/openai/deployments/demo/embeddings?api-version=2024-10-21", "/engines/demo/embeddings",
        "/openai/v1/embeddings", "/openai/deployments/text%2Dembedding-3-small/embeddings",
      ] {
        let reply = try await client.reply(path, #"{"input":"a"}"#)
        #expect(try Self.vectors(reply) == [expected], "\(path)")
      }
      let unknown = try await client.reply("/openai/deployments/other/embeddings", #"{"input":"a"}"#)
      #expect(unknown.status == 404 && unknown.text.contains(#""code":"model_not_found""#))
    }
  }

  /// A client of OpenAI's API whose base URL lacks `/v1`, or is Ollama's.
  @Test func openAIsShapeIsGivenToOpenAIsRequests() async throws {
    let expected = try Self.values("a")
    try await TestService.test { client in
      for (path, body) in [
        ("/embeddings", #"{"input":"a","encoding_format":"float"}"#),
        ("/embedding", #"{"input":"a","encoding_format":"float"}"#),
        ("/api/embeddings", #"{"model":"demo","input":["a"]}"#),
      ] {
        let reply = try await client.reply(path, body)
        #expect(try Self.vectors(reply) == [expected], "\(path)")
      }
      let error = try await client.reply("/embeddings", #"{"input":7,"encoding_format":"float"}"#)
      #expect(error.status == 400 && error.text.hasPrefix(#"{"error":{"message":"#))
      #expect(try await client.reply("/models").text.contains(#""id":"demo""#))
    }
  }

  @Test(arguments: [
    "/v1/v1/embeddings", "/v1/embeddings/embeddings", "/v1/embeddings/v1/embeddings", "/v1",
    "/api/v1/embeddings",
  ]) func aWrongBaseURLIsNamed(path: String) async throws {
    try await TestService.test { client in
      let reply = try await client.reply(path, #"{"input":"a"}"#)
      #expect(reply.status == 404)
      #expect(reply.text.contains("the base URL of OpenAI's clients is http:"), "\(reply.text)")
      #expect(reply.text.contains("localhost") && reply.text.contains("v1"))
    }
    try await TestService.test { client in
      let reply = try await client.reply("/nothing")
      #expect(!reply.text.contains("base URL"))
    }
  }

  /// Errors and statuses are those of the dialect, with a slash at the end too.
  @Test func aSlashAtTheEndMakesNoDifference() async throws {
    try await TestService.test { client in
      for path in [
        "/embed", "/rerank", "/similarity", "/tokenize", "/v1/embeddings", "/api/embed", "/embedding",
      ] {
        let plain = try await client.reply(path, "{}")
        let slashed = try await client.reply(path + "/", "{}")
        #expect(plain.status == slashed.status && plain.text == slashed.text, "\(path)")
      }
    }
  }

  @Test func aByteOrderMarkIsSkipped() async throws {
    let expected = try Self.values("a")
    try await TestService.test { client in
      let reply = try await client.reply("/v1/embeddings", "\u{FEFF}{\"input\":\"a\"}")
      #expect(try Self.vectors(reply) == [expected])
    }
  }

  @Test func coheresEmbedHasItsShape() async throws {
    let expected = try Self.values("disk full", as: .query) { $0.dimensions = 8 }
    try await TestService.test { client in
      let body =
        #"{"model":"demo","texts":["disk full"],"input_type":"search_query","embedding_types":["float","base64"],"output_dimension":8}"#
      let reply = try await client.reply("/v2/embed", body)
      let json = try JSONParser.parse(Array(reply.text.utf8))
      guard case .array(let rows)? = json["embeddings"]?["float"] else {
        Issue.record("\(reply.text)")
        return
      }
      #expect(try rows.map(Self.floats) == [expected])
      #expect(json["texts"] == .array([.string("disk full")]))
      #expect(json["response_type"] == .string("embeddings_by_type"))
      let inputs = try await client.reply(
        "/v2/embed",
        #"{"inputs":[{"content":[{"type":"text","text":"disk full"}]}],"input_type":"search_query","output_dimension":8}"#
      )
      #expect(inputs.text.contains(#""float":[["#))
      for (body, sentence) in [
        (#"{}"#, #"{"message":"texts: is missing"}"#),
        (
          #"{"texts":["a"],"embedding_types":["int8"]}"#,
          #"{"message":"embedding_types[0]: must be 'float' or 'base64'"}"#
        ),
        (#"{"images":["x"]}"#, #"{"message":"images: images cannot be embedded here; send texts"}"#),
      ] {
        let reply = try await client.reply("/v2/embed", body)
        #expect(reply.status == 400 && reply.text == sentence, "\(reply.text)")
      }
      // As at Cohere, what does not fit is cut unless that is forbidden.
      let long = String(repeating: "word ", count: 20_000)
      #expect(try await client.reply("/v2/embed", "{\"texts\":[\"\(long)\"],\"max_tokens\":4}").status == 200)
      #expect(
        try await client.reply("/v2/embed", "{\"texts\":[\"\(long)\"],\"truncate\":\"NONE\"}").status == 400)
    }
  }

  @Test func vLLMScoresPairs() async throws {
    let expected = try TestReranker.model.rerank(query: "q", documents: ["disk full", "banana"])
    try await TestService.test(models: [.demo, TestReranker.served]) { client in
      func scores(_ path: String, _ body: String) async throws -> [Double] {
        let reply = try await client.reply(path, body)
        guard case .array(let data)? = try JSONParser.parse(Array(reply.text.utf8))["data"] else {
          Issue.record("\(reply.text)")
          return []
        }
        return data.compactMap { entry in
          if case .number(let digits)? = entry["score"] { Double(digits) } else { nil }
        }
      }
      let body = #"{"text_1":"q","text_2":["disk full","banana"]}"#
      for path in ["/score", "/v1/score"] {
        #expect(try await scores(path, body) == expected.map(\.score))
      }
      #expect(
        try await scores("/score", #"{"queries":["q","q"],"documents":["disk full","banana"]}"#)
          == expected.map(\.score))
      let reversed = try TestReranker.model.rerank(query: "banana", documents: ["q"])[0].score
      #expect(
        try await scores("/score", #"{"text_1":["q","banana"],"text_2":["disk full","q"]}"#)
          == [expected[0].score, reversed])
      // A model that embeds gives cosines.
      let vectors = try TestService.model.embed(["q", "banana"])
      let cosine = try await scores("/score", #"{"model":"demo","text_1":"q","text_2":["banana","q"]}"#)
      #expect(cosine[0] == Double(vectors[0].similarity(to: vectors[1])))
      #expect(abs(cosine[1] - 1) < 1e-6)
      let uneven = try await client.reply("/score", #"{"text_1":["a","b"],"text_2":["a","b","c"]}"#)
      #expect(uneven.status == 400 && uneven.text.contains("text_2: has 3 texts, but text_1 has 2"))
    }
  }

  @Test func vLLMTokenizesAPrompt() async throws {
    let ids = TestService.model.tokenizer.tokenIDs(of: "The file")
    try await TestService.test { client in
      let reply = try await client.reply("/tokenize", #"{"prompt":"The file","return_token_strs":true}"#)
      #expect(
        reply.text
          == "{\"count\":\(ids.count),\"max_model_len\":8192,\"tokens\":[\(ids.map(String.init).joined(separator: ","))],\"token_strs\":[\"The\",\" file\",\"<|endoftext|>\"]}"
      )
      let bare = try await client.reply("/tokenize", #"{"prompt":"The file","add_special_tokens":false}"#)
      #expect(bare.text.contains("\"count\":\(ids.count - 1),"))
    }
  }

  @Test func vLLMPools() async throws {
    let expected = try Self.values("a")
    let states = try TestService.model.embed(["a b"], options: Self.tokenStates)[0]
    try await TestService.test { client in
      let reply = try await client.reply("/pooling", #"{"input":"a"}"#)
      #expect(reply.text.contains(#""object":"pooling""#))
      #expect(try Self.vectors(reply, "data") == [expected])
      let tokens = try await client.reply(
        "/pooling", #"{"input":"a b","task":"token_embed","normalize":false}"#)
      guard case .array(let data)? = try JSONParser.parse(Array(tokens.text.utf8))["data"],
        case .array(let rows)? = data[0]["data"]
      else {
        Issue.record("\(tokens.text)")
        return
      }
      #expect(try rows.map(Self.floats) == states.vectors.map(Array.init))
    }
  }

  private static var tokenStates: EmbeddingOptions {
    var options = EmbeddingOptions()
    options.pooling = Pooling.none
    options.normalization = .none
    return options
  }

  /// Cohere's bound for documents, and where a refusal points to.
  @Test func longDocumentsAreCutOrNamed() async throws {
    let long = String(repeating: "the disk is full ", count: 100)
    try await TestService.test(models: [TestReranker.served]) { client in
      let cut = try await client.reply(
        "/v2/rerank", #"{"query":"q","documents":["\#(long)","a"],"max_tokens_per_doc":5,"top_k":1}"#)
      #expect(cut.status == 200)
      #expect(cut[header: "x-truncated-inputs"] == "0")
      #expect(cut.text.matches(of: /relevance_score/).count == 1)
    }
    var settings = ServiceSettings()
    settings.limits.tokensPerInput = 300
    settings.limits.inputsPerRequest = 2
    try await TestService.test(settings, models: [TestReranker.served]) { client in
      let refused = try await client.reply("/v1/rerank", #"{"query":"q","documents":["a","\#(long)"]}"#)
      #expect(refused.text.contains(#""message":"documents[1] has "#), "\(refused.text)")
      #expect(refused.text.contains(#""param":"documents[1]","code":"context_length_exceeded""#))
      let many = try await client.reply("/v1/rerank", #"{"query":"q","documents":["a","b","c"]}"#)
      #expect(many.text.contains(#""param":"documents","code":"too_many_inputs""#), "\(many.text)")
    }
  }
}
