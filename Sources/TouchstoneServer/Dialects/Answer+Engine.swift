import HTTPTypes

extension Answer {
  /// The same with what `answer` took of the engine: its times and tokens as headers, and all of it for the
  /// report.
  func timed(_ answer: EngineAnswer<some InputResult>) -> Answer {
    var result = with(answer.timings, tokens: answer.tokensUsed)
    result.work = RequestWork(
      model: answer.model, inputs: answer.inputCount, tokensGiven: answer.tokensGiven,
      tokensUsed: answer.tokensUsed, timings: answer.timings)
    return result
  }

  /// The same with the times and tokens of `answer` as headers, for dialects whose bodies have no place for
  /// them: `x-given-tokens` are those before truncation, `x-truncated-inputs` the places of the inputs that
  /// were cut.
  func reporting(_ answer: EngineAnswer<some InputResult>) -> Answer {
    var result = timed(answer)
    let cut = answer.truncatedInputs
    result.headers[.givenTokens] = "\(answer.tokensGiven)"
    if !cut.isEmpty {
      let listed = cut.prefix(Self.listedInputs).map(String.init).joined(separator: ",")
      result.headers[.truncatedInputs] = cut.count > Self.listedInputs ? listed + ",..." : listed
    }
    return result
  }

  /// Headers have a limit in most clients.
  private static let listedInputs = 256
}

extension HTTPField.Name {
  /// `x-given-tokens`
  static let givenTokens = HTTPField.Name("x-given-tokens").unsafelyUnwrapped
  /// `x-truncated-inputs`
  static let truncatedInputs = HTTPField.Name("x-truncated-inputs").unsafelyUnwrapped
}
