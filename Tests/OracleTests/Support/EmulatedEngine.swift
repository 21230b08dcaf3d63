import Foundation
import Oracle
import Touchstone

/// A small model behind the servers of these tests, with any mistake of a recipe.
actor EmulatedEngine {
  static let modelPath = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../testdata/models/f32.gguf").standardized.path
  static let hiddenSize = 64
  static let shared = Result { try EmulatedEngine() }

  private let emulator: Emulator
  private let tokenizer: TextTokenizer

  private init() throws {
    emulator = try Emulator(path: Self.modelPath, threads: 1)
    tokenizer = try TextTokenizer(path: Self.modelPath)
  }

  enum Input: Sendable {
    case text(String)
    case tokenIDs([Int32])
  }

  /// The state that a vector is made of, and the tokens that went through the model.
  func state(of input: Input, _ recipe: Recipe) throws -> (values: [Float], tokenCount: Int) {
    let probe = Probe(name: "served", kind: .plain, content: try content(input))
    return (try emulator.state(of: probe, recipe) ?? [], try emulator.ids(of: probe, recipe).count)
  }

  nonisolated func isToken(_ id: Int) -> Bool { (0..<tokenizer.vocabularySize).contains(id) }

  private func content(_ input: Input) throws -> Probe.Content {
    switch input {
    case .text(let text): return .document(text)
    case .tokenIDs(let ids):
      let end = tokenizer.endOfText
      if ids.last == end {
        // The end is there: the recipe of a text that ends as it should.
        return .document(try tokenizer.decode(Array(ids.dropLast())))
      }
      let text = try tokenizer.decode(ids)
      return tokenizer.tokenIDs(of: text) == ids + [end].compactMap { $0 }
        ? .tokenIDs(of: text) : .byteTokenIDs(of: text)
    }
  }
}
