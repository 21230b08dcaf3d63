import Touchstone

// What text-embeddings-inference's clients send to be embedded.
extension RequestFields {
  /// The body of `/embed`.
  package func teiEmbedRequest() throws(ServiceError) -> EmbeddingRequest {
    EmbeddingRequest(
      model: try string("model"), inputs: try inputs("inputs"), role: try role(),
      truncation: try truncation(),
      dimensions: try dimensions(), normalization: try bool("normalize") == false ? Normalization.none : .l2)
  }

  /// The body of `/embed_all`, which gives the state of every token as it is.
  package func teiEmbedAllRequest() throws(ServiceError) -> EmbeddingRequest {
    EmbeddingRequest(
      model: try string("model"), inputs: try inputs("inputs"), role: try role(),
      truncation: try truncation(),
      dimensions: try dimensions(), normalization: Normalization.none, pooling: Pooling.none)
  }

  /// The body of `/similarity`: the first input is the sentence that the others are compared with.
  package func teiSimilarityRequest() throws(ServiceError) -> EmbeddingRequest {
    let inputs = try required("inputs", try object("inputs"))
    let source = try inputs.required("source_sentence", try inputs.string("source_sentence"))
    let sentences = try inputs.required("sentences", try inputs.strings("sentences"))
    let parameters = try object("parameters")
    return EmbeddingRequest(
      model: try string("model"),
      inputs: RequestInputs(([source] + sentences).map { .text($0) }, isSingle: false),
      role: try parameters?.role(), truncation: try parameters?.truncation())
  }
}
