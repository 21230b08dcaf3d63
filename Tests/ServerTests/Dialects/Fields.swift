import Foundation
import TouchstoneServer

/// The fields of a body given as text.
func fields(_ json: String) throws(ServiceError) -> RequestFields {
  try RequestFields(parsing: [UInt8](json.utf8))
}

/// The sentence with which `body` is refused, or nil where it is not.
func refusal<Result>(_ json: String, _ body: (RequestFields) throws(ServiceError) -> Result) -> String? {
  do {
    _ = try body(try fields(json))
    return nil
  } catch {
    return error.description
  }
}

/// JSON bytes as text.
func text(_ json: [UInt8]) -> String { String(decoding: json, as: UTF8.self) }

/// The demonstration model.
let demoModelPath = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../../../testdata/demo/demo-q4_k_m.gguf").path
