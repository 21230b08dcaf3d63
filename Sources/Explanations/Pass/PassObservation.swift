import Qwen3
import Synchronization

/// Watches one sequence go through a model, and keeps what an explanation shows of it: for the last token its
/// states and what it attends to, for the others how large they get. Memory grows with one layer's keys.
package final class PassObservation: Sendable {
  private let state: Mutex<ObservedState>

  package init(tokenCount: Int, _ configuration: ModelConfiguration, outputNorm: [Float]) {
    state = Mutex(ObservedState(tokenCount: tokenCount, configuration, outputNorm))
  }

  /// For a pass of the one sequence.
  package var observer: IntermediateObserver {
    { name, layer, rows, values in self.state.withLock { $0.note(name, layer, rows, values) } }
  }

  /// To be asked when the pass is done.
  ///
  /// - Parameter final: the state that the model's vector or score is made of.
  package func results(final: [Float]) -> (stream: ResidualStream, attention: LastTokenAttention) {
    state.withLock { state in
      let steps = state.layers.enumerated().map { index, layer in
        ResidualStream.Layer(
          index: index, norm: norm(layer.afterFeedForward), attentionNorm: layer.attentionNorm,
          feedForwardNorm: layer.feedForwardNorm,
          cosineAfterAttention: cosine(state.normalized(layer.afterAttention), final),
          cosine: cosine(state.normalized(layer.afterFeedForward), final), largestNorm: layer.largestNorm,
          largestToken: layer.largestToken)
      }
      let stream = ResidualStream(
        embeddingNorm: norm(state.embedding),
        embeddingCosine: cosine(state.normalized(state.embedding), final), layers: steps)
      return (stream, LastTokenAttention(layers: state.layers.map(\.heads), tokenCount: state.tokenCount))
    }
  }
}

private struct ObservedState {
  /// What is known of one layer.
  struct Layer {
    var afterAttention: [Float] = []
    var afterFeedForward: [Float] = []
    var attentionNorm = 0.0
    var feedForwardNorm = 0.0
    var largestNorm = 0.0
    var largestToken = 0
    /// [heads][tokens]
    var heads: [[Float]] = []
  }

  let tokenCount: Int
  private let configuration: ModelConfiguration
  private let outputNorm: [Float]
  private(set) var embedding: [Float] = []
  private(set) var layers: [Layer]
  /// Of the layer at hand: the last token's, and all tokens' [tokens, keyValueSize].
  private var query: [Float] = []
  private var keys: [Float] = []

  init(tokenCount: Int, _ configuration: ModelConfiguration, _ outputNorm: [Float]) {
    self.tokenCount = tokenCount
    self.configuration = configuration
    self.outputNorm = outputNorm
    layers = Array(repeating: Layer(), count: configuration.layerCount)
  }

  mutating func note(_ name: Intermediate, _ layer: Int?, _ rows: Range<Int>, _ values: [[Float]]) {
    let last = tokenCount - 1
    let own = rows.contains(last) ? values[last - rows.lowerBound] : nil
    guard let layer else {
      if let own, name == .embedding { embedding = own }
      return
    }
    switch name {
    case .queryRotated:
      if let own { query = own }
    case .keyRotated:
      if keys.isEmpty { keys = Array(repeating: 0, count: tokenCount * configuration.keyValueSize) }
      for (row, key) in zip(rows, values) {
        keys.replaceSubrange(row * key.count..<(row + 1) * key.count, with: key)
      }
    case .attention:
      guard own != nil else { return }
      layers[layer].heads = weights()
      keys = []
    case .attentionOutput:
      if let own { layers[layer].attentionNorm = norm(own) }
    case .attentionResidual:
      if let own { layers[layer].afterAttention = own }
    case .down:
      if let own { layers[layer].feedForwardNorm = norm(own) }
    case .feedForwardResidual:
      for (row, value) in zip(rows, values) {
        let size = norm(value)
        if size > layers[layer].largestNorm {
          (layers[layer].largestNorm, layers[layer].largestToken) = (size, row)
        }
      }
      if let own { layers[layer].afterFeedForward = own }
    default: break
    }
  }

  /// softmax(q kᵀ / √headDimension) of the last token, in float64: [heads][tokens].
  private func weights() -> [[Float]] {
    let c = configuration
    let size = c.headDimension
    let scale = 1 / Double(size).squareRoot()
    let sharing = c.headCount / c.keyValueHeadCount
    return keys.withUnsafeBufferPointer { keys in
      query.withUnsafeBufferPointer { query in
        (0..<c.headCount).map { head in
          let first = head / sharing * size
          let logits = (0..<tokenCount).map { token in
            let key = token * c.keyValueSize + first
            var sum = 0.0
            for index in 0..<size { sum += Double(query[head * size + index]) * Double(keys[key + index]) }
            return sum * scale
          }
          return softmax(logits)
        }
      }
    }
  }

  /// The norm after the last layer, of any state.
  func normalized(_ state: [Float]) -> [Float] {
    let mean = state.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(state.count, 1))
    let factor = 1 / (mean + Double(configuration.normEpsilon)).squareRoot()
    return zip(state, outputNorm).map { Float(Double($0) * factor * Double($1)) }
  }
}
