import GGUF
import Testing
import Touchstone

/// Warnings, from files made for them.
struct ModelInspectionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A small sound file, changed by `change`.
  private func inspect(
    type: TensorType? = .f32, _ change: (inout Metadata) -> Void = { _ in }
  ) throws -> ModelInspection {
    var writer = GGUFWriter()
    writer.metadata["general.architecture"] = .string("qwen3")
    writer.metadata["qwen3.block_count"] = .uint32(1)
    writer.metadata["qwen3.pooling_type"] = .uint32(3)
    writer.metadata["tokenizer.ggml.model"] = .string("gpt2")
    writer.metadata["tokenizer.ggml.pre"] = .string("qwen2")
    writer.metadata["tokenizer.ggml.tokens"] = .array(MetadataArray(["a", "<|endoftext|>", "<|im_end|>"]))
    writer.metadata["tokenizer.ggml.eos_token_id"] = .uint32(1)
    writer.metadata["tokenizer.ggml.add_eos_token"] = .bool(true)
    change(&writer.metadata)
    if let type { try writer.addTensor(named: "output_norm.weight", type: type, shape: [type.blockSize]) }
    let path = folder.path("model.gguf")
    try writer.write(to: path) { tensor, output in
      try output.append([UInt8](repeating: 0, count: tensor.byteCount))
    }
    return try ModelInspection(path: path)
  }

  @Test func aSoundFileHasNoWarnings() throws {
    let inspection = try inspect()
    #expect(inspection.warnings == [])
    #expect(inspection.parameterCount == 1)
    #expect(inspection.shape.layerCount == 1)
    #expect(inspection.shape.hiddenSize == nil)
    #expect(inspection.vocabulary.endOfText?.id == 1)
    #expect(inspection.vocabulary.endOfText?.text == "<|endoftext|>")
  }

  @Test func whatMaySurpriseIsNamed() throws {
    #expect(try inspect { $0["general.architecture"] = nil }.warnings == [.otherArchitecture(nil)])
    #expect(try inspect(type: nil).warnings == [.noTensors])
    #expect(
      try inspect(type: .q1_0).warnings == [.unsupportedFormat(name: "Q1_0", tensorCount: 1)])
    #expect(try inspect { $0["qwen3.pooling_type"] = nil }.warnings == [.missingPooling])
    #expect(try inspect { $0["qwen3.pooling_type"] = .uint32(1) }.warnings == [.otherPooling("mean")])
    #expect(try inspect { $0["qwen3.pooling_type"] = .uint32(77) }.warnings == [.otherPooling("type 77")])
    #expect(try inspect { $0["tokenizer.ggml.tokens"] = nil }.warnings == [.noVocabulary])
    #expect(
      try inspect { $0["tokenizer.ggml.pre"] = nil }.warnings == [
        .otherTokenizer(model: "gpt2", splitting: nil)
      ])
    #expect(
      try inspect { $0["tokenizer.ggml.eos_token_id"] = .uint32(2) }.warnings
        == [.wrongEndOfText(id: 2, text: "<|im_end|>", expected: 1)])
    #expect(
      try inspect { $0["tokenizer.ggml.eos_token_id"] = .uint32(3) }.warnings
        == [.endOfTextOutOfRange(id: 3, vocabularySize: 3)])
    #expect(try inspect { $0["tokenizer.ggml.eos_token_id"] = nil }.warnings == [.missingEndOfText])
    #expect(try inspect { $0["tokenizer.ggml.add_eos_token"] = nil }.warnings == [.missingAppendEndOfText])
    #expect(
      try inspect { $0["tokenizer.ggml.add_eos_token"] = .bool(false) }.warnings == [.endOfTextNotAppended])
    #expect(
      try inspect { $0["tokenizer.ggml.add_bos_token"] = .bool(true) }.warnings == [.beginningOfTextPrepended]
    )
  }

  @Test func whatAFileIsForIsNamed() throws {
    #expect(try inspect().kind == .embedding)
    #expect(try inspect(type: nil).kind == .vocabulary)
    #expect(try inspect { $0["general.architecture"] = .string("bert") }.kind == .other)
    let reranker = try inspect {
      $0["qwen3.pooling_type"] = .uint32(4)
      $0["tokenizer.ggml.tokens"] = .array(MetadataArray(["no", "a", "yes"]))
      $0["tokenizer.ggml.eos_token_id"] = nil
      $0["tokenizer.chat_template.rerank"] = .string("{query} {document}")
    }
    #expect(reranker.kind == .reranker(head: .tiedEmbedding(yes: 2, no: 0)))
    #expect(
      reranker.warnings == [.rerankerHeadOfTokens(tensor: "token_embd.weight"), .otherRerankTemplate])
    let headless = try inspect { $0["qwen3.pooling_type"] = .uint32(4) }
    #expect(headless.kind == .reranker(head: nil))
    #expect(
      headless.warnings.map(\.description) == [
        "the file has no cls.output.weight, and its vocabulary has no token 'yes' whose row could answer; convert the "
          + "model again"
      ])
  }

  @Test func factsOfTheWrongTypeAreNotStated() throws {
    let inspection = try inspect {
      $0["qwen3.block_count"] = .string("one")
      $0["tokenizer.ggml.eos_token_id"] = .bool(true)
      $0["tokenizer.ggml.tokens"] = .string("a")
    }
    #expect(inspection.shape.layerCount == nil)
    #expect(inspection.vocabulary.endOfText == nil)
    #expect(inspection.warnings == [.noVocabulary])
  }

  @Test func valuesAreKeptAndLongArraysShortened() throws {
    let inspection = try inspect {
      $0["large"] = .uint64(.max)
      $0["negative"] = .int8(-1)
      $0["floats"] = .array(MetadataArray([0.1, 0.2, 0.3, 0.4, 0.5] as [Float]))
      $0["nested"] = .array(MetadataArray([MetadataArray([true]), MetadataArray([false])]))
    }
    func value(_ key: String) -> MetadataFact.Value? { inspection.metadata.first { $0.key == key }?.value }
    #expect(value("large") == .unsigned(.max))
    #expect(value("negative") == .integer(-1))
    #expect(
      value("floats")
        == .array(first: [.float32(0.1), .float32(0.2), .float32(0.3), .float32(0.4)], count: 5))
    #expect(
      value("nested")
        == .array(
          first: [.array(first: [.bool(true)], count: 1), .array(first: [.bool(false)], count: 1)], count: 2))
  }
}
