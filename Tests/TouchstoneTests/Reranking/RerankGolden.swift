import Foundation
import Touchstone

/// The golden scores, as `tools/make_rerank_golden.py` writes them; the format is described in
/// `testdata/README.md`.
struct RerankGolden: Decodable {
  struct Document: Decodable {
    let text: String
    let ids: [Int32]
  }
  struct Query: Decodable {
    let instruction: String
    let query: String
    let maximumTokens: Int
    let documents: [Document]
  }
  struct Score: Decodable {
    let score: Double
    let exactScore: Double
    let logitDifference: Double
    let exactLogitDifference: Double
  }
  struct Model: Decodable {
    let model: String
    let scores: [[Score]]

    var path: String { DemoModelTests.testdata.appending(path: model).path }
  }

  let queries: [Query]
  let models: [Model]

  static let shared: RerankGolden = {
    let json = try! Data(contentsOf: DemoModelTests.testdata.appending(path: "rerank/golden.json"))
    return try! JSONDecoder().decode(RerankGolden.self, from: json)
  }()

  static var paths: [String] { shared.models.map(\.path) }
}

extension RerankGolden.Query {
  func options(_ activations: ActivationPrecision) -> RerankOptions {
    var options = RerankOptions()
    options.activations = activations
    options.maximumTokens = maximumTokens
    options.truncation = .right
    return options
  }

  func scores(_ model: RerankModel, _ options: RerankOptions) throws -> [RerankScore] {
    try model.rerank(
      query: query, instruction: instruction, documents: documents.map(\.text), options: options)
  }
}

extension RerankModel {
  /// The ids that the model reads for each document.
  func tokenIDs(
    query: String, instruction: String = RerankModel.defaultInstruction, documents: [String],
    options: RerankOptions = RerankOptions()
  ) throws -> [[Int32]] {
    let plan = try plan(query: query, instruction: instruction, options: options)
    return try documents.enumerated().map { try plan.prepare($1, index: $0).sequence.ids }
  }
}
