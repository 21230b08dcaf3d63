import HTTPTypes
import Hummingbird

/// Names each request and its client, and reports how it ended. The outermost middleware.
struct ReportMiddleware: RouterMiddleware {
  let observer: any ServiceObserver
  let dialects: RouteDialects
  let clients: ClientIdentification

  func handle(
    _ request: Request, context: ServiceRequestContext,
    next: (Request, ServiceRequestContext) async throws -> Response
  ) async throws -> Response {
    let clock = ContinuousClock()
    let start = clock.now
    let id = RequestIdentifier.make(given: request.headers[.requestID])
    // Hummingbird calls a path without a route `NotFound`.
    let route = context.endpointPath.flatMap { $0.hasPrefix("/") ? $0 : nil }
    var context = context
    context.id = id
    context.dialect = dialects.dialect(of: request.method, route: route)
    if let client = clients.client(of: request) { context.client = client }
    var response = try await next(request, context)
    let outcome = context.outcome.value
    response.headers[.requestID] = id
    response.headers[.ignoredParameters] = outcome.ignored?.headerValue
    observer.record(
      .requestFinished(
        RequestReport(
          id: id, client: context.client.name, method: request.method.rawValue, route: route,
          dialect: outcome.dialect ?? context.dialect, status: response.status.code,
          duration: clock.now - start, bytesIn: outcome.bytesIn, bytesOut: response.body.contentLength ?? 0,
          error: outcome.error, work: outcome.work, ignoredParameters: outcome.ignored?.count ?? 0)))
    return response
  }
}

extension HTTPField.Name {
  /// `x-request-id`
  static let requestID = HTTPField.Name("x-request-id").unsafelyUnwrapped
  /// `x-ignored-parameters`
  static let ignoredParameters = HTTPField.Name("x-ignored-parameters").unsafelyUnwrapped
}

/// The name of a request in logs and in its answer.
enum RequestIdentifier {
  /// The client's own, where it is fit for a log; else a random one.
  static func make(given: String?) -> String {
    if let given, (1...128).contains(given.utf8.count), given.utf8.allSatisfy(isPlain) { return given }
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: ":"):
      true
    default: false
    }
  }
}
