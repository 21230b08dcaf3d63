/// What is left of the limits of a request that is only tokenized.
struct TokenAllowance {
  private let limits: Limits
  private let inputs: Int
  private var tokens = 0

  init(_ limits: Limits, inputs: Int = 1) {
    self.limits = limits
    self.inputs = inputs
  }

  func check() throws(ServiceError) {
    guard inputs <= limits.inputsPerRequest else {
      throw .tooMany(
        "the request has \(inputs) inputs, but the limit is \(limits.inputsPerRequest); send several")
    }
  }

  mutating func take(_ count: Int) throws(ServiceError) {
    tokens += count
    guard tokens <= limits.tokensPerRequest else {
      throw .tooMany(
        "the request has more than \(limits.tokensPerRequest) tokens, which is the limit; send several")
    }
  }
}
