import JSON
import Touchstone

/// The OpenAPI 3.1 description of the service, as it is served at `/openapi.json`.
package enum ServiceDescription {
  package static func json(_ operations: [OperationDescription]) throws(JSONSyntaxError) -> JSONValue {
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
        .array(OperationDescription.Tag.allCases.map { .object([.init("name", .string($0.rawValue))]) })),
      .init("security", .array([.object([]), .object([.init("key", .array([]))])])),
      .init("paths", .object(paths(operations))),
      .init(
        "components",
        .object([
          .init("schemas", .object(try DescriptionSchemas.all())),
          .init(
            "securitySchemes",
            .object([
              .init(
                "key", .object([.init("type", .string("http")), .init("scheme", .string("bearer"))]))
            ])),
        ])),
    ])
  }

  /// The operations by path, paths in the order of their first operation.
  private static func paths(_ operations: [OperationDescription]) -> [JSONValue.Member] {
    var order: [String] = []
    var members: [String: [JSONValue.Member]] = [:]
    for operation in operations {
      if members[operation.path] == nil { order.append(operation.path) }
      members[operation.path, default: []].append(.init(operation.method.rawValue, json(operation)))
    }
    return order.map { .init($0, .object(members[$0] ?? [])) }
  }

  private static func json(_ operation: OperationDescription) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("tags", .array([.string(operation.tag.rawValue)])), .init("summary", .string(operation.summary)),
      .init("operationId", .string(identifier(operation))),
    ]
    let parameters = operation.path.split(separator: "/").filter { $0.hasPrefix("{") }
    if !parameters.isEmpty {
      members.append(
        .init("parameters", .array(parameters.map { pathParameter(String($0.dropFirst().dropLast())) })))
    }
    if let request = operation.request {
      members.append(
        .init("requestBody", .object([.init("required", .bool(true)), .init("content", content(request))])))
    }
    let headers = operation.request == nil ? [] : bodyHeaders
    var responses: [JSONValue.Member] = [
      .init("200", response("The answer.", operation.response, headers: headers))
    ]
    for status in operation.errors.statuses {
      responses.append(
        .init(
          "\(status)", response(reason(status), .jsonOfAny(operation.errors.schemas), headers: headers)))
    }
    members.append(.init("responses", .object(responses)))
    return .object(members)
  }

  /// `post_v1_models_id`.
  private static func identifier(_ operation: OperationDescription) -> String {
    let words = operation.path.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
    return ([Substring(operation.method.rawValue)] + words).joined(separator: "_")
  }

  private static func pathParameter(_ name: String) -> JSONValue {
    .object([
      .init("name", .string(name)), .init("in", .string("path")), .init("required", .bool(true)),
      .init("schema", .object([.init("type", .string("string")), .init("minLength", .number(1))])),
    ])
  }

  private static func response(
    _ description: String, _ body: OperationDescription.Content, headers: [JSONValue.Member]
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
            "Members of the body that nobody read, with commas between them; absent where there are none.")),
        .init("schema", .object([.init("type", .string("string"))])),
      ]))
  ]

  private static func content(_ content: OperationDescription.Content) -> JSONValue {
    func media(_ type: String, _ schema: JSONValue) -> JSONValue {
      .object([.init(type, .object([.init("schema", schema)]))])
    }
    switch content {
    case .json(let name): return media("application/json", reference(name))
    case .jsonOfAny(let names):
      return media(
        "application/json",
        names.count == 1 ? reference(names[0]) : .object([.init("anyOf", .array(names.map(reference)))]))
    case .text(let type): return media(type, .object([.init("type", .string("string"))]))
    }
  }

  private static func reference(_ name: String) -> JSONValue {
    .object([.init("$ref", .string("#/components/schemas/\(name)"))])
  }

  private static func reason(_ status: Int) -> String {
    switch status {
    case 400: "The request cannot be understood or served."
    case 401: "The API key is missing or wrong."
    case 404: "There is no such model."
    case 408: "The request did not arrive in time."
    case 413: "The request is larger than the service takes."
    case 422: "A field is missing, or has a value that cannot be served."
    case 424: "The model cannot do this."
    case 429: "There is too much to do; try again later."
    case 500: "The engine failed."
    case 501: "The model cannot do this."
    case 503: "The model is being loaded, or the service is going down."
    default: "An error."
    }
  }
}
