import Foundation
import Testing

struct InspectTests {
  @Test func theDemonstrationModelIsDescribed() throws {
    let command = try Command.run("inspect", "testdata/demo/demo-q4_k_m.gguf")
    #expect(command.status == 0)
    #expect(
      command.text == """
        testdata/demo/demo-q4_k_m.gguf

          architecture      qwen3
          name              Touchstone demo embedding
          kind              embedding model
          file              9,891,264 bytes, GGUF version 3
          parameters        11,537,152
          layers            4
          hidden size       256
          feed-forward      768
          heads             4, 2 of keys and values, of 64 components
          context length    8,192 tokens
          rope theta        1000000.0
          norm epsilon      1e-06
          pooling           last
          tokenizer         gpt2, qwen2
          vocabulary        32,768 tokens, 32,486 merges
          end of text       32742 <|endoftext|>, appended to every text

          format    tensors      parameters            bytes  bits each
          Q6_K            5       8,847,360        7,257,600       6.56
          Q4_K           24       2,686,976        1,511,424       4.50
          F32            17           2,816           11,264      32.00

        """)
  }

  @Test func aVocabularyIsDescribedWithWarnings() throws {
    let command = try Command.run("inspect", "testdata/qwen2-vocab.gguf")
    #expect(command.status == 0)
    #expect(command.lines.count { $0.hasPrefix("warning: ") } == 3)
    #expect(
      command.text.contains("warning: the architecture is 'qwen2', and only qwen3 can be embedded with\n"))
  }

  @Test(arguments: [
    ("no-add-eos", "tokenizer.ggml.add_eos_token is missing"),
    ("wrong-eos", "tokenizer.ggml.eos_token_id is"),
    ("no-pooling-type", "qwen3.pooling_type is missing"), ("pooling-mean", "qwen3.pooling_type is mean"),
  ])
  func oddFilesAreWarnedOf(model: String, warning: String) throws {
    let path = "testdata/models/\(model).gguf"
    let command = try Command.run("inspect", path)
    #expect(command.lines.filter { $0.hasPrefix("warning: ") }.count == 1)
    #expect(command.text.contains("warning: \(warning)"))
    let embedding = try Command.run("embed", "a", "--model", path)
    #expect(embedding.status == 0)
    let key = warning.prefix { $0 != " " }
    #expect(embedding.errors.hasPrefix("touchstone: warning: \(key) "))
    #expect(embedding.errors.split(separator: "\n").count == 1)
  }

  /// A bidirectional model and a stretched rotation are described; the demonstration model has neither line.
  @Test func attentionAndScalingAreShown() throws {
    let bidirectional = try Command.run("inspect", "testdata/models/non-causal.gguf")
    #expect(
      bidirectional.lines.contains("  attention         bidirectional: every token sees the whole text"))
    let yarn = try Command.run("inspect", "testdata/models/rope-yarn.gguf")
    #expect(yarn.lines.contains("  rope scaling      yarn: a context of 128 tokens, stretched by 4.0"))
    let linear = try Command.run("inspect", "testdata/models/rope-linear.gguf")
    #expect(linear.lines.contains("  rope scaling      linear: positions are divided by 4.0"))
  }

  /// What `embed` says, `inspect` says before.
  @Test func whatIsRefusedIsAnError() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("damaged.gguf")
    var bytes = try Data(contentsOf: Command.repository.appending(path: "testdata/models/f32.gguf"))
    // One byte of a key's name: the shape is not stated any more.
    let key = Data("qwen3.block_count".utf8)
    let place = try #require(bytes.range(of: key))
    bytes[place.lowerBound] = UInt8(ascii: "x")
    try bytes.write(to: URL(filePath: path))
    let inspection = try Command.run("inspect", path)
    #expect(inspection.status == 0)
    let sentence =
      "metadata key 'qwen3.block_count' is missing, but is required; convert the model again with a current converter"
    #expect(inspection.lines.contains("error: \(sentence)"))
    let embedding = try Command.run("embed", "a", "--model", path)
    #expect(embedding.status == 1)
    #expect(embedding.errors.contains(sentence))
    let json = try Command.run("inspect", "--json", path)
    let object = try #require(try JSONSerialization.jsonObject(with: json.output) as? [String: Any])
    #expect(object["errors"] as? [String] == [sentence])
  }

  @Test func everythingIsThereAsJSON() throws {
    let command = try Command.run("inspect", "--json", "--tensors", "--metadata")
    let object = try #require(try JSONSerialization.jsonObject(with: command.output) as? [String: Any])
    #expect(object["architecture"] as? String == "qwen3")
    #expect((object["shape"] as? [String: Any])?["headDimension"] as? Int == 64)
    #expect((object["tokenizer"] as? [String: Any])?["endOfTextID"] as? Int == 32742)
    #expect(object["warnings"] as? [String] == [])
    let tensors = try #require(object["tensors"] as? [[String: Any]])
    #expect(tensors.count == 46)
    #expect(
      tensors.reduce(0) { $0 + ($1["byteCount"] as? Int ?? 0) }
        == (object["blockFormats"] as? [[String: Any]])?.reduce(0) { $0 + ($1["byteCount"] as? Int ?? 0) })
    let metadata = try #require(object["metadata"] as? [[String: Any]])
    let tokens = try #require(metadata.first { $0["key"] as? String == "tokenizer.ggml.tokens" })
    #expect(tokens["count"] as? Int == 32768)
    #expect(tokens["first"] as? [String] == ["!", "\"", "#", "$"])
    let brief = try Command.run("inspect", "--json")
    let keys = try #require(try JSONSerialization.jsonObject(with: brief.output) as? [String: Any]).keys
    #expect(!keys.contains("tensors") && !keys.contains("metadata"))
  }

  @Test func listsStandAlone() throws {
    let tensors = try Command.run("inspect", "--tensors")
    #expect(tensors.lines.count == 46)
    #expect(tensors.lines.contains("token_embd.weight         Q6_K          6,881,280  32768 × 256"))
    let metadata = try Command.run("inspect", "--metadata")
    #expect(metadata.lines.contains("qwen3.rope.freq_base = 1000000.0  (float32)"))
    #expect(
      metadata.lines.contains("tokenizer.ggml.tokens = [!, \", #, $, … 32,768 in all]  (array of string)"))
  }
}
