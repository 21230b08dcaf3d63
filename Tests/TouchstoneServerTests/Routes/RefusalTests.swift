import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing
import Touchstone
import TouchstoneServer

struct RefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let body: String
    let status: Int
    let parameter: String?
    let sentence: String

    init(_ body: String, _ parameter: String?, _ sentence: String, status: Int = 400) {
      self.body = body
      self.status = status
      self.parameter = parameter
      self.sentence = sentence
    }

    var testDescription: String { body }
  }

  @Test(arguments: [
    Case("", nil, "the body is not JSON: at byte 0, expected a JSON value, found the end"),
    Case("[]", nil, "the body must be a JSON object, found an array"),
    Case("{}", "input", "input: is missing"),
    Case(#"{"input":null}"#, "input", "input: is missing"),
    Case(#"{"input":[]}"#, "input", "input: is empty"),
    Case(
      #"{"input":7}"#, "input", "input: must be a string, an array of strings, or token ids, found a number"),
    Case(
      #"{"input":["a",7]}"#, "input[1]", "input[1]: must be a string or an array of token ids, found a number"
    ),
    Case(#"{"input":[1.5]}"#, "input[0]", "input[0]: must be a token id, found a number"),
    Case(
      #"{"input":[99999999],"token_ids":true}"#, "input",
      "input: input 0: token id 99999999 is outside of the vocabulary, 0 to 32767"),
    Case(#"{"input":"a","dimensions":0}"#, "dimensions", "dimensions: must be at least 1, found 0"),
    Case(
      #"{"input":"a","dimensions":257}"#, "dimensions",
      "dimensions: found 257, but this model's vectors have 1 to 256"),
    Case(
      #"{"input":"a","dimensions":NaN}"#, nil,
      "the body is not JSON: at byte 26, expected a JSON value, found 'N'"),
    Case(
      #"{"input":"a","dimensions":1e99}"#, "dimensions", "dimensions: must be a whole number, found 1e99"),
    Case(
      #"{"input":"a","encoding_format":"hex"}"#, "encoding_format",
      "encoding_format: must be one of 'float', 'base64'"),
    Case(
      #"{"input":"a","input_type":"document","instruct":"b"}"#, "instruct",
      "instruct: is for queries, but the request says that its inputs are documents"),
    Case(
      #"{"input":"a","max_tokens":9000}"#, "max_tokens",
      "max_tokens: found 9000, but an input may have 1 to 8192 tokens here"),
    Case(
      #"{"input":"a","model":"b"}"#, "model", "there is no model 'b' here; this service has 'demo'",
      status: 404),
    Case(
      #"{"input":"a b c d e f g","max_tokens":2}"#, "input",
      "input 0 has 8 tokens, but the limit is 2; shorten it, or ask for truncation"),
    Case(
      #"{"input":["ok","a\ud83d"]}"#, "input[1]",
      "input[1]: has half of a surrogate pair, which is no character; send whole characters"),
    Case(#"{"inputs":"a"}"#, "input", "input: is missing; found 'inputs'"),
    Case(#"{"Input":"a"}"#, "input", "input: is missing; found 'Input'"),
    Case(#"{"messages":"a"}"#, "input", "input: is missing; found 'messages'"),
    Case(#"{"input":"a","dimensions":4.5}"#, "dimensions", "dimensions: must be a whole number, found 4.5"),
    Case(
      #"{"input":"a","dimensions":4,"output_dimension":5}"#, "output_dimension",
      "output_dimension: contradicts dimensions"),
    Case(
      #"{"input":"a","truncate_prompt_tokens":0}"#, "truncate_prompt_tokens",
      "truncate_prompt_tokens: must be -1 or at least 1, found 0"),
    Case(
      #"{"input":"a","add_special_tokens":false}"#, "add_special_tokens",
      "add_special_tokens: must be true: the vector is the state of the end-of-text token, which is one of them"
    ),
    Case(
      #"{"input":"a","output_dtype":"int8"}"#, "output_dtype",
      "output_dtype: must be one of 'float', 'float32'"
    ),
    Case(
      #"{"input":"a","embed_dtype":"float16"}"#, "embed_dtype",
      "embed_dtype: must be one of 'float32', 'float'"),
    Case(
      #"{"input":"a","late_chunking":true}"#, "late_chunking",
      "late_chunking: is not offered here; send each chunk as an input of its own"),
    Case(
      #"{"input":"a","task":"retrieval.query","input_type":"document"}"#, "task",
      "task: contradicts input_type"),
    Case(
      #"{"input":["a",{"image":"b"}]}"#, "input[1].text", "input[1].text: is missing"),
    Case(
      #"{"input":[[1,2],"a"]}"#, "input",
      "token ids are refused, since those of another vocabulary stand for other words; send text (in LangChain: check_embedding_ctx_length=False), or, for ids of this model's own vocabulary, \"token_ids\": true (for all requests: serve --accept-token-ids)"
    ),
  ]) func aWrongRequestGetsASentence(_ given: Case) async throws {
    try await TestService.test { client in
      let answer = try await client.send("/v1/embeddings", given.body)
      let error = try #require(answer.body["error"] as? NSDictionary)
      #expect(answer.status == given.status)
      #expect(error["message"] as? String == given.sentence)
      #expect(error["param"] as? String == given.parameter)
      #expect(error["type"] as? String == "invalid_request_error")
    }
  }

  @Test func invalidUTF8IsRefused() async throws {
    try await TestService.test { client in
      let bytes = Array(#"{"input":""#.utf8) + [0xFF] + Array(#""}"#.utf8)
      try await client.execute(uri: "/v1/embeddings", method: .post, body: .init(bytes: bytes)) { response in
        #expect(response.status == .badRequest)
        #expect(String(buffer: response.body).contains("not UTF-8"))
      }
    }
  }

  @Test func limitsHaveTheirStatus() async throws {
    var settings = ServiceSettings()
    settings.limits.bodyBytes = 200
    settings.limits.inputsPerRequest = 3
    settings.limits.tokensPerRequest = 10
    settings.limits.numbersPerAnswer = 600
    try await TestService.test(settings) { client in
      let long = String(repeating: "a", count: 300)
      for (body, status) in [
        ("{\"input\":\"\(long)\"}", 413), (#"{"input":["a","b","c","d"]}"#, 400),
        (#"{"input":"a b c d e f g h i j k l"}"#, 400), (#"{"input":["a","b","c"]}"#, 400),
        (#"{"input":["a","b"]}"#, 200),
      ] {
        let answer = try await client.send("/v1/embeddings", body)
        #expect(answer.status == status, "\(body)")
      }
    }
  }

  @Test func memoryOfRequestsIsBounded() async throws {
    var settings = ServiceSettings()
    settings.limits.requestMemoryBytes = 6000
    try await TestService.test(settings) { client in
      let long = String(repeating: "a", count: 2000)
      let refused = try await client.send("/v1/embeddings", "{\"input\":\"\(long)\"}")
      #expect(refused.status == 429)
      #expect(refused.headers[.retryAfter] == "1")
      // What was taken has been given back.
      for _ in 0..<5 {
        let answer = try await client.send("/v1/embeddings", #"{"input":"a"}"#)
        #expect(answer.status == 200)
      }
    }
  }

  @Test func whileTheModelIsLoadedTheServiceLivesButIsNotReady() async throws {
    try await TestService.test(isReady: false) { client in
      #expect(try await client.send("/health").status == 200)
      #expect(try await client.send("/ready").status == 503)
      let answer = try await client.send("/v1/embeddings", #"{"input":"a"}"#)
      #expect(answer.status == 503)
      #expect(answer.headers[.retryAfter] == "1")
    }
  }

  @Test func otherPathsAndMethods() async throws {
    try await TestService.test { client in
      let unknown = try await client.send("/v1/nothing")
      #expect(unknown.status == 404)
      #expect((unknown.body["error"] as? NSDictionary)?["code"] as? String == "unknown_url")
      #expect(try await client.send("/nothing").body["error"] as? String == "there is nothing at '/nothing'")
      let wrong = try await client.send("/v1/embeddings", method: .get)
      #expect(wrong.status == 405)
      #expect(wrong.headers[.allow] == "POST")
    }
  }

  @Test func requestsHaveIdentifiers() async throws {
    try await TestService.test { client in
      let name = HTTPField.Name("x-request-id")!
      try await client.execute(uri: "/health", method: .get, headers: [name: "abc-1"]) {
        #expect($0.headers[name] == "abc-1")
      }
      try await client.execute(uri: "/health", method: .get, headers: [name: "a b\"c"]) {
        #expect($0.headers[name]?.count == 16)
      }
    }
  }

  @Test func anyNameIsAcceptedWhereThatIsAskedFor() async throws {
    var settings = ServiceSettings()
    settings.acceptsAnyModel = true
    try await TestService.test(settings) { client in
      let answer = try await client.send("/v1/embeddings", #"{"input":"a","model":"text-embedding-ada-002"}"#)
      #expect(answer.status == 200)
      #expect(answer.body["model"] as? String == "demo")
    }
  }
}
