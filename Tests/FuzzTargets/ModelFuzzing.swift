import GGUF
import TestSupport
import Touchstone

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A model file with changed fields: opened, inspected, tokenized with, embedded or reranked with. Every
/// refusal is one tame sentence, and every answer is a vector of length 1 or a probability, the same twice.
enum ModelFuzzing {
  /// Small files of different formats, and rerankers.
  private static let names = [
    "no-add-eos", "q4_1", "q5_1", "q8_0", "q4_k", "iq4_xs", "bf16", "large-residual", "rerank-yes-no",
    "rerank-one-row", "rerank-output", "rerank-tied",
  ]

  private static let bases: [ModelPieces] = names.map { name in
    guard let file = try? Data(contentsOf: URL(filePath: TestData.model(name))) else {
      preconditionFailure("testdata/models/\(name).gguf is missing")
    }
    return ModelPieces(sound: Array(file))
  }

  static func run(_ decisions: inout Decisions) throws {
    var pieces = decisions.element(of: bases)
    for _ in 0..<1 + decisions.below(4) { pieces.edit(&decisions) }
    var bytes = pieces.bytes
    if decisions.chance(1, in: 12) { bytes.removeLast(min(bytes.count, decisions.below(1 << 16))) }
    if decisions.chance(1, in: 12) { bytes[decisions.index(in: bytes)] ^= 1 << decisions.below(8) }
    let tokens = pieces.elements(of: "tokenizer.ggml.tokens").suffix(40)
    let texts = (0..<2).map { _ in FuzzTexts.text(Array(tokens), &decisions) }
    try run(bytes, texts)
  }

  /// Takes a file of these bytes as far as it goes.
  static func run(_ bytes: [UInt8], _ texts: [String]) throws {
    let file: GGUFFile
    do {
      file = try GGUFFile(storage: ByteStorage(copying: bytes, path: "hostile.gguf"))
    } catch {
      return try demandSentence(error)
    }
    let inspection = ModelInspection(file, path: "hostile.gguf")
    for warning in inspection.warnings { try demand(!warning.description.isEmpty, "a warning says nothing") }

    let tokenizer: TextTokenizer
    do { tokenizer = try TextTokenizer(file) } catch { return try demandSentence(error) }
    for text in texts { try tokenize(text, tokenizer) }

    do {
      switch try AnyModel(file, threads: 1) {
      case .embedding(let model): try embed(texts, model)
      case .reranker(let model): try rerank(texts, model)
      }
    } catch let error as TouchstoneError {
      try demandSentence(error)
    }
  }

  private static func tokenize(_ text: String, _ tokenizer: TextTokenizer) throws {
    let ids = tokenizer.tokenIDs(of: text)
    try demand(tokenizer.count(text) == ids.count, "a text has two counts of tokens")
    let tokens = tokenizer.tokens(of: text)
    try demand(tokens.map(\.id) == ids, "a text has other ids with places than without")
    var end = 0
    for token in tokens {
      try demand(token.bytes.lowerBound >= end, "the places of tokens overlap")
      end = token.bytes.upperBound
    }
    try demand(end <= text.utf8.count, "a token's place ends behind the text")
    do { _ = try tokenizer.decode(ids) } catch {
      throw Finding(description: "own ids are not decoded: \(error)")
    }
  }

  private static func embed(_ texts: [String], _ model: EmbeddingModel) throws {
    for activations in ActivationPrecision.allCases {
      var options = EmbeddingOptions()
      options.activations = activations
      options.truncation = .right
      options.maximumTokens = min(64, model.configuration.contextLength)
      let inputs = texts.map { EmbeddingInput($0) }
      let together = try model.embed(inputs, options: options)
      for (input, embedding) in zip(inputs, together) {
        let alone = try model.embed([input], options: options)[0]
        try demand(
          alone.values.bits == embedding.values.bits, "a vector in \(activations) depends on the batch")
        for vector in embedding.vectors {
          let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
          try demand(abs(length - 1) < 1e-3, "a vector in \(activations) has length \(length)")
        }
      }
    }
  }

  private static func rerank(_ texts: [String], _ model: RerankModel) throws {
    for activations in ActivationPrecision.allCases {
      var options = RerankOptions()
      options.activations = activations
      options.truncation = .right
      let scores = try model.rerank(query: "disk", documents: texts, options: options)
      for (index, score) in scores.enumerated() {
        try demand((0...1).contains(score.score), "a score in \(activations) is \(score.score)")
        let alone = try model.rerank(query: "disk", documents: [texts[index]], options: options)[0]
        try demand(
          alone.logitDifference.bitPattern == score.logitDifference.bitPattern,
          "a score in \(activations) depends on the batch")
      }
    }
  }
}
