import JSON

extension ServerDialect {
  /// The body of a request. A single input is sent as itself, as most clients do; several as a list.
  ///
  /// - Parameter asList: a single input too.
  func body(_ request: VectorRequest, model: String?, asList: Bool = false) -> JSONValue {
    let inputs = request.inputs.map(Self.json)
    let input =
      inputs.count == 1 && !asList && !isListOnly(request.inputs[0]) ? inputs[0] : .array(inputs)
    return body(
      input: input, model: model, dimensions: request.dimensions.map { .number($0) },
      usesBase64: request.usesBase64)
  }

  /// The same with anything as input: what a broken client may send.
  func body(
    input: JSONValue?, model: String?, dimensions: JSONValue? = nil, usesBase64: Bool = false
  ) -> JSONValue {
    var members: [JSONValue.Member] = []
    if takesModel, let model { members.append(.init("model", .string(model))) }
    if let input { members.append(.init(inputKey, input)) }
    if takesDimensions, let dimensions { members.append(.init("dimensions", dimensions)) }
    if takesEncodingFormat {
      members.append(.init("encoding_format", .string(usesBase64 ? "base64" : "float")))
    }
    return .object(members)
  }

  /// text-embeddings-inference reads a bare list of ids as a list of inputs.
  private func isListOnly(_ input: BackendInput) -> Bool {
    if case .tokenIDs = input { self == .textEmbeddingsInference } else { false }
  }

  private static func json(_ input: BackendInput) -> JSONValue {
    switch input {
    case .text(let text): .string(text)
    case .tokenIDs(let ids): .array(ids.map { .number(Int($0)) })
    }
  }
}
