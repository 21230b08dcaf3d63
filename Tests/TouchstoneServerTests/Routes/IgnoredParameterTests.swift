import HTTPTypes
import Testing
import Touchstone
import TouchstoneServer

/// Members that nobody reads: ignored, and named in the answer.
struct IgnoredParameterTests {
  private let header = HTTPField.Name("x-ignored-parameters")!

  @Test(arguments: [
    ("/v1/embeddings", #"{"input":"a","dimension":3,"priority":1}"#, "dimension,priority"),
    ("/api/embed", #"{"model":"demo","input":"a","think":false}"#, "think"),
    ("/api/show", #"{"model":"demo","system":"s"}"#, "system"),
    ("/detokenize", #"{"tokens":[1],"n":1}"#, "n"),
    ("/tokenize", #"{"content":"a","add_bos":true}"#, "add_bos"),
  ])
  func unknownMembersAreIgnoredAndNamed(path: String, json: String, names: String) async throws {
    try await TestService.test { client in
      let answer = try await client.send(path, json)
      #expect(answer.status == 200)
      #expect(answer.headers[header] == names)
    }
  }

  @Test func knownMembersAndNullAreNotNamed() async throws {
    try await TestService.test { client in
      let answer = try await client.send(
        "/v1/embeddings", #"{"input":"a","user":"u","encoding_format":"float","priority":null}"#)
      #expect(answer.status == 200)
      #expect(answer.headers[header] == nil)
    }
  }

  /// The vector is that of the request without them.
  @Test func theyHaveNoEffect() async throws {
    try await TestService.test { client in
      let plain = try await client.send("/v1/embeddings", #"{"input":"a"}"#)
      let extra = try await client.send("/v1/embeddings", #"{"input":"a","dimension":3,"priority":9}"#)
      #expect(plain.body["data"] as? [AnyHashable] == extra.body["data"] as? [AnyHashable])
    }
  }

  @Test func errorsNameThemToo() async throws {
    try await TestService.test { client in
      let answer = try await client.send("/v1/embeddings", #"{"inputs":"a"}"#)
      #expect(answer.status == 400)
      #expect(answer.headers[header] == "inputs")
    }
  }

  @Test func nestedMembersHaveTheirPath() throws {
    let json =
      #"{"inputs":{"source_sentence":"s","sentences":["a"],"x":1},"parameters":{"normalize":true}}"#
    let ignored = IgnoredParameters()
    _ = try TEIEmbedRequest.similarity(body(json, ignored: ignored), queryRole: queryRole)
    #expect(ignored.headerValue == "inputs.x,parameters.normalize")
  }

  /// Names are a stranger's text: no second header, no long one, each name once.
  @Test func namesAreSanitisedAndBounded() throws {
    func headerValue(_ names: [String]) throws -> String? {
      let ignored = IgnoredParameters()
      let members = names.map { "\"\($0)\":1" }.joined(separator: ",")
      _ = try OllamaRequest.show(body("{\"model\":\"m\",\(members)}", ignored: ignored))
      return ignored.headerValue
    }
    #expect(try headerValue([#"a\r\nset-cookie: b"#]) == "a??set-cookie:?b")
    #expect(try headerValue(["a,b", "", "é"]) == "a?b,?,??")
    #expect(try headerValue(["a", "b"]) == "a,b")
    #expect(try headerValue([String(repeating: "x", count: 256)]) == String(repeating: "x", count: 64))
    let sixteen = (0..<16).map { "p\($0)" }
    #expect(try headerValue(sixteen) == sixteen.joined(separator: ","))
    #expect(try headerValue(sixteen + ["q", "r"]) == sixteen.joined(separator: ",") + ",...")
  }
}
