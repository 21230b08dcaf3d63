import Foundation
import KnownAnswers
import TestModels
import TestSupport
import Touchstone

/// Golden figures in the place of published ones: vectors that transformers computed of the demonstration
/// model, scores that it computed of a small reranker. So a verification can be tested without the real
/// models.
struct StandIn {
  private struct GoldenSet: Decodable {
    struct Slice: Decodable {
      let offset: Int
      let count: Int
    }
    struct Case: Decodable {
      let name: String
      let text: String
      let instruction: String?
      let ids: [Int32]
      let vector: Slice
    }
    let cases: [Case]
  }

  private struct GoldenScores: Decodable {
    struct Query: Decodable {
      let instruction: String
      let query: String
      let maximumTokens: Int
      let documents: [Document]
    }
    struct Document: Decodable { let text: String }
    struct Model: Decodable {
      let model: String
      let scores: [[Score]]
    }
    struct Score: Decodable { let score: Double }
    let queries: [Query]
    let models: [Model]
  }

  private let golden: GoldenSet
  private let floats: [Float]

  init() throws {
    let folder = TestModels.testdata.appending(path: "golden")
    golden = try JSONDecoder().decode(
      GoldenSet.self, from: Data(contentsOf: folder.appending(path: "demo.json")))
    floats = try Data(contentsOf: folder.appending(path: "demo.f32")).withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }

  private func entry(_ name: String) -> GoldenSet.Case { golden.cases.first { $0.name == name }! }

  private func vector(_ name: String) -> [Float] {
    let slice = entry(name).vector
    return Array(floats[slice.offset..<slice.offset + slice.count])
  }

  /// A whole vector that is not normalized, the first components of a query's, and a matrix of similarities.
  func embedding(as model: OfficialModel) -> KnownAnswers {
    let (query, documents) = (entry("query"), ["english", "german"])
    func dot(_ a: [Float], _ b: [Float]) -> Double {
      zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    var answers = KnownAnswers()
    answers.vectors = [
      .init(
        model: model.rawValue, text: entry("english").text, instruction: nil,
        components: vector("english").map { $0 * 7 }, isWhole: true, source: "golden"),
      .init(
        model: model.rawValue, text: query.text, instruction: query.instruction,
        components: Array(vector("query").prefix(20)), isWhole: false, source: "golden"),
    ]
    answers.similarities = [
      .init(
        model: model.rawValue, matrix: [documents.map { dot(vector("query"), vector($0)) }],
        source: "golden")
    ]
    answers.queries = [query.text]
    answers.documents = documents.map { entry($0).text }
    answers.instruction = query.instruction!
    answers.tokenIDs = [.init(text: entry("german").text, ids: entry("german").ids)]
    return answers
  }

  /// The scores of `rerank-yes-no`.
  static func scores(as model: OfficialModel) throws -> KnownAnswers {
    let url = TestModels.testdata.appending(path: "rerank/golden.json")
    let golden = try JSONDecoder().decode(GoldenScores.self, from: Data(contentsOf: url))
    let reranker = golden.models.first { $0.model == "models/rerank-yes-no.gguf" }!
    var answers = KnownAnswers()
    answers.rerankScores = zip(golden.queries, reranker.scores)
      .filter { $0.0.instruction == RerankModel.defaultInstruction && $0.0.maximumTokens == 8192 }
      .map { query, scores in
        KnownAnswers.RerankScores(
          model: model.rawValue, query: query.query, documents: query.documents.map(\.text),
          scores: scores.map(\.score), source: "golden")
      }
    return answers
  }
}
