extension Mistake {
  /// What services do to texts that they should leave alone.
  static let whiteSpace: [Mistake] = [
    preparation("white-space-stripped", "white space at both ends is stripped", .stripsBothEnds),
    preparation("white-space-collapsed", "runs of white space become one space", .collapses),
    preparation("white-space-stripped-end", "white space at the end is stripped", .stripsEnd),
    preparation("white-space-stripped-start", "white space at the start is stripped", .stripsStart),
    preparation("line-ends-replaced", "line ends are replaced by spaces", .lineEndsBecomeSpaces),
    preparation("carriage-returns-removed", "carriage returns are removed", .carriageReturnsGo),
    preparation("space-in-front", "a space is put in front of every text", .leadingSpaceAdded),
    preparation("lower-case", "texts are put into lower case", .lowercases),
  ]

  private static func preparation(_ id: String, _ title: String, _ preparation: TextPreparation) -> Mistake {
    Mistake(
      id: id, number: 18, aspect: .text, title: title,
      explanation: "Between the client and the tokenizer something changes the text.",
      remedy: "pass texts on as they come; look at the service's input validation and the client library",
      apply: { $0.text = preparation })
  }
}
