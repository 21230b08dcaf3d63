import JSON

/// Members of other services' requests that would change a vector: honoured, or refused with what is offered
/// instead.
extension RequestFields {
  /// `dimensions`, or Voyage's and Cohere's `output_dimension`.
  func dimensions() throws(ServiceError) -> Int? {
    let dimensions = try integer("dimensions")
    let output = try integer("output_dimension")
    if let dimensions, let output, dimensions != output {
      throw .invalid(parameter: "output_dimension", "contradicts dimensions")
    }
    return dimensions ?? output
  }

  static let dimensionNames = ["dimensions", "output_dimension"]

  /// `normalize` of several services, `normalized` of Jina.
  func wantsLengthOne() throws(ServiceError) -> Bool {
    let normalize = try bool("normalize")
    let normalized = try bool("normalized")
    return normalize ?? normalized ?? true
  }

  static let normalizationNames = ["normalize", "normalized"]

  /// Refuses what would need another model or another kind of vector.
  func refuseOtherVectors() throws(ServiceError) {
    guard try bool("add_special_tokens") != false else {
      throw .invalid(
        parameter: "add_special_tokens",
        "must be true: the vector is the state of the end-of-text token, which is one of them")
    }
    for name in ["late_chunking", "return_multivector"] where try bool(name) == true {
      throw .invalid(parameter: name, "is not offered here; send each chunk as an input of its own")
    }
    _ = try choice("embed_dtype", [("float32", ()), ("float", ())])
    _ = try choice("output_dtype", [("float", ()), ("float32", ())])
    _ = try choice("endianness", [("native", ()), ("little", ())])
  }

  static let otherVectorNames = [
    "add_special_tokens", "late_chunking", "return_multivector", "embed_dtype", "output_dtype", "endianness",
  ]
}
