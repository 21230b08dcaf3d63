import HTTPTypes
import Hummingbird
import JSON
import Synchronization

/// What a handler of a route is given.
package struct ServiceRequest: Sendable {
  /// The parsed body; `null` for methods without one.
  package let body: RequestBody
  /// The bytes of a body that is not JSON.
  package var bytes: [UInt8] = []
  package var headers: HTTPFields = [:]
  /// What follows the question mark of the address, percent-decoded.
  package var query: [(name: String, value: String)] = []
  /// The `Host` of the request.
  package var host: String?
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
    /// A form with files (`multipart/form-data`), of a schema.
    case form(String)
    /// A file as it is.
    case bytes
  }

  /// A parameter in the address, or a header.
  package struct Parameter: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
      case text
      case count
      case words([String])
    }

    package let name: String
    package let kind: Kind
    package let summary: String
    package var isRequired = false
    package var isHeader = false

    package init(
      _ name: String, _ kind: Kind, isRequired: Bool = false, isHeader: Bool = false, _ summary: String
    ) {
      self.name = name
      self.kind = kind
      self.isRequired = isRequired
      self.isHeader = isHeader
      self.summary = summary
    }

    package init(_ name: String, isRequired: Bool = false, isHeader: Bool = false, _ summary: String) {
      self.init(name, .text, isRequired: isRequired, isHeader: isHeader, summary)
    }
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
  package var parameters: [Parameter] = []

  /// - Parameter others: dialects that share the path.
  package init(
    method: HTTPRequest.Method, path: String, dialect: Dialect, others: [Dialect] = [], summary: String,
    request: Content? = nil, response: Content, statuses: [Int] = [], parameters: [Parameter] = []
  ) {
    self.method = method
    self.path = path
    self.dialect = dialect
    self.others = others
    self.summary = summary
    self.request = request
    self.response = response
    self.statuses = statuses
    self.parameters = parameters
  }
}

extension Route.Content: ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
  package init(stringLiteral schema: String) { self = .json([schema]) }
  package init(arrayLiteral schemas: String...) { self = .json(schemas) }
}

/// The table of routes. Dialects add to it; other methods of a known path get the error for that.
package final class Routes {
  package typealias Handler = @Sendable (ServiceRequest) async throws -> Answer

  package let service: InferenceService
  package let operations: Operations
  /// Those that are described, in the order in which they were added.
  package private(set) var described: [Route] = []
  private let router: Router<ServiceRequestContext>
  private let dialects: RouteDialects
  private var methods: [String: [HTTPRequest.Method]] = [:]

  package init(
    service: InferenceService, operations: Operations = Operations(), router: Router<ServiceRequestContext>,
    dialects: RouteDialects = RouteDialects()
  ) {
    self.service = service
    self.operations = operations
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

  /// A route of any method whose work may take long: it runs on threads of its own.
  ///
  /// - Parameters:
  ///   - takes: nil: no body. JSON is parsed, an empty body counting as an object without members; everything
  ///     else is given as bytes.
  ///   - most: the most bytes of a body that is not JSON.
  ///   - pool: where the handler runs. nil: where its body fits.
  package func add(
    _ method: HTTPRequest.Method, _ path: String, _ dialect: Dialect, _ summary: String,
    parameters: [Route.Parameter] = [], takes request: Route.Content? = nil, gives response: Route.Content,
    statuses: [Int] = [], most: Int? = nil, on pool: WorkPool? = nil, _ handler: @escaping Handler
  ) {
    var route = Route(
      method: method, path: path, dialect: dialect, others: [], summary: summary, request: request,
      response: response, statuses: statuses)
    route.parameters = parameters
    describe(route)
    let reader = RequestBodyReader(limits: service.settings.limits)
    var isJSON = false
    if case .json? = request { isJSON = true }
    let (hasBody, takesJSON) = (request != nil, isJSON)
    on(method, path, dialect) { request, context in
      let bytes =
        !hasBody
        ? []
        : try await reader.bytes(
          of: request, context, most: takesJSON ? nil : most, copies: takesJSON ? 4 : 2)
      context.outcome.update { $0.bytesIn = bytes.count }
      return try await withTaskExecutorPreference(pool ?? WorkPool.fitting(bytes: bytes.count)) {
        try context.caller.checkPresence()
        let json: JSONValue =
          !takesJSON ? .null : bytes.isEmpty ? .object([]) : try reader.json(bytes, context)
        let body = RequestBody(json)
        context.outcome.update { $0.ignored = body.ignored }
        var asked = ServiceRequest(body: body, context: context)
        if !takesJSON { asked.bytes = bytes }
        asked.headers = request.headers
        asked.host = request.head.authority
        asked.query = request.uri.queryParameters.map { (String($0.key), String($0.value)) }
        let answer = try await handler(asked)
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
