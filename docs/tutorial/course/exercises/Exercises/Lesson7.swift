/// Which states become the vector.
public enum Pooling: Sendable {
  case first, last, mean
}

/// The vector of a text: its states pooled, cut to the first `dimensions` components, and scaled to length 1.
///
/// - Parameter states: [tokens][hiddenSize], after the final norm.
public func vector(of states: [[Float]], pooling: Pooling, dimensions: Int) -> [Float] {
  states[0]  // Write it.
}
