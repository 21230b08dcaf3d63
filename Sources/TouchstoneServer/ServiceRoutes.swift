import Hummingbird

/// A middleware of the service, of whatever type.
package typealias ServiceMiddleware = any MiddlewareProtocol<Request, Response, ServiceRequestContext>

/// All routes and middlewares, in this one place.
package enum ServiceRoutes {
  /// - Parameter middlewares: run inside of the report, the rendering of errors and authentication.
  package static func router(
    _ service: InferenceService, operations: Operations = Operations(),
    extensions: [any ServiceExtension] = [],
    middlewares: [ServiceMiddleware] = []
  ) -> Router<ServiceRequestContext> {
    let router = Router<ServiceRequestContext>(
      context: ServiceRequestContext.self, options: [.autoGenerateHeadEndpoints])
    let dialects = RouteDialects()
    let clients = ClientIdentification(header: operations.clientHeader, keys: operations.keys)
    router.add(
      middleware: ReportMiddleware(observer: service.observer, dialects: dialects, clients: clients))
    router.add(middleware: OriginMiddleware(allowed: operations.origins))
    router.add(middleware: ErrorMiddleware(scheme: operations.tls == nil ? "http" : "https"))
    router.add(middleware: HostMiddleware(hosts: operations.hosts, origins: operations.guardedOrigins))
    if let keys = operations.keys { router.add(middleware: AuthenticationMiddleware(keys: keys)) }
    for middleware in middlewares { router.add(middleware: middleware) }
    router.add(middleware: AdmissionMiddleware(service.settings.limits, service.memory))

    add(to: router, service, operations: operations, extensions: extensions, dialects: dialects)
    return router
  }

  /// Every route of the service.
  @discardableResult package static func add(
    to router: Router<ServiceRequestContext>, _ service: InferenceService,
    operations: Operations = Operations(), extensions: [any ServiceExtension] = [],
    dialects: RouteDialects = RouteDialects()
  ) -> Routes {
    let routes = Routes(service: service, operations: operations, router: router, dialects: dialects)
    OpenAIRoutes.add(to: routes)
    VLLMRoutes.add(to: routes)
    CohereRoutes.add(to: routes)
    TEIRoutes.add(to: routes)
    OllamaRoutes.add(to: routes)
    LlamaCppRoutes.add(to: routes)
    SharedRoutes.add(to: routes)
    HealthRoutes.add(to: routes)
    StatusRoutes(service: service, metrics: operations.metrics, extensions: extensions).add(to: routes)
    ProfileRoutes.add(to: routes)
    PageRoutes.add(to: routes)
    for one in extensions { one.add(to: routes) }
    DescriptionRoutes.add(to: routes, schemas: extensions.flatMap(\.schemas))
    routes.finish()
    return routes
  }
}
