import Foundation
import TestModels

/// `testdata/explain/golden.json`: what transformers says, made by tools/make_explain_golden.py.
struct GoldenExplanation: Decodable {
  struct Text: Decodable {
    let text: String
    let ids: [Int32]
    let embeddingNorm: Double
    let embeddingCosine: Double
    let layers: [Layer]
    let widths: [Width]
  }

  struct Layer: Decodable {
    let norm: Double
    let attentionNorm: Double
    let feedForwardNorm: Double
    let cosineAfterAttention: Double
    let cosine: Double
    let largestNorm: Double
    let largestToken: Int
    let entropies: [Double]
    let attention: [[Double]]
  }

  struct Width: Decodable {
    let width: Int
    let cosine: Double
    let agreement: Double
    let commonNearest: Int
    let largestChange: Double
  }

  struct Merges: Decodable {
    struct Step: Decodable, Equatable {
      let rank: Int
      let tokens: [[UInt8]]
    }
    let piece: String
    let steps: [Step]
  }

  struct Match: Decodable {
    let text: String
    let value: Double
    let documentWithout: [Double]
    let queryWithout: [Double]
  }

  let largestFloat32Error: [String: Double]
  let corpus: [String]
  let texts: [Text]
  let merges: [Merges]
  let query: String
  let match: [Match]
  let reranker: String
  let rerankMatch: [Match]

  static let shared: GoldenExplanation = {
    do {
      let url = TestModels.testdata.appending(path: "explain/golden.json")
      return try JSONDecoder().decode(GoldenExplanation.self, from: Data(contentsOf: url))
    } catch { fatalError("\(error)") }
  }()

  /// Two right computations in float32 are apart by about twice the error of one; the rest is room. Cosines,
  /// shares and lengths (relative) are right to some 2e-7.
  static let bound = 2e-6
  /// A reranker's logits, of the order of 10.
  static let logitBound = 1e-4
}
