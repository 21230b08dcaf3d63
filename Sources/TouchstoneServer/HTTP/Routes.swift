import HTTPTypes
import Hummingbird
import JSON

/// What a handler of a route is given.
package struct ServiceRequest: Sendable {
  /// The parsed body; `null` for methods without one.
  package let body: RequestBody
  /// What a `**` at the end of the route's path stands for, percent-decoded.
  package let rest: String
  package let context: ServiceRequestContext

  package var caller: Caller { context.caller }
}

/// The table of routes. Dialects add to it; other methods of a known path get the error for that.
package final class Routes {
  package typealias Handler = @Sendable (ServiceRequest) async throws -> Answer

  package let service: InferenceService
  private let router: Router<ServiceRequestContext>
  private var methods: [String: [HTTPRequest.Method]] = [:]

  package init(service: InferenceService, router: Router<ServiceRequestContext>) {
    self.service = service
    self.router = router
  }

  /// A route that takes no body.
  package func get(_ path: String, _ handler: @escaping Handler) {
    on(.get, path) { request, context in
      try await handler(
        ServiceRequest(
          body: RequestBody(.null), rest: Self.rest(context), context: context)
      ).response
    }
  }

  /// A route that takes a JSON body.
  package func post(_ path: String, _ handler: @escaping Handler) {
    let reader = RequestBodyReader(limits: service.settings.limits, memory: service.memory)
    on(.post, path) { request, context in
      let bytes = try await reader.bytes(of: request, context)
      // Not on the threads that read and answer: what follows takes as long as the body is.
      return try await withTaskExecutorPreference(WorkPool.fitting(bytes: bytes.count)) {
        try context.caller.checkPresence()
        let body = RequestBody(try reader.json(bytes, context), ignored: context.facts.ignored)
        let answer = try await handler(
          ServiceRequest(body: body, rest: Self.rest(context), context: context))
        try context.facts.current.memory?.grow(toAtLeast: answer.bytes.count)
        return answer.response
      }
    }
  }

  /// A route that does everything itself.
  package func on(
    _ method: HTTPRequest.Method, _ path: String,
    _ handler: @escaping @Sendable (Request, ServiceRequestContext) async throws -> Response
  ) {
    methods[path, default: []].append(method)
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

  private static func rest(_ context: ServiceRequestContext) -> String {
    let rest = context.parameters.getCatchAll().joined(separator: "/")
    return rest.percentDecoded ?? rest
  }
}

extension ServiceRequest {
  /// Has errors of this request put in `dialect`, whatever its path.
  package func speak(_ dialect: Dialect) { context.facts.update { $0.dialect = dialect } }

  /// Keeps what the request took of the engine, for its report.
  package func note(_ answer: EngineAnswer<some InputResult>) {
    context.facts.update {
      $0.work = RequestWork(
        model: answer.model, inputs: answer.inputCount, tokensGiven: answer.tokensGiven,
        tokensUsed: answer.tokensUsed, timings: answer.timings)
    }
  }
}
