import JSON

/// Whether the process lives, and whether it can serve.
enum HealthRoutes {
  static func add(to routes: Routes) {
    let service = routes.service
    routes.get("/health", .plain, "Whether the process lives.", gives: "Status") { _ in
      Answer(json: .object([.init("status", .string("ok"))]))
    }
    routes.get("/ready", .plain, "Whether the models are loaded.", gives: "Status") { _ in
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
