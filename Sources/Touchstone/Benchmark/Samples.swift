/// Times of the same work, done several times.
package struct Samples: Sendable, Equatable {
  /// In the order of the runs. Not empty.
  package let seconds: [Double]

  package init(seconds: [Double]) {
    precondition(!seconds.isEmpty)
    self.seconds = seconds
  }

  package var best: Double { seconds.min() ?? 0 }

  /// The middle one, or the mean of the two in the middle.
  package var median: Double {
    let sorted = seconds.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
