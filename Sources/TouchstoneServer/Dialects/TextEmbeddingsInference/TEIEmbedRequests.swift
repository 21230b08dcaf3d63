import JSON
import Touchstone

/// What text-embeddings-inference's clients send to be embedded.
package enum TEIEmbedRequest {
  private static let names =
    ["inputs", "model", "dimensions"] + RequestFields.truncationNames + RequestFields.roleNames

  /// The body of `/embed`.
  package static func embed(_ body: RequestBody, queryRole: EmbeddingRole) throws(ServiceError)
    -> EmbeddingRequest
  {
    let fields = try RequestFields(body)
    fields.reportUnknown(besides: names + ["normalize"])
    var request = try request(fields, queryRole: queryRole)
    request.normalization = try fields.bool("normalize") == false ? .none : .l2
    return request
  }

  /// The body of `/embed_all`, which gives the state of every token as it is.
  package static func embedAll(_ body: RequestBody, queryRole: EmbeddingRole) throws(ServiceError)
    -> EmbeddingRequest
  {
    let fields = try RequestFields(body)
    fields.reportUnknown(besides: names)
    var request = try request(fields, queryRole: queryRole)
    request.normalization = .none
    request.pooling = Pooling.none
    return request
  }

  /// The body of `/similarity`: the first input is the sentence that the others are compared with.
  package static func similarity(_ body: RequestBody, queryRole: EmbeddingRole) throws(ServiceError)
    -> EmbeddingRequest
  {
    let fields = try RequestFields(body)
    fields.reportUnknown(besides: ["inputs", "parameters", "model"])
    let texts = try fields.nested("inputs") { inputs throws(ServiceError) in
      inputs.reportUnknown(besides: ["source_sentence", "sentences"])
      let source = try inputs.required("source_sentence", try inputs.string("source_sentence"))
      return [source] + (try inputs.required("sentences", try inputs.strings("sentences")))
    }
    let parameters = try fields.nested("parameters") { parameters throws(ServiceError) in
      parameters.reportUnknown(besides: RequestFields.truncationNames + RequestFields.roleNames)
      return (
        role: try parameters.role(queryRole: queryRole), truncation: try parameters.directedTruncation()
      )
    }
    let role = parameters?.role ?? .document
    var request = EmbeddingRequest(
      model: try fields.string("model"),
      inputs: try fields.required("inputs", texts).map { EmbeddingInput($0, as: role) })
    request.truncation = parameters?.truncation
    return request
  }

  private static func request(
    _ fields: RequestFields, queryRole: EmbeddingRole
  ) throws(ServiceError) -> EmbeddingRequest {
    let role = try fields.role(queryRole: queryRole)
    var request = EmbeddingRequest(
      model: try fields.string("model"), inputs: try fields.inputs("inputs", role: role))
    request.truncation = try fields.directedTruncation()
    request.dimensions = try fields.integer("dimensions")
    return request
  }
}
