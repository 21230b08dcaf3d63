import Testing
import TouchstoneServer

struct ServiceErrorTests {
  @Test func sentencesSayWhatToDo() {
    #expect(
      ServiceError.unknownModel("b", available: ["a", "c"]).description
        == "there is no model 'b' here; this service has 'a', 'c'")
    #expect(
      ServiceError.inputTooLong(
        .init(subject: "input 3", parameter: "input", size: .tokens(9), limit: 8)
      ).description == "input 3 has 9 tokens, but the limit is 8; shorten it, or ask for truncation")
    #expect(
      ServiceError.inputTooLong(
        .init(subject: "documents[1]", parameter: "documents[1]", size: .bytes(900), limit: 8)
      ).description
        == "documents[1] has 900 bytes, which are more than 8 tokens, the limit, can hold; shorten it, or ask for truncation"
    )
  }

  /// A stranger's text in a sentence is cut.
  @Test func longNamesAreCut() {
    let sentence = ServiceError.unknownModel(String(repeating: "x", count: 10_000), available: ["a"])
      .description
    #expect(sentence.utf8.count < 200)
  }
}
