import JSON
import Touchstone
import TouchstoneServer

/// A body given as text.
func body(_ json: String, ignored: IgnoredParameters = IgnoredParameters()) throws -> RequestBody {
  RequestBody(try JSONParser.parse(Array(json.utf8), unpairedSurrogates: .keep), ignored: ignored)
}

/// The sentence with which `decode` refuses a body, or nil where it does not.
func refusal<Result>(_ json: String, _ decode: (RequestBody) throws -> Result) throws -> String? {
  do {
    _ = try decode(try body(json))
    return nil
  } catch let error as ServiceError {
    return error.description
  }
}

/// JSON bytes as text.
func text(_ json: [UInt8]) -> String { String(decoding: json, as: UTF8.self) }

/// What a query means in these tests.
let queryRole = EmbeddingRole.query(task: "Find it")
