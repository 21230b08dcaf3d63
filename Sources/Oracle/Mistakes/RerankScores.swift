/// Mistakes of rerankers on the way from the logits to the score, and limits. All of them are number 23 of
/// the list.
extension Mistake {
  static let rerankScores: [Mistake] = [
    Mistake(
      id: "reranker-labels-swapped", number: 23, aspect: .labels,
      title: "the score is the probability of no: the labels are swapped",
      explanation: "Which row of the head is yes, the file says in classifier.output_labels.",
      remedy: "read the labels, or the ids of the tokens yes and no; do not assume an order",
      apply: { $0.score.swapsLabels = true }),
    score(
      "reranker-softmax-twice", "a softmax is applied to the two probabilities again", .softmaxTwice,
      "All scores are between 0.27 and 0.73.", "apply it once: to the logits"),
    score(
      "reranker-sigmoid-twice", "a sigmoid is applied to the probability", .sigmoidTwice,
      "All scores are between 0.5 and 0.73.",
      "take the probability as the score (sentence-transformers: activation_fn Identity)"),
    score(
      "reranker-sigmoid-of-yes", "the score is the sigmoid of the logit of yes alone", .sigmoidOfYes,
      "A logit means something in comparison with the other only.",
      "take the sigmoid of the difference, yes minus no"),
    score(
      "reranker-raw-difference", "the score is the difference of the logits, without a sigmoid",
      .logitDifference,
      "The order is right, thresholds and averages are not.", "apply a sigmoid; or say that scores are raw"),
    score(
      "reranker-raw-yes", "the score is the logit of yes", .logitOfYes,
      "A logit means something in comparison with the other only.",
      "apply a softmax to the logits of yes and no"
    ),
    score(
      "reranker-log-probability", "the score is the logarithm of the probability", .logarithm,
      "The model card's code ends with exp().", "take the exponential"),
    score(
      "reranker-always-one", "every score is 1: a softmax over a single number", .softmaxOfOne,
      "A head of one row holds the difference of the logits and wants a sigmoid.",
      "use a file whose cls.output.weight has two rows, or apply a sigmoid"),
    score(
      "reranker-head-missing", "the score is a component of the state: the file's head is not found",
      .softmaxOfState,
      "Without cls.output.weight some engines take a softmax over the state itself.",
      "use a file with cls.output.weight, or compute the logits from the rows of yes and no in the output"),
  ]

  private static func score(
    _ id: String, _ title: String, _ form: ScoreRule.Form, _ explanation: String, _ remedy: String
  ) -> Mistake {
    Mistake(
      id: id, number: 23, aspect: .score, title: title, explanation: explanation, remedy: remedy,
      apply: { $0.score.form = form })
  }

  /// A limit of `count` tokens of the whole prompt that cuts without a word.
  static func rerankLimit(_ count: Int, _ cut: TokenLimit.Cut) -> Mistake {
    let dropsSuffix = cut == .dropsEnd
    return Mistake(
      id: dropsSuffix ? "reranker-truncation-drops-suffix" : "reranker-truncation", number: 23,
      aspect: .limit,
      title: dropsSuffix
        ? "prompts are silently cut to \(count) tokens, and their end is cut off"
        : "documents are silently cut so that the prompt has \(count) tokens",
      explanation: "The part that was cut off is not judged, and no warning says so.",
      remedy: dropsSuffix
        ? "cut the document, not the prompt: the text after the document must stay"
        : "raise the limit (llama.cpp: -c, -b and -ub), or refuse with a sentence",
      apply: { $0.limit = TokenLimit(count: count, cut: cut) })
  }
}
