import Foundation
import Qwen3
import Testing

/// Every intermediate of one small model against transformers, so that a wrong vector points at its layer.
@Suite struct LayerStateTests {
  struct StateSet: Decodable {
    struct Text: Decodable {
      let ids: [Int32]
      let states: [State]
    }
    struct State: Decodable {
      let name: String
      let shape: [Int]
      let offset: Int
      let count: Int
    }
    let model: String
    let floats: String
    let texts: [Text]
  }

  /// Twice transformers' own distance to float64 (at most 8e-6 in these states), and as much again for states
  /// of size 5 and more.
  static let tolerance = 4e-5

  @Test(arguments: [1024, 4])
  func statesAgree(chunkLength: Int) throws {
    let directory = GoldenSet.directory
    let set = try JSONDecoder().decode(
      StateSet.self, from: Data(contentsOf: directory.appending(path: "golden/states.json")))
    let floats = try GoldenSet.loadFloats(set.floats)
    let model = try transformer(directory.appending(path: set.model).path)
    for text in set.texts {
      // The pass calls its observer on this thread.
      nonisolated(unsafe) var seen: [String: [Int: [Float]]] = [:]
      var pass = Pass(
        [TokenSequence(text.ids)], pooling: .last, activations: .f32, chunkLength: chunkLength)
      pass.observer = { name, layer, rows, values in
        let full = layer.map { "layers.\($0).\(name.rawValue)" } ?? name.rawValue
        for (row, value) in zip(rows, values) { seen[full, default: [:]][row] = value }
      }
      _ = model.run(pass)
      for state in text.states where state.name != "pooled" {
        let expected = Array(floats[state.offset..<state.offset + state.count])
        let rows = try #require(seen[state.name], "\(state.name) was not observed")
        let values = (0..<state.shape[0]).flatMap { rows[$0] ?? [] }
        #expect(values.count == expected.count, "\(state.name)")
        let difference = largestDifference(values, expected)
        #expect(difference < Self.tolerance, "\(state.name): \(difference)")
      }
    }
  }
}
