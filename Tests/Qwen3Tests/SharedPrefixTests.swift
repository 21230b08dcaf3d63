import Qwen3
import Testing

/// An instruction that is computed once, or was computed before, changes no bit.
@Suite struct SharedPrefixTests {
  static func sequences(instruction: Int, tails: [Int]) -> [TokenSequence] {
    let prefix = BatchInvarianceTests.sequence(length: instruction, seed: 41)
    return tails.enumerated().map { index, tail in
      TokenSequence(prefix + BatchInvarianceTests.sequence(length: tail, seed: index), instruction: prefix)
    }
  }

  @Test(arguments: ["f32", "q4_k_m", "q8_0", "non-causal"], ActivationPrecision.allCases)
  func bitsAreThoseOfTheWholeText(_ name: String, _ activations: ActivationPrecision) throws {
    let path = GoldenSet.directory.appending(path: "models/\(name).gguf").path
    let model = try transformer(path)
    let documents = [9, 150].map { TokenSequence(BatchInvarianceTests.sequence(length: $0, seed: 77)) }
    for instruction in [5, 31, 140] {
      let queries = Self.sequences(instruction: instruction, tails: [1, 2, 30, 129])
      let batch = [documents[0]] + queries + [documents[1]]
      let whole = try #require(
        model.states(batch.map(\.ids), activations: activations))
      for (chunkLength, workers) in [(512, 1), (13, 5)] {
        let fresh = try transformer(path, workers: workers)
        for _ in 0..<2 {  // computed in the batch, then taken from the cache
          let shared = try #require(
            fresh.run(Pass(batch, pooling: .last, activations: activations, chunkLength: chunkLength)))
          #expect(shared == whole)
        }
        for (query, state) in zip(queries, whole.dropFirst()) {
          let alone = fresh.run(
            Pass([query], pooling: .last, activations: activations, chunkLength: chunkLength))
          #expect(alone == [state])
        }
      }
    }
  }

  /// A text that merges with the end of its instruction shares what is left.
  @Test func aTextMayTouchItsInstruction() throws {
    let model = try transformer(GoldenSet.directory.appending(path: "models/f32.gguf").path)
    let instruction = BatchInvarianceTests.sequence(length: 20, seed: 5)
    let touching = instruction.dropLast(2) + [11, 12, 13]
    let batch = [
      TokenSequence(instruction + [7, 8], instruction: instruction),
      TokenSequence(Array(touching), instruction: instruction),
      TokenSequence(instruction, instruction: instruction),
    ]
    let whole = model.states(batch.map(\.ids), activations: .f32, chunkLength: 64)
    for _ in 0..<2 {
      #expect(model.run(Pass(batch, pooling: .last, activations: .f32, chunkLength: 64)) == whole)
    }
  }

  /// The mean needs every state, the first token comes before the text.
  @Test func otherPoolingsTakeNoShortCut() throws {
    let model = try transformer(GoldenSet.directory.appending(path: "models/f32.gguf").path)
    let batch = Self.sequences(instruction: 12, tails: [3, 4])
    for pooling in [Pooling.mean, .cls, .none] {
      let whole = model.states(batch.map(\.ids), pooling: pooling, activations: .i16, chunkLength: 64)
      #expect(model.run(Pass(batch, pooling: pooling, activations: .i16, chunkLength: 64)) == whole)
    }
  }
}
