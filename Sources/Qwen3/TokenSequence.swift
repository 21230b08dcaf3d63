/// The token ids of one text, and the instruction that it begins with.
public struct TokenSequence: Sendable, Equatable {
  public let ids: [Int32]
  /// The ids of the instruction alone. The last of them may differ in ``ids``, where the text after the instruction
  /// has merged with it.
  public let instruction: [Int32]

  public init(_ ids: [Int32], instruction: [Int32] = []) {
    self.ids = ids
    self.instruction = instruction
  }

  /// How many ids are those of the instruction. At least one is left: a text has a state of its own.
  var sharedCount: Int {
    min(zip(ids, instruction).prefix { $0 == $1 }.count, ids.count - 1)
  }
}
