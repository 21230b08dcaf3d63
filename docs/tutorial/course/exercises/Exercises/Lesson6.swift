import Foundation

/// Causal grouped-query attention: for each token the weighted values of its heads, one head after the other.
///
///     weights = softmax(q · k / √headDimension) over the tokens up to this one
///     output  = Σ weight · v
///
/// - Parameters:
///   - query: [tokens][headCount · headDimension], already turned by position.
///   - key: [tokens][keyValueHeadCount · headDimension], turned too.
///   - value: the same shape as `key`.
///   - headCount: a multiple of `keyValueHeadCount`; neighboring query heads share a key-value head.
/// - Returns: the shape of `query`.
public func attention(
  query: [[Float]], key: [[Float]], value: [[Float]], headCount: Int, keyValueHeadCount: Int
) -> [[Float]] {
  query  // Write it.
}
