/// Which states become the vector.
public enum Pooling: Sendable {
  case first, last, mean
}

/// The vector of a text: its states pooled, cut to the first `dimensions` components, and scaled to length 1.
public func vector(of states: [[Float]], pooling: Pooling, dimensions: Int) -> [Float] {
  let pooled = pooledState(of: states, pooling).prefix(dimensions)
  let length = pooled.reduce(0) { $0 + $1 * $1 }.squareRoot()
  return pooled.map { $0 / length }
}

private func pooledState(of states: [[Float]], _ pooling: Pooling) -> [Float] {
  switch pooling {
  case .first: states[0]
  case .last: states[states.count - 1]
  case .mean:
    states[0].indices.map { index in
      states.reduce(0) { $0 + $1[index] } / Float(states.count)
    }
  }
}
