import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import NIOCore
import Testing
import Touchstone
import TouchstoneServer

struct DialectRoutesTests {
  private static func values(_ texts: [EmbeddingInput], _ change: (inout EmbeddingOptions) -> Void = { _ in })
    throws
    -> [Embedding]
  {
    var options = EmbeddingOptions()
    change(&options)
    return try TestService.model.embed(texts, options: options)
  }

  @Test func textEmbeddingsInferenceGivesTheLibrarysVectors() async throws {
    let expected = text(TEIResponse.vectors(try Self.values(["a", ""])))
    let states = text(
      TEIResponse.tokenStates(
        try Self.values(["a b"]) {
          $0.pooling = Pooling.none
          $0.normalization = .none
        }))
    try await TestService.test { client in
      for path in ["/", "/embed"] {
        let reply = try await client.reply(path, #"{"inputs":["a",""]}"#)
        #expect(reply.text == expected)
        #expect(reply[header: "x-compute-tokens"] == "3")
        #expect(reply[header: "x-given-tokens"] == "3")
        #expect(reply[header: "x-truncated-inputs"] == nil)
      }
      let allStates = try await client.reply("/embed_all", #"{"inputs":"a b"}"#)
      #expect(allStates.text == states)
      let similarity = try await client.reply(
        "/similarity", #"{"inputs":{"source_sentence":"a","sentences":["a","b"]}}"#)
      #expect(similarity.text.hasPrefix("[1.0,") || similarity.text.hasPrefix("[0.99999"))
      let info = try await client.reply("/info")
      #expect(info.text.contains(#""model_id":"demo""#))
    }
  }

  @Test func cutsAreReported() async throws {
    var settings = ServiceSettings()
    settings.limits.tokensPerInput = 4
    try await TestService.test(settings) { client in
      let long = "one two three four five six"
      let cut = try await client.reply("/embed", #"{"inputs":["a","\#(long)"],"truncate":true}"#)
      #expect(cut.status == 200)
      #expect(cut[header: "x-truncated-inputs"] == "1")
      #expect(cut[header: "x-compute-tokens"] == "6")
      #expect(cut[header: "x-given-tokens"] == "9")
      let refused = try await client.reply("/embed", #"{"inputs":"\#(long)"}"#)
      #expect(refused.status == 413)
      #expect(
        refused.text
          == #"{"error":"input 0 has 7 tokens, but the limit is 4; shorten it, or ask for truncation","error_type":"Validation"}"#
      )
      let ollama = try await client.reply("/api/embed", #"{"model":"demo","input":"\#(long)"}"#)
      #expect(ollama.text.contains(#""inputs":[{"tokens":7,"used_tokens":4,"truncated":true}]"#))
      let llamaCpp = try await client.reply("/embedding", #"{"content":"\#(long)"}"#)
      #expect(llamaCpp.status == 400)
      #expect(llamaCpp.text.contains(#""type":"exceed_context_size_error","n_prompt_tokens":7,"n_ctx":4"#))
    }
  }

  @Test func ollamaKnowsItsModels() async throws {
    let expected = text(TEIResponse.vectors(try Self.values(["a"])))
    try await TestService.test { client in
      for name in ["demo", "demo:latest"] {
        let reply = try await client.reply("/api/embed", #"{"model":"\#(name)","input":"a"}"#)
        #expect(reply.text.hasPrefix(#"{"model":"demo","embeddings":\#(expected),"total_duration":"#))
      }
      let unknown = try await client.reply("/api/embed", #"{"model":"other","input":"a"}"#)
      #expect(unknown.status == 404)
      #expect(unknown.text == #"{"error":"there is no model 'other' here; this service has 'demo'"}"#)
      let tags = try await client.reply("/api/tags")
      #expect(tags.text.contains(#""name":"demo","model":"demo","size":"#))
      let running = try await client.reply("/api/ps")
      #expect(running.text.contains(#""size_vram":0"#))
      #expect(
        try await client.reply("/api/show", #"{"model":"demo"}"#).text.contains(
          #""capabilities":["embedding"]"#))
      let version = try await client.reply("/api/version")
      #expect(version.status == 200)
    }
  }

  @Test func llamaCppGivesNestedVectors() async throws {
    let plain = try Self.values(["a"]) { $0.normalization = .none }
    let expected = text(LlamaCppResponse.embeddings(plain, .taxicab))
    try await TestService.test { client in
      for path in ["/embedding", "/embeddings"] {
        let vectors = try await client.reply(path, #"{"content":"a","embd_normalize":1}"#)
        #expect(vectors.text == expected)
      }
      let props = try await client.reply("/props")
      #expect(props.text.contains(#""model_alias":"demo""#))
    }
  }

  /// The members tell who is speaking, and errors come in the same dialect.
  @Test func sharedPathsAreToldApart() async throws {
    let ids = TestService.model.tokenizer.tokenIDs(of: "The file")
    try await TestService.test { client in
      let llamaCpp = try await client.reply("/tokenize", #"{"content":"The file"}"#)
      #expect(llamaCpp.text == "{\"tokens\":[\(ids[0]),\(ids[1])]}")
      let pieces = try await client.reply("/tokenize", #"{"content":"The file","with_pieces":true}"#)
      #expect(pieces.text.contains(#""piece":" file""#))
      let tei = try await client.reply("/tokenize", #"{"inputs":"The file"}"#)
      #expect(tei.text.hasPrefix(#"[[{"id":\#(ids[0]),"text":"The","special":false,"start":0,"stop":3},"#))
      let decoded = try await client.reply("/decode", #"{"ids":\#(ids)}"#)
      #expect(decoded.text == #"["The file"]"#)
      let detokenized = try await client.reply("/detokenize", #"{"tokens":[\#(ids[0])]}"#)
      #expect(detokenized.text == #"{"content":"The"}"#)

      let llamaCppError = try await client.reply("/tokenize", #"{"content":7}"#)
      #expect(llamaCppError.status == 400 && llamaCppError.text.hasPrefix(#"{"error":{"code":400,"#))
      let teiError = try await client.reply("/tokenize", #"{"inputs":7}"#)
      #expect(teiError.status == 422 && teiError.text.hasSuffix(#""error_type":"Validation"}"#))
      let outside = try await client.reply("/detokenize", #"{"tokens":[2000000]}"#)
      #expect(outside.status == 400 && outside.text.contains("outside of the vocabulary"))
    }
  }

  @Test func anEmbeddingModelDoesNotRank() async throws {
    try await TestService.test { client in
      for path in ["/rerank", "/v1/rerank"] {
        let documents = try await client.reply(path, #"{"query":"q","documents":["a"]}"#)
        #expect(documents.status == 400 && documents.text.contains(#""code":"model_not_supported""#))
        let texts = try await client.reply(path, #"{"query":"q","texts":["a"]}"#)
        #expect(texts.status == 424 && texts.text.hasSuffix(#""error_type":"Backend"}"#))
      }
    }
  }

  @Test func eachDialectHasItsErrors() async throws {
    try await TestService.test { client in
      for (path, status, start) in [
        ("/embed", 422, #"{"error":"the body is not JSON"#),
        ("/api/embed", 400, #"{"error":"the body is not JSON"#),
        ("/embedding", 400, #"{"error":{"code":400,"message":"the body is not JSON"#),
        ("/v1/rerank", 400, #"{"error":{"message":"the body is not JSON"#),
      ] {
        let reply = try await client.reply(path, "{")
        #expect(reply.status == status, "\(path)")
        #expect(reply.text.hasPrefix(start), "\(path): \(reply.text)")
      }
    }
  }
}
