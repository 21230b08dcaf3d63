import Hummingbird

/// A middleware of the service, of whatever type.
package typealias ServiceMiddleware = any MiddlewareProtocol<Request, Response, ServiceRequestContext>

/// All routes and middlewares, in this one place.
package enum ServiceRoutes {
  /// - Parameter middlewares: run inside of the report and the rendering of errors: authentication, for instance.
  package static func router(
    _ service: EmbeddingService, middlewares: [ServiceMiddleware] = []
  ) -> Router<ServiceRequestContext> {
    let router = Router<ServiceRequestContext>(
      context: ServiceRequestContext.self, options: [.autoGenerateHeadEndpoints])
    router.add(middleware: ReportMiddleware(observer: service.observer))
    router.add(middleware: ErrorMiddleware())
    for middleware in middlewares { router.add(middleware: middleware) }
    router.add(middleware: AdmissionMiddleware(limit: service.settings.limits.concurrentRequests))

    let routes = Routes(service: service, router: router)
    OpenAIRoutes.add(to: routes)
    HealthRoutes.add(to: routes)
    routes.finish()
    return router
  }
}
