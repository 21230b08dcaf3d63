import HTTPTypes
import JSON
import Touchstone

/// `GET /openapi.json`: the OpenAPI 3.1 description of the service, made from its routes and their schemas.
enum DescriptionRoutes {
  private static let path = "/openapi.json"
  private static let summary = "This description."
  private static let schema: Route.Content = "Description"

  /// To be called when all other routes are there.
  static func add(to routes: Routes, schemas: [[UInt8]]) {
    let own = Route(
      method: .get, path: path, dialect: .plain, others: [], summary: summary, request: nil, response: schema,
      statuses: [])
    let answer = Result {
      Answer(json: try ServiceDescription.json(routes.described + [own], schemas: schemas))
    }
    routes.get(path, .plain, summary, gives: schema) { _ in try answer.get() }
  }
}

package enum ServiceDescription {
  /// - Parameter more: schemas beside those of the service's own dialects.
  package static func json(_ routes: [Route], schemas more: [[UInt8]] = []) throws(JSONSyntaxError)
    -> JSONValue
  {
    .object([
      .init("openapi", .string("3.1.0")),
      .init(
        "info",
        .object([
          .init("title", .string("Touchstone")),
          .init("summary", .string("Qwen3-Embedding on CPUs, behind the APIs that clients already speak.")),
          .init("version", .string(EngineInformation.current.version)),
          .init(
            "license",
            .object([.init("name", .string("Apache-2.0")), .init("identifier", .string("Apache-2.0"))])),
        ])),
      .init(
        "tags",
        .array(
          Dialect.allCases.filter { dialect in routes.contains { $0.dialect == dialect } }.map {
            .object([.init("name", .string($0.title))])
          })),
      .init("security", .array([.object([]), .object([.init("key", .array([]))])])),
      .init("paths", .object(paths(routes))),
      .init(
        "components",
        .object([
          .init("schemas", .object(try schemas(more))),
          .init(
            "securitySchemes",
            .object([
              .init(
                "key", .object([.init("type", .string("http")), .init("scheme", .string("bearer"))]))
            ])),
        ])),
    ])
  }

  /// The shapes of requests and answers, as JSON Schema, of each dialect in a file beside it.
  private static func schemas(_ more: [[UInt8]]) throws(JSONSyntaxError) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    for file in [
      PackageResources.CommonSchemas_json, PackageResources.OpenAISchemas_json,
      PackageResources.VLLMSchemas_json, PackageResources.CohereSchemas_json,
      PackageResources.TEISchemas_json, PackageResources.OllamaSchemas_json,
      PackageResources.LlamaCppSchemas_json, PackageResources.RerankSchemas_json,
      PackageResources.OperationSchemas_json,
    ] + more {
      if case .object(let own) = try JSONParser.parse(file) { members += own }
    }
    return members
  }

  /// The routes by path, paths in the order of their first route.
  private static func paths(_ routes: [Route]) -> [JSONValue.Member] {
    var order: [String] = []
    var members: [String: [JSONValue.Member]] = [:]
    for route in routes {
      if members[route.describedPath] == nil { order.append(route.describedPath) }
      members[route.describedPath, default: []].append(
        .init(route.method.rawValue.lowercased(), json(route)))
    }
    return order.map { .init($0, .object(members[$0] ?? [])) }
  }

  private static func json(_ route: Route) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("tags", .array([.string(route.dialect.title)])), .init("summary", .string(route.summary)),
      .init("operationId", .string(identifier(route))),
    ]
    let parameters =
      route.describedPath.split(separator: "/").filter { $0.hasPrefix("{") }
      .map { pathParameter(String($0.dropFirst().dropLast())) } + route.parameters.map(parameter)
    if !parameters.isEmpty { members.append(.init("parameters", .array(parameters))) }
    if let request = route.request {
      members.append(
        .init("requestBody", .object([.init("required", .bool(true)), .init("content", content(request))])))
    }
    let headers = route.request == nil ? [] : bodyHeaders
    var responses: [JSONValue.Member] = [
      .init("200", response("The answer.", route.response, headers: headers))
    ]
    let errors = Route.Content.json(([route.dialect] + route.others).map(\.errorSchema))
    for status in route.errorStatuses {
      responses.append(.init("\(status)", response(reason(status), errors, headers: headers)))
    }
    members.append(.init("responses", .object(responses)))
    return .object(members)
  }

  /// `post_v1_models_id`.
  private static func identifier(_ route: Route) -> String {
    let words = route.describedPath.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
    return ([Substring(route.method.rawValue.lowercased())] + words).joined(separator: "_")
  }

  private static func pathParameter(_ name: String) -> JSONValue {
    .object([
      .init("name", .string(name)), .init("in", .string("path")), .init("required", .bool(true)),
      .init("schema", .object([.init("type", .string("string")), .init("minLength", .number(1))])),
    ])
  }

  private static func parameter(_ parameter: Route.Parameter) -> JSONValue {
    let type: JSONValue =
      switch parameter.kind {
      case .text: .object([.init("type", .string("string"))])
      case .count: .object([.init("type", .string("integer")), .init("minimum", .number(0))])
      case .words(let words):
        .object([.init("type", .string("string")), .init("enum", .array(words.map(JSONValue.string)))])
      }
    return .object([
      .init("name", .string(parameter.name)), .init("in", .string(parameter.isHeader ? "header" : "query")),
      .init("required", .bool(parameter.isRequired)), .init("description", .string(parameter.summary)),
      .init("schema", type),
    ])
  }

  private static func response(
    _ description: String, _ body: Route.Content, headers: [JSONValue.Member]
  ) -> JSONValue {
    .object(
      [.init("description", .string(description))]
        + (headers.isEmpty ? [] : [.init("headers", .object(headers))]) + [.init("content", content(body))])
  }

  /// Of answers to requests with a body.
  private static let bodyHeaders: [JSONValue.Member] = [
    .init(
      "x-ignored-parameters",
      .object([
        .init(
          "description",
          .string(
            "Unread members of the body, with commas between them; absent where there are none.")),
        .init("schema", .object([.init("type", .string("string"))])),
      ]))
  ]

  private static func content(_ content: Route.Content) -> JSONValue {
    func media(_ type: String, _ schema: JSONValue) -> JSONValue {
      .object([.init(type, .object([.init("schema", schema)]))])
    }
    switch content {
    case .json(let names):
      return media(
        "application/json",
        names.count == 1 ? reference(names[0]) : .object([.init("anyOf", .array(names.map(reference)))]))
    case .text(let type): return media(type, .object([.init("type", .string("string"))]))
    case .form(let name): return media("multipart/form-data", reference(name))
    case .bytes:
      return media(
        "application/octet-stream",
        .object([.init("type", .string("string")), .init("format", .string("binary"))]))
    }
  }

  private static func reference(_ name: String) -> JSONValue {
    .object([.init("$ref", .string("#/components/schemas/\(name)"))])
  }

  private static func reason(_ status: Int) -> String {
    switch status {
    case 400: "The request cannot be understood or served."
    case 401: "The API key is missing or wrong."
    case 403: "The Host is no name of the service, or the page that asks may not use it."
    case 404: "There is no such thing here."
    case 405: "The path takes another method."
    case 409: "What is there contradicts the request."
    case 408: "The request did not arrive in time."
    case 413: "The request is larger than the service takes."
    case 415: "The body is compressed."
    case 422: "A field is missing, or has a value that cannot be served."
    case 424: "The model cannot do this."
    case 429: "There is too much to do; try again later."
    case 500: "The engine failed."
    case 503: "The model is being loaded, or the service is going down."
    default: "An error."
    }
  }
}

extension Route {
  /// The path with its parameters in braces: `/v1/models/{id}`.
  package var describedPath: String { path.replacing("**", with: "{id}") }

  /// Statuses that its errors may have, each once.
  fileprivate var errorStatuses: [Int] {
    let ofEvery = [401, 403, 429, 503]
    let ofBody = [408, 413, 415] + ([dialect] + others).flatMap(\.errorStatuses)
    return Set(ofEvery + (request == nil ? [] : ofBody) + statuses).sorted()
  }
}
