import Synchronization

/// How much was done a second, over the last ten seconds.
package final class RateMeter: Sendable {
  /// Seconds that are looked back.
  static let window = 10

  private struct State {
    /// What was done in each of the last seconds, the second `s` at `s % window`.
    var amounts = [Double](repeating: 0, count: RateMeter.window)
    /// The second that each of them is about.
    var seconds = [Int](repeating: -1, count: RateMeter.window)
  }

  private let state = Mutex(State())

  package init() {}

  /// - Parameter second: a clock that never goes back, in whole seconds.
  package func add(_ amount: Double, at second: Int) {
    state.withLock { state in
      let slot = second % Self.window
      if state.seconds[slot] != second { state.amounts[slot] = 0 }
      state.seconds[slot] = second
      state.amounts[slot] += amount
    }
  }

  /// The amount a second at `second`.
  package func rate(at second: Int) -> Double {
    state.withLock { state in
      let recent = zip(state.seconds, state.amounts).filter { $0.0 > second - Self.window && $0.0 >= 0 }
      return recent.map(\.1).reduce(0, +) / Double(Self.window)
    }
  }
}
