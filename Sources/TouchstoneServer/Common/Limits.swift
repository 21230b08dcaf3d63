/// What one request and all of them together may ask for. Over a limit a request is refused with the
/// dialect's status.
package struct Limits: Sendable, Equatable {
  /// Bytes of a request's body.
  package var bodyBytes = 16 << 20
  /// Texts, or arrays of token ids, of one request.
  package var inputsPerRequest = 2048
  /// Tokens of one request, after truncation.
  package var tokensPerRequest = 262_144
  /// Tokens of one input. nil: the model's context.
  package var tokensPerInput: Int?
  /// Numbers of one answer: vectors times their size. 64 MiB of float32.
  package var numbersPerAnswer = 16 << 20
  /// Memory that all requests together may hold: bodies four times over, for what is parsed from them, and
  /// answers.
  package var requestMemoryBytes = 1 << 30
  /// Tokens that wait for a pass, of all requests together.
  package var queuedTokens = 524_288
  /// Requests that are being read, computed or answered.
  package var concurrentRequests = 512
  package var connections = 1024
  /// How long a client may take to send a request's head, and how long a connection may be idle.
  package var idleTimeout = Duration.seconds(60)
  /// How long a client may take to send a request's body.
  package var bodyTimeout = Duration.seconds(60)
  /// How long a client may take to read an answer.
  package var answerTimeout = Duration.seconds(60)
  /// How long a request may wait and compute before it is given up.
  package var requestTimeout = Duration.seconds(600)
  /// How long the service goes on with what it accepted when it is asked to end.
  package var shutdownTimeout = Duration.seconds(30)

  package init() {}
}
