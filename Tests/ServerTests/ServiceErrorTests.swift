import Testing
import TouchstoneServer

struct ServiceErrorTests {
  @Test func sentencesSayWhatToDo() {
    #expect(
      ServiceError.unknownModel("b", available: ["a", "c"]).description
        == "there is no model 'b' here; this service has 'a', 'c'")
    #expect(
      ServiceError.inputTooLong(index: 3, tokens: 9, limit: 8).description
        == "input 3 has 9 tokens, but the limit is 8; shorten it, or ask for truncation")
  }
}
