import JSON

/// Whether the process lives, and whether it can serve.
enum HealthRoutes {
  static func add(to routes: Routes) {
    let service = routes.service
    routes.get("/health") { _ in Answer(json: .object([.init("status", .string("ok"))])) }
    routes.get("/ready") { _ in
      _ = try service.registry.all()
      let load = service.scheduler.load
      return Answer(
        json: .object([
          .init("status", .string("ready")), .init("jobs", .number(load.jobs)),
          .init("queued_tokens", .number(load.queuedTokens)), .init("served", .number(load.served)),
        ]))
    }
  }
}
