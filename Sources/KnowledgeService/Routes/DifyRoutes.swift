import ForeignText
import HTTPTypes
import JSON
import Knowledge
import TouchstoneServer

/// Dify's external knowledge: `POST …/retrieval`.
struct DifyRoutes: Sendable {
  let service: InferenceService
  let bases: BasesSource

  func add(to routes: Routes) {
    routes.add(
      .post, "/retrieval", .dify, "Passages for Dify, which calls a knowledge base by its name.",
      takes: "DifyRequest", gives: "DifyResponse"
    ) { request in
      try await served { try await retrieve(try RequestFields(request.body), request) }
    }
  }

  private func retrieve(_ fields: RequestFields, _ request: ServiceRequest) async throws -> Answer {
    fields.reportUnknown(besides: ["knowledge_id", "query", "retrieval_setting", "metadata_condition"])
    let base = try bases().base(try fields.required("knowledge_id", try fields.string("knowledge_id")))
    let query = try fields.required("query", try fields.string("query"))
    try QueryCheck.check(query, "query")
    var options = SearchOptions()
    let setting = try fields.nested("retrieval_setting") { (fields) throws(ServiceError) in
      fields.reportUnknown(besides: ["top_k", "score_threshold"])
      let top = try fields.integer("top_k") ?? 10
      guard top <= 100 else { throw .invalid(parameter: "top_k", "must be 1 to 100, found \(top)") }
      var threshold = 0.0
      if let value = fields["score_threshold"] {
        guard case .number(let digits) = value, let number = Double(digits), (0...1).contains(number) else {
          throw .invalid(parameter: "score_threshold", "must be a number from 0 to 1")
        }
        threshold = number
      }
      return (top: top, threshold: threshold)
    }
    options.top = setting?.top ?? 10
    let condition = try fields.nested("metadata_condition") { (fields) throws(ServiceError) in
      try DocumentCondition(dify: fields)
    }
    options.filter.documents = try base.documents(where: condition)
    let result = try await base.opened(service, request.caller).search(query, options)
    let attached = try base.attachmentsByPath()
    let records = zip(result.hits, HitScores.scores(result.hits)).filter { $1 >= setting?.threshold ?? 0 }
      .map { hit, score -> JSONValue in
        let passage = hit.passage
        let attachment = attached[passage.path]
        let filename = attachment?.filename ?? passage.path.split(separator: "/").last.map(String.init) ?? ""
        return .object([
          .init("content", .string(passage.text)), .init("score", .number(score)),
          .init("title", .string(passage.title ?? filename)),
          .init(
            "metadata",
            .object(
              [.init("path", .string(passage.path)), .init("filename", .string(filename))]
                + HitJSON.place(passage).filter { $0.key != "title" } + (attachment?.attributes.members ?? [])
            )),
        ])
      }
    return Answer(json: .object([.init("records", .array(records))]))
  }
}
