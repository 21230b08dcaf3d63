/// The stream that all layers read and add to, at the last token.
package struct ResidualStream: Sendable, Equatable {
  package struct Layer: Sendable, Equatable {
    package let index: Int
    /// The length of the stream after the layer.
    package let norm: Double
    /// The length of what attention adds, and of what the feed-forward part adds.
    package let attentionNorm: Double
    package let feedForwardNorm: Double
    /// The cosine of the stream, through the final norm, to the final state: after attention, and after the
    /// whole layer.
    package let cosineAfterAttention: Double
    package let cosine: Double
    /// The longest stream of any token after the layer, and which token it is.
    package let largestNorm: Double
    package let largestToken: Int

    package init(
      index: Int, norm: Double, attentionNorm: Double, feedForwardNorm: Double, cosineAfterAttention: Double,
      cosine: Double, largestNorm: Double, largestToken: Int
    ) {
      self.index = index
      self.norm = norm
      self.attentionNorm = attentionNorm
      self.feedForwardNorm = feedForwardNorm
      self.cosineAfterAttention = cosineAfterAttention
      self.cosine = cosine
      self.largestNorm = largestNorm
      self.largestToken = largestToken
    }
  }

  package let embeddingNorm: Double
  package let embeddingCosine: Double
  package let layers: [Layer]

  package init(embeddingNorm: Double, embeddingCosine: Double, layers: [Layer]) {
    self.embeddingNorm = embeddingNorm
    self.embeddingCosine = embeddingCosine
    self.layers = layers
  }

  /// The first layer from which on the cosine stays at `level` or above.
  package func layerOfLasting(_ level: Double) -> Int? {
    guard let last = layers.lastIndex(where: { $0.cosine < level }) else { return layers.isEmpty ? nil : 0 }
    return last + 1 < layers.count ? last + 1 : nil
  }
}
