import Testing
import Touchstone
import TouchstoneServer

struct RequestFieldsTests {
  @Test func inputsComeInFourShapes() throws {
    #expect(try fields(#"{"x":"a"}"#).inputs("x") == RequestInputs([.text("a")], isSingle: true))
    #expect(try fields(#"{"x":[1,2]}"#).inputs("x") == RequestInputs([.tokenIDs([1, 2])], isSingle: true))
    #expect(
      try fields(#"{"x":["a",""]}"#).inputs("x") == RequestInputs([.text("a"), .text("")], isSingle: false))
    #expect(
      try fields(#"{"x":["a",[7],[]]}"#).inputs("x")
        == RequestInputs([.text("a"), .tokenIDs([7]), .tokenIDs([])], isSingle: false))
  }

  @Test(arguments: [
    ("{}", "x: is missing"),
    (#"{"x":null}"#, "x: is missing"),
    (#"{"x":[]}"#, "x: must have at least one input"),
    (#"{"x":7}"#, "x: must be a string, an array of token ids, or an array of these, but is a number"),
    (#"{"x":["a",7]}"#, "x[1]: must be a string or an array of token ids, but is a number"),
    (#"{"x":[["a"]]}"#, "x[0][0]: must be a token id, a whole number from 0 to 2147483647"),
    (#"{"x":[1,-1]}"#, "x[1]: must be a token id, a whole number from 0 to 2147483647"),
    (#"{"x":[1.5]}"#, "x[0]: must be a token id, a whole number from 0 to 2147483647"),
    (#"{"x":[2147483648]}"#, "x[0]: must be a token id, a whole number from 0 to 2147483647"),
    ("[]", "the body must be a JSON object, but is an array"),
    ("{", "the body is not JSON: expected a key in quotes, found the end, after 1 bytes"),
    (#"{"x":NaN}"#, "the body is not JSON: expected a JSON value, found 'N', after 5 bytes"),
  ])
  func inputsAreRefused(json: String, sentence: String) {
    #expect(refusal(json) { fields throws(ServiceError) in try fields.inputs("x") } == sentence)
  }

  @Test func invalidUTF8IsRefused() {
    #expect(throws: ServiceError.self) {
      try RequestFields(parsing: [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D])
    }
  }

  @Test func rolesHaveThreeNames() throws {
    #expect(try fields("{}").role() == nil)
    #expect(try fields(#"{"prompt_name":"query"}"#).role() == .query)
    #expect(try fields(#"{"prompt_name":null,"input_type":"passage"}"#).role() == .document)
    #expect(try fields(#"{"input_type":"search_query"}"#).role() == .query)
    #expect(try fields(#"{"instruct":"Find bugs"}"#).role() == .instruct("Find bugs"))
    #expect(try fields(#"{"prompt_name":"query","instruct":"Find bugs"}"#).role() == .instruct("Find bugs"))
  }

  @Test(arguments: [
    (#"{"prompt_name":"s2p"}"#, "prompt_name: must be 'query' or 'document'"),
    (#"{"prompt_name":1}"#, "prompt_name: must be a string, but is a number"),
    (
      #"{"input_type":"x"}"#,
      "input_type: must be 'query', 'search_query', 'document', 'search_document' or 'passage'"
    ),
    (
      #"{"prompt_name":"document","instruct":"x"}"#,
      "instruct: is for queries; leave it out, or leave out that the inputs are documents"
    ),
  ])
  func rolesAreRefused(json: String, sentence: String) {
    #expect(refusal(json) { fields throws(ServiceError) in try fields.role() } == sentence)
  }

  @Test func truncationIsAskedForByTruthAndDirection() throws {
    #expect(try fields("{}").truncation() == nil)
    #expect(try fields(#"{"truncation_direction":"left"}"#).truncation() == nil)
    #expect(try fields(#"{"truncate":false,"truncation_direction":"Left"}"#).truncation() == .error)
    #expect(try fields(#"{"truncate":true}"#).truncation() == .right)
    #expect(try fields(#"{"truncate":true,"truncation_direction":"Left"}"#).truncation() == .left)
    #expect(
      refusal(#"{"truncate":"END"}"#) { fields throws(ServiceError) in try fields.truncation() }
        == "truncate: must be true or false, but is a string")
  }

  @Test func dimensionsAreWholeAndPositive() throws {
    #expect(try fields(#"{"dimensions":32}"#).dimensions() == 32)
    for (value, sentence) in [
      ("0", "dimensions: must be at least 1"), ("1.5", "dimensions: must be a whole number"),
      ("1e99", "dimensions: must be a whole number"),
      ("true", "dimensions: must be a whole number, but is a truth value"),
    ] {
      #expect(
        refusal(#"{"dimensions":\#(value)}"#) { fields throws(ServiceError) in try fields.dimensions() }
          == sentence)
    }
  }
}
