/// How the states of a sequence's tokens become its vector.
public enum Pooling: String, CaseIterable, Codable, Sendable {
  /// The state of the last token, as Qwen3-Embedding was trained.
  case last
  /// The mean of all states.
  case mean
  /// The state of the first token.
  case cls
  /// Every token's state: a vector a token.
  case none
}
