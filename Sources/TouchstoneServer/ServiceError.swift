/// Why the service refuses a request. `description` is one sentence for the person who sent it; it never quotes a text
/// that was to be embedded. What status and body it becomes is the dialect's business: ``Dialect``.
package enum ServiceError: Error, Equatable, CustomStringConvertible {
  /// The body is not JSON, or not the JSON that the route takes.
  case malformed(String)
  /// A field has a value that cannot be served. `parameter` is its name in the request.
  case invalid(parameter: String, String)
  /// The key is missing or wrong.
  case unauthorized
  case unknownModel(String, available: [String])
  case unknownRoute(String)
  case methodNotAllowed(allowed: String)
  /// The body has more bytes than the service takes.
  case bodyTooLarge(limit: Int)
  /// More inputs or tokens than one request may have.
  case tooMany(String)
  /// An input has more tokens than fit, and truncation was not asked for.
  case inputTooLong(index: Int, tokens: Int, limit: Int)
  /// The queue is full.
  case overloaded(retryAfterSeconds: Int)
  /// The model is still being loaded, or the service is going down.
  case unavailable(String)
  /// The client took too long to send its request.
  case timeout
  /// The request waited or computed for longer than a request may.
  case tookTooLong
  /// The engine failed: damaged weights, for instance.
  case engine(String)

  package var description: String {
    switch self {
    case .malformed(let sentence), .tooMany(let sentence), .unavailable(let sentence), .engine(let sentence):
      sentence
    case .invalid(let parameter, let sentence): "\(parameter): \(sentence)"
    case .unauthorized: "the API key is missing or wrong; send it as 'Authorization: Bearer KEY'"
    case .unknownModel(let name, let available):
      "there is no model '\(name)' here; this service has "
        + available.map { "'\($0)'" }.joined(separator: ", ")
    case .unknownRoute(let path): "there is nothing at \(path)"
    case .methodNotAllowed(let allowed): "this path takes \(allowed)"
    case .bodyTooLarge(let limit):
      "the request has more than \(limit) bytes, which is the limit; send several"
    case .inputTooLong(let index, let tokens, let limit):
      "input \(index) has \(tokens) tokens, but the limit is \(limit); shorten it, or ask for truncation"
    case .overloaded(let seconds):
      "the service has all the work it can queue; try again in \(seconds) s"
    case .timeout: "the request did not arrive in time"
    case .tookTooLong: "the request took longer than a request may; send less at once"
    }
  }
}
