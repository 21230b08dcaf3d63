import GGUF
import Testing

@Suite struct CommittedFileTests {
  /// A vocabulary without tensors, as tokenizer tools exchange them.
  @Test func theVocabularyFile() throws {
    let file = try GGUFFile.open(path: TestData.vocabulary)
    #expect(file.version == .three)
    #expect(file.tensors.isEmpty)
    #expect(file.metadata.entries.count == 20)
    #expect(try file.metadata.string("general.architecture") == "qwen2")
    #expect(try file.metadata.float("qwen2.rope.freq_base") == 1_000_000)
    #expect(try file.metadata.unsignedInteger("tokenizer.ggml.eos_token_id") == 151_643)

    let array = try file.metadata.array("tokenizer.ggml.tokens")
    let tokens = try array.flatStrings()
    #expect(tokens.count == 151_936)
    #expect(Array(tokens[0]) == Array("!".utf8))
    #expect(Array(tokens[151_643]) == Array("<|endoftext|>".utf8))
    #expect(tokens == FlatStrings(try array.strings()))

    let types = try file.metadata.array("tokenizer.ggml.token_type").integers(as: UInt8.self)
    #expect(types.count == 151_936)
    #expect(types[0] == 1)  // normal
    #expect(types[151_643] == 3)  // control
    #expect(try file.metadata.array("tokenizer.ggml.merges").count == 151_387)
    #expect(try file.metadata.array("tokenizer.ggml.merges").flatStrings()[0].elementsEqual("Ġ Ġ".utf8))
  }

  /// Facts read from the file with the gguf Python package 0.19.0.
  @Test func theDemoModel() throws {
    let file = try GGUFFile.open(path: TestData.demo)
    #expect(file.tensors.count == 46)
    #expect(try file.metadata.string("general.architecture") == "qwen3")
    #expect(try file.metadata.unsignedInteger("qwen3.block_count") == 4)
    #expect(try file.metadata.bool("tokenizer.ggml.add_eos_token"))
    #expect(file.tensors[0].name == "output_norm.weight")

    let embeddings = try file.tensor(named: "token_embd.weight")
    #expect(embeddings.type == .q6_K)
    #expect(embeddings.shape == [32_768, 256])
    #expect(embeddings.fileOffset == 1_112_000)
    #expect(embeddings.byteCount == 6_881_280)

    let down = try file.tensor(named: "blk.0.ffn_down.weight")
    #expect(down.type == .q4_K)
    #expect(down.shape == [256, 768])
    #expect(down.fileOffset == 8_105_408)
    #expect(down.rowByteCount == 3 * 144)

    #expect(file.tensorIfPresent(named: "output.weight") == nil)
    #expect(throws: GGUFError(TestData.demo, .missingTensor("output.weight"))) {
      try file.tensor(named: "output.weight")
    }
    #expect(
      GGUFError("m.gguf", .missingTensor("output.weight")).description
        == "m.gguf: tensor 'output.weight' is missing, but is required; "
        + "convert the model again with a current converter")
  }
}
