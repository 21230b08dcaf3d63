import JSON

/// `GET /openapi.json`.
enum DescriptionRoutes {
  static func add(to routes: Routes) {
    let description = Result { try ServiceDescription.json(ServiceOperations.all) }.map { Answer(json: $0) }
    routes.get("/openapi.json") { _ in try description.get() }
  }
}
