import HTTPTypes
import Hummingbird
import JSON
import Synchronization

/// What a handler of a route is given.
package struct ServiceRequest: Sendable {
  /// The parsed body; `null` for methods without one.
  package let body: RequestBody
  package let context: ServiceRequestContext

  package var caller: Caller { context.caller }

  /// The name of the request, which its answer has in `x-request-id`.
  package var id: String { context.id }

  /// What a `**` at the end of the route's path stands for, percent-decoded.
  package var rest: String {
    let rest = context.parameters.getCatchAll().joined(separator: "/")
    return rest.percentDecoded ?? rest
  }

  /// What `:name` in the route's path stands for, percent-decoded.
  package func parameter(_ name: String) -> String? {
    context.parameters.get(name).map { $0.percentDecoded ?? $0 }
  }
}

/// A route as it is declared: everything about it but its handler, in this one place.
package struct Route: Sendable, Equatable {
  package enum Content: Sendable, Equatable {
    /// JSON of one of several schemas: the members of the request decide which.
    case json([String])
    /// Text of a media type.
    case text(String)
  }

  package let method: HTTPRequest.Method
  /// As the router has it: `/v1/models/**`, `/engines/:name/embeddings`.
  package let path: String
  /// Whose words its errors are in.
  package let dialect: Dialect
  /// Dialects that share the path.
  package let others: [Dialect]
  package let summary: String
  package let request: Content?
  package let response: Content
  /// Statuses of its errors beside those of every route of its kind.
  package let statuses: [Int]
}

extension Route.Content: ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
  package init(stringLiteral schema: String) { self = .json([schema]) }
  package init(arrayLiteral schemas: String...) { self = .json(schemas) }
}

/// The table of routes. Dialects add to it; other methods of a known path get the error for that.
package final class Routes {
  package typealias Handler = @Sendable (ServiceRequest) async throws -> Answer

  package let service: InferenceService
  /// Those that are described, in the order in which they were added.
  package private(set) var described: [Route] = []
  private let router: Router<ServiceRequestContext>
  private let dialects: RouteDialects
  private var methods: [String: [HTTPRequest.Method]] = [:]

  package init(
    service: InferenceService, router: Router<ServiceRequestContext>,
    dialects: RouteDialects = RouteDialects()
  ) {
    self.service = service
    self.router = router
    self.dialects = dialects
  }

  /// A route that takes no body.
  package func get(
    _ path: String, _ dialect: Dialect, _ summary: String, gives response: Route.Content,
    statuses: [Int] = [], _ handler: @escaping Handler
  ) {
    describe(
      Route(
        method: .get, path: path, dialect: dialect, others: [], summary: summary, request: nil,
        response: response, statuses: statuses))
    on(.get, path, dialect) { request, context in
      try await handler(ServiceRequest(body: RequestBody(.null), context: context)).response
    }
  }

  /// A route that takes a JSON body.
  ///
  /// - Parameters:
  ///   - others: dialects that share the path.
  ///   - speaks: tells from the body which of them the request is in, and its errors with it.
  package func post(
    _ path: String, _ dialect: Dialect, and others: [Dialect] = [], _ summary: String,
    takes request: Route.Content, gives response: Route.Content,
    speaks: @escaping @Sendable (RequestBody) -> Dialect? = { _ in nil }, _ handler: @escaping Handler
  ) {
    describe(
      Route(
        method: .post, path: path, dialect: dialect, others: others, summary: summary, request: request,
        response: response, statuses: []))
    let reader = RequestBodyReader(limits: service.settings.limits)
    on(.post, path, dialect) { request, context in
      let bytes = try await reader.bytes(of: request, context)
      context.outcome.update { $0.bytesIn = bytes.count }
      // Not on the threads that read and answer: what follows takes as long as the body is.
      return try await withTaskExecutorPreference(WorkPool.fitting(bytes: bytes.count)) {
        try context.caller.checkPresence()
        let body = RequestBody(try reader.json(bytes, context))
        context.outcome.update {
          $0.ignored = body.ignored
          $0.dialect = speaks(body)
        }
        let answer = try await handler(ServiceRequest(body: body, context: context))
        context.outcome.update { $0.work = answer.work }
        try context.memory?.grow(toAtLeast: answer.bytes.count)
        return answer.response
      }
    }
  }

  /// A route that is described and does everything itself.
  package func describe(_ route: Route) { described.append(route) }

  /// A route that does everything itself.
  package func on(
    _ method: HTTPRequest.Method, _ path: String, _ dialect: Dialect,
    _ handler: @escaping @Sendable (Request, ServiceRequestContext) async throws -> Response
  ) {
    methods[path, default: []].append(method)
    dialects.set(dialect, method, path)
    router.on(RouterPath(path), method: method, use: handler)
  }

  /// To be called when all routes are there.
  package func finish() {
    for (path, allowed) in methods {
      let names = allowed.map(\.rawValue).joined(separator: ", ")
      let isGet = allowed.contains(.get)
      for method: HTTPRequest.Method in [.get, .head, .post, .put, .patch, .delete, .options]
      where !allowed.contains(method) && !(method == .head && isGet) {
        router.on(RouterPath(path), method: method) { _, _ -> Response in
          throw ServiceError.methodNotAllowed(allowed: names)
        }
      }
    }
  }
}

/// Whose words each route speaks, for the errors that are thrown before its handler is asked.
package final class RouteDialects: Sendable {
  private struct Key: Hashable {
    let method: HTTPRequest.Method
    let path: String
  }

  private let dialects = Mutex<[Key: Dialect]>([:])

  package init() {}

  fileprivate func set(_ dialect: Dialect, _ method: HTTPRequest.Method, _ path: String) {
    dialects.withLock { $0[Key(method: method, path: RouterPath(path).description)] = dialect }
  }

  /// - Parameter route: the pattern that the request's path met, as the router spells it. nil: none.
  func dialect(of method: HTTPRequest.Method, route: String?) -> Dialect? {
    guard let route else { return nil }
    return dialects.withLock { dialects in
      // Other methods of a known path get their error in the words of those that are there.
      dialects[Key(method: method == .head ? .get : method, path: route)]
        ?? dialects[Key(method: .post, path: route)] ?? dialects[Key(method: .get, path: route)]
    }
  }
}
