import JSON

/// Whether the process lives, and whether it can serve.
enum HealthRoutes {
  static func add(to routes: Routes) {
    let registry = routes.service.registry
    routes.get("/health") { _ in Answer(json: .object([.init("status", .string("ok"))])) }
    routes.get("/ready") { _ in
      _ = try registry.all()
      return Answer(json: .object([.init("status", .string("ready"))]))
    }
  }
}
