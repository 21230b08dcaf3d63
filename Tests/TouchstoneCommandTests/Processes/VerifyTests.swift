import JSON
import Testing

struct VerifyTests {
  @Test func aModelThatIsNoOfficialOneIsStatus3() throws {
    let command = try Command.run("verify", "testdata/demo/demo-q4_k_m.gguf")
    #expect(command.status == 3)
    #expect(
      command.text
        == "demo-q4_k_m.gguf: the file has the shape of no official Qwen3-Embedding or Qwen3-Reranker: nothing is known of its answers\n"
    )
  }

  @Test func jsonAndMarkdownSayTheSame() throws {
    let json = try Command.run("verify", "--json", "testdata/models/q8_0.gguf")
    #expect(json.status == 3)
    #expect(try JSONParser.parse(Array(json.text.utf8))["outcome"] == .string("notOfficial"))
    let report = try Command.run("verify", "--report", "testdata/models/q8_0.gguf")
    #expect(report.status == 3)
    #expect(report.text.hasPrefix("### touchstone verify: notOfficial\n"))
    #expect(try Command.run("verify", "--report", "--json", "testdata/models/q8_0.gguf").status == 2)
  }

  @Test func aFileThatCannotBeReadIsStatus1() throws {
    let command = try Command.run("verify", "testdata/README.md")
    #expect(command.status == 1)
    #expect(command.text == "")
  }
}
