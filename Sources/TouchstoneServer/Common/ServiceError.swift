import ForeignText

/// Why the service refuses a request. `description` is one sentence for the person who sent it; it never
/// quotes a text that was to be embedded. What status and body it becomes is the dialect's business:
/// ``Dialect``.
package enum ServiceError: Error, Equatable, CustomStringConvertible {
  /// The request is not HTTP as the standard has it, its body is not JSON, or not the JSON that the route
  /// takes.
  case malformed(String)
  /// A field has a value that cannot be served. `parameter` is its name in the request.
  case invalid(parameter: String, String)
  /// The key is missing or wrong.
  case unauthorized
  /// The `Host` of the request is no name of the service, which some web page may have had a browser send.
  case foreignHost(String)
  /// The request comes from a web page that may not use the service.
  case foreignOrigin(String)
  case unknownModel(String, available: [String])
  /// The model cannot do what the route is for.
  case wrongModel(String)
  /// There is no such file, knowledge base or document.
  case notFound(String)
  /// What is there contradicts the request.
  case conflict(String)
  /// The request is understood, and its document cannot be read.
  case unreadable(String)
  /// `baseURL` is what a client of OpenAI's API should have been given, where the path looks like one's.
  case unknownRoute(String, baseURL: String? = nil)
  case methodNotAllowed(allowed: String)
  /// The body has more bytes than the service takes.
  case bodyTooLarge(limit: Int)
  /// The body is in a coding that the service does not read.
  case unsupportedEncoding(String)
  /// The request's transfer coding is none that the service knows.
  case unsupportedTransfer(String)
  /// Token ids, which are most likely those of another vocabulary.
  case tokenIDsRefused(parameter: String)
  /// More inputs than one request may have. `parameter` is the field that holds them.
  case tooManyInputs(parameter: String, count: Int, limit: Int)
  /// More tokens, values or numbers than one request or answer may have.
  case tooMany(String)
  /// An input has more tokens than fit, and truncation was not asked for.
  case inputTooLong(InputLength)
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

  /// How long an input is that does not fit.
  package struct InputLength: Equatable, Sendable {
    package enum Size: Equatable, Sendable {
      case tokens(Int)
      /// Of a text that was not tokenized, since so many bytes cannot fit.
      case bytes(Int)
    }

    /// What the sentence calls it: `input 0`, `documents[1]`.
    package let subject: String
    /// Its name in the request.
    package let parameter: String
    package let size: Size
    /// In tokens.
    package let limit: Int

    package init(subject: String, parameter: String, size: Size, limit: Int) {
      self.subject = subject
      self.parameter = parameter
      self.size = size
      self.limit = limit
    }
  }

  package var description: String {
    switch self {
    case .malformed(let sentence), .tooMany(let sentence), .wrongModel(let sentence),
      .unavailable(let sentence), .engine(let sentence), .unsupportedEncoding(let sentence),
      .unsupportedTransfer(let sentence), .notFound(let sentence), .conflict(let sentence),
      .unreadable(let sentence):
      sentence
    case .invalid(let parameter, let sentence): "\(parameter): \(sentence)"
    case .unauthorized: "the API key is missing or wrong; send it as 'Authorization: Bearer KEY'"
    case .foreignHost(let host):
      "\(host.quoted) is not a name of this service, which takes requests to this machine only; to allow the name, "
        + "start it with --allowed-host \(host.quoted)"
    case .foreignOrigin(let origin):
      "pages of \(origin.quoted) may not use this service; to allow them, start it with --cors-origin "
        + origin.quoted
    case .unknownModel(let name, let available):
      "there is no model \(name.quoted) here; this service has "
        + available.map(\.quoted).joined(separator: ", ")
    case .unknownRoute(let path, let baseURL):
      "there is nothing at \(path.quoted)"
        + (baseURL.map { "; the base URL of OpenAI's clients is \($0.escaped)" } ?? "")
    case .methodNotAllowed(let allowed): "this path takes \(allowed)"
    case .bodyTooLarge(let limit):
      "the request has more than \(limit) bytes, which is the limit; send several"
    case .tokenIDsRefused:
      "token ids are refused, since those of another vocabulary stand for other words; send text (in LangChain: "
        + "check_embedding_ctx_length=False), or, for ids of this model's own vocabulary, \"token_ids\": true "
        + "(for all requests: serve --accept-token-ids)"
    case .tooManyInputs(_, let count, let limit):
      "the request has \(count) inputs, but the limit is \(limit); send several"
    case .inputTooLong(let length):
      switch length.size {
      case .tokens(let count):
        "\(length.subject) has \(count) tokens, but the limit is \(length.limit); shorten it, or ask for truncation"
      case .bytes(let count):
        "\(length.subject) has \(count) bytes, which are more than \(length.limit) tokens, the limit, can hold; shorten "
          + "it, or ask for truncation"
      }
    case .overloaded(let seconds):
      "the service has all the work it can queue; try again in \(seconds) s"
    case .timeout: "the request did not arrive in time"
    case .tookTooLong: "the request took longer than a request may; send less at once"
    }
  }

  /// The error's kind as one word, for counting and for logs, which must not hold what a client wrote.
  package var reason: String {
    switch self {
    case .malformed: "malformed"
    case .invalid: "invalid"
    case .unauthorized: "unauthorized"
    case .foreignHost: "foreign_host"
    case .foreignOrigin: "foreign_origin"
    case .unknownModel: "unknown_model"
    case .wrongModel: "wrong_model"
    case .notFound: "not_found"
    case .conflict: "conflict"
    case .unreadable: "unreadable"
    case .unknownRoute: "unknown_route"
    case .methodNotAllowed: "method_not_allowed"
    case .bodyTooLarge: "body_too_large"
    case .unsupportedEncoding: "unsupported_encoding"
    case .unsupportedTransfer: "unsupported_transfer"
    case .tokenIDsRefused: "token_ids_refused"
    case .tooManyInputs: "too_many_inputs"
    case .tooMany: "too_many"
    case .inputTooLong: "input_too_long"
    case .overloaded: "overloaded"
    case .unavailable: "unavailable"
    case .timeout: "timeout"
    case .tookTooLong: "took_too_long"
    case .engine: "engine"
    }
  }
}
