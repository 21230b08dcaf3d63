import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing
import Touchstone
import TouchstoneServer

struct OpenAITests {
  private func vectors(_ body: NSDictionary) throws -> [[Float]] {
    try #require(body["data"] as? [NSDictionary]).map {
      try #require($0["embedding"] as? [NSNumber]).map(\.floatValue)
    }
  }

  @Test func textsGetTheLibrarysVectors() async throws {
    let texts: [EmbeddingInput] = ["The file was not found.", "", "ファイル \u{0} \\ \""]
    let expected = try TestService.model.embed(texts)
    try await TestService.test { client in
      let answer = try await client.send(
        "/v1/embeddings", #"{"model":"demo","input":["The file was not found.","","ファイル \u0000 \\ \""]}"#)
      #expect(answer.status == 200)
      #expect(try vectors(answer.body) == expected.map(\.values))
      #expect(answer.body["model"] as? String == "demo")
      let usage = try #require(answer.body["usage"] as? NSDictionary)
      let tokens = expected.reduce(0) { $0 + $1.tokenCount }
      #expect(usage["prompt_tokens"] as? Int == tokens && usage["given_tokens"] as? Int == tokens)
      #expect(answer.headers[HTTPField.Name("x-compute-tokens")!] == "\(tokens)")
    }
  }

  @Test func base64HoldsTheSameBits() async throws {
    for dimensions in [1, 2, 3, 4, 256] {
      var options = EmbeddingOptions()
      options.dimensions = dimensions
      let expected = try TestService.model.embed(["a"], options: options)[0].values
      try await TestService.test { client in
        let answer = try await client.send(
          "/v1/embeddings", #"{"input":"a","encoding_format":"base64","dimensions":\#(dimensions)}"#)
        let data = try #require(answer.body["data"] as? [NSDictionary])
        let text = try #require(data[0]["embedding"] as? String)
        let bytes = try #require(Data(base64Encoded: text))
        let bits: [UInt32] = bytes.withUnsafeBytes { buffer in
          stride(from: 0, to: buffer.count, by: 4).map { offset in
            UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
          }
        }
        #expect(bits == expected.map(\.bitPattern))
      }
    }
  }

  @Test func tokenIDsGiveTheVectorOfTheirText() async throws {
    let ids = TestService.model.tokenizer.tokenIDs(of: "Permission denied")
    let expected = try TestService.model.embed(["Permission denied"])[0].values
    try await TestService.test { client in
      for input in ["\(ids)", "[\(ids)]", "[\(ids.dropLast()),\"Permission denied\"]"] {
        let answer = try await client.send("/v1/embeddings", "{\"input\":\(input),\"token_ids\":true}")
        #expect(try vectors(answer.body).allSatisfy { $0 == expected })
        let refused = try await client.send("/v1/embeddings", "{\"input\":\(input)}")
        #expect(refused.status == 400)
        #expect((refused.body["error"] as? NSDictionary)?["code"] as? String == "token_ids_refused")
      }
    }
    var settings = ServiceSettings()
    settings.acceptsTokenIDs = true
    try await TestService.test(settings) { client in
      let answer = try await client.send("/v1/embeddings", "{\"input\":\(ids)}")
      #expect(try vectors(answer.body) == [expected])
    }
  }

  @Test(arguments: [
    (#""instruct":"Find it""#, EmbeddingRole.query(task: "Find it")), (#""input_type":"query""#, .query),
    (#""prompt_name":"query""#, .query), (#""input_type":"document""#, .document),
    (#""model":"demo:query""#, .query), (#""model":"text-embedding-3-small","user":"u""#, .document),
  ]) func rolesAndNames(members: String, role: EmbeddingRole) async throws {
    let expected = try TestService.model.embed([EmbeddingInput("disk full", as: role)])[0].values
    try await TestService.test { client in
      let answer = try await client.send("/v1/embeddings", "{\"input\":\"disk full\",\(members)}")
      #expect(try vectors(answer.body) == [expected])
    }
  }

  @Test func theServicesTaskIsThatOfQueriesWithoutOne() async throws {
    var settings = ServiceSettings()
    settings.queryTask = "Find the cause"
    let expected = try TestService.model.embed([EmbeddingInput("x", as: .query(task: "Find the cause"))])[0]
      .values
    try await TestService.test(settings) { client in
      let answer = try await client.send("/v1/embeddings", #"{"input":"x","input_type":"query"}"#)
      #expect(try vectors(answer.body) == [expected])
    }
  }

  @Test func truncationIsAskedForAndReported() async throws {
    var options = EmbeddingOptions()
    options.maximumTokens = 4
    options.truncation = .right
    let text = "one two three four five six"
    let expected = try TestService.model.embed([EmbeddingInput(text)], options: options)[0]
    try await TestService.test { client in
      let refused = try await client.send("/v1/embeddings", #"{"input":"\#(text)","max_tokens":4}"#)
      #expect(refused.status == 400)
      for truncate in ["true", #""right""#] {
        let answer = try await client.send(
          "/v1/embeddings", #"{"input":"\#(text)","max_tokens":4,"truncate":\#(truncate)}"#)
        #expect(try vectors(answer.body) == [expected.values])
        let data = try #require(answer.body["data"] as? [NSDictionary])
        #expect(data[0]["truncated"] as? Bool == true)
        let usage = try #require(answer.body["usage"] as? NSDictionary)
        #expect(usage["prompt_tokens"] as? Int == 4)
        #expect(usage["given_tokens"] as? Int == expected.inputTokenCount)
      }
    }
  }

  @Test func modelsAreListed() async throws {
    try await TestService.test { client in
      let list = try await client.send("/v1/models")
      let models = try #require(list.body["data"] as? [NSDictionary])
      #expect(models.map { $0["id"] as? String } == ["demo"])
      #expect(try await client.send("/v1/models/demo").body["id"] as? String == "demo")
      #expect(try await client.send("/v1/models/a%2Fb").status == 404)
    }
  }
}
