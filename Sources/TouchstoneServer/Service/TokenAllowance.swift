/// What is left of the tokens that one request may have, whether it is computed or only tokenized.
struct TokenAllowance {
  private let limit: Int
  private var taken = 0

  /// - Parameters:
  ///   - inputs: how many the request has.
  ///   - parameter: what it calls them.
  /// - Throws: ``ServiceError`` where they are more than a request may have.
  init(_ limits: Limits, inputs: Int = 1, of parameter: String = "input") throws(ServiceError) {
    guard inputs <= limits.inputsPerRequest else {
      throw .tooManyInputs(parameter: parameter, count: inputs, limit: limits.inputsPerRequest)
    }
    limit = limits.tokensPerRequest
  }

  /// - Throws: ``ServiceError`` where the request has more tokens with these than it may have.
  mutating func take(_ count: Int) throws(ServiceError) {
    taken += count
    guard taken <= limit else {
      throw .tooMany("the request has more than \(limit) tokens, which is the limit; send several")
    }
  }
}
